/**
 * An LSTM over a whole sequence as one operation of TensorFlow.js, computed by
 * this project's kernels, with a backward pass written by hand.
 *
 * B batch, T time steps, I input size, U units.
 */
import * as tf from "@tensorflow/tfjs-core";
import { START } from "../lstm/lstm.ts";
import { Workspace } from "./workspace.ts";

const workspace = new Workspace();

/** Sizes of one call. */
interface Sizes {
  readonly b: number;
  readonly t: number;
  readonly i: number;
  readonly u: number;
}

/** [B, T, F] to [T, B, F], or back with `b` and `t` swapped. */
function swapAxes(x: Float32Array, b: number, t: number): Float32Array {
  const f = x.length / (b * t);
  const y = new Float32Array(x.length);
  for (let r = 0; r < b; r++) {
    for (let s = 0; s < t; s++) {
      y.set(x.subarray((r * t + s) * f, (r * t + s + 1) * f), (s * b + r) * f);
    }
  }
  return y;
}

/** Where a forward pass left what the backward pass needs. */
interface Pass {
  readonly x: number;
  readonly kernel: number;
  readonly recurrent: number;
  /** [T, B, 4U] */
  readonly gates: number;
  /** [T + 1, B, U], the states before the first step first. */
  readonly h: number;
  readonly c: number;
  readonly tanhC: number;
}

function forward(
  { b, t, i, u }: Sizes,
  [x, kernel, recurrent, bias, h0, c0]: Float32Array[],
): Pass {
  workspace.clear();
  const pass: Pass = {
    x: workspace.put(swapAxes(x!, b, t)),
    kernel: workspace.put(kernel!),
    recurrent: workspace.put(recurrent!),
    gates: workspace.take(t * b * 4 * u),
    h: workspace.take((t + 1) * b * u),
    c: workspace.take((t + 1) * b * u),
    tanhC: workspace.take(t * b * u),
  };
  const biasAt = workspace.put(bias!);
  workspace.floats(pass.h, b * u).set(h0!);
  workspace.floats(pass.c, b * u).set(c0!);
  workspace.product({
    ...{ m: t * b, n: 4 * u, k: i, a: pass.x, b: pass.kernel, c: pass.gates },
    ...{ start: START.bias, bias: biasAt },
  });
  const block = 4 * b * u;
  for (let s = 0; s < t; s++) {
    const z = pass.gates + 4 * s * block;
    const h = pass.h + s * block, c = pass.c + s * block;
    workspace.product({
      ...{ m: b, n: 4 * u, k: u, a: h, b: pass.recurrent, c: z },
      start: START.add,
    });
    workspace.kernels.lstmForward(
      b,
      u,
      z,
      c,
      c + block,
      pass.tanhC + s * block,
      h + block,
    );
  }
  return pass;
}

/** Gradients of x, kernel, recurrent kernel, bias, h0 and c0. */
function backward(
  sizes: Sizes,
  inputs: Float32Array[],
  dSequence: Float32Array,
  dC: Float32Array,
): Float32Array[] {
  const { b, t, i, u } = sizes;
  const pass = forward(sizes, inputs);
  const dh = workspace.put(swapAxes(dSequence, b, t));
  const dc = workspace.put(dC);
  backwardSteps(sizes, pass, dh, dc);
  const dx = workspace.take(t * b * i), dKernel = workspace.take(i * 4 * u);
  const dRecurrent = workspace.take(u * 4 * u), dh0 = workspace.take(b * u);
  const dBias = workspace.put(new Float32Array(4 * u));
  const start = START.zero;
  const { gates, h, kernel, recurrent, x } = pass;
  workspace.product({
    ...{ m: t * b, n: i, k: 4 * u, a: gates, b: kernel, c: dx, start },
    transposed: "b",
  });
  workspace.product({
    ...{ m: i, n: 4 * u, k: t * b, a: x, b: gates, c: dKernel, start },
    transposed: "a",
  });
  workspace.product({
    ...{ m: u, n: 4 * u, k: t * b, a: h, b: gates, c: dRecurrent, start },
    transposed: "a",
  });
  workspace.product({
    ...{ m: b, n: u, k: 4 * u, a: gates, b: recurrent, c: dh0, start },
    transposed: "b",
  });
  workspace.kernels.addRows(t * b, 4 * u, gates, dBias);
  const copy = (at: number, length: number) =>
    workspace.floats(at, length).slice();
  return [
    swapAxes(copy(dx, t * b * i), t, b),
    copy(dKernel, i * 4 * u),
    copy(dRecurrent, u * 4 * u),
    copy(dBias, 4 * u),
    copy(dh0, b * u),
    copy(dc, b * u),
  ];
}

