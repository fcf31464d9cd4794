/**
 * A network that TensorFlow trains: on the CPU, or on an NVIDIA GPU where the
 * set-up has brought CUDA. Its weights stay on the device. See `docs/engine.md`.
 */
import {
  type BatchResult,
  classesOf,
  type EvaluateOptions,
  type NetworkBatch,
  type NetworkOptions,
  type NetworkSpec,
  type NetworkState,
  type SizedLayer,
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
import { Device, floats, int, type Tensor } from "./device.ts";
import {
  type Loss,
  relationTensors,
  sigmoidLoss,
  softmaxLoss,
  type Targets,
} from "./loss.ts";
import type { LstmStates } from "./lstm_steps.ts";
import { DropoutMasks } from "./masks.ts";
import { type Block, DeviceWeights } from "./optimizer.ts";
import { forward, type Layers, type Pass } from "./pass.ts";
import { BatchMemory, inputColumns, type LoadedBatch } from "./rows.ts";

/** A network in TensorFlow. */
export class TensorFlowNetwork implements TrainableNetwork {
  /** The layers and the loss. */
  readonly spec: NetworkSpec;
  /** Names and shapes of the weights, in the order of the layers. */
  readonly weights: readonly Weight[];
  /** Threads of the CPU. */
  readonly workers: number;
  readonly #device: Device;
  readonly #layers: Layers;
  readonly #memory: BatchMemory;
  readonly #store: DeviceWeights;
  /** The weights one by one, until they change. */
  #tensors: readonly Tensor[] | undefined;
  /** What a carried step begins with. */
  #states: readonly LstmStates[] | undefined;
  /** Of the last training step, joined. */
  #gradient: Tensor | undefined;

  private constructor(layers: Layers, memory: BatchMemory, workers: number) {
    this.spec = layers.spec;
    this.weights = weightsOf(layers.spec);
    this.workers = workers;
    this.#device = layers.device;
    this.#layers = layers;
    this.#memory = memory;
    this.#store = new DeviceWeights(layers.device, this.weights);
  }

  /**
   * Makes a network, its weights all zero. Loads TensorFlow if need be.
   *
   * @param options `workers`: threads of the CPU, by default 1 for layers of up to
   * 128 units, else all cores; those of the first network of the process count.
   * @throws {RangeError} When a layer or a size makes no sense, or TensorFlow is
   * not set up.
   */
  static async create(
    spec: NetworkSpec,
    options: Omit<NetworkOptions, "native"> = {},
  ): Promise<TensorFlowNetwork> {
    const { maxBatch = 64, maxSteps = 32, workers } = options;
    const sized = sizedLayers(spec);
    const device = new Device(
      await loadAddon(workers ?? usualThreads(sized)),
    );
    const columns = sized.map(({ layer, inputSize }, i) => {
      if (layer.kind !== "dropout" || layer.rate === 0) return 0;
      return i === 0 ? inputColumns(spec) : inputSize;
    });
    const masks = await DropoutMasks.create(
      maxBatch * maxSteps * Math.max(...columns),
    );
    const threads = workers ?? navigator.hardwareConcurrency;
    return new TensorFlowNetwork(
      { device, spec, sized, masks },
      new BatchMemory(spec, { maxBatch, maxSteps }),
      Math.min(threads, maxBatch),
    );
  }

  /** See {@linkcode TrainableNetwork.trainStep}. */
  trainStep(batch: NetworkBatch, options: StepOptions): StepResult {
    const device = this.#device;
    const { dropoutKey, carry, labelSmoothing } = options;
    return device.scope(() => {
      const loaded = this.#memory.load(batch);
      const pass = this.#forward(loaded, carry, dropoutKey);
      const { loss, read } = this.#loss(loaded, pass, labelSmoothing);
      const joined = this.#store.joined(pass.backward(loss.gradient));
      const { squares, ...result } = read(device.run("L2Loss", [joined]));
      const gradientNorm = Math.sqrt(squares);
      if (this.#gradient) device.free(this.#gradient);
      this.#gradient = device.keep(joined);
      if (Number.isFinite(result.loss) && Number.isFinite(gradientNorm)) {
        this.#forgetTensors();
        this.#store.update(joined, gradientNorm, options);
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
      const pass = this.#forward(loaded, carry);
      const { squares: _, ...result } = this.#loss(loaded, pass).read();
      return result;
    });
  }

  /** Runs the layers, and keeps the states that they end with. */
  #forward(batch: LoadedBatch, carry = false, dropoutKey?: number): Pass {
    const device = this.#device;
    this.#tensors ??= this.#store.tensors().map((one) => device.keep(one));
    const states = carry ? this.#statesFor(batch) : undefined;
    const weights = this.#tensors;
    const pass = forward(this.#layers, { batch, weights, dropoutKey, states });
    this.resetStates();
    this.#states = pass.states.map(({ h, c }) => ({
      h: device.keep(h),
      c: device.keep(c),
    }));
    return pass;
  }

  /** The last batch's final states, zero for rows that begin a new piece. */
  #statesFor(
    { resets, size }: LoadedBatch,
  ): readonly LstmStates[] | undefined {
    const device = this.#device;
    if (!resets?.some((one) => one !== 0)) {
      // The pass may free these, so it is given their values under other names.
      return this.#states?.map(({ h, c }) => ({
        h: device.run("Identity", [h]),
        c: device.run("Identity", [c]),
      }));
    }
    const kept = Float32Array.from(resets.subarray(0, size), (one) => 1 - one);
    const mask = device.tensor(kept, [size, 1]);
    return this.#states?.map(({ h, c }) => ({
      h: device.multiply(h, mask),
      c: device.multiply(c, mask),
    }));
  }

  /** The loss of a pass, and what reads it: once, with half the squares' sum. */
  #loss(batch: LoadedBatch, { outputs }: Pass, smoothing = 0): {
    loss: Loss;
    read(half?: Tensor): BatchResult & { squares: number };
  } {
    const device = this.#device, { spec } = this;
    const classes = classesOf(spec), targets = this.#targets(batch);
    const places = batch.relations();
    const relations = places && relationTensors(device, places);
    const loss = spec.loss === "sigmoid"
      ? sigmoidLoss(device, outputs, targets)
      : softmaxLoss(device, outputs, {
        ...{ targets, relations, classes, smoothing },
      });
    const { count } = targets;
    return {
      loss,
      read(half = device.zeros()) {
        const all = [loss.sum, loss.correct, half];
        const [sum, correct, halfSquares] = device.read(
          device.run("Pack", all, [int("N", 3), floats("T")]),
        );
        return {
          loss: count === 0 ? 0 : sum! / count,
          ...{ count, correct: correct!, squares: 2 * halfSquares! },
        };
      },
    };
  }

  /** The targets of a batch on the device. */
  #targets(batch: LoadedBatch): Targets {
    const device = this.#device, top = this.#layers.sized.at(-1)!;
    const isSoftmax = this.spec.loss === "softmax";
    const columns = isSoftmax ? 1 : top.outputSize;
    const values = batch.targets(), rows = values.length / columns;
    const counts = new Float32Array(rows).fill(1);
    const count = batch.counted;
    for (let row = 0; row < rows; row++) {
      if (values[row * columns]! >= 0) continue;
      values.fill(0, row * columns, (row + 1) * columns);
      counts[row] = 0;
    }
    return {
      values: device.tensor(values, isSoftmax ? [rows] : [rows, columns]),
      ...count < rows && { counts: device.tensor(counts, [rows, 1]) },
      count,
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
    this.#states = this.#layers.sized.flatMap(({ layer, outputSize }) =>
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
    this.#forgetTensors();
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
    this.#forgetTensors();
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
    this.#forgetTensors();
    if (this.#gradient) this.#device.free(this.#gradient);
    this.#gradient = undefined;
    this.#store.destroy();
  }

  /** As {@linkcode dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #forgetTensors(): void {
    for (const tensor of this.#tensors ?? []) this.#device.free(tensor);
    this.#tensors = undefined;
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

/** Up to so many units, the ops of a step are over before a second thread wakes. */
const MOST_UNITS_OF_ONE_THREAD = 128;

/** Threads that a network trains fastest with; undefined for all cores. */
function usualThreads(sized: readonly SizedLayer[]): number | undefined {
  const isSmall = sized.every(({ layer }) =>
    layer.kind !== "lstm" || layer.units <= MOST_UNITS_OF_ONE_THREAD
  );
  return isSmall ? 1 : undefined;
}
