/**
 * The matrix products of a training step, C = A·B with B in packed panels: by
 * WebAssembly here, by machine code in `native/`. Both round alike.
 */
import type { Kernels } from "./kernels.ts";

/** Computes products in one thread's share of a network's memory. */
export interface MatrixProducts {
  /**
   * C [m, n] = start + A [m, k]·B [k, n], rows of C following each other.
   *
   * @param a Address of A, or if `transposed` of its transpose [k, m].
   * @param b Address of B's packed panels, of `depthB` ≥ k rows each; those
   * from `b` on count.
   * @param start One of `START`.
   * @param bias Address of the row [n] that sums start with, if they do.
   */
  multiply(
    m: number,
    n: number,
    k: number,
    a: number,
    transposed: boolean,
    b: number,
    depthB: number,
    c: number,
    start: number,
    bias?: number,
  ): void;

  /** Packs B [k, n] to panels of k rows; sums [n] = the sums of its columns. */
  packBAndSum(k: number, n: number, b: number, out: number, sums: number): void;
}

/**
 * Rows of A in a block whose packed panels fit the second-level cache: whole
 * panels of 5 and of 6.
 */
export function rowsPerBlock(k: number): number {
  return Math.max(30, Math.floor(65536 / k / 30) * 30);
}

/** Products by the WebAssembly kernels, on every machine. */
export class WasmProducts implements MatrixProducts {
  readonly #kernels: Kernels;
  readonly #packed: number;
  readonly #scratch: number;

  /**
   * @param packed Where A is packed.
   * @param scratch Room for a tile at C's edge.
   */
  constructor(kernels: Kernels, packed: number, scratch: number) {
    this.#kernels = kernels;
    this.#packed = packed;
    this.#scratch = scratch;
  }

  multiply(
    m: number,
    n: number,
    k: number,
    a: number,
    transposed: boolean,
    b: number,
    depthB: number,
    c: number,
    start: number,
    bias = 0,
  ): void {
    const kernels = this.#kernels, packed = this.#packed;
    const block = transposed ? m : rowsPerBlock(k);
    for (let row = 0; row < m; row += block) {
      const rows = Math.min(block, m - row);
      if (transposed) kernels.packATransposed(m, k, a, m, packed);
      else kernels.packA(rows, k, a + 4 * row * k, k, packed);
      kernels.product(
        rows,
        n,
        k,
        packed,
        b,
        depthB,
        c + 4 * row * n,
        n,
        start,
        bias,
        this.#scratch,
      );
    }
  }

  packBAndSum(
    k: number,
    n: number,
    b: number,
    out: number,
    sums: number,
  ): void {
    this.#kernels.packBAndSum(k, n, b, out, sums);
  }
}
