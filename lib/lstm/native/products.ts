/** Matrix products by the project's own machine code, see `product.ts`. */
import { type MatrixProducts, rowsPerBlock } from "../products.ts";
import {
  addressOf,
  caller,
  type CodeAddress,
  install,
  whyNoMachineCode,
} from "./machine.ts";
import {
  ARGUMENTS,
  MASK_AT,
  productCode,
  TILE_COLUMNS,
  TILE_ROWS,
} from "./product.ts";

/** Machine code at hand, or why there is none. */
export type MachineCode =
  | { readonly address: CodeAddress }
  | { readonly address?: undefined; readonly reason: string };

let installed: MachineCode | undefined;

/** Installs the product's machine code, once a process. */
export function machineCode(): MachineCode {
  if (installed) return installed;
  const reason = whyNoMachineCode();
  return installed = reason === undefined
    ? { address: install(productCode()) }
    : { reason };
}

/** Indices of the arguments' lower 32 bits; the upper are 0 but for `base`. */
const AT = Object.fromEntries(
  ARGUMENTS.map((name, i) => [name, 2 * i]),
) as Record<typeof ARGUMENTS[number], number>;

/** See {@linkcode MatrixProducts}. */
export class NativeProducts implements MatrixProducts {
  readonly #packed: number;
  readonly #arguments: Uint32Array;
  readonly #mask: Int32Array;
  readonly #call: () => void;

  /**
   * @param packed Where A is packed.
   * @param scratch Room for the arguments.
   */
  constructor(
    code: CodeAddress,
    memory: WebAssembly.Memory,
    packed: number,
    scratch: number,
  ) {
    this.#packed = packed;
    const { buffer } = memory;
    this.#arguments = new Uint32Array(buffer, scratch, MASK_AT / 4);
    this.#arguments.fill(0);
    this.#mask = new Int32Array(buffer, scratch + MASK_AT, TILE_COLUMNS);
    new BigUint64Array(buffer, scratch, 1)[0] = addressOf(memory);
    this.#call = caller(code, memory, scratch);
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
    const args = this.#arguments, mask = this.#mask;
    const pairs = Math.floor(n / (2 * TILE_COLUMNS));
    const rest = n - 2 * TILE_COLUMNS * pairs;
    const last = (rest - 1) % TILE_COLUMNS;
    for (let j = 0; j < TILE_COLUMNS; j++) mask[j] = j <= last ? -1 : 0;
    args[AT.pairs] = pairs;
    args[AT.restPanels] = Math.ceil(rest / TILE_COLUMNS);
    args[AT.depth] = k;
    args[AT.strideA] = 4 * (transposed ? m : k);
    args[AT.transposed] = transposed ? 1 : 0;
    args[AT.packedA] = this.#packed;
    args[AT.panelA] = 4 * TILE_ROWS * k;
    args[AT.b] = b;
    args[AT.panelB] = 4 * TILE_COLUMNS * depthB;
    args[AT.rowC] = 4 * n;
    args[AT.tileC] = 4 * TILE_ROWS * n;
    args[AT.start] = start;
    args[AT.bias] = bias;
    const block = transposed ? m : rowsPerBlock(k);
    for (let row = 0; row < m; row += block) {
      args[AT.rows] = Math.min(block, m - row);
      args[AT.a] = a + 4 * row * k;
      args[AT.c] = c + 4 * row * n;
      this.#call();
    }
  }
}
