/** Matrix products by the project's own machine code, see `product.ts`. */
import {
  type MatrixProducts,
  type Packing,
  type Product,
  rowsPerBlock,
} from "../products.ts";
import type { MachineCode } from "./code.ts";
import { ArgumentBlock } from "./machine.ts";
import { NativePacking, PACKING_ARGUMENT_BYTES } from "./packing.ts";
import {
  ARGUMENT_BYTES,
  ARGUMENTS,
  MASK_AT,
  TILE_COLUMNS,
  TILE_ROWS,
} from "./product.ts";

/** Bytes of scratch that products need. */
export const SCRATCH_BYTES = ARGUMENT_BYTES + PACKING_ARGUMENT_BYTES;

/** See {@linkcode MatrixProducts}. */
export class NativeProducts implements MatrixProducts {
  readonly #packedA: number;
  readonly #arguments: ArgumentBlock<typeof ARGUMENTS[number]>;
  readonly #mask: Int32Array;
  readonly #call: () => void;
  readonly #packing: NativePacking;

  /**
   * @param packedA Room for the packed A.
   * @param scratch Room for {@linkcode SCRATCH_BYTES}.
   */
  constructor(
    code: Pick<MachineCode, "product" | "packBAndSum">,
    memory: WebAssembly.Memory,
    packedA: number,
    scratch: number,
  ) {
    this.#packedA = packedA;
    this.#arguments = new ArgumentBlock(ARGUMENTS, memory, scratch);
    const mask = scratch + MASK_AT;
    this.#mask = new Int32Array(memory.buffer, mask, TILE_COLUMNS);
    this.#call = this.#arguments.caller(code.product);
    const more = scratch + ARGUMENT_BYTES;
    this.#packing = new NativePacking(code.packBAndSum, memory, more);
  }

  multiply(product: Product): void {
    const { m, n, k, a, b, c, start } = product;
    const { transposed = false, depthB = k, bias = 0 } = product;
    const { words, word } = this.#arguments, mask = this.#mask;
    const pairs = Math.floor(n / (2 * TILE_COLUMNS));
    const rest = n - 2 * TILE_COLUMNS * pairs;
    const last = (rest - 1) % TILE_COLUMNS;
    for (let j = 0; j < TILE_COLUMNS; j++) mask[j] = j <= last ? -1 : 0;
    words[word.pairs] = pairs;
    words[word.restPanels] = Math.ceil(rest / TILE_COLUMNS);
    words[word.depth] = k;
    words[word.strideA] = 4 * (transposed ? m : k);
    words[word.transposed] = transposed ? 1 : 0;
    words[word.packedA] = this.#packedA;
    words[word.panelA] = 4 * TILE_ROWS * k;
    words[word.b] = b;
    words[word.panelB] = 4 * TILE_COLUMNS * depthB;
    words[word.rowC] = 4 * n;
    words[word.start] = start;
    words[word.bias] = bias;
    const block = transposed ? m : rowsPerBlock(k);
    for (let row = 0; row < m; row += block) {
      words[word.rows] = Math.min(block, m - row);
      words[word.a] = a + 4 * row * k;
      words[word.c] = c + 4 * row * n;
      this.#call();
    }
  }

  packBAndSum(packing: Packing): void {
    this.#packing.pack(packing);
  }
}
