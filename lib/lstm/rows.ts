/**
 * What is done to a single row when a network generates: by WebAssembly here, by
 * machine code in `native/`. Both round alike. Addresses are in bytes.
 */
import { type Kernels, START } from "./kernels.ts";

/** y [n] = from [n] + x [k]·B [k, n], of packed B; rows are padded to whole panels. */
export interface RowProduct {
  readonly n: number;
  readonly k: number;
  readonly x: number;
  readonly b: number;
  /** May be y. */
  readonly from: number;
  readonly y: number;
}

/** y [n] = from [n] + the rows of a table [·, n] that some ids name. */
export interface RowSum {
  readonly n: number;
  readonly count: number;
  /** Where the ids lie, 32 bits each. */
  readonly ids: number;
  readonly table: number;
  readonly from: number;
  readonly y: number;
}

/** Computes with single rows. */
export interface Rows {
  /** Computes a product. */
  multiply(product: RowProduct): void;
  /** Computes a sum. */
  sum(sum: RowSum): void;
}

/** Rows by the WebAssembly kernels, on every machine. */
export class WasmRows implements Rows {
  readonly #kernels: Kernels;
  readonly #ones: number;
  readonly #offsets: number;
  readonly #counts: Int32Array;

  /**
   * @param ones Where as many ones lie as a sum has ids at most.
   * @param offsets Room for two numbers of 32 bits.
   */
  constructor(
    kernels: Kernels,
    buffer: ArrayBufferLike,
    ones: number,
    offsets: number,
  ) {
    this.#kernels = kernels;
    this.#ones = ones;
    this.#offsets = offsets;
    this.#counts = new Int32Array(buffer, offsets, 2);
  }

  multiply({ n, k, x, b, from, y }: RowProduct): void {
    const start = from === y ? START.add : START.bias;
    this.#kernels.rowProduct(n, k, x, b, y, start, from);
  }

  sum({ n, count, ids, table, from, y }: RowSum): void {
    this.#counts[1] = count;
    this.#kernels.gatherSets(
      ...[1, n, count, this.#offsets, ids, this.#ones, table, from, y] as const,
    );
  }
}
