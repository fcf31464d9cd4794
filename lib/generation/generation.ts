/** A trained model and what is asked of a piece to new tokens and notes. */

export { type CorpusMusic, corpusMusic } from "./corpus_music.ts";
export { finishPiece } from "./finish.ts";
export { planForm } from "./form.ts";
export { Generator } from "./generator.ts";
export type { GeneratedPiece, GenerationOptions } from "./options.ts";
export { sample, Sampler } from "./sampling.ts";
export {
  encodeFor,
  readSeed,
  type Seed,
  seedFrom,
  seedFromPiece,
  type SeedReader,
} from "./seed.ts";
export { copyProfile } from "./unprompted.ts";
