/** The engine on a GPU: LSTM networks trained by kernels in WGSL. */

export { webGpuDevice } from "./device.ts";
export { WebGpuNetwork } from "./network.ts";
