/**
 * All that a network keeps on the GPU, allocated once.
 *
 * B batch rows, T time steps, U units, N output size; activations are
 * time-major, [T, B, ·].
 */
import {
  type NetworkSpec,
  type SizedLayer,
  sizedLayers,
} from "../lstm/lstm.ts";
import { BatchMemory } from "./batch_memory.ts";
import type { Gpu, Slice } from "./device.ts";
import { BLOCK_BYTES } from "./kernel.ts";
import { SQUARE_GROUPS } from "./loss_kernels.ts";
import { partsOf } from "./parts.ts";
import { type PlacedWeight, placeWeights } from "./weight_order.ts";

/** Most sequences and time steps of a batch. */
export interface Capacity {
  readonly maxBatch: number;
  readonly maxSteps: number;
}

/** A layer's weights, and where its activations lie. */
export interface LayerMemory extends SizedLayer {
  readonly kernel?: PlacedWeight;
  readonly recurrent?: PlacedWeight;
  readonly bias?: PlacedWeight;
  /** [T·B, N]; of an LSTM [(T + 1)·B, U], the outputs before first. */
  readonly outputs: Slice;
  /** Gradient of the outputs that go on, [T·B, N] or [B, N]. */
  readonly gradient: Slice;
  /** LSTM: [T·B, 4U], each unit's four together. */
  readonly gates: Slice;
  /** LSTM: [(T + 1)·B, U]. */
  readonly states: Slice;
  /** LSTM: gradient of the states, [B, U]. */
  readonly stateGradient: Slice;
  /** LSTM: the recurrent kernel transposed. */
  readonly transposed: Slice;
}

/** Blocks that hold a value for every weight. */
export const BLOCKS = [
  "weights",
  "gradients",
  "means",
  "squares",
  "average",
] as const;

/** One of {@linkcode BLOCKS}. */
export type Block = typeof BLOCKS[number];

/** A network's buffers. */
export class Memory {
  readonly gpu: Gpu;
  readonly spec: NetworkSpec;
  readonly weights: readonly PlacedWeight[];
  readonly weightFloats: number;
  readonly layers: readonly LayerMemory[];
  readonly batch: BatchMemory;
  readonly control: Slice;
  /** A row's results [T·B], sums of squares, and the totals [1] of a step. */
  readonly results: Slice;
  readonly squareSums: Slice;
  readonly totals: Slice;
  /** Parts of products that are summed afterwards. */
  readonly parts: Slice;
  readonly #blocks: Readonly<Record<Block, Slice>>;
  readonly #buffers: GPUBuffer[] = [];
  #bytes = 0;

  /** @throws {RangeError} When an array is larger than the GPU takes. */
  constructor(gpu: Gpu, spec: NetworkSpec, capacity: Capacity) {
    this.gpu = gpu;
    this.spec = spec;
    const { weights, floats } = placeWeights(spec);
    this.weights = weights;
    this.weightFloats = floats;
    const { COPY_DST, UNIFORM } = GPUBufferUsage;
    const uniform = UNIFORM | COPY_DST;
    this.control = this.#take(BLOCK_BYTES / 4, "the control block", uniform);
    this.#blocks = Object.fromEntries(
      BLOCKS.map((block) => [block, this.#take(floats, `all ${block}`)]),
    ) as Record<Block, Slice>;
    this.batch = new BatchMemory(
      ...[gpu, spec, capacity] as const,
      (bytes, what) => this.#take(bytes / 4, what).buffer,
    );
    const { maxBatch, maxSteps } = capacity, all = maxBatch * maxSteps;
    this.results = this.#take(4 * all, "the results");
    this.squareSums = this.#take(SQUARE_GROUPS, "sums of squares");
    this.totals = this.#take(4, "the totals");
    const sized = sizedLayers(spec);
    this.layers = sized.map((layer) => this.#layer(layer, capacity));
    let most = 1;
    for (const { layer, inputSize, outputSize } of sized) {
      if (layer.kind === "dropout") continue;
      const width = layer.kind === "lstm" ? 4 * outputSize : outputSize;
      for (const m of [inputSize, outputSize]) {
        const { parts } = partsOf(m, width, all);
        most = Math.max(most, parts * m * width);
      }
    }
    this.parts = this.#take(most, "parts of products");
  }

  /** Bytes of all buffers. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A block of all weights' values. */
  block(block: Block): Slice {
    return this.#blocks[block];
  }

  /** A weight's place in a block. */
  weight(block: Block, { offset, size }: PlacedWeight): Slice {
    return { buffer: this.#blocks[block].buffer, offset, size: 4 * size };
  }

  #take(
    floats: number,
    what: string,
    usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST |
      GPUBufferUsage.COPY_SRC,
  ): Slice {
    const size = 4 * Math.max(4, floats), most = this.gpu.mostBytes;
    if (size > most) {
      this.dispose();
      throw new RangeError(
        `Cannot train on this GPU: ${what} would take ${
          megabytes(size)
        } MB, and it gives ${
          megabytes(most)
        } MB to one array. Use a smaller batchSize, sequenceLength or network, or the engine auto.`,
      );
    }
    const buffer = this.gpu.device.createBuffer({ label: what, size, usage });
    this.#buffers.push(buffer);
    this.#bytes += size;
    return { buffer, offset: 0, size };
  }

  #layer(sized: SizedLayer, { maxBatch, maxSteps }: Capacity): LayerMemory {
    const { layer, outputSize, lastStepOnly } = sized, { name } = layer;
    const weight = (kind: string) =>
      this.weights.find((one) => one.name === `${name}/${kind}`)!;
    const rows = maxBatch, all = maxBatch * maxSteps;
    const isLstm = layer.kind === "lstm";
    const steps = lastStepOnly ? rows : all;
    const take = (floats: number, what: string) =>
      this.#take(floats, `${what} of "${name}"`);
    const goesOn = isLstm && !layer.returnSequences ? rows : steps;
    return {
      ...sized,
      ...layer.kind !== "dropout" &&
        { kernel: weight("kernel"), bias: weight("bias") },
      ...isLstm && { recurrent: weight("recurrent_kernel") },
      outputs: take((steps + (isLstm ? rows : 0)) * outputSize, "the outputs"),
      gradient: take(goesOn * outputSize, "the outputs' gradient"),
      gates: take(isLstm ? all * 4 * outputSize : 0, "the gates"),
      states: take(isLstm ? (all + rows) * outputSize : 0, "the states"),
      stateGradient: take(
        isLstm ? rows * outputSize : 0,
        "the states' gradient",
      ),
      transposed: take(
        isLstm ? 4 * outputSize ** 2 : 0,
        "the recurrent kernel",
      ),
    };
  }

  /** Frees all buffers. */
  dispose(): void {
    for (const buffer of this.#buffers) buffer.destroy();
  }
}

/** Bytes in megabytes, as people read them. */
function megabytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
