/**
 * A recurrent network that trains on all cores: its weights, one step of an
 * optimizer, evaluation and prediction. Nothing here knows a tensor library.
 *
 * B batch rows, T time steps, F input size, V output size.
 */
import {
  instantiate,
  type KernelBuild,
  loadKernels,
  PAGE_BYTES,
  sharedMemory,
} from "./kernels.ts";
import type { Program } from "./program.ts";
import { machineCode } from "./native/code.ts";
import { type Plan, planNetwork, shardOf } from "./plan.ts";
import { Pool } from "./pool.ts";
import { CONTROL, OPTIMIZERS, PHASE } from "./shard.ts";
import type { NetworkSpec, Weight } from "./spec.ts";
import { Stream } from "./stream.ts";

/** What a network needs to know beside its layers. */
export interface NetworkOptions {
  /** Most sequences in a batch. @default 64 */
  maxBatch?: number;
  /** Most time steps in a sequence. @default 32 */
  maxSteps?: number;
  /** Threads, the calling one among them. @default the number of cores */
  workers?: number;
  /**
   * Whether products and gates may run as machine code, where the machine can;
   * WebAssembly gives the same results in more time.
   * @default true
   */
  native?: boolean;
}

/** One batch. */
export interface NetworkBatch {
  /** B, the sequences. */
  readonly size: number;
  /** T, the time steps of each. */
  readonly steps: number;
  /** Ids [B, T] of one-hot input, or floats [B, T, F]. */
  readonly inputs: Int32Array | Float32Array;
  /**
   * Class ids, [B, T] or where the network returns its last step only [B], −1
   * for none; for the sigmoid loss floats [B, T, V] or [B, V], a row whose first
   * is negative being left out.
   */
  readonly targets: Int32Array | Float32Array;
  /** Carried states only: [B], 1 where a row begins a new piece. */
  readonly resets?: Uint8Array;
}

/** How a step changes the weights. */
export interface StepOptions {
  readonly optimizer: typeof OPTIMIZERS[number];
  readonly learningRate: number;
  /** The number of this step from 1 on, for Adam's bias correction. */
  readonly step: number;
  /** Decides which units are dropped; any integer. */
  readonly dropoutKey: number;
  /** Mean decay of Adam. @default 0.9 */
  readonly beta1?: number;
  /** Decay of squared gradients. @default 0.999 for Adam, 0.9 for RMSprop */
  readonly beta2?: number;
  /** @default 1e-7 */
  readonly epsilon?: number;
  /** Decoupled weight decay. @default 0 */
  readonly weightDecay?: number;
  /** The gradient's norm is cut to this; 0 for never. @default 0 */
  readonly clipNorm?: number;
  /** Share of each target spread over all classes. @default 0 */
  readonly labelSmoothing?: number;
  /** Decay of the weights' moving average; 0 for none. @default 0 */
  readonly averageDecay?: number;
  /** Begin with the last batch's final states. @default false */
  readonly carry?: boolean;
}

/** What a batch gave. */
export interface BatchResult {
  /** Mean loss in nats per counted row. */
  readonly loss: number;
  /** Targets counted. */
  readonly count: number;
  /** Targets that were the likeliest class; 0 for the sigmoid loss. */
  readonly correct: number;
}

/** What a training step gave. */
export interface StepResult extends BatchResult {
  /** Norm of the whole gradient before it was cut. */
  readonly gradientNorm: number;
}

/**
 * A network in shared memory.
 *
 * @example
 * ```ts
 * import { Network } from "immersic/lstm/lstm.ts";
 * const network = await Network.create({
 *   input: { kind: "onehot", size: 5 },
 *   layers: [
 *     { kind: "lstm", name: "lstm", units: 8, returnSequences: true },
 *     { kind: "dense", name: "dense", units: 5 },
 *   ],
 *   loss: "softmax",
 * }, { maxBatch: 1, maxSteps: 3, workers: 1 });
 * const batch = {
 *   size: 1,
 *   steps: 3,
 *   inputs: Int32Array.of(0, 1, 2),
 *   targets: Int32Array.of(1, 2, 3),
 * };
 * console.assert(network.evaluate(batch).count === 3);
 * network.dispose();
 * ```
 */
export class Network {
  readonly spec: NetworkSpec;
  /** Which build of the kernels runs. */
  readonly build: KernelBuild;
  readonly #plan: Plan;
  readonly #memory: WebAssembly.Memory;
  readonly #program: Program;
  readonly #pool: Pool;
  readonly #control: Float64Array;
  #packed = false;
  #carriedSteps = 0;

  private constructor(
    plan: Plan,
    build: KernelBuild,
    program: Program,
    memory: WebAssembly.Memory,
  ) {
    this.spec = plan.spec;
    this.build = build;
    this.#plan = plan;
    this.#memory = memory;
    this.#program = program;
    this.#control = new Float64Array(memory.buffer, plan.controlAt, 128);
    this.#pool = new Pool(plan, program, memory);
  }

