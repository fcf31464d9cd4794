/** The list of layers that Keras 2, Keras 3 and TensorFlow.js write as JSON. */

import { modelTopology } from "../model/model.ts";
import type { NetworkSpec } from "../lstm/lstm.ts";
import {
  ExchangeError,
  fieldsOf,
  type FileLayers,
  told,
} from "./file_model.ts";

/** A layer, of which nothing else is certain. */
interface LayerJson {
  readonly className: unknown;
  readonly config: Readonly<Record<string, unknown>>;
}

/** The layers with something to learn, from the input up. */
const ORDER = "Dropout LSTM Dense Dense LSTM Dense LSTM Dense";
/** Most steps that a network may be bound to, far more than any is. */
const MAX_STEPS = 2 ** 16;
/** Settings that must be as ours, where they are given. */
const FIXED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  LSTM: {
    activation: "tanh",
    recurrent_activation: "sigmoid",
    use_bias: true,
    go_backwards: false,
    return_state: false,
    time_major: false,
  },
  Dense: { use_bias: true },
};

/** The layers, as Keras 3 writes them in `config.json`. */
export function kerasConfig(spec: NetworkSpec): object {
  const { config } = modelTopology(spec) as unknown as {
    config: { name: string; layers: { config: Record<string, unknown> }[] };
  };
  const shape = [null, null, spec.input.size];
  const layers = config.layers.map((layer) => {
    const { batch_input_shape: given, implementation: _, ...rest } =
      layer.config;
    return {
      module: "keras.layers",
      ...layer,
      config: { ...rest, ...given !== undefined && { batch_shape: shape } },
      registered_name: null,
    };
  });
  return {
    module: "keras",
    class_name: "Sequential",
    config: { ...config, layers, build_input_shape: shape },
    registered_name: null,
    build_config: { input_shape: shape },
  };
}

/** {@linkcode readLayers} of text. */
export function parseLayers(text: string): FileLayers {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ExchangeError(
      "Cannot import the network: its list of layers is not JSON. The file is damaged.",
    );
  }
  return readLayers(json);
}

/**
 * What a list of layers tells.
 *
 * @param json A model as Keras 2, Keras 3 or tf.layers describe it.
 * @throws {ExchangeError} If the layers are not those of Immersic.
 */
export function readLayers(json: unknown): FileLayers {
  const model = fieldsOf(fieldsOf(json)["model_config"] ?? json);
  const { class_name: kind, config } = model;
  const list = Array.isArray(config) ? config : fieldsOf(config)["layers"];
  if (kind !== "Sequential" || !Array.isArray(list)) {
    throw refusal(
      `it must be a Sequential model, current value is ${told(kind)}`,
    );
  }
  const layers = list.map((layer): LayerJson => {
    const { class_name: className, config } = fieldsOf(layer);
    return { className, config: fieldsOf(config) };
  });
  const learnt = layers.filter(({ className }) =>
    className !== "InputLayer" && className !== "Activation" &&
    className !== "Softmax"
  );
  const order = learnt.map(({ className }) => className).join(" ");
  if (order !== ORDER) {
    throw refusal(
      `its layers must be ${ORDER}, current value is ${
        order ? told(order) : "none"
      }`,
    );
  }
  layers.forEach((layer, i) => check(layer, i === layers.length - 1));
  const settings = (i: number) => learnt[i]?.config ?? {};
  for (const i of [1, 4]) {
    if (settings(i)["return_sequences"] === true) continue;
    throw refusal(
      `return_sequences of ${told(settings(i)["name"])} must be true`,
    );
  }
  const shape = layers.map(({ config }) =>
    config["batch_shape"] ?? config["batch_input_shape"]
  ).find(Array.isArray);
  const [, steps, inputSize] = shape ?? [];
  if (shape?.length !== 3 || !Number.isInteger(inputSize)) {
    throw refusal(
      `its input must have the shape [batch, steps, features], current value is [${
        (shape ?? []).map(told).join(", ")
      }]`,
    );
  }
  const rate = settings(0)["rate"];
  if (Number.isInteger(steps) && !(steps > 0 && steps <= MAX_STEPS)) {
    throw refusal(
      `it must have 1 to ${MAX_STEPS} steps, current value is ${steps}`,
    );
  }
  return {
    inputSize,
    ...Number.isInteger(steps) && { steps },
    dropout: typeof rate === "number" && rate >= 0 && rate < 1 ? rate : 0,
    objective: settings(6)["return_sequences"] === true ? "every" : "last",
  };
}

/** Refuses a layer that computes something else than ours. */
function check({ className, config }: LayerJson, isLast: boolean): void {
  const name = told(config["name"] ?? className);
  for (const [key, wanted] of Object.entries(FIXED[String(className)] ?? {})) {
    const value = config[key];
    if (value === undefined || value === wanted) continue;
    throw refusal(
      `${key} of ${name} must be ${wanted}, current value is ${told(value)}`,
    );
  }
  if (className === "Softmax" || className === "LSTM") return;
  const activation = config["activation"];
  const isSoftmax = activation === "softmax" && isLast;
  if (activation === undefined || activation === "linear" || isSoftmax) return;
  throw refusal(
    `the activation of ${name} must be ${
      isLast ? "softmax or linear" : "linear"
    }, current value is ${told(activation)}`,
  );
}

function refusal(reason: string): ExchangeError {
  return new ExchangeError(
    `Cannot import the network: ${reason}. It is not the network of Immersic: dropout, LSTM, dense, dense, LSTM, dense, LSTM, dense, softmax.`,
  );
}
