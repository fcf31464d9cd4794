/**
 * A recurrent network that trains on all cores: its weights, one step of an
 * optimizer, evaluation and prediction. Nothing here knows a tensor library.
 *
 * B batch rows, T time steps, F input size, V output size.
 */
import {
  loadBatch,
  type NetworkBatch,
  type NetworkInputs,
  readLogits,
} from "./batch.ts";
import { CarriedStates } from "./carried_states.ts";
import { CONTROL, PHASE } from "./control.ts";
import {
  instantiate,
  type KernelBuild,
  loadKernels,
  PAGE_BYTES,
  sharedMemory,
} from "./kernels.ts";
import { machineCode, type Vectors } from "./native/code.ts";
import { mostFeatures, type Plan, planNetwork } from "./plan.ts";
import { Pool } from "./pool.ts";
import type { Program } from "./program.ts";
import type { NetworkSpec, Weight } from "./spec.ts";
import {
  type BatchResult,
  readResults,
  type StepOptions,
  type StepResult,
  writeUpdate,
} from "./step.ts";
import { Stream } from "./stream.ts";
import type {
  EvaluateOptions,
  NetworkState,
  TrainableNetwork,
  Weights,
} from "./trainable.ts";
import { WeightStore } from "./weight_store.ts";

/** Sizes and threads of a network. */
export interface NetworkOptions {
  /** Most sequences in a batch. @default 64 */
  maxBatch?: number;
  /** Most time steps in a sequence. @default 32 */
  maxSteps?: number;
  /** Threads, the calling one among them. @default the number of cores */
  workers?: number;
  /**
   * Whether products and gates run as machine code where the machine can do so,
   * with the fastest vectors or with those that are named; WebAssembly gives the
   * same results in more time.
   * @default true
   */
  native?: boolean | Vectors;
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
export class Network implements TrainableNetwork {
  /** The layers and the loss. */
  readonly spec: NetworkSpec;
  /** Which build of the kernels runs. */
  readonly build: KernelBuild;
  readonly #plan: Plan;
  readonly #memory: WebAssembly.Memory;
  readonly #program: Program;
  readonly #pool: Pool;
  readonly #control: Float64Array;
  readonly #weights: WeightStore;
  readonly #states: CarriedStates;
  /** Whether the packed matrices are up to date with the weights. */
  #packed = false;

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
    const { buffer } = memory;
    this.#control = new Float64Array(buffer, plan.controlAt, 128);
    this.#weights = new WeightStore(plan, buffer);
    this.#states = new CarriedStates(plan, buffer, this.#control);
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
    const code = native === false
      ? undefined
      : machineCode(native === true ? undefined : native).code;
    const program = { module, native: code };
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

  /** A copy of a weight. */
  getWeight(name: string): Float32Array {
    return this.#weights.weight(name).slice();
  }

  /**
   * Sets a weight.
   *
   * @throws {RangeError} When there is none of that name and size.
   */
  setWeight(name: string, values: ArrayLike<number>): void {
    this.#weights.set(name, values);
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
    return this.#weights.gradient(name).slice();
  }

  /**
   * A weight's optimizer state, to read or to write in place: slot 0 holds
   * Adam's means, 1 its squared gradients and RMSprop's, 2 the moving average.
   */
  slot(name: string, slot: 0 | 1 | 2): Float32Array {
    return this.#weights.slot(name, slot);
  }

  /** Sets the moving average to the weights as they are. */
  startAverage(): void {
    this.#weights.startAverage();
  }

  /** Swaps the weights with their moving average. */
  swapAverage(): void {
    this.#weights.swapAverage();
    this.#packed = false;
  }

  /** Has all rows begin with states of zero at the next carried step. */
  resetStates(): void {
    this.#states.reset();
  }

