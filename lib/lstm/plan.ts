/**
 * Where everything a network computes with lies in memory, decided once, so
 * that a step allocates nothing. Addresses are in bytes.
 *
 * B batch rows, T time steps, I input size, U units, N output size.
 */
import { type Kernels, PAGE_BYTES, PANEL_COLUMNS } from "./kernels.ts";
import { CELL_ARGUMENT_BYTES } from "./native/cells.ts";
import { mostPackedFloats, SCRATCH_BYTES } from "./native/products.ts";
import { ROW_ARGUMENT_BYTES } from "./native/rows.ts";
import { rowsPerBlock } from "./products.ts";
import {
  type NetworkSpec,
  type SizedLayer,
  sizedLayers,
  sizeOf,
  type Weight,
  weightsOf,
} from "./spec.ts";

/** A weight with its place in the block of all weights. */
export interface PlacedWeight extends Weight {
  /** Bytes from the start of the weights, their gradients or their slots. */
  readonly offset: number;
  readonly size: number;
}

/** A weight matrix [k, n] kept packed for products, and its transpose. */
export interface PackedMatrix {
  readonly weight: PlacedWeight;
  readonly k: number;
  readonly n: number;
  /** Packed as B [k, n]; 0 where it is never multiplied so. */
  readonly packed: number;
  /** Packed as B [n, k]; 0 where no gradient flows through it. */
  readonly transposed: number;
}

/** Addresses of a layer's data; those of activations count from a worker's arena. */
export interface PlannedLayer extends SizedLayer {
  readonly kernel?: PackedMatrix;
  readonly recurrent?: PackedMatrix;
  readonly bias?: PlacedWeight;
  /** Output [T·B, N]; of an LSTM it follows one block [B, N], the state before. */
  readonly output: number;
  /** Gradient of the output [T·B, N]. */
  readonly gradient: number;
  /** LSTM: gates [T·B, 4U], states [(T + 1)·B, U] and their tanh [T·B, U]. */
  readonly gates: number;
  readonly states: number;
  readonly tanhStates: number;
  /** LSTM: gradient of the state [B, U]. */
  readonly stateGradient: number;
  /** Absolute addresses for generating a single sequence, one row each. */
  readonly stream: {
    readonly output: number;
    readonly gates: number;
    readonly state: number;
    readonly tanhState: number;
  };
}

/** The whole layout. */
export interface Plan {
  readonly spec: NetworkSpec;
  readonly workers: number;
  readonly maxBatch: number;
  readonly maxSteps: number;
  readonly layers: readonly PlannedLayer[];
  readonly weights: readonly PlacedWeight[];
  /** Floats in the block of all weights, padding included. */
  readonly weightFloats: number;
  readonly weightsAt: number;
  /** Gradients: one block per worker, `weightFloats` apart. */
  readonly gradientsAt: number;
  /** Optimizer slots and the moving average: three blocks. */
  readonly slotsAt: readonly [number, number];
  readonly averageAt: number;
  readonly matrices: readonly PackedMatrix[];
  /** The control block, see `control.ts`. */
  readonly controlAt: number;
  /** One byte a batch row: 1 where a carried state is reset to zero. */
  readonly resetsAt: number;
  /** Arena of worker w: `arenasAt` + w·`arenaBytes`. */
  readonly arenasAt: number;
  readonly arenaBytes: number;
  /** For generating: one row of input, the factor 1 of its hot value, an id. */
  readonly streamInput: number;
  readonly streamFactor: number;
  readonly streamId: number;
  /** For generating: where sparse input and relations begin and end, two numbers each. */
  readonly streamOffsets: number;
  readonly streamPairs: number;
  readonly streamScratch: number;
  readonly streamCells: number;
  /** Relative to an arena; offsets are those of sparse rows, see `batch.ts`. */
  readonly inputs: number;
  readonly inputOffsets: number;
  readonly pairs: number;
  readonly pairOffsets: number;
  readonly factors: number;
  readonly targets: number;
  readonly packedA: number;
  readonly packedB: number;
  readonly scratch: number;
  readonly cells: number;
  readonly totalBytes: number;
}

/** The most values that a step of input has. */
export function mostFeatures({ input }: NetworkSpec): number {
  return input.kind === "onehot"
    ? 1
    : input.kind === "sparse"
    ? input.most
    : input.size;
}

/** Rows of the batch that worker `w` computes: [first, first + count). */
export function shardOf(
  batch: number,
  workers: number,
  w: number,
): { first: number; count: number } {
  const first = Math.floor((batch * w) / workers);
  return { first, count: Math.floor((batch * (w + 1)) / workers) - first };
}

/** Sizes that a network is laid out for. */
export interface PlanSizes {
  readonly workers: number;
  /** Most sequences in a batch. */
  readonly maxBatch: number;
  /** Most time steps in a sequence. */
  readonly maxSteps: number;
}

