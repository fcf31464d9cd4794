/** The engine on a GPU: LSTM networks trained by kernels in WGSL. */

export { webGpuDevice } from "./device.ts";
export { WebGpuNetwork, type WebGpuOptions } from "./network.ts";