  /** See {@linkcode TrainableNetwork.readState}. */
  readState(carriedRows?: number): NetworkState {
    const all = (read: (name: string) => Float32Array): Weights =>
      new Map(this.weights.map(({ name }) => [name, read(name).slice()]));
    return {
      weights: all((name) => this.#weights.weight(name)),
      slots: [
        all((name) => this.slot(name, 0)),
        all((name) => this.slot(name, 1)),
      ],
      average: all((name) => this.slot(name, 2)),
      ...carriedRows !== undefined && { states: this.#states.get(carriedRows) },
    };
  }

  /** See {@linkcode TrainableNetwork.writeState}. */
  writeState(
    { weights, slots, average, states }: NetworkState,
    carriedRows = 0,
  ): void {
    if (states) this.#states.set(carriedRows, states);
    this.setWeights(weights);
    [...slots, average].forEach((block, slot) => {
      for (const { name } of this.weights) {
        this.slot(name, slot as 0 | 1 | 2).set(block.get(name)!);
      }
    });
  }

  #run(phase: number): void {
    this.#control[CONTROL.phase] = phase;
    this.#pool.run();
  }

  #pack(): void {
    if (!this.#packed) this.#run(PHASE.pack);
    this.#packed = true;
  }

  /** Puts a batch and what it begins with where the workers find it. */
  #begin(batch: NetworkBatch, carry = false): void {
    const control = this.#control;
    this.#pack();
    const counted = loadBatch(this.#plan, this.#memory.buffer, batch);
    control[CONTROL.batch] = batch.size;
    control[CONTROL.steps] = batch.steps;
    control[CONTROL.lossScale] = counted === 0 ? 0 : 1 / counted;
    this.#states.begin(batch, carry);
  }

  /**
   * One step: the gradient of the batch's mean loss, then the optimizer.
   *
   * @throws {RangeError} When the batch does not fit the network.
   */
  trainStep(batch: NetworkBatch, options: StepOptions): StepResult {
    const control = this.#control;
    this.#begin(batch, options.carry);
    control[CONTROL.training] = 1;
    control[CONTROL.dropoutKey] = options.dropoutKey | 0;
    control[CONTROL.smoothing] = options.labelSmoothing ?? 0;
    this.#run(PHASE.gradients);
    this.#run(PHASE.sum);
    const result = readResults(control, this.#plan.workers);
    const { loss, gradientNorm } = result;
    // Without a finite gradient the weights stay as they were.
    if (!Number.isFinite(gradientNorm) || !Number.isFinite(loss)) return result;
    writeUpdate(control, options, gradientNorm);
    this.#run(PHASE.update);
    this.#run(PHASE.pack);
    return result;
  }

  /**
   * The loss of a batch without dropout; weights stay as they are.
   *
   * @param options `carry`: begin with the last batch's final states.
   */
  evaluate(
    batch: NetworkBatch,
    options: EvaluateOptions = {},
  ): BatchResult {
    const control = this.#control;
    this.#begin(batch, options.carry);
    control[CONTROL.training] = 0;
    control[CONTROL.smoothing] = 0;
    this.#run(PHASE.forward);
    const { loss, count, correct } = readResults(control, this.#plan.workers);
    return { loss, count, correct };
  }

  /**
   * The logits of a batch, [B, T, V], or where the network returns its last
   * step only [B, V], without dropout.
   *
   * @param options `carry`: begin with the last batch's final states.
   */
  predict(
    batch: NetworkInputs,
    options: EvaluateOptions = {},
  ): Float32Array {
    const plan = this.#plan;
    const top = plan.layers[plan.layers.length - 1]!;
    const { size } = batch, steps = top.lastStepOnly ? 1 : batch.steps;
    const targets = new Int32Array(size * steps * top.outputSize).fill(-1);
    this.#begin({ ...batch, targets }, options.carry);
    this.#control[CONTROL.training] = 0;
    this.#run(PHASE.logits);
    return readLogits(plan, this.#memory.buffer, size, steps);
  }

  /** Generates a sequence one step at a time; a network has one such stream. */
  stream(): Stream {
    const memory = this.#memory, program = this.#program;
    const { streamFactor } = this.#plan, most = mostFeatures(this.spec);
    new Float32Array(memory.buffer, streamFactor, most).fill(1);
    const kernels = instantiate(program.module, memory);
    const instance = { program, kernels, memory };
    return new Stream(this.#plan, instance, () => this.#pack());
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
