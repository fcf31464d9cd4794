/**
 * The Immersic network: one dropout, three LSTM, four dense layers and one
 * activation, as its layers, as first weights, and as a model of tf.layers.
 *
 * B batch rows, T time steps, V vocabulary size, U LSTM units, D dense units.
 */
import type * as layers from "@tensorflow/tfjs-layers";
import { type Config, Random } from "../base/base.ts";
import {
  type NetworkSpec,
  sizedLayers,
  sizeOf,
  weightsOf,
} from "../lstm/lstm.ts";

/** A network's trainable values by their Keras names. */
export type Weights = ReadonlyMap<string, Float32Array>;

/**
 * The layers of the Immersic network.
 *
 * Dropout → LSTM U → Dense D → Dense D → LSTM U → Dense D → LSTM U → Dense V,
 * then the softmax, which the loss and the sampler apply to its logits.
 *
 * @param vocabularySize V.
 *
 * @example
 * ```ts
 * import { ORIGINAL_CONFIG } from "immersic/base/base.ts";
 * import { countParameters } from "immersic/model/network.ts";
 * import { immersicNetwork } from "immersic/model/model.ts";
 * const spec = immersicNetwork(ORIGINAL_CONFIG, 378);
 * console.assert(countParameters(spec) === 333_626);
 * ```
 */
export function immersicNetwork(
  { input, objective, lstmUnits, denseUnits, dropout }: Pick<
    Config,
    "input" | "objective" | "lstmUnits" | "denseUnits" | "dropout"
  >,
  vocabularySize: number,
): NetworkSpec {
  const lstm = (name: string, returnSequences: boolean) =>
    ({ kind: "lstm", name, units: lstmUnits, returnSequences }) as const;
  const dense = (name: string, units: number) =>
    ({ kind: "dense", name, units }) as const;
  return {
    input: input === "scalar" ? { kind: "dense", size: 1 } : {
      kind: input === "onehot" ? "onehot" : "dense",
      size: vocabularySize,
    },
    layers: [
      { kind: "dropout", name: "dropout", rate: dropout },
      lstm("lstm", true),
      dense("dense", denseUnits),
      dense("dense_1", denseUnits),
      lstm("lstm_1", true),
      dense("dense_2", denseUnits),
      lstm("lstm_2", objective === "every"),
      dense("dense_3", vocabularySize),
    ],
    loss: "softmax",
  };
}

