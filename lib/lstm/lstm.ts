/** The engine: LSTM networks trained and run by kernels in WebAssembly and machine code. */

export { chooseEngine, type Engine, ENGINES } from "./engine.ts";
export {
  instantiate,
  type KernelBuild,
  type Kernels,
  loadKernels,
  PAGE_BYTES,
  PANEL_COLUMNS,
  START,
} from "./kernels.ts";
export { Network, type NetworkBatch, type NetworkOptions } from "./network.ts";
export { PeakMeter } from "./peak.ts";
export { type NetworkSpec, sizedLayers, sizeOf, weightsOf } from "./spec.ts";
export { Stream, type StreamState } from "./stream.ts";
