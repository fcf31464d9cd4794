/**
 * An LSTM over whole sequences on an NVIDIA GPU, by cuDNN: one op forward, one
 * backward. Gates are in the order i, f, c, o, as the network's weights are.
 *
 * It has never run: there was no GPU to run it on. What its tests check is the
 * layout of cuDNN's parameters, which are the transposed kernels, then two biases
 * for each gate, of which the first is left 0 (as Keras has it).
 *
 * B batch rows, T time steps, I input size, U units.
 */
import { bool, type Device, float, int, type Tensor, text } from "./device.ts";
import type { LstmStates } from "./lstm_steps.ts";

/** What an LSTM is given. */
export interface CudnnInput {
  /** T */
  readonly steps: number;
  /** B */
  readonly batch: number;
  /** [T·B, I] */
  readonly x: Tensor;
  /** Before the first step. */
  readonly before: LstmStates;
  /** [I, 4U] */
  readonly kernel: Tensor;
  /** [U, 4U] */
  readonly recurrent: Tensor;
  /** [4U] */
  readonly bias: Tensor;
}

/** A forward pass, which can be taken back. */
export interface CudnnPass {
  /** [T·B, U] */
  readonly outputs: Tensor;
  /** After the last step. */
  readonly after: LstmStates;
  /**
   * The gradients of kernel, recurrent kernel and bias, and of the input if it is
   * wanted, from that of the outputs, or of the last step's [B, U] alone.
   */
  backward(
    gradient: Tensor,
    ofLastOnly: boolean,
    withInput: boolean,
  ): { weights: Tensor[]; input?: Tensor };
}

const ATTRIBUTES = [
  text("rnn_mode", "lstm"),
  text("input_mode", "linear_input"),
  text("direction", "unidirectional"),
  float("dropout", 0),
  int("seed", 0),
  int("seed2", 0),
  int("num_proj", 0),
  bool("time_major", true),
];
const FORWARD = [...ATTRIBUTES, bool("is_training", true)];

/** All weights of an LSTM as cuDNN takes them, [4U·(I + U + 2)]. */
export function cudnnParameters(
  device: Device,
  { kernel, recurrent, bias }: Pick<
    CudnnInput,
    "kernel" | "recurrent" | "bias"
  >,
): Tensor {
  const flat = [kernel, recurrent].map((matrix) =>
    device.reshape(transpose(device, matrix), -1)
  );
  return device.concatenate([...flat, device.zeros(bias.shape[0]!), bias]);
}

/** The gradients of kernel, recurrent kernel and bias, from that of {@linkcode cudnnParameters}. */
export function ofParameters(
  device: Device,
  gradient: Tensor,
  { kernel, recurrent }: Pick<CudnnInput, "kernel" | "recurrent">,
): Tensor[] {
  const [inputs, width] = kernel.shape as [number, number];
  const units = recurrent.shape[0]!;
  const [k, r, , b] = device.split(gradient, [
    ...[inputs * width, units * width, width, width],
  ]);
  return [
    transpose(device, device.reshape(k!, width, inputs)),
    transpose(device, device.reshape(r!, width, units)),
    b!,
  ];
}

function transpose(device: Device, matrix: Tensor): Tensor {
  return device.run("Transpose", [matrix, device.ints(1, 0)]);
}

/** Runs an LSTM by cuDNN. The input must be dense. */
export function cudnnLstm(device: Device, input: CudnnInput): CudnnPass {
  const { steps, batch, x, before } = input;
  const units = input.recurrent.shape[0]!;
  const sequence = device.reshape(x, steps, batch, x.shape[1]!);
  const [h, c] = [before.h, before.c].map((state) =>
    device.reshape(state, 1, batch, units)
  );
  const parameters = cudnnParameters(device, input);
  const lengths = device.tensor(new Int32Array(batch).fill(steps));
  const inputs = [sequence, h!, c!, parameters, lengths];
  // The last output is of bytes in the host's memory: it is passed on unread.
  const [outputs, lastH, lastC, reserve, hostReserve] = device.outputs(
    "CudnnRNNV3",
    inputs,
    FORWARD,
    5,
  );
  const flat = device.reshape(outputs!, steps * batch, units);
  const row = (state: Tensor) => device.reshape(state, batch, units);
  return {
    outputs: flat,
    after: { h: row(lastH!), c: row(lastC!) },
    backward(gradient, ofLastOnly, withInput) {
      const zero = device.zeros(1, batch, units);
      const ofOutputs = ofLastOnly
        ? device.zeros(steps, batch, units)
        : device.reshape(gradient, steps, batch, units);
      const ofLast = ofLastOnly
        ? device.reshape(gradient, 1, batch, units)
        : zero;
      const [ofInput, , , ofWeights] = device.outputs(
        "CudnnRNNBackpropV3",
        [
          ...inputs,
          ...[outputs!, lastH!, lastC!, ofOutputs, ofLast, zero],
          ...[reserve!, hostReserve!],
        ],
        ATTRIBUTES,
        4,
      );
      return {
        weights: ofParameters(device, ofWeights!, input),
        ...withInput && {
          input: device.reshape(ofInput!, steps * batch, x.shape[1]!),
        },
      };
    },
  };
}