/** The number of trainable values. */
export function countParameters(spec: NetworkSpec): number {
  return weightsOf(spec).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/**
 * The layers as rows of a table: kind, output shape ("B" any batch, "T" any
 * number of steps) and trainable values.
 */
export function describeModel(
  config: Config,
  vocabularySize: number,
): { layer: string; output: string; parameters: number }[] {
  const spec = immersicNetwork(config, vocabularySize);
  let sequences = true;
  const rows = sizedLayers(spec).map(({ layer, outputSize }) => {
    if (layer.kind === "lstm") sequences = layer.returnSequences;
    const parameters = weightsOf(spec)
      .filter(({ name }) => name.startsWith(`${layer.name}/`))
      .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const output = sequences ? `[B, T, ${outputSize}]` : `[B, ${outputSize}]`;
    return { layer: `${layer.name} (${layer.kind})`, output, parameters };
  });
  const { output } = rows[rows.length - 1];
  const parameters = countParameters(spec);
  return [
    ...rows,
    { layer: "activation (softmax)", output, parameters: 0 },
    { layer: "all", output: "", parameters },
  ];
}

/**
 * How much wider than Keras's the kernels are drawn: the first layer's, of which
 * one-hot input uses one row at a time; those of dense layers; those of LSTM
 * layers above. Found by training on the starter corpus: four epochs end at
 * 2.2 nats a token instead of 4.4.
 */
const WIDE = { first: 5, dense: 3, lstm: 2 } as const;

/**
 * First weights as Keras draws them: kernels uniform in ±√(6 / (fan in + fan
 * out)) (Glorot & Bengio 2010), recurrent kernels with orthonormal rows (Saxe
 * et al. 2014), biases 0 but for the forget gates' 1 (Jozefowicz et al. 2015).
 *
 * @param initial `wide` makes the kernels below the last layer wider.
 */
export function initialWeights(
  spec: NetworkSpec,
  seed: number,
  initial: Config["initial"] = "keras",
): Weights {
  const random = new Random(seed);
  const names = spec.layers.filter(({ kind }) => kind !== "dropout")
    .map(({ name }) => name);
  const gainOf = (name: string): number => {
    const layer = name.slice(0, -"/kernel".length);
    if (initial === "keras" || layer === names.at(-1)) return 1;
    if (layer === names[0]) return WIDE.first;
    const { kind } = spec.layers.find(({ name }) => name === layer)!;
    return kind === "dense" ? WIDE.dense : WIDE.lstm;
  };
  return new Map(
    weightsOf(spec).map(({ name, shape }) => {
      const [rows, columns = 0] = shape;
      if (name.endsWith("/recurrent_kernel")) {
        return [name, orthonormalRows(rows, columns, random)];
      }
      if (name.endsWith("/kernel")) {
        const limit = gainOf(name) * Math.sqrt(6 / (rows + columns));
        const draw = () => limit * (2 * random.next() - 1);
        return [name, Float32Array.from({ length: rows * columns }, draw)];
      }
      const bias = new Float32Array(rows);
      const isLstm = weightsOf(spec).some((other) =>
        other.name === name.replace("/bias", "/recurrent_kernel")
      );
      if (isLstm) bias.fill(1, rows / 4, rows / 2);
      return [name, bias];
    }),
  );
}

/** Gram and Schmidt's way from normal deviates to rows of an orthogonal matrix. */
function orthonormalRows(
  rows: number,
  columns: number,
  random: Random,
): Float32Array {
  const matrix: Float64Array[] = [];
  while (matrix.length < rows) {
    const row = Float64Array.from({ length: columns }, () => random.normal());
    for (const other of matrix) {
      let dot = 0;
      for (let i = 0; i < columns; i++) dot += row[i] * other[i];
      for (let i = 0; i < columns; i++) row[i] -= dot * other[i];
    }
    const norm = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    matrix.push(row.map((x) => x / norm));
  }
  const result = new Float32Array(rows * columns);
  matrix.forEach((row, i) => result.set(row, i * columns));
  return result;
}

/**
 * The network as Keras and tf.layers describe a sequential model, its softmax
 * as a last layer of its own. `loadLayersModel` and Keras read it.
 */
export function modelTopology(spec: NetworkSpec): {
  class_name: string;
  config: { name: string; layers: Record<string, unknown>[] };
} {
  // Weights always come with the model; drawing them here would take seconds.
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
  const rest = spec.layers.map((layer): Record<string, unknown> => {
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
          activation: spec.loss === "softmax" ? "softmax" : "sigmoid",
        },
      }],
    },
  };
}

/**
 * The network as a model of tf.layers, on whatever backend is set: to look at
 * its summary, to run it elsewhere, or to compare with.
 *
 * @returns Takes [B, T, V] one-hot (or [B, T, 1]), gives probabilities
 * [B, T, V], or [B, V] where only the last step is predicted.
 */
export async function layersModel(
  spec: NetworkSpec,
  weights: Weights,
): Promise<layers.LayersModel> {
  const tf = await import("@tensorflow/tfjs-core");
  const { models } = await import("@tensorflow/tfjs-layers");
  const model = await models.modelFromJSON(
    { modelTopology: modelTopology(spec) } as unknown as Parameters<
      typeof models.modelFromJSON
    >[0],
  );
  const tensors = weightsOf(spec).map(({ name, shape }) =>
    tf.tensor(weights.get(name)!, [...shape])
  );
  model.setWeights(tensors);
  tensors.forEach((tensor) => tensor.dispose());
  return model;
}
