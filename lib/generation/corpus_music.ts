/** The music of a corpus, decoded from its tokens. */

import type { CorpusInfo } from "../model/model.ts";
import { decodeChords } from "../tokens/chord/chord.ts";
import type { Corpus } from "../corpus/corpus.ts";
import { hasPitch, type NoteSequence } from "../music/music.ts";
import { Random } from "../base/base.ts";
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
 */
export function corpusMusic(
  corpus: CorpusMusic,
  info: CorpusInfo,
  split = "train",
  isWanted: (sequence: NoteSequence) => boolean = hasPitch,
): { file: string; sequence: NoteSequence }[] {
  const { vocabulary, pieces } = corpus;
  const decoder = info.tokenizer === "remi"
    ? new RemiDecoder(vocabulary, info.tokenizerOptions)
    : undefined;
  return pieces.filter((piece) => piece.split === split).map(
    ({ file, ids }) => {
      const sequence = decoder ? decoder.decode(ids) : decodeChords(
        vocabulary.decode(Array.from(ids)),
        info.style,
        new Random(1),
      );
      return { file, sequence };
    },
  ).filter(({ sequence }) => isWanted(sequence));
}
