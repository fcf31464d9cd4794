/** Makes finished pieces of prompts and seeds, and compares them with what was asked. */

export type { ComposedSection } from "./compose_sections.ts";
export { compose, composeStream, type Composition } from "./compose.ts";
export {
  type Delivered,
  delivered,
  measurePiece,
  type PieceMeasures,
} from "./delivered.ts";
export {
  type ModelOptions,
  type ModelSpec,
  toGeneration,
} from "./for_model.ts";
export {
  type CompositionOptions,
  randomSeedOf,
  type SamplingChoices,
} from "./prepare.ts";
