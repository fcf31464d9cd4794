/**
 * An LSTM over whole sequences by TensorFlow's ops for the CPU. Forward, a dense
 * input goes through one op, BlockLSTM; where the input is hot rows, whose product
 * with the kernel is found without a dense input, the steps run gate by gate.
 * Backward, each step is two ops, and the gradients of the weights are products
 * over all steps: BlockLSTM's own gradient has one such product at each step, and
 * takes longer.
 *
 * B batch rows, T time steps, I input size, U units. Gates are in the order i, c,
 * f, o of these ops; the network's weights are in it too while they are here.
 */
import { bool, type Device, float, type Tensor } from "./device.ts";

/** Outputs and cell states [B, U] of one time step. */
export interface LstmStates {
  /** The outputs. */
  readonly h: Tensor;
  /** The cell states. */
  readonly c: Tensor;
}

/** A dense input, and what it is multiplied by. */
export interface BlockInput {
  /** [T·B, I] */
  readonly x: Tensor;
  /** [I, 4U] */
  readonly kernel: Tensor;
  /** [4U] */
  readonly bias: Tensor;
}

/** An input whose product with the kernel is known. */
export interface GatesInput {
  /** [T·B, 4U]: this product, plus the bias. */
  readonly gates: Tensor;
}

/** What an LSTM is given. */
export interface StepsInput {
  /** T */
  readonly steps: number;
  /** B */
  readonly batch: number;
  /** The input, or its part in the gates. */
  readonly input: BlockInput | GatesInput;
  /** Before the first step. */
  readonly before: LstmStates;
  /** [U, 4U] */
  readonly recurrent: Tensor;
}

/** A forward pass, which can be taken back. */
export interface StepsPass {
  /** [T·B, U] */
  readonly outputs: Tensor;
  /** After the last step. */
  readonly after: LstmStates;
  /**
   * The gradients of the gates before their functions [T·B, 4U], and of `recurrent`, from that of the outputs [T·B,
   * U], or of the last step's [B, U] alone.
   */
  backward(
    gradient: Tensor,
    ofLastOnly: boolean,
  ): { readonly gates: Tensor; readonly recurrent: Tensor };
}

/**
 * What the backward pass needs, of each time step [B, U]: gates, the cell states,
 * their tanh, and the outputs.
 */
interface Trace {
  readonly i: readonly Tensor[];
  readonly states: readonly Tensor[];
  readonly f: readonly Tensor[];
  readonly o: readonly Tensor[];
  readonly c: readonly Tensor[];
  readonly squashed: readonly Tensor[];
  readonly h: readonly Tensor[];
}

const NO_PEEPHOLES = bool("use_peephole", false);
const BLOCK = [
  float("forget_bias", 0),
  // Not above 0: states are not clipped.
  float("cell_clip", -1),
  NO_PEEPHOLES,
];
const CELL = [NO_PEEPHOLES];

/** Runs an LSTM. */
export function stepByStep(device: Device, all: StepsInput): StepsPass {
  const { outputs, trace } = "x" in all.input
    ? block(device, all, all.input)
    : gateByGate(device, all, all.input);
  return {
    outputs,
    after: { h: trace.h.at(-1)!, c: trace.states.at(-1)! },
    backward: (gradient, ofLastOnly) =>
      backward(device, all, trace, gradient, ofLastOnly),
  };
}

/** The forward pass by one op. */
function block(
  device: Device,
  { steps, batch, before, recurrent }: StepsInput,
  { x, kernel, bias }: BlockInput,
): { outputs: Tensor; trace: Trace } {
  const units = recurrent.shape[0]!, unused = device.zeros(units);
  const sequence = device.reshape(x, steps, batch, x.shape[1]!);
  const weights = device.concatenate([kernel, recurrent]);
  const results = device.outputs(
    "BlockLSTM",
    [
      ...[device.int64(steps), sequence, before.c, before.h, weights],
      ...[unused, unused, unused, bias],
    ],
    BLOCK,
    7,
  );
  const [i, states, f, o, c, squashed, h] = results.map((one) =>
    device.unpack(one)
  ) as [Tensor[], Tensor[], Tensor[], Tensor[], Tensor[], Tensor[], Tensor[]];
  return {
    outputs: device.reshape(results[6]!, steps * batch, units),
    trace: { i, states, f, o, c, squashed, h },
  };
}

