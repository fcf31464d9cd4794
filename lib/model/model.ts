/** The Immersic network, its inputs, checkpoints, and the piece cache. */

export {
  bestEpoch,
  type Checkpoint,
  CheckpointError,
  type CorpusInfo,
  type EpochProgress,
  type EpochResult,
  networkOf,
} from "./checkpoint.ts";
export {
  type CorpusJson,
  layersJson,
  type RunDescription,
  runFromJson,
  type RunJson,
  runToJson,
} from "./checkpoint_format.ts";
export { loadCheckpoint, saveCheckpoint } from "./checkpoint_files.ts";
export {
  type CheckpointPlace,
  listCheckpoints,
  loadBest,
  type LoadedCheckpoint,
  loadLatest,
  pruneCheckpoints,
  removeRun,
} from "./checkpoint_run.ts";
export { initialWeights } from "./initial_weights.ts";
export { IdInput } from "./id_input.ts";
export type { InputStep, ModelInput } from "./input.ts";
export { type InputSource, modelInput } from "./make_input.ts";
export { type Json, layersModel, modelTopology } from "./keras.ts";
export {
  countParameters,
  describeModel,
  immersicNetwork,
  type Weights,
} from "./network.ts";
export {
  PieceCache,
  type PieceCacheOptions,
  type PieceCacheState,
} from "./piece_cache.ts";
