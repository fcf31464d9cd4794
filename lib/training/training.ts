/** The training loop, as an async generator of records. */

export { type Epoch, EpochData, type EpochLimits } from "./epoch_data.ts";
export { openRun, type OpenRunOptions } from "./open_run.ts";
export { recipeFor } from "./recipe.ts";
export type { EpochRecord, StepRecord, TrainingRecord } from "./records.ts";
export type { TrainingOptions } from "./resume.ts";
export {
  corpusInfoOf,
  type TrainingData,
  trainingData,
} from "./training_data.ts";
export { Training } from "./training_run.ts";