/** The forward pass step by step. */
function gateByGate(
  device: Device,
  { steps, batch, before, recurrent }: StepsInput,
  { gates }: GatesInput,
): { outputs: Tensor; trace: Trace } {
  const units = recurrent.shape[0]!, widths = [units, units, units, units];
  const i: Tensor[] = [], states: Tensor[] = [], f: Tensor[] = [];
  const o: Tensor[] = [], c: Tensor[] = [], squashed: Tensor[] = [];
  const h: Tensor[] = [];
  const shares = device.unpack(device.reshape(gates, steps, batch, 4 * units));
  shares.forEach((share, t) => {
    // What is freed at once is still in the cache when it is taken again.
    const { kept } = device.brief(() => {
      const through = device.matMul(h[t - 1] ?? before.h, recurrent);
      const sums = device.add(share, through);
      const [zi, zc, zf, zo] = device.split(sums, widths, 1);
      const [gi, gf, go] = [zi!, zf!, zo!].map((z) =>
        device.run("Sigmoid", [z])
      );
      const gc = device.run("Tanh", [zc!]);
      const state = device.add(
        device.multiply(states[t - 1] ?? before.c, gf!),
        device.multiply(gi!, gc),
      );
      const tanh = device.run("Tanh", [state]);
      const output = device.multiply(go!, tanh);
      return { kept: [gi!, state, gf!, go!, gc, tanh, output] };
    });
    [i, states, f, o, c, squashed, h].forEach((list, at) =>
      list.push(kept[at]!)
    );
  });
  const trace = { i, states, f, o, c, squashed, h };
  return { outputs: device.concatenate(h), trace };
}

function backward(
  device: Device,
  { steps, batch, recurrent, before }: StepsInput,
  { i, states, f, o, c, squashed, h }: Trace,
  gradient: Tensor,
  ofLastOnly: boolean,
): { gates: Tensor; recurrent: Tensor } {
  const units = recurrent.shape[0]!, last = steps - 1;
  // The op looks at the shapes alone of its input, bias and unused weights.
  const none = device.zeros(batch, 0), bias = device.zeros(4 * units);
  const unused = device.zeros(units);
  const transposed = device.run("Transpose", [recurrent, device.ints(1, 0)]);
  const ofOutputs = ofLastOnly
    ? undefined
    : device.unpack(device.reshape(gradient, steps, batch, units));
  const ofGates: Tensor[] = new Array(steps);
  let ofState = device.zeros(batch, units);
  let ofOutput = ofOutputs ? ofOutputs[last]! : gradient;
  for (let t = last; t >= 0; t--) {
    const { kept } = device.brief(() => {
      const [stateBefore, sums] = device.outputs(
        "LSTMBlockCellGrad",
        [
          ...[none, states[t - 1] ?? before.c, h[t - 1] ?? before.h, recurrent],
          ...[unused, unused, unused, bias, i[t]!, states[t]!, f[t]!, o[t]!],
          ...[c[t]!, squashed[t]!, ofState, ofOutput],
        ],
        CELL,
        5,
      );
      if (t === 0) return { kept: [sums!] };
      const through = device.matMul(sums!, transposed);
      const output = ofOutputs
        ? device.add(ofOutputs[t - 1]!, through)
        : through;
      return { kept: [sums!, stateBefore!, output] };
    });
    ofGates[t] = kept[0]!;
    ofState = kept[1] ?? ofState;
    ofOutput = kept[2] ?? ofOutput;
  }
  const gates = device.concatenate(ofGates);
  const outputsBefore = device.concatenate([before.h, ...h.slice(0, last)]);
  return {
    gates,
    recurrent: device.matMul(outputsBefore, gates, { a: true }),
  };
}
