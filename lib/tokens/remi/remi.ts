/** REMI tokens: bars, positions, instruments, pitches, velocities, durations, tempo, meter. */

export { RemiAlphabet } from "./alphabet.ts";
export { ChordAugmenter, RemiAugmenter } from "./augmentation.ts";
export { type RemiConstraints, usableTokens } from "./constraints.ts";
export { RemiDecoder } from "./decoder.ts";
export { FIRST_KIT, RemiGrammar } from "./grammar.ts";
export { type Head, headsOf } from "./profiles.ts";
export { RemiTokenizer } from "./tokenizer.ts";
export {
  binTempo,
  closedVocabulary,
  parseToken,
  remiResolution,
  type RemiTokenType,
  TEMPO_RANGE,
} from "./tokens.ts";
export { frameOf, TonicFrame } from "./tonic_frame.ts";
