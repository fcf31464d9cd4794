/** The training loop, as an async generator of records. */

export { Training, trainingData, type TrainingRecord } from "./training_run.ts";
