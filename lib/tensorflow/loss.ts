/**
 * The losses, as `lib/lstm` defines them.
 *
 * N rows in the order of time steps, V classes, R relations.
 */
import type { Device, Tensor } from "./device.ts";
import type { RelationPlaces } from "./rows.ts";

/** Loss, hits, and the gradient of the mean loss. */
export interface Loss {
  /** Sum over the rows that count, in nats, without dimensions. */
  readonly sum: Tensor;
  /** Rows whose likeliest class is the target, without dimensions. */
  readonly correct: Tensor;
  /** Of the last layer's outputs. */
  readonly gradient: Tensor;
}

/** Targets on the device. */
export interface Targets {
  /** Class ids [N], or floats [N, V] of the sigmoid loss. */
  readonly values: Tensor;
  /** [N, 1]: 1 where a row counts, else 0; undefined if all count. */
  readonly counts?: Tensor;
  /** How many rows count. */
  readonly count: number;
}

/** Where relations add to logits, both [n, 1]. */
export interface Relations {
  readonly scores: Tensor;
  readonly logits: Tensor;
}

/** The places of relations on the device. */
export function relationTensors(
  device: Device,
  { scores, logits }: RelationPlaces,
): Relations {
  return {
    scores: device.tensor(scores, [scores.length, 1]),
    logits: device.tensor(logits, [logits.length, 1]),
  };
}

/** Softmax cross-entropy of outputs [N, V + R], the last R scores of relations. */
export function softmaxLoss(
  device: Device,
  outputs: Tensor,
  { targets, relations, classes, smoothing }: {
    readonly targets: Targets;
    readonly relations: Relations | undefined;
    readonly classes: number;
    readonly smoothing: number;
  },
): Loss {
  const { values, counts, count } = targets;
  const [rows, units] = outputs.shape as [number, number];
  const logits = relations
    ? take(device, related(device, outputs, relations), classes)
    : outputs;
  const even = smoothing / classes;
  const labels = device.run("OneHot", [
    values,
    device.int(classes),
    device.scalar(1 - smoothing + even),
    device.scalar(even),
  ]);
  const [losses, difference] = device.outputs(
    "SoftmaxCrossEntropyWithLogits",
    [logits, labels],
    [],
    2,
  );
  const best = device.run("ArgMax", [logits, device.int(1)], [
    { name: "output_type", type: 4, value: INT32 },
  ]);
  const hits = device.run("Cast", [device.run("Equal", [best, values])], [
    { name: "DstT", type: 4, value: FLOAT },
  ]);
  const counted = (rowsOf: Tensor) =>
    counts ? device.multiply(rowsOf, device.reshape(counts, rows)) : rowsOf;
  const scale = count === 0 ? 0 : 1 / count;
  const gradient = device.multiply(
    difference!,
    counts ? device.multiply(counts, scale) : scale,
  );
  return {
    sum: device.total(counted(losses!)),
    correct: device.total(counted(hits)),
    gradient: relations
      ? ofRelated(device, gradient, relations, units)
      : gradient,
  };
}

const FLOAT = 1, INT32 = 3;

/** The first columns. */
function take(device: Device, a: Tensor, columns: number): Tensor {
  return device.run("Slice", [
    a,
    device.ints(0, 0),
    device.ints(a.shape[0]!, columns),
  ]);
}

/** The outputs, with the scores of relations added to their logits. */
function related(
  device: Device,
  outputs: Tensor,
  { scores, logits }: Relations,
): Tensor {
  const flat = device.reshape(outputs, -1);
  const values = device.run("GatherNd", [flat, scores]);
  const sums = device.run("TensorScatterAdd", [flat, logits, values]);
  return device.reshape(sums, ...outputs.shape);
}

/** The gradient of the outputs, from that of the logits. */
function ofRelated(
  device: Device,
  gradient: Tensor,
  { scores, logits }: Relations,
  units: number,
): Tensor {
  const [rows, classes] = gradient.shape as [number, number];
  const wide = device.concatenate([
    gradient,
    device.zeros(rows, units - classes),
  ], 1);
  const flat = device.reshape(wide, -1);
  const values = device.run("GatherNd", [flat, logits]);
  const sums = device.run("TensorScatterAdd", [flat, scores, values]);
  return device.reshape(sums, rows, units);
}

/** Binary cross-entropy of independent sigmoids, of outputs [N, V]. */
export function sigmoidLoss(
  device: Device,
  outputs: Tensor,
  { values, counts, count }: Targets,
): Loss {
  // max(x, 0) − x·y + log(1 + e^−|x|), which is softplus(x) − x·y.
  const losses = device.run("Sub", [
    device.run("Softplus", [outputs]),
    device.multiply(outputs, values),
  ]);
  const counted = counts ? device.multiply(losses, counts) : losses;
  const scale = count === 0 ? 0 : 1 / count;
  return {
    sum: device.total(counted),
    correct: device.zeros(),
    gradient: device.multiply(
      device.run("Sub", [device.run("Sigmoid", [outputs]), values]),
      counts ? device.multiply(counts, scale) : scale,
    ),
  };
}
