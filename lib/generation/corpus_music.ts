/** The music of a corpus, decoded from its tokens. */

import type { CorpusInfo } from "../model/model.ts";
import { decodeChords } from "../tokens/chord/chord.ts";
import type { Corpus } from "../corpus/corpus.ts";
import { hasPitch, type NoteSequence } from "../music/music.ts";
import { Random, Turns } from "../base/base.ts";
import { RemiDecoder } from "../tokens/remi/remi.ts";

/** The part of a corpus that {@linkcode corpusMusic} decodes. */
export interface CorpusMusic extends Pick<Corpus, "vocabulary"> {
  /** Its pieces, of all splits. */
  readonly pieces: readonly Pick<
    Corpus["pieces"][number],
    "file" | "split" | "ids"
  >[];
}

/**
 * Decodes the pieces of a split, by default but for those without a pitched note.
 *
 * @param split Which pieces; by default those trained on.
 * @param isWanted Whether a piece is to be among the result.
 * @throws {Stopped} If it is asked to stop.
 */
export async function corpusMusic(
  corpus: CorpusMusic,
  info: CorpusInfo,
  split = "train",
  isWanted: (sequence: NoteSequence) => boolean = hasPitch,
): Promise<{ file: string; sequence: NoteSequence }[]> {
  const { vocabulary, pieces } = corpus;
  const decoder = info.tokenizer === "remi"
    ? new RemiDecoder(vocabulary, info.tokenizerOptions)
    : undefined;
  const turns = new Turns();
  const music: { file: string; sequence: NoteSequence }[] = [];
  for (const { file, ids, split: own } of pieces) {
    if (own !== split) continue;
    const sequence = decoder ? decoder.decode(ids) : decodeChords(
      vocabulary.decode(Array.from(ids)),
      info.style,
      new Random(1),
    );
    if (isWanted(sequence)) music.push({ file, sequence });
    await turns.give();
  }
  return music;
}
