/** The Immersic network, what it is shown of a token, checkpoints, and the piece cache. */

export {
  bestEpoch,
  type Checkpoint,
  CheckpointError,
  type CorpusInfo,
  type EpochProgress,
  type EpochResult,
  listCheckpoints,
  loadBest,
  loadCheckpoint,
  loadLatest,
  networkOf,
  pruneCheckpoints,
  removeRun,
  saveCheckpoint,
} from "./checkpoint.ts";
export { ModelInput } from "./input.ts";
export {
  countParameters,
  describeModel,
  immersicNetwork,
  initialWeights,
  layersModel,
  type Weights,
} from "./network.ts";
export { PieceCache, type PieceCacheState } from "./piece_cache.ts";