/** Floats that packed matrices take. */
type PackedSizes = Pick<Kernels, "packedASize" | "packedBSize">;

/** Hands out memory piece by piece, each on cache lines of its own. */
class Allocator {
  #at: number;

  constructor(from: number) {
    this.#at = from;
  }

  /** Where the next piece begins. */
  get at(): number {
    return this.#at;
  }

  /** Address of room for so many floats. */
  take(floats: number): number {
    const start = this.#at;
    this.#at += Math.ceil((4 * floats) / 64) * 64;
    return start;
  }

  /** Address of room for a row, to which products write whole panels. */
  takeRow(floats: number): number {
    return this.take(Math.ceil(floats / PANEL_COLUMNS) * PANEL_COLUMNS);
  }
}

/**
 * Lays out a network.
 *
 * @param packedSizes The kernels, which know what they pack to.
 */
export function planNetwork(
  spec: NetworkSpec,
  sizes: PlanSizes,
  packedSizes: PackedSizes,
): Plan {
  const { workers, maxBatch } = sizes;
  const sized = sizedLayers(spec);
  // The first page stays empty: an address of 0 is always a mistake.
  const memory = new Allocator(PAGE_BYTES);
  const { weights, weightFloats } = placeWeights(spec);
  const weightsAt = memory.take(weightFloats);
  const gradientsAt = memory.take(weightFloats * workers);
  const slotsAt = [
    memory.take(weightFloats),
    memory.take(weightFloats),
  ] as const;
  const averageAt = memory.take(weightFloats);
  const controlAt = memory.take(256);
  const resetsAt = memory.take(maxBatch);
  const layerWeights = placeMatrices(
    spec,
    sized,
    weights,
    (k, n) => memory.take(packedSizes.packedBSize(n, k)),
  );
  const streams = sized.map(({ outputSize }) => ({
    output: memory.takeRow(outputSize),
    gates: memory.takeRow(4 * outputSize),
    state: memory.takeRow(outputSize),
    tanhState: memory.takeRow(outputSize),
  }));
  const streamInput = memory.takeRow(spec.input.size);
  const streamFactor = memory.take(mostFeatures(spec));
  const streamId = memory.take(1);
  const streamOffsets = memory.take(4);
  const streamPairs = memory.take(spec.relations?.most ?? 0);
  const streamScratch = memory.take(ROW_ARGUMENT_BYTES / 4);
  const streamCells = memory.take(CELL_ARGUMENT_BYTES / 4);
  const arenasAt = memory.at;
  const { activations, ...arena } = planArena(spec, sized, sizes, packedSizes);
  return {
    spec,
    ...sizes,
    layers: sized.map((layer, i) => ({
      ...layer,
      ...layerWeights[i],
      ...activations[i]!,
      stream: streams[i]!,
    })),
    weights,
    weightFloats,
    weightsAt,
    gradientsAt,
    slotsAt,
    averageAt,
    matrices: layerWeights.flatMap(({ kernel, recurrent }) =>
      [kernel, recurrent].filter((matrix) => matrix !== undefined)
    ),
    controlAt,
    resetsAt,
    streamInput,
    streamFactor,
    streamId,
    streamOffsets,
    streamPairs,
    streamScratch,
    streamCells,
    arenasAt,
    ...arena,
    totalBytes: arenasAt + workers * arena.arenaBytes,
  };
}

/** Places the weights one after another in their block. */
function placeWeights(
  spec: NetworkSpec,
): Pick<Plan, "weights" | "weightFloats"> {
  let weightFloats = 0;
  const weights = weightsOf(spec).map((weight): PlacedWeight => {
    const offset = 4 * weightFloats;
    const size = sizeOf(weight.shape);
    // Padded so that whole vectors and panels can be read at the end.
    weightFloats += Math.ceil(size / 32) * 32;
    return { ...weight, offset, size };
  });
  return { weights, weightFloats };
}

/**
 * Each layer's weights, its matrices with room for them packed.
 *
 * @param takePacked Takes room for a packed matrix [k, n].
 */
