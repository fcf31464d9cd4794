/**
 * A recurrent network on the GPU, by kernels of the project's own. It trains as
 * the CPU's `Network` does: the same layers, masks of dropout, losses and
 * optimizers, in 32-bit floats; only the order of sums differs.
 */
import {
  type BatchResult,
  type EvaluateOptions,
  type NetworkBatch,
  type NetworkOptions,
  type NetworkSpec,
  type NetworkState,
  type StepOptions,
  type StepResult,
  type TrainableNetwork,
  updateOf,
  type Weight,
  type Weights,
} from "../lstm/lstm.ts";
import { backward, update } from "./backward.ts";
import { Gpu, type Slice } from "./device.ts";
import { forward, type Pass, totals } from "./forward.ts";
import { CONTROL, type Values, writeValues } from "./kernel.ts";
import { type Capacity, Memory } from "./memory.ts";
import { Reader } from "./reader.ts";
import { Schedule } from "./schedule.ts";
import { WeightBlocks } from "./weight_blocks.ts";

/** Shapes of batch whose dispatches are kept. */
const KEPT_SHAPES = 16;

/** Sizes of a network on the GPU. */
export interface WebGpuOptions extends Omit<NetworkOptions, "native"> {
  /**
   * Most units of an LSTM layer whose time steps go in one dispatch, a few rows
   * of the batch a workgroup; a larger layer's take a dispatch each.
   * @default 192
   */
  residentUnits?: number;
}

/** Values of the control block while nothing is trained. */
const IDLE: Values<keyof typeof CONTROL> = {
  ...{ training: 0, dropoutKey: 0, carriedSteps: 0, lossScale: 0 },
  ...{ smoothing: 0, optimizer: 0, rate: 0, beta1: 0, beta2: 0, epsilon: 0 },
  ...{ decay: 0, averageDecay: 0, clipNorm: 0 },
};

/**
 * A network on the GPU.
 *
 * @example
 * ```ts
 * import { WebGpuNetwork } from "immersic/webgpu/webgpu.ts";
 * if (await navigator.gpu?.requestAdapter()) {
 *   using network = await WebGpuNetwork.create({
 *     input: { kind: "onehot", size: 5 },
 *     layers: [{ kind: "dense", name: "dense", units: 5 }],
 *     loss: "softmax",
 *   }, { maxBatch: 1, maxSteps: 3 });
 *   const batch = {
 *     size: 1,
 *     steps: 3,
 *     inputs: Int32Array.of(0, 1, 2),
 *     targets: Int32Array.of(1, 2, 3),
 *   };
 *   const { loss } = await network.evaluate(batch);
 *   console.assert(Math.abs(loss - Math.log(5)) < 1e-5);
 * }
 * ```
 */
export class WebGpuNetwork implements TrainableNetwork {
  readonly spec: NetworkSpec;
  readonly workers: number;
  readonly #memory: Memory;
  readonly #gpu: Gpu;
  readonly #residentUnits: number;
  readonly #schedules = new Map<string, Schedule>();
  readonly #reader: Reader;
  readonly #weights: WeightBlocks;
  /** Time steps of the last batch, behind which its states lie. */
  #steps = 0;

  private constructor(
    gpu: Gpu,
    memory: Memory,
    { workers, residentUnits }: Pick<
      Required<WebGpuOptions>,
      "workers" | "residentUnits"
    >,
  ) {
    this.#gpu = gpu;
    this.#memory = memory;
    this.#reader = new Reader(gpu);
    this.#weights = new WeightBlocks(memory, this.#reader);
    this.spec = memory.spec;
    this.workers = workers;
    this.#residentUnits = residentUnits;
  }

  /**
   * Lays out a network on the GPU, its weights all zero.
   *
   * @param options As for `Network`; `workers` is only kept, for a run that goes
   * on with the CPU.
   * @throws {RangeError} When there is no GPU, the network is too large for it,
   * or a layer or a size makes no sense.
   */
  static async create(
    spec: NetworkSpec,
    options: WebGpuOptions = {},
  ): Promise<WebGpuNetwork> {
    const {
      maxBatch = 64,
      maxSteps = 32,
      workers = navigator.hardwareConcurrency,
      residentUnits = 192,
    } = options;
    for (const [name, value] of Object.entries({ maxBatch, maxSteps })) {
      if (Number.isInteger(value) && value >= 1) continue;
      throw new RangeError(
        `Cannot build the network: ${name} must be a positive integer, current value is ${value}.`,
      );
    }
    const gpu = await Gpu.open();
    const memory = await allocate(gpu, spec, { maxBatch, maxSteps });
    return new WebGpuNetwork(gpu, memory, { workers, residentUnits });
  }

  /** Names and shapes of the weights, in the order of the layers. */
  get weights(): readonly Weight[] {
    return this.#memory.weights;
  }

  /** Bytes of the GPU's memory that the network has. */
  get bytes(): number {
    return this.#memory.bytes;
  }

  /** The GPU's name. */
  get device(): string {
    return this.#gpu.text;
  }

