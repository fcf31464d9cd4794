/**
 * All weights in one variable, with the optimizer's two values for each and their
 * moving average beside them, and a step of the optimizer on all at once.
 */
import {
  gradientScale,
  sizeOf,
  type StepOptions,
  updateOf,
  type Weight,
} from "../lstm/lstm.ts";
import type { Device, Tensor } from "./device.ts";

/** The blocks of floats that a network holds, all of the weights' size. */
export const BLOCKS = ["weights", "means", "squares", "average"] as const;

/** One of {@linkcode BLOCKS}. */
export type Block = typeof BLOCKS[number];

/** A network's weights on the device. */
export class DeviceWeights {
  readonly #device: Device;
  readonly #size: number;
  readonly #variables: Readonly<Record<Block, Tensor>>;
  /** What RMSprop's op writes its steps to; nothing reads it. */
  #steps: Tensor | undefined;

  constructor(device: Device, weights: readonly Weight[]) {
    this.#device = device;
    this.#size = weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    this.#variables = device.scope(() => {
      const make = () => device.variable([this.#size]);
      return {
        weights: make(),
        means: make(),
        squares: make(),
        average: make(),
      };
    });
    for (const block of BLOCKS) {
      this.write(block, new Float32Array(this.#size));
    }
  }

  /** A block's floats, in the order of the weights. */
  read(block: Block): Float32Array {
    const device = this.#device;
    return device.scope(() =>
      device.read(device.valueOf(this.#variables[block]))
    );
  }

  /** Sets a block. */
  write(block: Block, values: Float32Array): void {
    const device = this.#device;
    device.scope(() =>
      // A copy, for ops change a variable where it lies.
      device.assign(
        this.#variables[block],
        device.multiply(device.tensor(values), 1),
      )
    );
  }

  /** All weights, joined; valid until the next change. */
  get joined(): Tensor {
    return this.#device.valueOf(this.#variables.weights);
  }

  /** Copies the weights to the moving average. */
  startAverage(): void {
    const device = this.#device, { weights, average } = this.#variables;
    device.scope(() => device.assign(average, copy(device, weights)));
  }

  /** Swaps the weights with their moving average. */
  swapAverage(): void {
    const device = this.#device, { weights, average } = this.#variables;
    device.scope(() => {
      const [w, a] = [copy(device, weights), copy(device, average)];
      device.assign(weights, a);
      device.assign(average, w);
    });
  }

  /**
   * A step of the optimizer, and of the moving average. Keras's RMSprop, Adam with
   * decoupled weight decay, and SGD, as `updateOf` has them.
   *
   * @param gradient Of all weights, joined.
   * @param norm Of the gradient.
   */
  update(gradient: Tensor, norm: number, options: StepOptions): void {
    const device = this.#device;
    const { weights, means, squares, average } = this.#variables;
    const { optimizer } = options, update = updateOf(options);
    const { beta1, beta2, epsilon, decay, averageDecay } = update;
    const scale = gradientScale(update, norm);
    const clipped = scale === 1 ? gradient : device.multiply(gradient, scale);
    const [zero, rate] = [device.scalar(0), device.scalar(update.rate)];
    if (optimizer !== "rmsprop" && decay > 0) {
      const taken = optimizer === "sgd" ? update.rate * decay : decay;
      const decayed = device.multiply(device.valueOf(weights), 1 - taken);
      device.assign(weights, decayed);
    }
    if (optimizer === "sgd") {
      const inputs = [weights, rate, clipped];
      device.outputs("ResourceApplyGradientDescent", inputs, [], 0);
    } else if (optimizer === "rmsprop") {
      device.outputs(
        "ResourceApplyRMSProp",
        [
          ...[
            weights,
            squares,
            this.#momentum(),
            rate,
            device.scalar(beta2),
            zero,
          ],
          ...[device.scalar(epsilon), clipped],
        ],
        [],
        0,
      );
    } else {
      device.outputs(
        "ResourceApplyAdam",
        [
          // Powers of 0: the rate is corrected here, in double precision.
          ...[weights, means, squares, zero, zero],
          rate,
          ...[beta1, beta2, epsilon].map((value) => device.scalar(value)),
          clipped,
        ],
        [],
        0,
      );
    }
    if (averageDecay > 0) {
      const difference = device.run("Sub", [
        device.valueOf(weights),
        device.valueOf(average),
      ]);
      const change = device.multiply(difference, 1 - averageDecay);
      device.outputs("AssignAddVariableOp", [average, change], [], 0);
    }
  }

  #momentum(): Tensor {
    if (this.#steps) return this.#steps;
    const device = this.#device;
    this.#steps = device.variable([this.#size]);
    device.assign(this.#steps, device.zeros(this.#size));
    return this.#steps;
  }

  /** Frees everything. */
  destroy(): void {
    if (this.#steps) this.#device.destroy(this.#steps);
    for (const block of BLOCKS) this.#device.destroy(this.#variables[block]);
  }
}

/** A copy of a variable's value, of which a read is only a view. */
function copy(device: Device, variable: Tensor): Tensor {
  return device.multiply(device.valueOf(variable), 1);
}
