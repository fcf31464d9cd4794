/** The networks whose steps are timed, and what each is fed. */
import { Random } from "../base/base.ts";
import {
  type NetworkBatch,
  type NetworkSpec,
  sizeOf,
  weightsOf,
} from "../lstm/lstm.ts";

/** Sizes of the original network, as `peers.py` takes them too. */
export interface NetworkSize {
  readonly units: number;
  readonly steps: number;
  readonly classes: number;
}

/** Sequences in a batch. */
export const BATCH = 64;

/** Units of its dense layers. */
const DENSE = 64;

/** The layers of the original Immersic network. */
export function originalLayers(
  { units, classes }: NetworkSize,
): NetworkSpec {
  const lstm = (name: string, returnSequences: boolean) =>
    ({ kind: "lstm", name, units, returnSequences }) as const;
  const dense = (name: string, units: number) =>
    ({ kind: "dense", name, units }) as const;
  return {
    input: { kind: "dense", size: 1 },
    layers: [
      { kind: "dropout", name: "dropout", rate: 0.2 },
      lstm("lstm", true),
      dense("dense", DENSE),
      dense("dense_1", DENSE),
      lstm("lstm_1", true),
      dense("dense_2", DENSE),
      lstm("lstm_2", false),
      dense("dense_3", classes),
    ],
    loss: "softmax",
  };
}

/** Weights of a size that lets gradients through, the same each time. */
export function startingWeights(spec: NetworkSpec): Map<string, Float32Array> {
  const random = new Random(1);
  return new Map(
    weightsOf(spec).map(({ name, shape }) => {
      const scale = shape.length === 1 ? 0 : Math.sqrt(3 / shape[0]!);
      return [
        name,
        Float32Array.from(
          { length: sizeOf(shape) },
          () => scale * (2 * random.next() - 1),
        ),
      ];
    }),
  );
}

/** A batch of noise. */
export function noise({ steps, classes }: NetworkSize): NetworkBatch {
  const random = new Random(2);
  return {
    size: BATCH,
    steps,
    inputs: Float32Array.from({ length: BATCH * steps }, () => random.next()),
    targets: Int32Array.from({ length: BATCH }, () => random.int(classes)),
  };
}
