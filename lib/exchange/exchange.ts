/** Models that travel: files of Keras, TensorFlow.js, PyTorch and ONNX, and training by other engines. */

export { ExchangeError, type Files } from "./file_model.ts";
export { exportModel, MODEL_ENDINGS } from "./export_model.ts";
export {
  type Trainer,
  TRAINER_NAMES,
  trainerFolder,
  type TrainerOptions,
} from "./trainer_folder.ts";
export { importModel, type ImportOptions } from "./import_model.ts";
