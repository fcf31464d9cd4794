/** Makes the network of an engine, and loads no other engine. */
import {
  Network,
  type NetworkOptions,
  type NetworkSpec,
  type TrainableNetwork,
} from "../lstm/lstm.ts";
import type { EngineName } from "./names.ts";

/**
 * A network that trains with an engine, its weights all zero.
 *
 * @param engine As `chooseEngine` names it; undefined for the project's
 * own kernels, as machine code where it works.
 * @throws {RangeError} When a layer or a size makes no sense.
 *
 * @example
 * ```ts
 * import { createNetwork } from "immersic/engines/engines.ts";
 * using network = await createNetwork("wasm", {
 *   input: { kind: "onehot", size: 5 },
 *   layers: [{ kind: "dense", name: "dense", units: 5 }],
 *   loss: "softmax",
 * }, { workers: 1 });
 * console.assert(network.weights.length === 2);
 * ```
 */
export async function createNetwork(
  engine: EngineName | undefined,
  spec: NetworkSpec,
  options: Omit<NetworkOptions, "native"> = {},
): Promise<TrainableNetwork> {
  switch (engine) {
    case "webgpu": {
      const { WebGpuNetwork } = await import("../webgpu/webgpu.ts");
      return await WebGpuNetwork.create(spec, options);
    }
    case "tensorflow": {
      const { TensorFlowNetwork } = await import(
        "../tensorflow/tensorflow.ts"
      );
      return await TensorFlowNetwork.create(spec, options);
    }
    default:
      return await Network.create(spec, {
        ...options,
        native: engine !== "wasm",
      });
  }
}
