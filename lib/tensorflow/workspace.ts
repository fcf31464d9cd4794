/** The memory and the products of the layer in `lstm_layer.ts`. */
import {
  instantiate,
  type Kernels,
  loadKernels,
  PAGE_BYTES,
  PANEL_COLUMNS,
} from "../lstm/lstm.ts";

const { module } = await loadKernels();

/** A product C [m, n] = start + A [m, k]·B [k, n]; places are addresses. */
export interface LayerProduct {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** What sums start with, one of `START`. */
  readonly start: number;
  /** Which factor lies transposed, A as [k, m] or B as [n, k]. */
  readonly transposed?: "a" | "b";
  /** The row [n] that sums start with where `start` is `START.bias`. */
  readonly bias?: number;
}

/** Memory that one call after another lays out anew; it grows when one needs more. */
export class Workspace {
  readonly #memory = new WebAssembly.Memory({
    initial: 1,
    maximum: 65536,
    shared: true,
  });
  readonly kernels: Kernels = instantiate(module, this.#memory);
  #end = PAGE_BYTES;

  /** Forgets what was laid out. */
  clear(): void {
    this.#end = PAGE_BYTES;
  }

  /** Address of room for so many floats, padded for whole panels. */
  take(floats: number): number {
    const at = this.#end;
    this.#end += 64 * Math.ceil((4 * floats + 4 * 32) / 64);
    const missing = this.#end - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    return at;
  }

  /** Address of a copy. */
  put(values: Float32Array): number {
    const at = this.take(values.length);
    this.floats(at, values.length).set(values);
    return at;
  }

  /** A view of so many floats. */
  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, at, length);
  }

  /** Computes a product. */
  product(product: LayerProduct): void {
    const { m, n, k, a, b, c, start, transposed, bias = 0 } = product;
    const { kernels } = this, before = this.#end;
    const packedA = this.take(kernels.packedASize(m, k));
    const packedB = this.take(kernels.packedBSize(n, k));
    const scratch = this.take(64);
    const panels = Math.ceil(n / PANEL_COLUMNS);
    if (transposed === "a") kernels.packATransposed(m, k, a, m, packedA);
    else kernels.packA(m, k, a, k, packedA);
    if (transposed === "b") {
      kernels.packBTransposed(k, n, b, k, packedB, 0, panels);
    } else kernels.packB(k, n, b, n, packedB, 0, panels);
    kernels.product(
      m,
      n,
      k,
      packedA,
      packedB,
      k,
      c,
      n,
      start,
      bias,
      scratch,
    );
    this.#end = before;
  }
}
