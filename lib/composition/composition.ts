/** What is asked to a finished piece, and how the piece meets it. */

export { compose, composeStream, type Composition } from "./compose.ts";
export {
  type Delivered,
  delivered,
  measurePiece,
  type PieceMeasures,
} from "./delivered.ts";
export { type ModelSpec, toGeneration } from "./for_model.ts";
export type { CompositionOptions } from "./prepare.ts";
