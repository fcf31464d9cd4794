/** Makes finished pieces of prompts and seeds, and compares them with what was asked. */

export type { ComposedSection } from "./compose_sections.ts";
export { compose, type Composition } from "./compose.ts";
export {
  composeStream,
  type StreamOptions,
  type StreamPrompt,
  type StreamTold,
} from "./compose_stream.ts";
export { describeComposition, describePrompt } from "./describe.ts";
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
export { redo, type Redone, type RedoOptions, type RedoWish } from "./redo.ts";
export type { RedoWishes, Step, Stretch } from "./redo_aims.ts";
export { readRedo, type RedoReading } from "./read_redo.ts";
export { type Edit, editPiece } from "./edit.ts";
export { type EditReading, readEdit } from "./read_edit.ts";
export {
  type Longer,
  readRecipe,
  type Recipe,
  type RecipeStart,
  type RecipeStep,
  undoStep,
  withStep,
  withTake,
  writeRecipe,
} from "./takes.ts";
export {
  beginWork,
  type Changed,
  editWork,
  keepTake,
  redoWork,
  remakeWork,
  startFromFile,
  undoWork,
  type Work,
} from "./work.ts";
export {
  newWork,
  openWork,
  readWorkFile,
  recipeFile,
  requireSameBefore,
  saveWork,
} from "./work_files.ts";
