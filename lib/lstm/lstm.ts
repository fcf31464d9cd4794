/** The engine: LSTM networks trained and run by kernels in WebAssembly and machine code. */

export {
  type BatchLayout,
  loadBatch,
  type NetworkBatch,
  type NetworkInputs,
  type SparseRows,
} from "./batch.ts";
export { statesOfAllWorkers } from "./carried_states.ts";
export type { Optimizer } from "./control.ts";
export {
  instantiate,
  type KernelBuild,
  type Kernels,
  loadKernels,
  PAGE_BYTES,
  PANEL_COLUMNS,
  sharedMemory,
  START,
} from "./kernels.ts";
export {
  hasVectors,
  type Vectors,
  vectorsInUse,
  whyNoMachineCode,
} from "./native/code.ts";
export { Network, type NetworkOptions } from "./network.ts";
export { randomBatch, randomWeights } from "./noise.ts";
export { PeakMeter } from "./peak.ts";
export { shardOf } from "./plan.ts";
export {
  classesOf,
  type LayerSpec,
  type NetworkSpec,
  type SizedLayer,
  sizedLayers,
  sizeOf,
  type Weight,
  weightsOf,
} from "./spec.ts";
export {
  type BatchResult,
  gradientScale,
  type StepOptions,
  type StepResult,
  type Update,
  updateOf,
} from "./step.ts";
export { Stream, type StreamState } from "./stream.ts";
export type {
  EvaluateOptions,
  NetworkState,
  TrainableNetwork,
  Weights,
} from "./trainable.ts";
