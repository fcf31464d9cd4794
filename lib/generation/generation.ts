/** A trained model and what is asked of a piece to new tokens and notes. */

export { type CorpusMusic, corpusMusic } from "./corpus_music.ts";
export { finishPiece } from "./finish.ts";
export { type FormSection, planForm } from "./form.ts";
export {
  type GeneratedPiece,
  type GenerationOptions,
  Generator,
} from "./generator.ts";
export { sample, Sampler } from "./sampling.ts";
export {
  encodeFor,
  type Seed,
  seedFrom,
  seedFromPiece,
  type SeedMusic,
} from "./seed.ts";
export type { Targets } from "./steering.ts";
