/** REMI tokens: bars, positions, instruments, pitches, velocities, durations, tempo, meter. */

export type { BarSpan } from "./bar_layout.ts";
export { RemiAlphabet } from "./alphabet.ts";
export {
  type AugmentationOptions,
  RemiAugmenter,
  type Variation,
} from "./augmentation.ts";
export { type RemiConstraints, usableTokens } from "./constraints.ts";
export { RemiDecoder } from "./decoder.ts";
export { binDuration, durationTable, longestOf } from "./durations.ts";
export { RemiGrammar } from "./grammar.ts";
export {
  type NotedPiece,
  NoteWriter,
  type WriterKernel,
} from "./note_writer.ts";
export { type Profile, profileSteps } from "./profiles.ts";
export {
  binTempo,
  binVelocity,
  type RemiOptions,
  type RemiResolution,
  remiResolution,
  TEMPO_RANGE,
} from "./resolution.ts";
export { FIRST_KIT, partOf } from "./sequence.ts";
export { toldRepairs } from "./quantize.ts";
export { MAX_ADDED_DURATIONS, RemiTokenizer } from "./tokenizer.ts";
export {
  closedVocabulary,
  EVENT_TYPES,
  parseToken,
  type RemiToken,
  type RemiTokenType,
} from "./tokens.ts";
export { frameOf, TonicFrame } from "./tonic_frame.ts";
