/**
 * An LSTM layer for models of tf.layers, in place of `tf.layers.lstm`: the same
 * weights, names, shapes, gate order (i, f, c, o) and configuration, computed
 * by this project's kernels. Runs on one thread, on any backend; to train with
 * `Network` of `lstm/` is faster.
 */
import * as tf from "@tensorflow/tfjs-core";
import type * as tfl from "@tensorflow/tfjs-layers";
import { layers, type LSTMLayerArgs, type RNN } from "@tensorflow/tfjs-layers";
import { lstmSequence } from "./lstm_sequence.ts";

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

type Serialization = Pick<
  tf.serialization.SerializableConstructor<RNN>,
  "className" | "fromConfig"
>;

/** The class of what `tf.layers.lstm` makes, which tf.layers does not export. */
const Base = Object.getPrototypeOf(layers.lstm({ units: 1 })).constructor as
  & (new (args: LSTMLayerArgs) => RNN & LayerInternals)
  & Serialization;

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
      const [sequence, h, c] = lstmSequence({
        x,
        kernel: kernel.read(),
        recurrentKernel: recurrentKernel.read(),
        bias: bias.read(),
        h0: h0 as tf.Tensor2D,
        c0: c0 as tf.Tensor2D,
      });
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
 * import { fastLstm } from "immersic/tensorflow/tensorflow.ts";
 * import * as tf from "@tensorflow/tfjs-core";
 * const layer = fastLstm({ units: 4, recurrentInitializer: "zeros" });
 * const y = layer.apply(tf.zeros([2, 3, 5])) as tf.Tensor;
 * console.assert(y.shape.join() === "2,4");
 * ```
 */
export function fastLstm(args: tfl.LSTMLayerArgs): tfl.RNN {
  return new FastLstm({ recurrentActivation: "sigmoid", ...args });
}

/**
 * Makes `loadLayersModel` and `modelFromJSON` build this layer wherever a model
 * has an LSTM.
 */
export function registerFastLstm(): void {
  tf.serialization.registerClass(FastLstm);
}
