/**
 * The matrix products of a training step, C = A·B with B in packed panels: by
 * WebAssembly here, by machine code in `native/`. Both round alike. Addresses
 * are in bytes.
 */
import type { Kernels } from "./kernels.ts";

/** A product C [m, n] = start + A [m, k]·B [k, n]; C's rows lie end to end. */
export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** A, or if `transposed` its transpose [k, m]. */
  readonly a: number;
  /** @default false */
  readonly transposed?: boolean;
  /** The first row that counts in B's first packed panel. */
  readonly b: number;
  /** Rows of a packed panel of B, of which k count. @default k */
  readonly depthB?: number;
  readonly c: number;
  /** What sums start with, one of `START`. */
  readonly start: number;
  /** The row [n] that sums start with where `start` is `START.bias`. */
  readonly bias?: number;
}

/** A matrix B [k, n] to be packed. */
export interface Packing {
  readonly k: number;
  readonly n: number;
  readonly b: number;
  /** Where its panels of k rows go. */
  readonly packed: number;
  /** Where the sums [n] of its columns go. */
  readonly sums: number;
}

/** Computes products in one thread's share of a network's memory. */
export interface MatrixProducts {
  /** Computes a product. */
  multiply(product: Product): void;
  /** Packs B and sums its columns. */
  packBAndSum(packing: Packing): void;
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
  readonly #packedA: number;
  readonly #scratch: number;

  /**
   * @param packedA Where A is packed.
   * @param scratch Room for a tile at C's edge.
   */
  constructor(kernels: Kernels, packedA: number, scratch: number) {
    this.#kernels = kernels;
    this.#packedA = packedA;
    this.#scratch = scratch;
  }

  multiply(product: Product): void {
    const { m, n, k, a, b, c, start } = product;
    const { transposed = false, depthB = k, bias = 0 } = product;
    const kernels = this.#kernels, packedA = this.#packedA;
    const scratch = this.#scratch;
    const block = transposed ? m : rowsPerBlock(k);
    for (let row = 0; row < m; row += block) {
      const rows = Math.min(block, m - row), to = c + 4 * row * n;
      if (transposed) kernels.packATransposed(m, k, a, m, packedA);
      else kernels.packA(rows, k, a + 4 * row * k, k, packedA);
      kernels.product(
        rows,
        n,
        k,
        packedA,
        b,
        depthB,
        to,
        n,
        start,
        bias,
        scratch,
      );
    }
  }

  packBAndSum({ k, n, b, packed, sums }: Packing): void {
    this.#kernels.packBAndSum(k, n, b, packed, sums);
  }
}
