/**
 * A network that TensorFlow trains: on the CPU, or on an NVIDIA GPU where the
 * set-up has brought CUDA. Its weights stay on the device. See `docs/engine.md`.
 */
import { Random } from "../base/base.ts";
import {
  type BatchResult,
  type EvaluateOptions,
  type NetworkBatch,
  type NetworkOptions,
  type NetworkSpec,
  type NetworkState,
  randomBatch,
  sizedLayers,
  sizeOf,
  type StepOptions,
  type StepResult,
  type TrainableNetwork,
  type Weight,
  type Weights,
  weightsOf,
} from "../lstm/lstm.ts";
import { loadAddon } from "./addon.ts";
import { Device, type Tensor } from "./device.ts";
import { feedsOf, type FeedSource, type StepInput } from "./feeds.ts";
import type { LstmStates } from "./lstm_steps.ts";
import { DropoutMasks } from "./masks.ts";
import { type Block, DeviceWeights } from "./optimizer.ts";
import { BatchMemory, inputColumns, type LoadedBatch } from "./rows.ts";
import { StepRunner, type StepTensors } from "./step_runner.ts";

/** Whether a step has run in this process. */
let hasLlvm = false;

/** A network in TensorFlow. */
export class TensorFlowNetwork implements TrainableNetwork {
  /** The layers and the loss. */
  readonly spec: NetworkSpec;
  /** Names and shapes of the weights, in the order of the layers. */
  readonly weights: readonly Weight[];
  /** Threads of the CPU. */
  readonly workers: number;
  readonly #device: Device;
  readonly #source: FeedSource;
  readonly #memory: BatchMemory;
  readonly #store: DeviceWeights;
  readonly #runner: StepRunner;
  /** What a carried step begins with. */
  #states: readonly LstmStates[] | undefined;
  /** Of the last training step, joined. */
  #gradient: Tensor | undefined;

  private constructor(
    source: FeedSource,
    memory: BatchMemory,
    workers: number,
  ) {
    const { device, spec } = source;
    this.spec = spec;
    this.weights = weightsOf(spec);
    this.workers = workers;
    this.#device = device;
    this.#source = source;
    this.#memory = memory;
    this.#store = new DeviceWeights(device, this.weights);
    this.#runner = new StepRunner(source, this.weights);
  }

  /**
   * Makes a network, its weights all zero. Loads TensorFlow if need be.
   *
   * @param options `workers`: threads of the CPU, by default all cores; those of the
   * first network of the process count.
   * @throws {RangeError} When a layer or a size makes no sense, or TensorFlow is
   * not set up.
   */
  static async create(
    spec: NetworkSpec,
    options: Omit<NetworkOptions, "native"> = {},
  ): Promise<TensorFlowNetwork> {
    const { maxBatch = 64, maxSteps = 32 } = options;
    const sized = sizedLayers(spec);
    const threads = options.workers ?? navigator.hardwareConcurrency;
    const device = new Device(await loadAddon(threads));
    const workers = Math.min(threads, maxBatch);
    const columns = sized.map(({ layer, inputSize }, i) => {
      if (layer.kind !== "dropout" || layer.rate === 0) return 0;
      return i === 0 ? inputColumns(spec) : inputSize;
    });
    const masks = await DropoutMasks.create(
      maxBatch * maxSteps * Math.max(...columns),
    );
    // A GPU is one: it shares the rows out itself.
    const shares = device.isGpu ? 1 : workers;
    const sizes = { maxBatch, maxSteps, workers: shares };
    const source = { device, spec, sized, masks };
    const memory = new BatchMemory(spec, sizes);
    const network = new TensorFlowNetwork(source, memory, workers);
    if (!hasLlvm) network.#takeLlvm();
    return network;
  }

