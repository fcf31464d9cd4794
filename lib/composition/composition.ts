/** What is asked to a finished piece, and how the piece meets it. */

export {
  compose,
  composeStream,
  type Composition,
  type CompositionOptions,
} from "./compose.ts";
export { type Delivered, delivered, measurePiece } from "./delivered.ts";
