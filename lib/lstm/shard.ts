/**
 * One worker's share of a training step: forward, loss and backward over its
 * rows of the batch, and its part of summing gradients and updating weights.
 * Runs alike on the main thread and on workers.
 *
 * b rows of this shard, T time steps, I input size, U units, N output size;
 * activations lie time-major, [T, b, ·], so that a time step is one block.
 */
import {
  type Cells,
  instantiate,
  type Kernels,
  PANEL_COLUMNS,
  START,
} from "./kernels.ts";
import type { Program } from "./program.ts";
import { NativeCells } from "./native/cells.ts";
import { NativeProducts } from "./native/products.ts";
import {
  type PlacedWeight,
  type Plan,
  type PlannedLayer,
  shardOf,
} from "./plan.ts";
import { type MatrixProducts, WasmProducts } from "./products.ts";

/** What a worker can be asked to do. */
export const PHASE = {
  forward: 0,
  gradients: 1,
  sum: 2,
  update: 3,
  pack: 4,
  logits: 5,
} as const;

/** Indices into the control block of 64-bit floats. */
export const CONTROL = {
  phase: 0,
  batch: 1,
  steps: 2,
  /** 1 while training: dropout is on. */
  training: 3,
  /** Time steps of the batch whose last state is carried on; 0 for none. */
  carriedSteps: 4,
  dropoutKey: 5,
  lossScale: 6,
  smoothing: 7,
  optimizer: 8,
  gradientScale: 9,
  rate: 10,
  beta1: 11,
  beta2: 12,
  epsilon: 13,
  decay: 14,
  averageDecay: 15,
  /** From here on four a worker: loss, rows counted, rows correct, squares. */
  results: 16,
} as const;

/** Optimizers, by the number that the control block holds. */
export const OPTIMIZERS = ["sgd", "rmsprop", "adam"] as const;

/**
 * A program's products: by machine code, or by WebAssembly.
 *
 * @param packed Where A is packed.
 * @param scratch Room for `SCRATCH_BYTES`.
 */
export function makeProducts(
  { native }: Program,
  kernels: Kernels,
  memory: WebAssembly.Memory,
  packed: number,
  scratch: number,
): MatrixProducts {
  return native === undefined
    ? new WasmProducts(kernels, packed, scratch)
    : new NativeProducts(native, memory, packed, scratch);
}

/** One worker's view of the shared memory. */
export class Shard {
  readonly #kernels: Kernels;
  readonly #products: MatrixProducts;
  readonly #cells: Cells;
  readonly #plan: Plan;
  readonly #worker: number;
  readonly #arena: number;
  readonly #control: Float64Array;
  readonly #bytes: Uint8Array;
  readonly #firstTrainable: number;

  constructor(
    plan: Plan,
    worker: number,
    program: Program,
    memory: WebAssembly.Memory,
  ) {
    this.#plan = plan;
    this.#worker = worker;
    this.#kernels = instantiate(program.module, memory);
    this.#arena = plan.arenasAt + worker * plan.arenaBytes;
    this.#products = makeProducts(
      program,
      this.#kernels,
      memory,
      this.#arena + plan.packedA,
      this.#arena + plan.scratch,
    );
    this.#cells = program.native === undefined
      ? this.#kernels
      : new NativeCells(program.native, memory, this.#arena + plan.cells);
    this.#control = new Float64Array(memory.buffer, plan.controlAt, 128);
    this.#bytes = new Uint8Array(memory.buffer);
    this.#firstTrainable = plan.layers.findIndex(({ kernel }) => kernel);
  }

  /** Does what the control block asks for. */
  run(): void {
    switch (this.#control[CONTROL.phase]) {
      case PHASE.forward:
        this.#forward();
        return this.#loss();
      case PHASE.gradients:
        this.#forward();
        this.#loss();
        return this.#backward();
      case PHASE.sum:
        return this.#sum();
      case PHASE.update:
        return this.#update();
      case PHASE.pack:
        return this.#pack();
      case PHASE.logits:
        return this.#forward();
    }
  }

  /** This shard's rows of the batch, from `first` on, and its time steps. */
  #extent(): { first: number; rows: number; steps: number } {
    const batch = this.#control[CONTROL.batch];
    const { first, count } = shardOf(batch, this.#plan.workers, this.#worker);
    return { first, rows: count, steps: this.#control[CONTROL.steps] };
  }

  #rowsOf(layer: PlannedLayer): number {
    const { rows, steps } = this.#extent();
    return layer.lastStepOnly ? rows : rows * steps;
  }

