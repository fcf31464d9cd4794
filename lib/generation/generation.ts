/** Makes new tokens and notes with a trained model. */

export { type CorpusMusic, corpusMusic } from "./corpus_music.ts";
export type { HeardMusic } from "./fitting.ts";
export type { HeardInstruments } from "./heard_instruments.ts";
export type { HeardMeter } from "./heard_meter.ts";
export { finishPiece } from "./finish.ts";
export { Generator } from "./generator.ts";
export type { InfilledNote } from "./bar_infill.ts";
export type { Infilling } from "./infill.ts";
export type {
  GeneratedPiece,
  GeneratedSection,
  GeneratedSections,
  GenerationOptions,
  InfillOptions,
  SectionDraft,
  SectionDrafts,
  SectionedOptions,
  VariationOptions,
} from "./options.ts";
export {
  type Sample,
  sample,
  Sampler,
  type SamplingOptions,
} from "./sampling.ts";
export { hearAround, type Redone, type Surroundings } from "./surroundings.ts";
export type { AskedHearing, Passage, Seed } from "./hearing.ts";
export {
  readSeed,
  readVariation,
  seedFromPiece,
  type SeedReader,
} from "./seed.ts";
export { copyProfile } from "./unprompted.ts";
export { unusualAmong } from "./usual.ts";
