/** Matrix products by the project's own machine code, see `product.ts`. */
import {
  type MatrixProducts,
  type Packing,
  type Product,
  rowsPerBlock,
} from "../products.ts";
import { ArgumentBlock, type MachineCode } from "./machine.ts";
import { NativePacking, PACKING_ARGUMENT_BYTES } from "./packing.ts";
import {
  ARGUMENT_BYTES,
  ARGUMENTS,
  MASK_AT,
  packedFloats,
  PANEL_COLUMNS,
} from "./product.ts";
import { AVX2_TILE } from "./tile.ts";
import { AVX512_TILE } from "./wide_tile.ts";

/** Bytes of scratch that products need. */
export const SCRATCH_BYTES = ARGUMENT_BYTES + PACKING_ARGUMENT_BYTES;

/** Floats of the packed A [rows, depth], whichever the machine code. */
export function mostPackedFloats(rows: number, depth: number): number {
  return Math.max(
    ...[AVX2_TILE, AVX512_TILE].map((tile) => packedFloats(tile, rows, depth)),
  );
}

/** See {@linkcode MatrixProducts}. */
export class NativeProducts implements MatrixProducts {
  /** Columns of a vector of C. */
  readonly #columns: number;
  readonly #tileRows: number;
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
    code: Pick<MachineCode, "vectorBytes" | "product" | "packBAndSum">,
    memory: WebAssembly.Memory,
    packedA: number,
    scratch: number,
  ) {
    this.#packedA = packedA;
    this.#arguments = new ArgumentBlock(ARGUMENTS, memory, scratch);
    this.#columns = code.vectorBytes / 4;
    this.#tileRows = (code.vectorBytes === 32 ? AVX2_TILE : AVX512_TILE).rows;
    const mask = scratch + MASK_AT;
    this.#mask = new Int32Array(memory.buffer, mask, this.#columns);
    this.#call = this.#arguments.caller(code.product);
    const more = scratch + ARGUMENT_BYTES;
    this.#packing = new NativePacking(code.packBAndSum, memory, more);
  }

  multiply(product: Product): void {
    const { m, n, k, a, b, c, start } = product;
    const { transposed = false, depthB = k, bias = 0 } = product;
    const { words, word } = this.#arguments, columns = this.#columns;
    const pairs = Math.floor(n / (2 * columns)), rest = n - 2 * columns * pairs;
    const last = 1 + (rest - 1) % columns;
    this.#mask.fill(-1, 0, last).fill(0, last);
    const panelB = 4 * PANEL_COLUMNS * depthB;
    words[word.pairs] = pairs;
    words[word.restVectors] = Math.ceil(rest / columns);
    words[word.lastPanel] = panelB * Math.floor((rest - 1) / PANEL_COLUMNS);
    words[word.depth] = k;
    words[word.strideA] = 4 * (transposed ? m : k);
    words[word.transposed] = transposed ? 1 : 0;
    words[word.packedA] = this.#packedA;
    words[word.panelA] = 4 * this.#tileRows * k;
    words[word.b] = b;
    words[word.panelB] = panelB;
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
