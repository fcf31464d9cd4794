/**
 * The order of weights on the GPU: an LSTM's columns, which Keras and checkpoints
 * have gate after gate, lie there unit after unit, the four gates of one together.
 */
import {
  type NetworkSpec,
  sizeOf,
  type Weight,
  weightsOf,
} from "../lstm/lstm.ts";

/** Bytes at which an array in a block begins must be a multiple of this. */
const ALIGNMENT = 256;

/** A weight with its place in a block of all weights. */
export interface PlacedWeight extends Weight {
  /** Bytes from the start of the block. */
  readonly offset: number;
  /** Floats. */
  readonly size: number;
  /** Units of the LSTM layer that it is of; 0 for another layer's. */
  readonly gatedUnits: number;
}

/** All weights of a network in a block. */
export interface WeightBlock {
  readonly weights: readonly PlacedWeight[];
  /** Floats, padding included, which stays zero. */
  readonly floats: number;
}

/** Places the weights of a network one after another. */
export function placeWeights(spec: NetworkSpec): WeightBlock {
  const gated = new Map(
    spec.layers.map((layer) => [layer.name, layer.kind === "lstm"]),
  );
  let end = 0;
  const weights = weightsOf(spec).map((weight): PlacedWeight => {
    const offset = end, size = sizeOf(weight.shape);
    end += Math.ceil(4 * size / ALIGNMENT) * ALIGNMENT;
    const layer = weight.name.slice(0, weight.name.lastIndexOf("/"));
    const gatedUnits = gated.get(layer) ? weight.shape.at(-1)! / 4 : 0;
    return { ...weight, offset, size, gatedUnits };
  });
  return { weights, floats: end / 4 };
}

/** A weight's values in the order of the GPU. */
export function toGpuOrder(
  { gatedUnits, size }: PlacedWeight,
  values: ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  if (gatedUnits === 0) return Float32Array.from(values);
  const result = new Float32Array(size);
  for (let row = 0; row < size; row += 4 * gatedUnits) {
    for (let gate = 0; gate < 4; gate++) {
      const from = row + gate * gatedUnits;
      for (let u = 0; u < gatedUnits; u++) {
        result[row + 4 * u + gate] = values[from + u]!;
      }
    }
  }
  return result;
}

/** Undoes {@linkcode toGpuOrder}. */
export function fromGpuOrder(
  { gatedUnits, size }: PlacedWeight,
  values: Float32Array,
): Float32Array {
  if (gatedUnits === 0) return values;
  const result = new Float32Array(size);
  for (let row = 0; row < size; row += 4 * gatedUnits) {
    for (let gate = 0; gate < 4; gate++) {
      const to = row + gate * gatedUnits;
      for (let u = 0; u < gatedUnits; u++) {
        result[to + u] = values[row + 4 * u + gate]!;
      }
    }
  }
  return result;
}
