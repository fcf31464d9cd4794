/**
 * An LSTM layer for models of tf.layers, in place of `tf.layers.lstm`: the same
 * weights, names, shapes, gate order (i, f, c, o) and configuration, computed
 * by this project's kernels with a backward pass written by hand.
 *
 * B batch, T time steps, I input size, U units. Runs on one thread, on any
 * backend; the whole-network engine in `network.ts` is the faster way to train.
 */
import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";
import {
  instantiate,
  type Kernels,
  loadKernels,
  PAGE_BYTES,
  PANEL_COLUMNS,
  START,
} from "../lstm/lstm.ts";

const { module } = await loadKernels();

/** Scratch memory of the layer's products, grown when a layer needs more. */
class Workspace {
  readonly memory = new WebAssembly.Memory({
    initial: 1,
    maximum: 65536,
    shared: true,
  });
  readonly kernels: Kernels = instantiate(module, this.memory);
  #end = PAGE_BYTES;

  /** Forgets what was laid out. */
  clear(): void {
    this.#end = PAGE_BYTES;
  }

  /** Address of room for so many floats, padded for whole panels. */
  take(floats: number): number {
    const at = this.#end;
    this.#end += 64 * Math.ceil((4 * floats + 4 * 32) / 64);
    const missing = this.#end - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE_BYTES));
    return at;
  }

  /** Address of a copy. */
  put(values: Float32Array): number {
    const at = this.take(values.length);
    this.floats(at, values.length).set(values);
    return at;
  }

  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, length);
  }

  /** C [m, n] = start + A [m, k]·B; `transposed` takes Aᵀ [k, m] or Bᵀ [n, k]. */
  product(
    m: number,
    n: number,
    k: number,
    a: number,
    b: number,
    c: number,
    start: number,
    transposed: { a?: boolean; b?: boolean } = {},
    bias = 0,
  ): void {
    const before = this.#end;
    const packedA = this.take(this.kernels.packedASize(m, k));
    const packedB = this.take(this.kernels.packedBSize(n, k));
    const scratch = this.take(64);
    const panels = Math.ceil(n / PANEL_COLUMNS);
    if (transposed.a) this.kernels.packATransposed(m, k, a, m, packedA);
    else this.kernels.packA(m, k, a, k, packedA);
    if (transposed.b) {
      this.kernels.packBTransposed(k, n, b, k, packedB, 0, panels);
    } else this.kernels.packB(k, n, b, n, packedB, 0, panels);
    this.kernels.product(
      m,
      n,
      k,
      packedA,
      packedB,
      k,
      c,
      n,
      start,
      bias,
      scratch,
    );
    this.#end = before;
  }
}

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
    x: workspace.put(swapAxes(x, b, t)),
    kernel: workspace.put(kernel),
    recurrent: workspace.put(recurrent),
    gates: workspace.take(t * b * 4 * u),
    h: workspace.take((t + 1) * b * u),
    c: workspace.take((t + 1) * b * u),
    tanhC: workspace.take(t * b * u),
  };
  const biasAt = workspace.put(bias);
  workspace.floats(pass.h, b * u).set(h0);
  workspace.floats(pass.c, b * u).set(c0);
  workspace.product(
    t * b,
    4 * u,
    i,
    pass.x,
    pass.kernel,
    pass.gates,
    START.bias,
    {},
    biasAt,
  );
  const block = 4 * b * u;
  for (let s = 0; s < t; s++) {
    const z = pass.gates + 4 * s * block;
    const h = pass.h + s * block, c = pass.c + s * block;
    workspace.product(b, 4 * u, u, h, pass.recurrent, z, START.add);
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
  const { kernels } = workspace;
  const block = 4 * b * u, size = b * u;
  const dh = workspace.put(swapAxes(dSequence, b, t));
  const dcAt = workspace.put(dC);
  for (let s = t - 1; s >= 0; s--) {
    const z = pass.gates + 4 * s * block;
    if (s < t - 1) {
      workspace.product(
        b,
        u,
        4 * u,
        z + 4 * block,
        pass.recurrent,
        dh + s * block,
        START.add,
        { b: true },
      );
    }
    kernels.lstmBackward(
      b,
      u,
      z,
      pass.c + s * block,
      pass.tanhC + s * block,
      dh + s * block,
      dcAt,
    );
  }
  const dx = workspace.take(t * b * i), dKernel = workspace.take(i * 4 * u);
  const dRecurrent = workspace.take(u * 4 * u), dh0 = workspace.take(size);
  const dBias = workspace.put(new Float32Array(4 * u));
  workspace.product(t * b, i, 4 * u, pass.gates, pass.kernel, dx, START.zero, {
    b: true,
  });
  workspace.product(i, 4 * u, t * b, pass.x, pass.gates, dKernel, START.zero, {
    a: true,
  });
  workspace.product(
    u,
    4 * u,
    t * b,
    pass.h,
    pass.gates,
    dRecurrent,
    START.zero,
    { a: true },
  );
  workspace.product(b, u, 4 * u, pass.gates, pass.recurrent, dh0, START.zero, {
    b: true,
  });
  kernels.addRows(t * b, 4 * u, pass.gates, dBias);
  const copy = (at: number, length: number) =>
    workspace.floats(at, length).slice();
  return [
    swapAxes(copy(dx, t * b * i), t, b),
    copy(dKernel, i * 4 * u),
    copy(dRecurrent, u * 4 * u),
    copy(dBias, 4 * u),
    copy(dh0, size),
    copy(dcAt, size),
  ];
}

