/**
 * The layers of the Immersic network: one dropout, three LSTM, four dense layers
 * and one activation.
 *
 * B batch rows, T time steps, V vocabulary size, U LSTM units, D dense units.
 */

import type { Config } from "../base/base.ts";
import {
  MOST_FEATURES,
  MOST_RELATIONS,
  RELATIONS,
} from "../context/context.ts";
import {
  type NetworkSpec,
  sizedLayers,
  sizeOf,
  weightsOf,
} from "../lstm/lstm.ts";

export type { Weights } from "../lstm/lstm.ts";

/**
 * The layers of the Immersic network.
 *
 * Dropout → LSTM U → Dense D → Dense D → LSTM U → Dense D → LSTM U → Dense V.
 * The softmax follows in the loss and in sampling, which take the logits.
 *
 * With the input `context` the last dense layer also scores {@linkcode RELATIONS}
 * relations, and the softmax is over each token's own logit plus the scores of the
 * relations that hold for it.
 *
 * @param vocabularySize V.
 * @param features Of the input `context`, see `featureCount`.
 *
 * @example
 * ```ts
 * import { ORIGINAL_CONFIG } from "immersic/base/base.ts";
 * import { countParameters, immersicNetwork } from "immersic/model/model.ts";
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
  features = 0,
): NetworkSpec {
  const isContext = input === "context";
  const lstm = (name: string, returnSequences: boolean) =>
    ({ kind: "lstm", name, units: lstmUnits, returnSequences }) as const;
  const dense = (name: string, units: number) =>
    ({ kind: "dense", name, units }) as const;
  return {
    input: isContext
      ? { kind: "sparse", size: features, most: MOST_FEATURES }
      : input === "scalar"
      ? { kind: "dense", size: 1 }
      : { kind: input === "onehot" ? "onehot" : "dense", size: vocabularySize },
    layers: [
      { kind: "dropout", name: "dropout", rate: dropout },
      lstm("lstm", true),
      dense("dense", denseUnits),
      dense("dense_1", denseUnits),
      lstm("lstm_1", true),
      dense("dense_2", denseUnits),
      lstm("lstm_2", objective === "every"),
      dense("dense_3", vocabularySize + (isContext ? RELATIONS : 0)),
    ],
    loss: "softmax",
    ...isContext &&
      { relations: { count: RELATIONS, most: MOST_RELATIONS } },
  };
}

/** The number of trainable values. */
export function countParameters(spec: NetworkSpec): number {
  return weightsOf(spec).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/**
 * The layers as rows of a table: name and kind, output shape and number of
 * trainable values; the last row is the sum.
 */
export function describeModel(
  spec: NetworkSpec,
): { layer: string; output: string; parameters: number }[] {
  let sequences = true;
  const rows = sizedLayers(spec).map(({ layer, outputSize }) => {
    if (layer.kind === "lstm") sequences = layer.returnSequences;
    const parameters = weightsOf(spec)
      .filter(({ name }) => name.startsWith(`${layer.name}/`))
      .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const output = sequences ? `[B, T, ${outputSize}]` : `[B, ${outputSize}]`;
    return { layer: `${layer.name} (${layer.kind})`, output, parameters };
  });
  const { output } = rows.at(-1)!;
  const parameters = countParameters(spec);
  return [
    ...rows,
    { layer: "activation (softmax)", output, parameters: 0 },
    { layer: "all", output: "", parameters },
  ];
}
