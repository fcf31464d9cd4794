/** The original Immersic's alphabet: one token per note or chord, as music21 reads them. */

export { ChordAugmenter } from "./augmentation.ts";
export { nearestToken } from "./nearest_token.ts";
export {
  type ChordStyle,
  type Counts,
  DEFAULT_CHORD_STYLE,
  type EventCounts,
  type EventStyle,
  type PieceStyle,
  pieceStyle,
  type Rhythm,
  styleSteps,
  tokensPerBar,
} from "./style.ts";
export {
  ChordTokenizer,
  decodeChords,
  readNotesJson,
  writeNotesJson,
} from "./tokenizer.ts";
