/**
 * One worker's share of a network: its kernels, and where its rows of the batch
 * lie. The functions of a training step, in the modules beside this one, are
 * given it. The same on the main thread and on workers.
 *
 * b rows of this shard, T time steps, I input size, U units, N output size;
 * activations lie time-major, [T, b, ·], so that a time step is one block.
 * Addresses are in bytes.
 */
import type { Cells } from "./cells.ts";
import { CONTROL } from "./control.ts";
import { instantiate, type Kernels } from "./kernels.ts";
import {
  type PlacedWeight,
  type Plan,
  type PlannedLayer,
  shardOf,
} from "./plan.ts";
import type { MatrixProducts } from "./products.ts";
import { makeCells, makeProducts, type Program } from "./program.ts";

/** One worker's view of the shared memory. */
export class Shard {
  readonly plan: Plan;
  /** The number of this worker; the calling thread is 0. */
  readonly worker: number;
  readonly kernels: Kernels;
  readonly products: MatrixProducts;
  readonly cells: Cells;
  /** Address of this worker's arena, from which places in it count. */
  readonly arena: number;
  readonly control: Float64Array;
  /** The whole memory. */
  readonly bytes: Uint8Array;

  constructor(
    plan: Plan,
    worker: number,
    program: Program,
    memory: WebAssembly.Memory,
  ) {
    this.plan = plan;
    this.worker = worker;
    this.kernels = instantiate(program.module, memory);
    this.arena = plan.arenasAt + worker * plan.arenaBytes;
    const instance = { program, kernels: this.kernels, memory };
    this.products = makeProducts(
      instance,
      this.arena + plan.packedA,
      this.arena + plan.scratch,
    );
    this.cells = makeCells(instance, this.arena + plan.cells);
    this.control = new Float64Array(memory.buffer, plan.controlAt, 128);
    this.bytes = new Uint8Array(memory.buffer);
  }

  /** This shard's rows of the batch, from `first` on, and its time steps. */
  extent(): { first: number; rows: number; steps: number } {
    const batch = this.control[CONTROL.batch]!;
    const { first, count } = shardOf(batch, this.plan.workers, this.worker);
    return { first, rows: count, steps: this.control[CONTROL.steps]! };
  }

  /** Rows that a layer computes: b·T, or b where it sees the last step only. */
  rowsOf(layer: PlannedLayer): number {
    const { rows, steps } = this.extent();
    return layer.lastStepOnly ? rows : rows * steps;
  }

  /** Whether layer i drops hot values of the input, by their factors. */
  dropsFactors(i: number): boolean {
    return i === 0 && this.plan.spec.input.kind !== "dense" &&
      this.plan.layers[0]!.layer.kind === "dropout";
  }

  /** Where layer i's output lies, as the layer above sees it. */
  outputOf(i: number): number {
    if (i < 0 || this.dropsFactors(i)) return this.arena + this.plan.inputs;
    const { layer, output, outputSize } = this.plan.layers[i]!;
    const at = this.arena + output;
    if (layer.kind !== "lstm") return at;
    const { rows, steps } = this.extent();
    return at + 4 * rows * outputSize * (layer.returnSequences ? 1 : steps);
  }

  /** Where the gradient of what {@linkcode outputOf} finds lies. */
  gradientOf(i: number): number {
    // The loss turns the last layer's output into its gradient in place.
    if (i === this.plan.layers.length - 1) return this.outputOf(i);
    const { layer, gradient, outputSize } = this.plan.layers[i]!;
    const at = this.arena + gradient;
    if (layer.kind !== "lstm" || layer.returnSequences) return at;
    const { rows, steps } = this.extent();
    return at + 4 * rows * outputSize * (steps - 1);
  }

  weightAt(weight: PlacedWeight): number {
    return this.plan.weightsAt + weight.offset;
  }

  /** Where this worker's gradient of a weight lies. */
  weightGradientAt(weight: PlacedWeight): number {
    const block = this.worker * 4 * this.plan.weightFloats;
    return this.plan.gradientsAt + block + weight.offset;
  }
}
