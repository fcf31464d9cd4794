/**
 * A batch on its way to the GPU: checked and laid out time-major as the CPU's
 * engine does it, and for hot input the places of each id, by which gradients are
 * gathered.
 */
import {
  type BatchLayout,
  loadBatch,
  type NetworkBatch,
  type NetworkSpec,
  sizedLayers,
} from "../lstm/lstm.ts";
import type { Gpu, Slice } from "./device.ts";

/** Parts of a batch, each where its bytes begin. */
type Part =
  | "inputs"
  | "inputOffsets"
  | "pairs"
  | "pairOffsets"
  | "targets"
  | "resets"
  | "begins"
  | "places";

/** The most values that a step of input has. */
export function mostFeatures({ input }: NetworkSpec): number {
  if (input.kind === "onehot") return 1;
  return input.kind === "sparse" ? input.most : input.size;
}

/** Room for a batch here and on the GPU. */
export class BatchMemory {
  readonly #spec: NetworkSpec;
  readonly #gpu: Gpu;
  readonly #layout: BatchLayout;
  readonly #at: Readonly<Record<Part, number>>;
  readonly #sizes: Readonly<Record<Part, number>>;
  readonly #staging: ArrayBuffer;
  readonly #buffer: GPUBuffer;
  /** Where the next place of each id goes. */
  readonly #next: Uint32Array;

  /** @param createBuffer Makes a buffer of so many bytes. */
  constructor(
    gpu: Gpu,
    spec: NetworkSpec,
    { maxBatch, maxSteps }: { maxBatch: number; maxSteps: number },
    createBuffer: (bytes: number, what: string) => GPUBuffer,
  ) {
    this.#gpu = gpu;
    this.#spec = spec;
    const layers = sizedLayers(spec), top = layers.at(-1)!;
    const all = maxBatch * maxSteps, hot = all * mostFeatures(spec);
    const classes = spec.loss === "softmax" ? 1 : top.outputSize;
    const isHot = spec.input.kind !== "dense";
    this.#sizes = {
      inputs: hot,
      inputOffsets: all + 1,
      pairs: all * (spec.relations?.most ?? 0),
      pairOffsets: all + 1,
      targets: all * classes,
      resets: maxBatch,
      begins: isHot ? spec.input.size + 1 : 0,
      places: isHot ? hot : 0,
    };
    let end = 0;
    const at = { ...this.#sizes };
    for (const part of Object.keys(at) as Part[]) {
      at[part] = end;
      end += Math.ceil(4 * Math.max(1, this.#sizes[part]) / 256) * 256;
    }
    this.#at = at;
    this.#buffer = createBuffer(end, "a batch");
    this.#staging = new ArrayBuffer(end);
    this.#next = new Uint32Array(this.#sizes.begins);
    this.#layout = {
      ...{ spec, layers, maxBatch, maxSteps, ...at },
      ...{ workers: 1, arenasAt: 0, arenaBytes: 0 },
    };
    if (spec.input.kind === "onehot") {
      this.#view("inputOffsets").forEach((_, r, all) => all[r] = r);
      this.#send("inputOffsets", all + 1);
    }
  }

  /** A part on the GPU. */
  slice(part: Part): Slice {
    const offset = this.#at[part], size = 4 * Math.max(1, this.#sizes[part]);
    return { buffer: this.#buffer, offset, size };
  }

  #view(part: Part): Int32Array {
    return new Int32Array(this.#staging, this.#at[part], this.#sizes[part]);
  }

  #send(part: Part, count: number): void {
    const at = this.#at[part];
    if (count === 0) return;
    this.#gpu.device.queue
      .writeBuffer(this.#buffer, at, this.#staging, at, 4 * count);
  }

  /**
   * Sends a batch to the GPU.
   *
   * @param uses What it is for: with its gradients, and with carried states.
   * @returns Targets that count.
   * @throws {RangeError} When the batch does not fit the network.
   */
  load(
    batch: NetworkBatch,
    uses: { readonly gradients: boolean; readonly carry: boolean },
  ): number {
    const { input, loss, relations } = this.#spec;
    const counted = loadBatch(this.#layout, this.#staging, batch);
    const rows = batch.size * batch.steps;
    const offsets = this.#view("inputOffsets");
    const hot = input.kind === "dense" ? rows * input.size : offsets[rows]!;
    this.#send("inputs", hot);
    if (input.kind === "sparse") this.#send("inputOffsets", rows + 1);
    if (relations) {
      this.#send("pairs", this.#view("pairOffsets")[rows]!);
      this.#send("pairOffsets", rows + 1);
    }
    const top = this.#layout.layers.at(-1)!;
    const targetRows = top.lastStepOnly ? batch.size : rows;
    this.#send(
      "targets",
      targetRows * (loss === "softmax" ? 1 : top.outputSize),
    );
    if (uses.carry) {
      const resets = this.#view("resets").fill(0);
      if (batch.resets) resets.set(batch.resets);
      this.#send("resets", batch.size);
    }
    if (uses.gradients && input.kind !== "dense") this.#loadPlaces(rows);
    return counted;
  }

  /** Lists, id after id, where it is hot, see `SCATTER`. */
  #loadPlaces(rows: number): void {
    const begins = this.#view("begins").fill(0), places = this.#view("places");
    const ids = this.#view("inputs"), offsets = this.#view("inputOffsets");
    const most = mostFeatures(this.#spec), hot = offsets[rows]!;
    for (let i = 0; i < hot; i++) begins[ids[i]! + 1]!++;
    for (let id = 1; id < begins.length; id++) begins[id]! += begins[id - 1]!;
    const next = this.#next;
    next.set(begins);
    for (let r = 0; r < rows; r++) {
      const first = offsets[r]!;
      for (let i = first; i < offsets[r + 1]!; i++) {
        places[next[ids[i]!]!++] = r * most + i - first;
      }
    }
    this.#send("begins", begins.length);
    this.#send("places", hot);
  }
}
