/**
 * Where everything a network computes with lies in memory, decided once, so
 * that a step allocates nothing. Addresses are in bytes.
 *
 * B batch rows, T time steps, I input size, U units, N output size.
 */
import { type Kernels, PAGE_BYTES, PANEL_COLUMNS } from "./kernels.ts";
import { CELL_ARGUMENT_BYTES } from "./native/cells.ts";
import { packedFloats } from "./native/product.ts";
import { SCRATCH_BYTES } from "./native/products.ts";
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

/** A layer's places; those of activations are relative to a worker's arena. */
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
  /** Absolute places for generating a single sequence, one row each. */
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
  /** Words by which workers are told what to do, and tell what came of it. */
  readonly controlAt: number;
  /** One byte a batch row: 1 where a carried state is to begin anew. */
  readonly resetsAt: number;
  /** Arena of worker w: `arenasAt` + w·`arenaBytes`. */
  readonly arenasAt: number;
  readonly arenaBytes: number;
  /** For generating: one row of input, the factor 1 of its hot value, an id. */
  readonly streamInput: number;
  readonly streamFactor: number;
  readonly streamId: number;
  /** Relative to an arena. */
  readonly inputs: number;
  readonly factors: number;
  readonly targets: number;
  readonly packedA: number;
  readonly packedB: number;
  readonly scratch: number;
  readonly cells: number;
  readonly totalBytes: number;
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

/** Lays out a network for at most `maxBatch` sequences of `maxSteps`. */
export function planNetwork(
  spec: NetworkSpec,
  { workers, maxBatch, maxSteps }: {
    workers: number;
    maxBatch: number;
    maxSteps: number;
  },
  sizes: Pick<Kernels, "packedASize" | "packedBSize">,
): Plan {
  const sized = sizedLayers(spec);
  // The first page stays empty: an address of 0 is always a mistake.
  let at = PAGE_BYTES;
  const take = (floats: number): number => {
    const start = at;
    at += Math.ceil((4 * floats) / 64) * 64;
    return start;
  };
  let weightFloats = 0;
  const weights = weightsOf(spec).map((weight): PlacedWeight => {
    const offset = 4 * weightFloats;
    const size = sizeOf(weight.shape);
    // Padded so that whole vectors and panels can be read at the end.
    weightFloats += Math.ceil(size / 32) * 32;
    return { ...weight, offset, size };
  });
  const byName = new Map(weights.map((weight) => [weight.name, weight]));
  const weightsAt = take(weightFloats);
  const gradientsAt = take(weightFloats * workers);
  const slotsAt: [number, number] = [take(weightFloats), take(weightFloats)];
  const averageAt = take(weightFloats);
  const controlAt = take(256);
  const resetsAt = take(maxBatch);

  const matrices: PackedMatrix[] = [];
  const matrix = (name: string, forward: boolean, backward: boolean) => {
    const weight = byName.get(name)!;
    const [k, n] = weight.shape;
    const result: PackedMatrix = {
      weight,
      k,
      n,
      packed: forward ? take(sizes.packedBSize(n, k)) : 0,
      transposed: backward ? take(sizes.packedBSize(k, n)) : 0,
    };
    matrices.push(result);
    return result;
  };
  const firstTrainable = sized.findIndex(({ layer }) =>
    layer.kind !== "dropout"
  );
  const kernels = sized.map(({ layer }, i) => {
    if (layer.kind === "dropout") return {};
    const first = i === firstTrainable;
    const kernel = matrix(
      `${layer.name}/kernel`,
      !(first && spec.input.kind === "onehot"),
      !first,
    );
    const bias = byName.get(`${layer.name}/bias`);
    return layer.kind === "dense" ? { kernel, bias } : {
      kernel,
      bias,
      recurrent: matrix(`${layer.name}/recurrent_kernel`, true, true),
    };
  });

  // Row products write whole panels of 8.
  const panels = (n: number) =>
    take(Math.ceil(n / PANEL_COLUMNS) * PANEL_COLUMNS);
  const streams = sized.map(({ outputSize }) => ({
    output: panels(outputSize),
    gates: panels(4 * outputSize),
    state: panels(outputSize),
    tanhState: panels(outputSize),
  }));
  const streamInput = panels(spec.input.size);
  const streamFactor = take(1);
  const streamId = take(1);
  const arenasAt = at;
  at = 0;
  const rows = Math.max(
    ...Array.from(
      { length: workers },
      (_, w) => shardOf(maxBatch, workers, w).count,
    ),
    1,
  );
  const all = rows * maxSteps;
  // A row's products and vectors may reach past its end by less than 32 floats.
  const slack = 4 * PANEL_COLUMNS;
  let packedA = 0, packedB = 0;
  const roomA = (m: number, k: number) => {
    packedA = Math.max(packedA, sizes.packedASize(m, k), packedFloats(m, k));
  };
  const layers = sized.map((layer, i): PlannedLayer => {
    const { inputSize, outputSize } = layer;
    const steps = layer.lastStepOnly ? rows : all;
    const isLstm = layer.layer.kind === "lstm";
    if (layer.layer.kind !== "dropout") {
      const width = isLstm ? 4 * outputSize : outputSize;
      roomA(Math.min(steps, rowsPerBlock(inputSize)), inputSize);
      roomA(Math.min(steps, rowsPerBlock(width)), width);
      roomA(Math.max(inputSize, outputSize), steps);
      roomA(rows, width);
      packedB = Math.max(packedB, sizes.packedBSize(width, steps));
    }
    return {
      ...layer,
      ...kernels[i],
      output: take((steps + (isLstm ? rows : 0)) * outputSize + slack),
      gradient: take(steps * outputSize + slack),
      gates: isLstm ? take(all * 4 * outputSize + slack) : 0,
      states: isLstm ? take((all + rows) * outputSize + slack) : 0,
      tanhStates: isLstm ? take(all * outputSize + slack) : 0,
      stateGradient: isLstm ? take(rows * outputSize) : 0,
      stream: streams[i],
    };
  });
  const outputSize = sized[sized.length - 1].outputSize;
  const inputs = take(
    all * (spec.input.kind === "onehot" ? 1 : spec.input.size),
  );
  const factors = take(all);
  const targets = take(all * (spec.loss === "softmax" ? 1 : outputSize));
  const packedAAt = take(packedA);
  const packedBAt = take(packedB);
  const scratch = take(SCRATCH_BYTES / 4);
  const cells = take(CELL_ARGUMENT_BYTES / 4);
  const arenaBytes = Math.ceil(at / 4096) * 4096;
  return {
    spec,
    workers,
    maxBatch,
    maxSteps,
    layers,
    weights,
    weightFloats,
    weightsAt,
    gradientsAt,
    slotsAt,
    averageAt,
    matrices,
    controlAt,
    resetsAt,
    streamInput,
    streamFactor,
    streamId,
    arenasAt,
    arenaBytes,
    inputs,
    factors,
    targets,
    packedA: packedAAt,
    packedB: packedBAt,
    scratch,
    cells,
    totalBytes: arenasAt + workers * arenaBytes,
  };
}