  /**
   * Runs a small step, the first time in a process. With it TensorFlow takes what it
   * needs of its LLVM; a graphics adapter in software that is opened later brings
   * another, and a first graph after that would crash.
   */
  #takeLlvm(): void {
    const batch = randomBatch(this.spec, { size: 1, steps: 1 }, new Random(1));
    const how = { dropoutKey: undefined, smoothing: 0, withGradient: true };
    this.#device.scope(() => this.#run(this.#memory.load(batch), false, how));
    this.resetStates();
    hasLlvm = true;
  }

  /** See {@linkcode TrainableNetwork.trainStep}. */
  trainStep(batch: NetworkBatch, options: StepOptions): StepResult {
    const device = this.#device;
    const { dropoutKey, carry, labelSmoothing: smoothing = 0 } = options;
    return device.scope(() => {
      const loaded = this.#memory.load(batch);
      const how = { dropoutKey, smoothing, withGradient: true };
      const step = this.#run(loaded, carry, how), gradient = step.gradient!;
      const { squares, ...result } = this.#read(loaded, step);
      const gradientNorm = Math.sqrt(squares);
      if (this.#gradient) device.free(this.#gradient);
      this.#gradient = device.keep(gradient);
      if (Number.isFinite(result.loss) && Number.isFinite(gradientNorm)) {
        this.#store.update(gradient, gradientNorm, options);
      }
      return { ...result, gradientNorm };
    });
  }

  /** See {@linkcode TrainableNetwork.evaluate}. */
  evaluate(
    batch: NetworkBatch,
    { carry }: EvaluateOptions = {},
  ): BatchResult {
    return this.#device.scope(() => {
      const loaded = this.#memory.load(batch);
      const how = { dropoutKey: undefined, smoothing: 0, withGradient: false };
      const { squares: _, ...result } = this.#read(
        loaded,
        this.#run(loaded, carry, how),
      );
      return result;
    });
  }

  /** Runs a step, and keeps the states that it ends with. */
  #run(
    batch: LoadedBatch,
    carry = false,
    { withGradient, ...how }:
      & Pick<StepInput, "dropoutKey" | "smoothing">
      & { readonly withGradient: boolean },
  ): StepTensors {
    const device = this.#device, weights = this.#store.joined;
    const states = carry ? this.#statesFor(batch) : undefined;
    const feeds = feedsOf(this.#source, { batch, weights, states, ...how });
    const step = this.#runner.run(feeds, withGradient);
    this.resetStates();
    this.#states = step.states.map(({ h, c }) => ({
      h: device.keep(h),
      c: device.keep(c),
    }));
    return step;
  }

  /** The last batch's final states, zero for rows that begin a new piece. */
  #statesFor({ resets, size }: LoadedBatch): readonly LstmStates[] {
    const device = this.#device;
    if (!this.#states) {
      const zeros = (units: number) =>
        device.tensor(new Float32Array(size * units), [size, units]);
      return this.#source.sized.flatMap(({ layer, outputSize }) =>
        layer.kind === "lstm"
          ? [{ h: zeros(outputSize), c: zeros(outputSize) }]
          : []
      );
    }
    if (!resets?.some((one) => one !== 0)) {
      // The step may free these, so it is given their values under other names.
      return this.#states.map(({ h, c }) => ({
        h: device.run("Identity", [h]),
        c: device.run("Identity", [c]),
      }));
    }
    const kept = Float32Array.from(resets.subarray(0, size), (one) => 1 - one);
    const mask = device.tensor(kept, [size, 1]);
    return this.#states.map(({ h, c }) => ({
      h: device.multiply(h, mask),
      c: device.multiply(c, mask),
    }));
  }

  /** What a step found, and the sum of the gradient's squares. */
  #read(
    { counted }: LoadedBatch,
    { results }: StepTensors,
  ): BatchResult & { squares: number } {
    const [loss, correct, half] = this.#device.read(results);
    return {
      ...{ loss: loss!, count: counted, correct: correct! },
      squares: 2 * half!,
    };
  }

  /** See {@linkcode TrainableNetwork.readState}. */
  readState(carriedRows?: number): NetworkState {
    const device = this.#device;
    const read = (block: Block) => this.#byName(this.#store.read(block));
    const states = this.#states?.flatMap(({ h, c }) =>
      [h, c].flatMap((one) => [...device.read(one)])
    );
    return {
      weights: read("weights"),
      slots: [read("means"), read("squares")],
      average: read("average"),
      ...carriedRows !== undefined && states &&
        { states: Float32Array.from(states) },
    };
  }

  /** See {@linkcode TrainableNetwork.writeState}. */
  writeState(
    { weights, slots, average, states }: NetworkState,
    carriedRows = 0,
  ): void {
    this.setWeights(weights);
    const [means, squares] = slots;
    this.#store.write("means", this.#joined(means));
    this.#store.write("squares", this.#joined(squares));
    this.#store.write("average", this.#joined(average));
    this.resetStates();
    if (!states) return;
    const device = this.#device;
    let at = 0;
    const next = (units: number) => {
      const values = states.slice(at, at += carriedRows * units);
      return device.keep(device.tensor(values, [carriedRows, units]));
    };
    this.#states = this.#source.sized.flatMap(({ layer, outputSize }) =>
      layer.kind === "lstm"
        ? [{ h: next(outputSize), c: next(outputSize) }]
        : []
    );
  }

  /** See {@linkcode TrainableNetwork.setWeights}. */
  setWeights(weights: ReadonlyMap<string, ArrayLike<number>>): void {
    const known = this.#byName(this.#store.read("weights"));
    for (const [name, values] of weights) {
      const before = known.get(name);
      if (before?.length !== values.length) {
        throw new RangeError(
          `Cannot set the weight "${name}": the network has ${
            before ? `${before.length} values of it` : "none of that name"
          }, ${values.length} were given.`,
        );
      }
      before.set(values);
    }
    this.#store.write("weights", this.#joined(known));
  }

  /** A copy of a weight's gradient, of the last training step. */
  getGradient(name: string): Float32Array {
    const { weightFloats } = this;
    const joined = this.#gradient
      ? this.#device.read(this.#gradient)
      : new Float32Array(weightFloats);
    return this.#byName(joined).get(name)!;
  }

  /** Trainable values. */
  get weightFloats(): number {
    return this.weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  }

  /** See {@linkcode TrainableNetwork.startAverage}. */
  startAverage(): void {
    this.#store.startAverage();
  }

  /** See {@linkcode TrainableNetwork.swapAverage}. */
  swapAverage(): void {
    this.#store.swapAverage();
  }

  /** See {@linkcode TrainableNetwork.resetStates}. */
  resetStates(): void {
    for (const { h, c } of this.#states ?? []) {
      this.#device.free(h);
      this.#device.free(c);
    }
    this.#states = undefined;
  }

  /** Frees the device's memory; the network cannot compute after this. */
  dispose(): void {
    this.resetStates();
    if (this.#gradient) this.#device.free(this.#gradient);
    this.#gradient = undefined;
    this.#runner.dispose();
    this.#store.destroy();
  }

  /** As {@linkcode dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Joined floats of all weights by their names, as the network's users have them. */
  #byName(joined: Float32Array): Weights {
    let at = 0;
    return new Map(this.weights.map((weight) => {
      const values = joined.slice(at, at += sizeOf(weight.shape));
      return [weight.name, this.#reordered(weight, values)];
    }));
  }

  /** Undoes {@linkcode #byName}. */
  #joined(values: Weights): Float32Array {
    const joined = new Float32Array(this.weightFloats);
    let at = 0;
    for (const weight of this.weights) {
      joined.set(this.#reordered(weight, values.get(weight.name)!.slice()), at);
      at += sizeOf(weight.shape);
    }
    return joined;
  }

  /** A weight with the gates f and c of an LSTM swapped, where the ops ask for it. */
  #reordered({ name, shape }: Weight, values: Float32Array): Float32Array {
    const layer = name.slice(0, name.lastIndexOf("/"));
    const isLstm = this.spec.layers.some((one) =>
      one.kind === "lstm" && one.name === layer
    );
    if (!isLstm || this.#device.isGpu) return values;
    const width = shape.at(-1)!, units = width / 4;
    for (let row = 0; row < values.length; row += width) {
      const [f, c] = [row + units, row + 2 * units];
      const ofF = values.slice(f, f + units);
      values.copyWithin(f, c, c + units);
      values.set(ofF, c);
    }
    return values;
  }
}