/**
 * Turns a pass's gates into the gradients of their pre-activations, from the
 * last step to the first.
 *
 * @param dh Gradients of the outputs [T, B, U].
 * @param dc Gradient of the last state [B, U], becomes that of the first.
 */
function backwardSteps(
  { b, t, u }: Sizes,
  pass: Pass,
  dh: number,
  dc: number,
): void {
  const block = 4 * b * u;
  for (let s = t - 1; s >= 0; s--) {
    const gates = pass.gates + 4 * s * block, dhOfStep = dh + s * block;
    if (s < t - 1) {
      workspace.product({
        ...{ m: b, n: u, k: 4 * u, a: gates + 4 * block, b: pass.recurrent },
        ...{ c: dhOfStep, start: START.add, transposed: "b" },
      });
    }
    workspace.kernels.lstmBackward(
      b,
      u,
      gates,
      pass.c + s * block,
      pass.tanhC + s * block,
      dhOfStep,
      dc,
    );
  }
}

/** A sequence and the weights that it goes through. */
export interface LstmInputs {
  /** [B, T, I] */
  readonly x: tf.Tensor3D;
  /** [I, 4U] */
  readonly kernel: tf.Tensor2D;
  /** [U, 4U] */
  readonly recurrentKernel: tf.Tensor2D;
  /** [4U] */
  readonly bias: tf.Tensor1D;
  /** [B, U] */
  readonly h0: tf.Tensor2D;
  /** [B, U] */
  readonly c0: tf.Tensor2D;
}

/**
 * A whole LSTM over a sequence, differentiable.
 *
 * @returns Outputs [B, T, U], and the last step's h and c [B, U].
 */
export function lstmSequence(
  { x, kernel, recurrentKernel, bias, h0, c0 }: LstmInputs,
): [tf.Tensor3D, tf.Tensor2D, tf.Tensor2D] {
  const [b, t, i] = x.shape;
  const sizes = { b, t, i, u: recurrentKernel.shape[0] };
  const { u } = sizes;
  // One tensor holds outputs and last states: a custom gradient has one output.
  const op = tf.customGrad((...args) => {
    const inputs = args.slice(0, 6) as tf.Tensor[];
    const save = args[6] as (tensors: tf.Tensor[]) => void;
    const values = inputs.map((tensor) => tensor.dataSync() as Float32Array);
    const pass = forward(sizes, values);
    const packed = new Float32Array(b * (t + 1) * u);
    const h = workspace.floats(pass.h + 4 * b * u, t * b * u);
    const c = workspace.floats(pass.c + 4 * t * b * u, b * u);
    const outputs = swapAxes(h, t, b);
    for (let r = 0; r < b; r++) {
      packed.set(outputs.subarray(r * t * u, (r + 1) * t * u), r * (t + 1) * u);
      packed.set(c.subarray(r * u, (r + 1) * u), (r * (t + 1) + t) * u);
    }
    save(inputs);
    return {
      value: tf.tensor3d(packed, [b, t + 1, u]),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const dSequence = tf.slice(dy, [0, 0, 0], [b, t, u]);
        const dC = tf.slice(dy, [0, t, 0], [b, 1, u]);
        const gradients = backward(
          sizes,
          saved.map((tensor) => tensor.dataSync() as Float32Array),
          dSequence.dataSync() as Float32Array,
          dC.dataSync() as Float32Array,
        );
        return gradients.map((values, n) => tf.tensor(values, saved[n]!.shape));
      },
    };
  });
  const packed = op(x, kernel, recurrentKernel, bias, h0, c0);
  const state = (at: number) =>
    tf.reshape(tf.slice(packed, [0, at, 0], [b, 1, u]), [b, u]) as tf.Tensor2D;
  return [
    tf.slice(packed, [0, 0, 0], [b, t, u]) as tf.Tensor3D,
    state(t - 1),
    state(t),
  ];
}
