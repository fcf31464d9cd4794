// deno-lint-ignore-file camelcase -- the keys are Keras's.
/**
 * The Immersic network as Keras and tf.layers describe it.
 *
 * B batch rows, T time steps, V vocabulary size.
 */

import type * as tfl from "@tensorflow/tfjs-layers";
import { type NetworkSpec, weightsOf } from "../lstm/lstm.ts";
import type { Weights } from "./network.ts";

/** A value of JSON. */
export type Json = string | number | boolean | null | Json[] | {
  [key: string]: Json;
};

/**
 * The network as Keras and tf.layers describe a sequential model, with the
 * softmax as a layer of its own. `loadLayersModel` and Keras read it.
 */
export function modelTopology(spec: NetworkSpec): { [key: string]: Json } {
  // Its weights are set later; initializing them randomly would take seconds.
  const zeros = { class_name: "Zeros", config: {} };
  const unset = { kernel_initializer: zeros };
  const input = {
    class_name: "InputLayer",
    config: {
      name: "input",
      batch_input_shape: [null, null, spec.input.size],
      dtype: "float32",
      sparse: false,
    },
  };
  const rest = spec.layers.map((layer): Json => {
    const common = { name: layer.name, trainable: true };
    switch (layer.kind) {
      case "dropout":
        return {
          class_name: "Dropout",
          config: { ...common, rate: layer.rate },
        };
      case "dense":
        return {
          class_name: "Dense",
          config: {
            ...common,
            units: layer.units,
            activation: "linear",
            use_bias: true,
            ...unset,
          },
        };
      case "lstm":
        return {
          class_name: "LSTM",
          config: {
            ...common,
            units: layer.units,
            activation: "tanh",
            recurrent_activation: "sigmoid",
            use_bias: true,
            unit_forget_bias: true,
            return_sequences: layer.returnSequences,
            ...unset,
            recurrent_initializer: zeros,
            implementation: 2,
          },
        };
    }
  });
  return {
    class_name: "Sequential",
    config: {
      name: "immersic",
      layers: [input, ...rest, {
        class_name: "Activation",
        config: {
          name: "activation",
          // Relations are added before the softmax, which a model of layers cannot.
          activation: spec.relations ? "linear" : spec.loss,
        },
      }],
    },
  };
}

/**
 * The network as a model of tf.layers on the current backend, for its summary,
 * for use elsewhere, and for comparison with the engine.
 *
 * @returns A model from [B, T, V] one-hot (or [B, T, 1]) to probabilities
 * [B, T, V], or [B, V] where only the last step is predicted.
 */
export async function layersModel(
  spec: NetworkSpec,
  weights: Weights,
): Promise<tfl.LayersModel> {
  const tf = await import("@tensorflow/tfjs-core");
  const { models } = await import("@tensorflow/tfjs-layers");
  const model = await models.modelFromJSON({
    modelTopology: modelTopology(spec),
  });
  const tensors = weightsOf(spec).map(({ name, shape }) =>
    tf.tensor(weights.get(name)!, [...shape])
  );
  model.setWeights(tensors);
  tensors.forEach((tensor) => tensor.dispose());
  return model;
}