  /**
   * Lays out a network, its weights all zero.
   *
   * @throws {RangeError} When a layer or a size makes no sense.
   */
  static async create(
    spec: NetworkSpec,
    options: NetworkOptions = {},
  ): Promise<Network> {
    const {
      maxBatch = 64,
      maxSteps = 32,
      workers = navigator.hardwareConcurrency,
      native = true,
    } = options;
    for (
      const [name, value] of Object.entries({ maxBatch, maxSteps, workers })
    ) {
      if (!Number.isInteger(value) || value < 1) {
        throw new RangeError(
          `Cannot build the network: ${name} must be a positive integer, current value is ${value}.`,
        );
      }
    }
    const { build, module } = await loadKernels();
    const sizes = instantiate(module, sharedMemory(PAGE_BYTES));
    const plan = planNetwork(
      spec,
      { workers: Math.min(workers, maxBatch), maxBatch, maxSteps },
      sizes,
    );
    const memory = sharedMemory(plan.totalBytes);
    const program = { module, native: native ? machineCode().code : undefined };
    return new Network(plan, build, program, memory);
  }

  /** Threads at work, the calling one among them. */
  get workers(): number {
    return this.#plan.workers;
  }

  /** Bytes of memory the network has. */
  get bytes(): number {
    return this.#plan.totalBytes;
  }

  /** Names and shapes of the weights, in the order of the layers. */
  get weights(): readonly Weight[] {
    return this.#plan.weights;
  }

