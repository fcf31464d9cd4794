/** The music of a corpus, decoded from its tokens. */

import type { CorpusInfo } from "../checkpoint.ts";
import type { ChordStyle } from "../chord_style.ts";
import { decodeChords } from "../chord_tokenizer.ts";
import type { Corpus } from "../corpus.ts";
import { hasPitch, type NoteSequence } from "../note_sequence.ts";
import { Random } from "../random.ts";
import { RemiTokenizer } from "../remi_tokenizer.ts";

/** As much of a corpus as its music needs. */
export interface CorpusMusic extends Pick<Corpus, "vocabulary"> {
  readonly pieces: readonly Pick<
    Corpus["pieces"][number],
    "file" | "split" | "ids"
  >[];
}

/**
 * Pieces of a split as the tokens say them, those without a pitched note left
 * out.
 *
 * @param split Which pieces. Default: those trained on.
 */
export function corpusMusic(
  corpus: CorpusMusic,
  info: CorpusInfo,
  split = "train",
): { file: string; sequence: NoteSequence }[] {
  return corpus.pieces.filter((piece) => piece.split === split).map((piece) => {
    const tokens = corpus.vocabulary.decode(Array.from(piece.ids));
    const sequence = info.tokenizer === "remi"
      ? new RemiTokenizer(info.tokenizerOptions).decode(tokens)
      : decodeChords(tokens, info.style as ChordStyle, new Random(1));
    return { file: piece.file, sequence };
  }).filter(({ sequence }) => hasPitch(sequence));
}