  /** See {@linkcode TrainableNetwork.trainStep}. */
  async trainStep(
    batch: NetworkBatch,
    options: StepOptions,
  ): Promise<StepResult> {
    return await this.#compute(batch, options.carry, {
      ...IDLE,
      training: 1,
      dropoutKey: options.dropoutKey >>> 0,
      smoothing: options.labelSmoothing ?? 0,
      ...updateOf(options),
    });
  }

  /** See {@linkcode TrainableNetwork.evaluate}. */
  async evaluate(
    batch: NetworkBatch,
    options: EvaluateOptions = {},
  ): Promise<BatchResult> {
    const { loss, count, correct } = await this.#compute(
      ...[batch, options.carry, IDLE] as const,
    );
    return { loss, count, correct };
  }

  /** Runs a batch, and waits for its results alone. */
  async #compute(
    batch: NetworkBatch,
    carry = false,
    control: typeof IDLE,
  ): Promise<StepResult> {
    const { device } = this.#gpu, { control: block, totals } = this.#memory;
    const isTraining = control.training === 1;
    const counted = this.#memory.batch
      .load(batch, { gradients: isTraining, carry });
    const bytes = new Uint8Array(block.size);
    writeValues(new DataView(bytes.buffer), CONTROL, {
      ...control,
      lossScale: counted === 0 ? 0 : 1 / counted,
      carriedSteps: carry ? this.#steps : 0,
    });
    device.queue.writeBuffer(block.buffer, 0, bytes);
    this.#steps = batch.steps;
    const schedule = this.#scheduleOf(batch, isTraining);
    const [loss, count, correct, squares] = await this.#reader.readResults(
      totals,
      (encoder) => {
        const pass = encoder.beginComputePass();
        schedule.run(pass);
        pass.end();
      },
    ) as unknown as [number, number, number, number];
    return {
      loss: count === 0 ? 0 : loss / count,
      count,
      correct,
      gradientNorm: Math.sqrt(squares),
    };
  }

  /** The dispatches for batches of a shape, made once. */
  #scheduleOf(
    { size, steps }: NetworkBatch,
    isTraining: boolean,
  ): Schedule {
    const key = `${size} ${steps} ${isTraining}`;
    const known = this.#schedules.get(key);
    if (known) return known;
    const [oldest] = this.#schedules;
    if (oldest && this.#schedules.size >= KEPT_SHAPES) {
      oldest[1].dispose();
      this.#schedules.delete(oldest[0]);
    }
    const memory = this.#memory;
    const schedule = new Schedule(this.#gpu, memory.control);
    const residentUnits = this.#residentUnits;
    const pass: Pass = { memory, schedule, rows: size, steps, residentUnits };
    forward(pass);
    if (isTraining) backward(pass);
    totals(pass);
    if (isTraining) update(pass);
    this.#schedules.set(key, schedule.finish());
    return schedule;
  }

  /** The gradients of the last training step. */
  readGradients(): Promise<Weights> {
    return this.#weights.read("gradients");
  }

  /** See {@linkcode TrainableNetwork.setWeights}. */
  setWeights(weights: ReadonlyMap<string, ArrayLike<number>>): void {
    this.#weights.write("weights", weights);
  }

  /** Where the outputs and states after the last batch lie, layer after layer. */
  #carriedSlices(rows: number): Slice[] {
    return this.#memory.layers.flatMap(
      ({ layer, outputs, states, outputSize }) => {
        if (layer.kind !== "lstm") return [];
        const size = 4 * rows * outputSize, offset = this.#steps * size;
        return [outputs, states].map(({ buffer }) => ({
          buffer,
          offset,
          size,
        }));
      },
    );
  }

  /** See {@linkcode TrainableNetwork.readState}. */
  async readState(carriedRows?: number): Promise<NetworkState> {
    const weights = await this.#weights.read("weights");
    return {
      weights,
      slots: [
        await this.#weights.read("means"),
        await this.#weights.read("squares"),
      ],
      average: await this.#weights.read("average"),
      ...carriedRows !== undefined && {
        states: await this.#reader.read(this.#carriedSlices(carriedRows)),
      },
    };
  }

  /** See {@linkcode TrainableNetwork.writeState}. */
  writeState(
    { weights, slots, average, states }: NetworkState,
    carriedRows = 0,
  ): void {
    this.#weights.write("weights", weights);
    this.#weights.write("means", slots[0]);
    this.#weights.write("squares", slots[1]);
    this.#weights.write("average", average);
    if (!states) return;
    this.#steps = 1;
    let at = 0;
    for (const { buffer, offset, size } of this.#carriedSlices(carriedRows)) {
      const values = states.slice(at, at + size / 4);
      this.#gpu.device.queue.writeBuffer(buffer, offset, values);
      at += size / 4;
    }
  }

  /** See {@linkcode TrainableNetwork.startAverage}. */
  startAverage(): void {
    this.#weights.copy([["weights", "average"]]);
  }

  /** See {@linkcode TrainableNetwork.swapAverage}; the gradients are lost. */
  swapAverage(): void {
    this.#weights.copy([
      ["weights", "gradients"],
      ["average", "weights"],
      ["gradients", "average"],
    ]);
  }

  /** See {@linkcode TrainableNetwork.resetStates}. */
  resetStates(): void {
    this.#steps = 0;
  }

  /** Frees the network's memory on the GPU; it cannot compute after this. */
  dispose(): void {
    for (const schedule of this.#schedules.values()) schedule.dispose();
    this.#reader.dispose();
    this.#memory.dispose();
  }

  /** As {@linkcode dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

/**
 * Allocates a network's memory.
 *
 * @throws {RangeError} When the GPU has too little.
 */
async function allocate(
  gpu: Gpu,
  spec: NetworkSpec,
  capacity: Capacity,
): Promise<Memory> {
  const { device } = gpu;
  let memory: Memory | undefined, error: GPUError | null = null;
  device.pushErrorScope("out-of-memory");
  try {
    memory = new Memory(gpu, spec, capacity);
  } finally {
    error = await device.popErrorScope();
  }
  if (!error) return memory;
  memory.dispose();
  throw new RangeError(
    `Cannot train on this GPU: it has no room for the network's ${
      Math.round(memory.bytes / 2 ** 20)
    } MB (${error.message}). Use a smaller batchSize, sequenceLength or network, or the engine auto.`,
  );
}