  #floats(block: number, name: string): Float32Array {
    const weight = this.#plan.weights.find((weight) => weight.name === name);
    if (!weight) {
      throw new RangeError(
        `Cannot find the weight "${name}": the network has ${
          this.#plan.weights.map(({ name }) => name).join(", ")
        }.`,
      );
    }
    return new Float32Array(
      this.#memory.buffer,
      block + weight.offset,
      weight.size,
    );
  }

  /** A copy of a weight. */
  getWeight(name: string): Float32Array {
    return this.#floats(this.#plan.weightsAt, name).slice();
  }

  /**
   * Sets a weight.
   *
   * @throws {RangeError} When there is none of that name and size.
   */
  setWeight(name: string, values: ArrayLike<number>): void {
    const floats = this.#floats(this.#plan.weightsAt, name);
    if (values.length !== floats.length) {
      throw new RangeError(
        `Cannot set the weight "${name}": it has ${floats.length} values, ${values.length} were given.`,
      );
    }
    floats.set(values);
    this.#packed = false;
  }

  /**
   * Sets weights by their names.
   *
   * @throws {RangeError} When there is none of a name and size.
   */
  setWeights(weights: ReadonlyMap<string, ArrayLike<number>>): void {
    for (const [name, values] of weights) this.setWeight(name, values);
  }

  /** A copy of a weight's gradient, of the last training step. */
  getGradient(name: string): Float32Array {
    return this.#floats(this.#plan.gradientsAt, name).slice();
  }

  /**
   * A weight's optimizer state, to read or to write in place: slot 0 holds
   * Adam's means, 1 its squared gradients and RMSprop's, 2 the moving average.
   */
  slot(name: string, slot: 0 | 1 | 2): Float32Array {
    const { slotsAt, averageAt } = this.#plan;
    return this.#floats([...slotsAt, averageAt][slot], name);
  }

  /** Sets the moving average to the weights as they are. */
  startAverage(): void {
    for (const { name } of this.#plan.weights) {
      this.slot(name, 2).set(this.#floats(this.#plan.weightsAt, name));
    }
  }

  /** Swaps the weights with their moving average. */
  swapAverage(): void {
    for (const { name } of this.#plan.weights) {
      const weights = this.#floats(this.#plan.weightsAt, name);
      const average = this.slot(name, 2);
      const copy = weights.slice();
      weights.set(average);
      average.set(copy);
    }
    this.#packed = false;
  }

  /** Begins all rows anew at the next carried step. */
  resetStates(): void {
    this.#carriedSteps = 0;
  }

  /** Views of the states that the next carried step begins with, by worker. */
  #carriedViews(batch: number): Float32Array[] {
    const plan = this.#plan;
    return Array.from({ length: plan.workers }, (_, w) => {
      const { count } = shardOf(batch, plan.workers, w);
      const arena = plan.arenasAt + w * plan.arenaBytes;
      return plan.layers.flatMap(({ layer, output, states, outputSize }) => {
        if (layer.kind !== "lstm") return [];
        const floats = count * outputSize;
        const at = arena + 4 * floats * this.#carriedSteps;
        return [output, states].map((place) =>
          new Float32Array(this.#memory.buffer, at + place, floats)
        );
      });
    }).flat();
  }

  /**
   * A copy of the states that the next carried step begins with.
   *
   * @param batch B, the rows of the last batch.
   */
  getStates(batch: number): Float32Array {
    const views = this.#carriedViews(batch);
    const result = new Float32Array(
      views.reduce((sum, { length }) => sum + length, 0),
    );
    let at = 0;
    for (const view of views) {
      result.set(view, at);
      at += view.length;
    }
    return result;
  }

  /** Sets the states that {@linkcode getStates} gave, with as many workers. */
  setStates(batch: number, values: Float32Array): void {
    this.#carriedSteps = 1;
    let at = 0;
    for (const view of this.#carriedViews(batch)) {
      view.set(values.subarray(at, at + view.length));
      at += view.length;
    }
  }

  #run(phase: number): void {
    this.#control[CONTROL.phase] = phase;
    this.#pool.run();
  }

  #pack(): void {
    if (!this.#packed) this.#run(PHASE.pack);
    this.#packed = true;
  }

  /** Lays a batch out time-major, each worker's rows in its arena. */
  #load(batch: NetworkBatch): number {
    const { size, steps, inputs, targets } = batch;
    const plan = this.#plan, { input, loss } = plan.spec;
    const top = plan.layers[plan.layers.length - 1];
    if (
      !Number.isInteger(size) || !Number.isInteger(steps) || size < 1 ||
      steps < 1 || size > plan.maxBatch || steps > plan.maxSteps
    ) {
      throw new RangeError(
        `Cannot take the batch: it has ${size} sequences of ${steps} steps, the network has room for ${plan.maxBatch} of ${plan.maxSteps}.`,
      );
    }
    const features = input.kind === "onehot" ? 1 : input.size;
    const targetSteps = top.lastStepOnly ? 1 : steps;
    const classes = loss === "softmax" ? 1 : top.outputSize;
    const expected = size * steps * features;
    const expectedTargets = size * targetSteps * classes;
    if (inputs.length < expected || targets.length < expectedTargets) {
      throw new RangeError(
        `Cannot take the batch: ${expected} inputs and ${expectedTargets} targets make ${size} sequences of ${steps} steps, ${inputs.length} and ${targets.length} were given.`,
      );
    }
    const { buffer } = this.#memory;
    const Inputs = input.kind === "onehot" ? Int32Array : Float32Array;
    const Targets = loss === "softmax" ? Int32Array : Float32Array;
    let counted = 0;
    for (let w = 0; w < plan.workers; w++) {
      const { first, count } = shardOf(size, plan.workers, w);
      const arena = plan.arenasAt + w * plan.arenaBytes;
      const x = new Inputs(
        buffer,
        arena + plan.inputs,
        count * steps * features,
      );
      const y = new Targets(
        buffer,
        arena + plan.targets,
        count * targetSteps * classes,
      );
      for (let r = 0; r < count; r++) {
        for (let t = 0; t < steps; t++) {
          const from = ((first + r) * steps + t) * features;
          const to = (t * count + r) * features;
          for (let f = 0; f < features; f++) x[to + f] = inputs[from + f];
        }
        for (let t = 0; t < targetSteps; t++) {
          const from = ((first + r) * targetSteps + t) * classes;
          const to = (t * count + r) * classes;
          for (let c = 0; c < classes; c++) y[to + c] = targets[from + c];
          if (targets[from] >= 0) counted++;
        }
      }
      if (input.kind === "onehot") this.#check(x, input.size, "input");
      if (loss === "softmax") this.#check(y, top.outputSize, "target", -1);
    }
    const control = this.#control;
    control[CONTROL.batch] = size;
    control[CONTROL.steps] = steps;
    control[CONTROL.lossScale] = counted === 0 ? 0 : 1 / counted;
    return counted;
  }

  #check(
    ids: ArrayLike<number>,
    size: number,
    what: string,
    least = 0,
  ): void {
    for (let i = 0; i < ids.length; i++) {
      if (ids[i] >= least && ids[i] < size) continue;
      throw new RangeError(
        `Cannot take the batch: an ${what} id must be at least ${least} and below ${size}, current value is ${
          ids[i]
        }. Was it encoded with another vocabulary?`,
      );
    }
  }

  /** Tells where states come from; T steps will have been run after this. */
  #carry(batch: Omit<NetworkBatch, "targets">, carry: boolean): void {
    if (carry) {
      const resets = new Uint8Array(
        this.#memory.buffer,
        this.#plan.resetsAt,
        this.#plan.maxBatch,
      );
      resets.fill(0);
      if (batch.resets) resets.set(batch.resets);
    }
    this.#control[CONTROL.carriedSteps] = carry ? this.#carriedSteps : 0;
    this.#carriedSteps = batch.steps;
  }

  #results(): BatchResult & { squares: number } {
    let loss = 0, count = 0, correct = 0, squares = 0;
    for (let w = 0; w < this.#plan.workers; w++) {
      const at = CONTROL.results + 4 * w;
      loss += this.#control[at];
      count += this.#control[at + 1];
      correct += this.#control[at + 2];
      squares += this.#control[at + 3];
    }
    return { loss: count === 0 ? 0 : loss / count, count, correct, squares };
  }

  /**
   * One step: the gradient of the batch's mean loss, then the optimizer.
   *
   * @throws {RangeError} When the batch does not fit the network.
   */
  trainStep(batch: NetworkBatch, options: StepOptions): StepResult {
    const control = this.#control;
    const { optimizer, learningRate, step } = options;
    const {
      beta1 = 0.9,
      beta2 = optimizer === "rmsprop" ? 0.9 : 0.999,
      epsilon = 1e-7,
      weightDecay = 0,
      clipNorm = 0,
    } = options;
    this.#pack();
    this.#load(batch);
    this.#carry(batch, options.carry ?? false);
    control[CONTROL.training] = 1;
    control[CONTROL.dropoutKey] = options.dropoutKey | 0;
    control[CONTROL.smoothing] = options.labelSmoothing ?? 0;
    this.#run(PHASE.gradients);
    this.#run(PHASE.sum);
    const { squares, ...result } = this.#results();
    const gradientNorm = Math.sqrt(squares);
    // A step that makes no sense leaves the weights as they were.
    if (!Number.isFinite(gradientNorm) || !Number.isFinite(result.loss)) {
      return { ...result, gradientNorm };
    }
    const correction = optimizer === "adam"
      ? Math.sqrt(1 - beta2 ** step) / (1 - beta1 ** step)
      : 1;
    control[CONTROL.optimizer] = OPTIMIZERS.indexOf(optimizer);
    control[CONTROL.gradientScale] = clipNorm > 0 && gradientNorm > clipNorm
      ? clipNorm / gradientNorm
      : 1;
    control[CONTROL.rate] = learningRate * correction;
    control[CONTROL.beta1] = beta1;
    control[CONTROL.beta2] = beta2;
    control[CONTROL.epsilon] = epsilon;
    control[CONTROL.decay] = optimizer === "adam"
      ? learningRate * weightDecay
      : weightDecay;
    control[CONTROL.averageDecay] = options.averageDecay ?? 0;
    this.#run(PHASE.update);
    this.#run(PHASE.pack);
    return { ...result, gradientNorm };
  }

  /** The loss of a batch without dropout; weights stay as they are. */
  evaluate(
    batch: NetworkBatch,
    options: { carry?: boolean } = {},
  ): BatchResult {
    const control = this.#control;
    this.#pack();
    this.#load(batch);
    this.#carry(batch, options.carry ?? false);
    control[CONTROL.training] = 0;
    control[CONTROL.smoothing] = 0;
    this.#run(PHASE.forward);
    const { squares: _, ...result } = this.#results();
    return result;
  }

  /**
   * The logits of a batch, [B, T, V], or where the network returns its last
   * step only [B, V], without dropout. Targets are not needed.
   */
  predict(
    batch: Omit<NetworkBatch, "targets">,
    options: { carry?: boolean } = {},
  ): Float32Array {
    const plan = this.#plan;
    const top = plan.layers[plan.layers.length - 1];
    const { size } = batch, steps = top.lastStepOnly ? 1 : batch.steps;
    const v = top.outputSize;
    this.#pack();
    this.#load({
      ...batch,
      targets: new Int32Array(size * steps * v).fill(-1),
    });
    this.#carry(batch, options.carry ?? false);
    this.#control[CONTROL.training] = 0;
    this.#run(PHASE.logits);
    const logits = new Float32Array(size * steps * v);
    for (let w = 0; w < plan.workers; w++) {
      const { first, count } = shardOf(size, plan.workers, w);
      const at = plan.arenasAt + w * plan.arenaBytes + top.output;
      for (let t = 0; t < steps; t++) {
        for (let r = 0; r < count; r++) {
          const row = new Float32Array(
            this.#memory.buffer,
            at + 4 * v * (t * count + r),
            v,
          );
          logits.set(row, ((first + r) * steps + t) * v);
        }
      }
    }
    return logits;
  }

  /** A sequence to generate, one step at a time; a network has one. */
  stream(): Stream {
    const kernels = instantiate(this.#program.module, this.#memory);
    new Float32Array(this.#memory.buffer, this.#plan.streamFactor, 1)[0] = 1;
    return new Stream(
      this.#plan,
      kernels,
      this.#memory.buffer,
      () => this.#pack(),
    );
  }

  /** Ends the workers; the network cannot compute after this. */
  dispose(): void {
    this.#pool.dispose();
  }

  /** As {@linkcode dispose}, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}