  /** Whether layer i drops whole one-hot rows, by factors. */
  #dropsOnehot(i: number): boolean {
    return i === 0 && this.#plan.spec.input.kind === "onehot" &&
      this.#plan.layers[0].layer.kind === "dropout";
  }

  /** Where layer i's output lies, as the layer above sees it. */
  #outputOf(i: number): number {
    if (i < 0 || this.#dropsOnehot(i)) return this.#arena + this.#plan.inputs;
    const { layer, output, outputSize } = this.#plan.layers[i];
    const at = this.#arena + output;
    if (layer.kind !== "lstm") return at;
    const { rows, steps } = this.#extent();
    return at + 4 * rows * outputSize * (layer.returnSequences ? 1 : steps);
  }

  /** Where the gradient of what {@linkcode #outputOf} tells lies. */
  #gradientOf(i: number): number {
    // The loss turns the last layer's output into its gradient in place.
    if (i === this.#plan.layers.length - 1) return this.#outputOf(i);
    const { layer, gradient, outputSize } = this.#plan.layers[i];
    const at = this.#arena + gradient;
    if (layer.kind !== "lstm" || layer.returnSequences) return at;
    const { rows, steps } = this.#extent();
    return at + 4 * rows * outputSize * (steps - 1);
  }

  #weightAt(weight: PlacedWeight): number {
    return this.#plan.weightsAt + weight.offset;
  }

  #weightGradientAt(weight: PlacedWeight): number {
    const block = this.#worker * 4 * this.#plan.weightFloats;
    return this.#plan.gradientsAt + block + weight.offset;
  }

  // --- forward ---------------------------------------------------------------

  #forward(): void {
    const { rows, steps } = this.#extent();
    if (rows === 0) return;
    const { layers, factors } = this.#plan;
    this.#kernels.fill(rows * steps, this.#arena + factors, 1);
    for (let i = 0; i < layers.length; i++) {
      const layer = layers[i];
      if (layer.layer.kind === "lstm") this.#lstmForward(i, layer);
      else if (layer.layer.kind === "dense") {
        const output = this.#arena + layer.output;
        this.#project(i, layer, layer.outputSize, output);
      } else this.#dropForward(i, layer);
    }
  }

  /** out [rows, n] = input·kernel + bias. */
  #project(i: number, layer: PlannedLayer, n: number, out: number): void {
    const { weight, packed, k } = layer.kernel!;
    const rows = this.#rowsOf(layer);
    const input = this.#outputOf(i - 1);
    const bias = this.#weightAt(layer.bias!);
    if (packed === 0) {
      const factors = this.#arena + this.#plan.factors;
      const table = this.#weightAt(weight);
      this.#kernels.gatherRows(rows, n, input, factors, table, bias, out);
    } else {
      const products = this.#products;
      const { bias: start } = START;
      products.multiply(rows, n, k, input, false, packed, k, out, start, bias);
    }
  }

  #dropForward(i: number, layer: PlannedLayer): void {
    if (this.#dropsOnehot(i)) {
      return this.#drop(i, layer, this.#arena + this.#plan.factors, 1);
    }
    const columns = layer.inputSize;
    const output = this.#arena + layer.output;
    const input = this.#outputOf(i - 1);
    const bytes = 4 * this.#rowsOf(layer) * columns;
    this.#bytes.copyWithin(output, input, input + bytes);
    this.#drop(i, layer, output, columns);
  }

  #drop(i: number, layer: PlannedLayer, at: number, columns: number): void {
    const rate = layer.layer.kind === "dropout" ? layer.layer.rate : 0;
    if (rate === 0 || this.#control[CONTROL.training] === 0) return;
    const { first, rows } = this.#extent();
    const batch = this.#control[CONTROL.batch];
    // Each layer draws from its own stream.
    const key =
      (this.#control[CONTROL.dropoutKey] ^ Math.imul(i + 1, 0x632be5ab)) | 0;
    const count = this.#rowsOf(layer);
    this.#kernels.dropout(count, columns, at, rate, key, rows, first, batch);
  }

  #lstmForward(i: number, layer: PlannedLayer): void {
    const cells = this.#cells, arena = this.#arena;
    const { rows, steps } = this.#extent();
    const u = layer.outputSize, block = 4 * rows * u;
    const recurrent = layer.recurrent!.packed;
    const startsFromZero = this.#initialState(layer);
    this.#project(i, layer, 4 * u, arena + layer.gates);
    for (let t = 0; t < steps; t++) {
      const z = arena + layer.gates + 4 * t * block;
      const h = arena + layer.output + t * block;
      const c = arena + layer.states + t * block;
      const tanhC = arena + layer.tanhStates + t * block;
      if (t > 0 || !startsFromZero) {
        const { add } = START;
        this.#products.multiply(rows, 4 * u, u, h, false, recurrent, u, z, add);
      }
      cells.lstmForward(rows, u, z, c, c + block, tanhC, h + block);
    }
  }

  /**
   * Writes the state before the first step: zero, or where states are carried,
   * that after the last batch, zero again for rows that begin a new piece.
   * Returns whether it is zero for all.
   */
  #initialState(layer: PlannedLayer): boolean {
    const { first, rows } = this.#extent();
    const carried = this.#control[CONTROL.carriedSteps];
    const row = 4 * layer.outputSize, block = rows * row;
    for (const place of [layer.output, layer.states]) {
      const at = this.#arena + place;
      if (carried === 0) {
        this.#bytes.fill(0, at, at + block);
        continue;
      }
      const last = at + carried * block;
      this.#bytes.copyWithin(at, last, last + block);
      for (let r = 0; r < rows; r++) {
        if (this.#bytes[this.#plan.resetsAt + first + r] === 0) continue;
        this.#bytes.fill(0, at + r * row, at + (r + 1) * row);
      }
    }
    return carried === 0;
  }

  #loss(): void {
    const { layers, spec, targets } = this.#plan;
    const control = this.#control;
    const results = CONTROL.results + 4 * this.#worker;
    control.fill(0, results, results + 4);
    if (this.#extent().rows === 0) return;
    const last = layers.length - 1;
    const classes = layers[last].outputSize;
    const rows = this.#rowsOf(layers[last]);
    const logits = this.#outputOf(last);
    const wanted = this.#arena + targets;
    const scale = control[CONTROL.lossScale];
    const out = this.#plan.controlAt + 8 * results;
    if (spec.loss === "sigmoid") {
      this.#kernels.sigmoidLoss(rows, classes, logits, wanted, scale, out);
    } else {
      const smoothing = control[CONTROL.smoothing];
      this.#kernels.softmaxLoss(
        rows,
        classes,
        logits,
        wanted,
        scale,
        smoothing,
        out,
      );
    }
  }

  // --- backward --------------------------------------------------------------

  #backward(): void {
    const { layers, weightFloats } = this.#plan;
    if (this.#extent().rows === 0) {
      const at = this.#weightGradientAt(this.#plan.weights[0]);
      return this.#kernels.fill(weightFloats, at, 0);
    }
    for (let i = layers.length - 1; i >= this.#firstTrainable; i--) {
      const layer = layers[i];
      if (layer.layer.kind === "lstm") this.#lstmBackward(i, layer);
      else if (layer.layer.kind === "dense") {
        const gradient = this.#gradientOf(i);
        this.#projectBackward(i, layer, layer.outputSize, gradient);
      } else {
        const bytes = 4 * this.#rowsOf(layer) * layer.inputSize;
        const from = this.#gradientOf(i), to = this.#gradientOf(i - 1);
        this.#bytes.copyWithin(to, from, from + bytes);
        this.#drop(i, layer, to, layer.inputSize);
      }
    }
  }

  /** The gradient of {@linkcode #project}, of d [rows, n]; leaves d packed. */
  #projectBackward(i: number, layer: PlannedLayer, n: number, d: number): void {
    const kernels = this.#kernels, plan = this.#plan, arena = this.#arena;
    const products = this.#products, { zero } = START;
    const { weight, transposed, k } = layer.kernel!;
    const rows = this.#rowsOf(layer);
    const input = this.#outputOf(i - 1);
    const packedB = arena + plan.packedB;
    const at = this.#weightGradientAt(weight);
    const bias = this.#weightGradientAt(layer.bias!);
    products.packBAndSum(rows, n, d, packedB, bias);
    if (layer.kernel!.packed === 0) {
      const factors = arena + plan.factors;
      kernels.fill(weight.size, at, 0);
      kernels.scatterRows(rows, n, input, factors, d, at);
    } else {
      products.multiply(k, n, rows, input, true, packedB, rows, at, zero);
    }
    if (transposed !== 0) {
      const to = this.#gradientOf(i - 1);
      products.multiply(rows, k, n, d, false, transposed, n, to, zero);
    }
  }

  #lstmBackward(i: number, layer: PlannedLayer): void {
    const kernels = this.#kernels, plan = this.#plan, arena = this.#arena;
    const { rows, steps } = this.#extent();
    const u = layer.outputSize, block = 4 * rows * u;
    const cells = this.#cells, products = this.#products;
    const packedB = arena + plan.packedB;
    const gates = arena + layer.gates;
    const dc = arena + layer.stateGradient;
    const { transposed, weight } = layer.recurrent!;
    const sequences = layer.layer.kind === "lstm" &&
      layer.layer.returnSequences;
    kernels.fill(rows * u, dc, 0);
    for (let t = steps - 1; t >= 0; t--) {
      const z = gates + 4 * t * block;
      const dh = arena + layer.gradient + t * block;
      if (t < steps - 1) {
        const start = sequences ? START.add : START.zero, k = 4 * u;
        const after = z + 4 * block;
        products.multiply(rows, u, k, after, false, transposed, k, dh, start);
      }
      const c = arena + layer.states + t * block;
      const tanhC = arena + layer.tanhStates + t * block;
      cells.lstmBackward(rows, u, z, c, tanhC, dh, dc);
    }
    this.#projectBackward(i, layer, 4 * u, gates);
    // A first state of zero adds nothing to the recurrent kernel's gradient.
    const skip = this.#control[CONTROL.carriedSteps] === 0 ? 1 : 0;
    const depth = (steps - skip) * rows;
    const at = this.#weightGradientAt(weight);
    if (depth === 0) return kernels.fill(weight.size, at, 0);
    const h = arena + layer.output + skip * block;
    const d = packedB + 4 * PANEL_COLUMNS * skip * rows;
    const all = steps * rows;
    products.multiply(u, 4 * u, depth, h, true, d, all, at, START.zero);
  }

  // --- update ----------------------------------------------------------------

  /** This worker's range of all weights, in floats. */
  #range(): { from: number; count: number } {
    const { weightFloats, workers } = this.#plan;
    const { first, count } = shardOf(weightFloats / 32, workers, this.#worker);
    return { from: 32 * first, count: 32 * count };
  }

  #sum(): void {
    const { gradientsAt, weightFloats, workers } = this.#plan;
    const { from, count } = this.#range();
    const at = gradientsAt + 4 * from;
    this.#control[CONTROL.results + 4 * this.#worker + 3] = this.#kernels
      .sumGradients(count, at, 4 * weightFloats, workers);
  }

  #update(): void {
    const control = this.#control, plan = this.#plan, kernels = this.#kernels;
    const { from, count } = this.#range();
    const w = plan.weightsAt + 4 * from, g = plan.gradientsAt + 4 * from;
    const [first, second] = plan.slotsAt.map((at) => at + 4 * from);
    const scale = control[CONTROL.gradientScale], rate = control[CONTROL.rate];
    const beta1 = control[CONTROL.beta1], beta2 = control[CONTROL.beta2];
    const epsilon = control[CONTROL.epsilon], decay = control[CONTROL.decay];
    switch (OPTIMIZERS[control[CONTROL.optimizer]]) {
      case "sgd":
        kernels.sgd(count, w, g, scale, rate, decay);
        break;
      case "rmsprop":
        kernels.rmsprop(count, w, g, second, scale, rate, beta2, epsilon);
        break;
      case "adam":
        kernels.adam(
          count,
          w,
          g,
          first,
          second,
          scale,
          rate,
          beta1,
          beta2,
          epsilon,
          decay,
        );
    }
    const average = control[CONTROL.averageDecay];
    if (average > 0) {
      kernels.movingAverage(count, w, plan.averageAt + 4 * from, average);
    }
  }

  /** Packs this worker's share of every matrix, for the next step's products. */
  #pack(): void {
    const { matrices, workers } = this.#plan;
    for (const { weight, k, n, packed, transposed } of matrices) {
      const at = this.#weightAt(weight);
      if (packed !== 0) {
        const panels = Math.ceil(n / PANEL_COLUMNS);
        const { first, count } = shardOf(panels, workers, this.#worker);
        this.#kernels.packB(k, n, at, n, packed, first, first + count);
      }
      if (transposed !== 0) {
        const panels = Math.ceil(k / PANEL_COLUMNS);
        const { first, count } = shardOf(panels, workers, this.#worker);
        const to = first + count;
        this.#kernels.packBTransposed(n, k, at, n, transposed, first, to);
      }
    }
  }
}
