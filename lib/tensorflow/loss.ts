/**
 * The losses, as `lib/lstm` defines them.
 *
 * N rows in the order of time steps, V classes, R relations.
 */
import type { Device, Tensor } from "./device.ts";

/** Loss, hits, and the gradient of the mean loss. */
export interface Loss {
  /** In nats: these rows' part of the batch's mean, without dimensions. */
  readonly mean: Tensor;
  /** Rows whose likeliest class is the target, without dimensions. */
  readonly correct: Tensor;
  /** Of the last layer's outputs. */
  readonly gradient: Tensor;
}

/** Targets on the device. */
export interface Targets {
  /** Class ids [N], −1 for none, or floats [N, V] of the sigmoid loss. */
  readonly values: Tensor;
  /** [N, 1]: 1 ÷ the rows of the batch that count, 0 of a row that does not. */
  readonly scale: Tensor;
}

/** What targets become, with a share of each spread over all classes. */
export interface Smoothing {
  /** That of the target, without dimensions. */
  readonly on: Tensor;
  /** Those of the other classes, without dimensions. */
  readonly off: Tensor;
}

/** Where relations add to logits, both [n, 1]. */
export interface Relations {
  readonly scores: Tensor;
  readonly logits: Tensor;
}

/** Softmax cross-entropy of outputs [N, V + R], the last R scores of relations. */
export function softmaxLoss(
  device: Device,
  outputs: Tensor,
  { targets, relations, classes, smoothing }: {
    readonly targets: Targets;
    readonly relations: Relations | undefined;
    readonly classes: number;
    readonly smoothing: Smoothing;
  },
): Loss {
  const { values, scale } = targets, { on, off } = smoothing;
  const [rows, units] = outputs.shape as [number, number];
  const logits = relations
    ? take(device, related(device, outputs, relations), classes)
    : outputs;
  const labels = device.run("OneHot", [values, device.int(classes), on, off]);
  const [losses, difference] = device.outputs(
    "SoftmaxCrossEntropyWithLogits",
    [logits, labels],
    [],
    2,
  );
  // No class is the likeliest where there is none, −1.
  const best = device.run("ArgMax", [logits, device.int(1)], [
    { name: "output_type", type: 4, value: INT32 },
  ]);
  const hits = device.run("Cast", [device.run("Equal", [best, values])], [
    { name: "DstT", type: 4, value: FLOAT },
  ]);
  const gradient = device.multiply(difference!, scale);
  return {
    mean: device.total(device.multiply(losses!, device.reshape(scale, rows))),
    correct: device.total(hits),
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
  { values, scale }: Targets,
): Loss {
  // max(x, 0) − x·y + log(1 + e^−|x|), which is softplus(x) − x·y.
  const losses = device.run("Sub", [
    device.run("Softplus", [outputs]),
    device.multiply(outputs, values),
  ]);
  return {
    mean: device.total(device.multiply(losses, scale)),
    correct: device.zeros(),
    gradient: device.multiply(
      device.run("Sub", [device.run("Sigmoid", [outputs]), values]),
      scale,
    ),
  };
}
