/**
 * A step, up to the gradient. The rows of a batch are divided into shares, each of
 * which goes through the layers and back by itself, so that ops of different shares
 * can run side by side; the sums over them are in a fixed order.
 */
import { classesOf, sizeOf, type Weight } from "../lstm/lstm.ts";
import { type Device, floats, int, type Tensor } from "./device.ts";
import type { ShareFeeds, StepFeeds } from "./feeds.ts";
import { sigmoidLoss, softmaxLoss } from "./loss.ts";
import type { LstmStates } from "./lstm_steps.ts";
import { forward, type Layers } from "./pass.ts";

/** What a step gives. */
export interface StepTensors {
  /** [3]: the mean loss, the hits, and half the sum of the gradient's squares. */
  readonly results: Tensor;
  /** Of each LSTM layer, after the last step, for all rows. */
  readonly states: readonly LstmStates[];
  /** Of all weights, joined; undefined if it is not wanted. */
  readonly gradient: Tensor | undefined;
}

/** Runs the layers, the loss, and if `withGradient` all of it back. */
export function computeStep(
  layers: Layers,
  weights: readonly Weight[],
  feeds: StepFeeds,
  withGradient: boolean,
): StepTensors {
  const { device } = layers, { shares } = feeds;
  const apart = device.split(
    feeds.weights,
    weights.map(({ shape }) => sizeOf(shape)),
  ).map((part, i) => device.reshape(part, ...weights[i]!.shape));
  const states = statesOfShares(device, feeds);
  const passes = shares.map((share, i) => {
    const { size, input, masks } = share, { steps } = feeds;
    const rows = { size, steps, input, masks, states: states?.[i] };
    const pass = forward(layers, { ...rows, weights: apart });
    const loss = lossOf(layers, pass.outputs, share, feeds);
    const gradients = withGradient ? pass.backward(loss.gradient) : [];
    return { pass, loss, gradients };
  });
  const sum = (tensors: readonly Tensor[]) => device.sum(tensors);
  const gradient = withGradient
    ? device.concatenate(
      weights.map((_, i) =>
        device.reshape(sum(passes.map(({ gradients }) => gradients[i]!)), -1)
      ),
    )
    : undefined;
  const results = device.run("Pack", [
    sum(passes.map(({ loss }) => loss.mean)),
    sum(passes.map(({ loss }) => loss.correct)),
    gradient ? device.run("L2Loss", [gradient]) : device.zeros(),
  ], [int("N", 3), floats("T")]);
  const together = passes[0]!.pass.states.map((_, i) => {
    const of = passes.map(({ pass }) => pass.states[i]!);
    return {
      h: device.concatenate(of.map(({ h }) => h)),
      c: device.concatenate(of.map(({ c }) => c)),
    };
  });
  return { results, states: together, gradient };
}

function lossOf(
  { device, spec }: Layers,
  outputs: Tensor,
  { targets, relations }: ShareFeeds,
  { smoothing }: StepFeeds,
) {
  return spec.loss === "sigmoid"
    ? sigmoidLoss(device, outputs, targets)
    : softmaxLoss(device, outputs, {
      ...{ targets, relations, classes: classesOf(spec), smoothing },
    });
}

/** The states that each share begins with. */
function statesOfShares(
  device: Device,
  { shares, states }: StepFeeds,
): readonly LstmStates[][] | undefined {
  if (!states || shares.length === 1) return states && [[...states]];
  const sizes = shares.map(({ size }) => size);
  const parts = states.map(({ h, c }) => ({
    h: device.split(h, sizes),
    c: device.split(c, sizes),
  }));
  return shares.map((_, i) =>
    parts.map(({ h, c }) => ({ h: h[i]!, c: c[i]! }))
  );
}