function placeMatrices(
  spec: NetworkSpec,
  sized: readonly SizedLayer[],
  weights: readonly PlacedWeight[],
  takePacked: (k: number, n: number) => number,
): Pick<PlannedLayer, "kernel" | "bias" | "recurrent">[] {
  const byName = new Map(weights.map((weight) => [weight.name, weight]));
  const matrix = (
    name: string,
    uses: { forward: boolean; backward: boolean },
  ): PackedMatrix => {
    const weight = byName.get(name)!;
    const [k, n] = weight.shape as readonly [number, number];
    const packed = uses.forward ? takePacked(k, n) : 0;
    const transposed = uses.backward ? takePacked(n, k) : 0;
    return { weight, k, n, packed, transposed };
  };
  const firstTrainable = sized.findIndex(({ layer }) =>
    layer.kind !== "dropout"
  );
  return sized.map(({ layer }, i) => {
    if (layer.kind === "dropout") return {};
    const isFirst = i === firstTrainable;
    const kernel = matrix(`${layer.name}/kernel`, {
      forward: !(isFirst && spec.input.kind !== "dense"),
      backward: !isFirst,
    });
    const bias = byName.get(`${layer.name}/bias`)!;
    if (layer.kind === "dense") return { kernel, bias };
    const uses = { forward: true, backward: true };
    const recurrent = matrix(`${layer.name}/recurrent_kernel`, uses);
    return { kernel, bias, recurrent };
  });
}

/** Places of a layer's activations in an arena. */
type Activations = Pick<
  PlannedLayer,
  "output" | "gradient" | "gates" | "states" | "tanhStates" | "stateGradient"
>;

/** Places of a whole arena. */
type Arena =
  & Pick<Plan, "arenaBytes" | "inputs" | "inputOffsets" | "factors" | "targets">
  & Pick<Plan, "pairs" | "pairOffsets">
  & Pick<Plan, "packedA" | "packedB" | "scratch" | "cells">
  & { readonly activations: readonly Activations[] };

/** Lays out a worker's arena: what it needs for its rows of the batch. */
function planArena(
  spec: NetworkSpec,
  sized: readonly SizedLayer[],
  { workers, maxBatch, maxSteps }: PlanSizes,
  packedSizes: PackedSizes,
): Arena {
  const arena = new Allocator(0);
  const shards = Array.from(
    { length: workers },
    (_, w) => shardOf(maxBatch, workers, w).count,
  );
  const rows = Math.max(...shards, 1);
  const all = rows * maxSteps;
  // A row's products and vectors may reach past its end by less than 32 floats.
  const slack = 4 * PANEL_COLUMNS;
  const activations = sized.map(
    ({ layer, outputSize, lastStepOnly }): Activations => {
      const steps = lastStepOnly ? rows : all;
      const isLstm = layer.kind === "lstm";
      return {
        output: arena.take((steps + (isLstm ? rows : 0)) * outputSize + slack),
        gradient: arena.take(steps * outputSize + slack),
        gates: isLstm ? arena.take(all * 4 * outputSize + slack) : 0,
        states: isLstm ? arena.take((all + rows) * outputSize + slack) : 0,
        tanhStates: isLstm ? arena.take(all * outputSize + slack) : 0,
        stateGradient: isLstm ? arena.take(rows * outputSize) : 0,
      };
    },
  );
  const top = sized[sized.length - 1]!;
  const features = mostFeatures(spec);
  const inputs = arena.take(all * features);
  const inputOffsets = arena.take(all + 1);
  const factors = arena.take(
    all * (spec.input.kind === "sparse" ? features : 1),
  );
  const pairs = arena.take(all * (spec.relations?.most ?? 0));
  const pairOffsets = arena.take(all + 1);
  const classes = spec.loss === "softmax" ? 1 : top.outputSize;
  const targets = arena.take(all * classes);
  const packed = packedFloatsOf(sized, rows, all, packedSizes);
  const packedA = arena.take(packed.a);
  const packedB = arena.take(packed.b);
  const scratch = arena.take(SCRATCH_BYTES / 4);
  const cells = arena.take(CELL_ARGUMENT_BYTES / 4);
  const arenaBytes = Math.ceil(arena.at / 4096) * 4096;
  return {
    ...{ activations, arenaBytes, inputs, inputOffsets, factors, targets },
    ...{ pairs, pairOffsets },
    ...{ packedA, packedB, scratch, cells },
  };
}

/**
 * The most floats that a product's packed matrices take.
 *
 * @param rows Most rows of one time step, `all` of all steps.
 */
function packedFloatsOf(
  sized: readonly SizedLayer[],
  rows: number,
  all: number,
  { packedASize, packedBSize }: PackedSizes,
): { a: number; b: number } {
  let a = 0, b = 0;
  const roomA = (m: number, k: number) => {
    a = Math.max(a, packedASize(m, k), mostPackedFloats(m, k));
  };
  for (const { layer, inputSize, outputSize, lastStepOnly } of sized) {
    if (layer.kind === "dropout") continue;
    const steps = lastStepOnly ? rows : all;
    const width = layer.kind === "lstm" ? 4 * outputSize : outputSize;
    roomA(Math.min(steps, rowsPerBlock(inputSize)), inputSize);
    roomA(Math.min(steps, rowsPerBlock(width)), width);
    roomA(Math.max(inputSize, outputSize), steps);
    roomA(rows, width);
    b = Math.max(b, packedBSize(width, steps));
  }
  return { a, b };
}