/**
 * A whole LSTM over a sequence, differentiable.
 *
 * @param x [B, T, I]
 * @param kernel [I, 4U]
 * @param recurrentKernel [U, 4U]
 * @param bias [4U]
 * @param h0 [B, U]
 * @param c0 [B, U]
 * @returns Outputs [B, T, U], and the last step's h and c [B, U].
 */
export function lstmSequence(
  x: tf.Tensor3D,
  kernel: tf.Tensor2D,
  recurrentKernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  h0: tf.Tensor2D,
  c0: tf.Tensor2D,
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
        return gradients.map((values, n) => tf.tensor(values, saved[n].shape));
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

/** What tf.layers' own LSTM has and its types do not tell. */
interface LayerInternals {
  cell: {
    kernel: { read(): tf.Tensor2D };
    recurrentKernel: { read(): tf.Tensor2D };
    bias: { read(): tf.Tensor1D };
    units: number;
    useBias: boolean;
    dropout: number;
    recurrentDropout: number;
    activation: { getClassName(): string };
    recurrentActivation: { getClassName(): string };
  };
  states_: tf.Tensor[] | null;
  stateful: boolean;
  returnSequences: boolean;
  returnState: boolean;
  goBackwards: boolean;
  getInitialState(inputs: tf.Tensor): tf.Tensor[];
  resetStates(states: tf.Tensor[], training: boolean): void;
  call(
    inputs: tf.Tensor | tf.Tensor[],
    kwargs: Kwargs,
  ): tf.Tensor | tf.Tensor[];
}

interface Kwargs {
  mask?: tf.Tensor | tf.Tensor[] | null;
  training?: boolean;
  initialState?: tf.Tensor[] | null;
}

type LstmArgs = Parameters<typeof layers.lstm>[0];
type LstmLayer = ReturnType<typeof layers.lstm>;

const Base = Object.getPrototypeOf(layers.lstm({ units: 1 }))
  .constructor as new (args: LstmArgs) => LstmLayer & LayerInternals;

/** Whether our kernels compute what the layer asks for. */
function isCovered(layer: LayerInternals, kwargs: Kwargs): boolean {
  const { cell } = layer;
  const training = kwargs.training ?? false;
  return !kwargs.mask && !layer.goBackwards && cell.useBias &&
    cell.activation.getClassName() === "tanh" &&
    cell.recurrentActivation.getClassName() === "sigmoid" &&
    !(training && (cell.dropout > 0 || cell.recurrentDropout > 0));
}

/** See {@linkcode fastLstm}. */
class FastLstm extends Base {
  override call(
    inputs: tf.Tensor | tf.Tensor[],
    kwargs: Kwargs,
  ): tf.Tensor | tf.Tensor[] {
    if (!isCovered(this, kwargs)) return super.call(inputs, kwargs);
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor3D;
      const [h0, c0] = kwargs.initialState ??
        (this.stateful ? this.states_ : null) ?? this.getInitialState(x);
      const { kernel, recurrentKernel, bias } = this.cell;
      const [sequence, h, c] = lstmSequence(
        x,
        kernel.read(),
        recurrentKernel.read(),
        bias.read(),
        h0 as tf.Tensor2D,
        c0 as tf.Tensor2D,
      );
      if (this.stateful) {
        this.resetStates([h, c], kwargs.training ?? false);
      }
      const output = this.returnSequences ? sequence : h;
      return this.returnState ? [output, h, c] : output;
    });
  }
}

/**
 * An LSTM layer as `tf.layers.lstm` makes it, but for its default recurrent
 * activation, which is Keras's `sigmoid`, and its speed. What the kernels do
 * not cover (masks, dropout inside the cell, other activations, backwards) is
 * left to tf.layers' own.
 *
 * @param args As of `tf.layers.lstm`.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { fastLstm } from "immersic/tensorflow/lstm_layer.ts";
 * import * as tf from "@tensorflow/tfjs-core";
 * const layer = fastLstm({ units: 4, recurrentInitializer: "zeros" });
 * const y = layer.apply(tf.zeros([2, 3, 5])) as tf.Tensor;
 * console.assert(y.shape.join() === "2,4");
 * ```
 */
export function fastLstm(args: LstmArgs): LstmLayer {
  return new FastLstm({ recurrentActivation: "sigmoid", ...args });
}

/**
 * Makes `loadLayersModel` and `modelFromJSON` build this layer wherever a model
 * has an LSTM.
 */
export function registerFastLstm(): void {
  tf.serialization.registerClass(
    FastLstm as unknown as Parameters<
      typeof tf.serialization.registerClass
    >[0],
  );
}
