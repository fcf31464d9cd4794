/**
 * The forward and the backward pass of a network, layer by layer.
 *
 * B batch rows, T time steps; between layers lie matrices [T·B, units], or [B,
 * units] above a layer that returns its last step only.
 */
import type { NetworkSpec, SizedLayer } from "../lstm/lstm.ts";
import { bool, type Device, type Tensor } from "./device.ts";
import { cudnnLstm } from "./lstm_cudnn.ts";
import { type LstmStates, stepByStep } from "./lstm_steps.ts";

/** What a forward pass is of. */
export interface PassInput {
  /** B */
  readonly size: number;
  /** T */
  readonly steps: number;
  /** The input, with the first layer's dropout. */
  readonly input: Signal;
  /** All weights, in their order. */
  readonly weights: readonly Tensor[];
  /** What the other layers of dropout multiply by, by their numbers. */
  readonly masks: ReadonlyMap<number, Tensor>;
  /** Of each LSTM layer, what it begins with; undefined for zeros. */
  readonly states: readonly LstmStates[] | undefined;
}

/** A network's layers, and what they run on. */
export interface Layers {
  readonly device: Device;
  readonly spec: NetworkSpec;
  readonly sized: readonly SizedLayer[];
}

/** The outputs of a forward pass, which can be taken back. */
export interface Pass {
  /** Of the last layer. */
  readonly outputs: Tensor;
  /** Of each LSTM layer, after the last step. */
  readonly states: readonly LstmStates[];
  /** The gradients of all weights, in their order. */
  backward(gradient: Tensor): Tensor[];
}

/** What lies between layers: a matrix, or hot rows as a sparse one. */
export type Signal = { readonly dense: Tensor } | { readonly hot: Hot };

/** A sparse matrix [N, F]. */
export interface Hot {
  readonly places: Tensor;
  readonly values: Tensor;
  readonly rows: number;
  readonly features: number;
}

/** Takes a layer back: adds its gradients, gives that of its input if wanted. */
type Backward = (
  gradient: Tensor,
  withInput: boolean,
) => { weights: Tensor[]; input?: Tensor };

const ADJOINT = [bool("adjoint_a", true)];

/** Runs all layers. */
export function forward(
  { device, sized }: Layers,
  input: PassInput,
): Pass {
  const { size, steps } = input;
  let signal = input.input;
  const taken: { back: Backward; isTrainable: boolean }[] = [];
  const states: LstmStates[] = [];
  let at = 0;
  sized.forEach(({ layer, outputSize }, number) => {
    if (layer.kind === "dropout") {
      const mask = input.masks.get(number);
      if (!mask) return;
      signal = { dense: device.multiply(dense(signal), mask) };
      taken.push({
        isTrainable: false,
        back: (gradient) => ({
          weights: [],
          input: device.multiply(gradient, mask),
        }),
      });
    } else if (layer.kind === "dense") {
      const [kernel, bias] = input.weights.slice(at, at += 2);
      const from = signal;
      signal = { dense: project(device, from, kernel!, bias!) };
      taken.push({
        isTrainable: true,
        back: (gradient, withInput) =>
          projectBack(device, from, kernel!, gradient, withInput),
      });
    } else {
      const [kernel, recurrent, bias] = input.weights.slice(at, at += 3);
      const zero = device.zeros(size, outputSize);
      const before = input.states?.[states.length] ?? { h: zero, c: zero };
      const { outputs, after, back } = runLstm(device, signal, {
        ...{ steps, batch: size, before },
        ...{ kernel: kernel!, recurrent: recurrent!, bias: bias! },
      }, layer.returnSequences);
      states.push(after);
      signal = {
        dense: layer.returnSequences ? outputs : after.h,
      };
      taken.push({ isTrainable: true, back });
    }
  });
  return {
    outputs: dense(signal),
    states,
    backward(gradient) {
      const first = taken.findIndex(({ isTrainable }) => isTrainable);
      const gradients: Tensor[] = [];
      let of = gradient;
      for (let i = taken.length - 1; i >= first; i--) {
        const { weights, input } = taken[i]!.back(of, i > first);
        gradients.unshift(...weights);
        if (input) of = input;
      }
      return gradients;
    },
  };
}

/** A signal that must be dense: only the input is hot. */
function dense(signal: Signal): Tensor {
  if ("dense" in signal) return signal.dense;
  throw new RangeError(
    "Cannot run the network: no layer but dropout lies below its loss.",
  );
}

/** Hot rows·b, or where `transposed` their transpose·b. */
function hotProduct(
  device: Device,
  { places, values, rows, features }: Hot,
  b: Tensor,
  transposed = false,
): Tensor {
  const shape = device.int64Pair(rows, features);
  return device.run(
    "SparseTensorDenseMatMul",
    [places, values, shape, b],
    transposed ? ADJOINT : [],
  );
}

/** signal·kernel + bias. */
function project(
  device: Device,
  signal: Signal,
  kernel: Tensor,
  bias: Tensor,
): Tensor {
  const product = "hot" in signal
    ? hotProduct(device, signal.hot, kernel)
    : device.matMul(signal.dense, kernel);
  return device.run("BiasAdd", [product, bias]);
}

function projectBack(
  device: Device,
  signal: Signal,
  kernel: Tensor,
  gradient: Tensor,
  withInput: boolean,
): { weights: [Tensor, Tensor]; input?: Tensor } {
  const ofKernel = "hot" in signal
    ? hotProduct(device, signal.hot, gradient, true)
    : device.matMul(signal.dense, gradient, { a: true });
  return {
    weights: [ofKernel, device.run("BiasAddGrad", [gradient])],
    ...withInput && { input: device.matMul(gradient, kernel, { b: true }) },
  };
}

/** Runs an LSTM layer by what the device has. */
function runLstm(
  device: Device,
  signal: Signal,
  input: {
    readonly steps: number;
    readonly batch: number;
    readonly before: LstmStates;
    readonly kernel: Tensor;
    readonly recurrent: Tensor;
    readonly bias: Tensor;
  },
  returnSequences: boolean,
): { outputs: Tensor; after: LstmStates; back: Backward } {
  const { kernel, bias } = input;
  if (device.isGpu) {
    // cuDNN takes dense input only.
    const x = "hot" in signal ? spread(device, signal.hot) : signal.dense;
    const { outputs, after, backward } = cudnnLstm(device, { ...input, x });
    return {
      outputs,
      after,
      back: (gradient, withInput) =>
        backward(gradient, !returnSequences, withInput),
    };
  }
  const { outputs, after, backward } = stepByStep(device, {
    ...input,
    input: "hot" in signal
      ? { gates: project(device, signal, kernel, bias) }
      : { x: signal.dense, kernel, bias },
  });
  return {
    outputs,
    after,
    back(gradient, withInput) {
      const of = backward(gradient, !returnSequences);
      const { weights: [ofKernel, ofBias], input } = projectBack(
        device,
        signal,
        kernel,
        of.gates,
        withInput,
      );
      return {
        weights: [ofKernel, of.recurrent, ofBias],
        ...input && { input },
      };
    },
  };
}

/** Hot rows as a matrix. */
function spread(
  device: Device,
  { places, values, rows, features }: Hot,
): Tensor {
  return device.run("ScatterNd", [
    places,
    values,
    device.ints(rows, features),
  ]);
}
