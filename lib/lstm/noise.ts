/** Weights and batches of noise, for networks of every kind: to test and to measure. */
import type { Random } from "../base/base.ts";
import type { NetworkBatch, SparseRows } from "./batch.ts";
import { type NetworkSpec, sizedLayers, sizeOf, weightsOf } from "./spec.ts";

/**
 * Random weights of a network, of a size that lets signals and gradients through.
 *
 * @param random What decides about them.
 * @returns Arrays by the names of the weights.
 */
export function randomWeights(
  spec: NetworkSpec,
  random: Random,
): Map<string, Float32Array> {
  return new Map(
    weightsOf(spec).map(({ name, shape }) => {
      const scale = shape.length === 1 ? 0.4 : Math.sqrt(1 / shape[0]!);
      const length = sizeOf(shape);
      return [
        name,
        Float32Array.from({ length }, () => scale * random.normal()),
      ];
    }),
  );
}

/** Rows of random numbers below `size`, each once, up to `most` a row. */
function sparseRows(
  { rows, size, most }: { rows: number; size: number; most: number },
  random: Random,
): SparseRows {
  const offsets = [0], values: number[] = [];
  for (let row = 0; row < rows; row++) {
    values.push(...random.order(size).slice(0, random.int(most + 1)));
    offsets.push(values.length);
  }
  return { offsets: Int32Array.from(offsets), values: Int32Array.from(values) };
}

/**
 * A batch of noise for a network, some of its targets left out.
 *
 * @param random What decides about it.
 */
export function randomBatch(
  { input, loss, relations, ...spec }: NetworkSpec,
  { size, steps }: { readonly size: number; readonly steps: number },
  random: Random,
): NetworkBatch {
  const top = sizedLayers({ input, loss, ...spec }).at(-1)!;
  const rows = size * steps, targetRows = top.lastStepOnly ? size : rows;
  const classes = top.outputSize - (relations?.count ?? 0);
  const pairs = relations && sparseRows({
    rows,
    size: classes * relations.count,
    most: relations.most,
  }, random);
  return {
    size,
    steps,
    inputs: input.kind === "sparse"
      ? sparseRows({ rows, ...input }, random)
      : input.kind === "onehot"
      ? Int32Array.from({ length: rows }, () => random.int(input.size))
      : Float32Array.from({ length: rows * input.size }, () => random.normal()),
    targets: loss === "softmax"
      ? Int32Array.from(
        { length: targetRows },
        (_, i) => i % 5 === 3 ? -1 : random.int(classes),
      )
      : Float32Array.from(
        { length: targetRows * classes },
        (_, i) => Math.floor(i / classes) % 5 === 3 ? -1 : random.int(2),
      ),
    ...pairs && {
      relations: {
        offsets: pairs.offsets,
        values: pairs.values.map((pair) =>
          pair % classes + (Math.floor(pair / classes) << 16)
        ),
      },
    },
    resets: Uint8Array.from({ length: size }, () => random.int(2)),
  };
}
