/** The original Immersic's alphabet, one token per note or chord, as music21 makes them. */

export {
  type ChordStyle,
  DEFAULT_CHORD_STYLE,
  measureStyle,
  tokensPerBar,
} from "./style.ts";
export {
  ChordTokenizer,
  decodeChords,
  nearestToken,
  readNotesJson,
  transposeToken,
  writeNotesJson,
} from "./tokenizer.ts";
