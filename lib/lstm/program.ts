/** The code that a network runs, and what computes with it in one thread. */
import { type Cells, WasmCells } from "./cells.ts";
import type { Kernels } from "./kernels.ts";
import { NativeCells } from "./native/cells.ts";
import type { MachineCode } from "./native/machine.ts";
import { NativeProducts } from "./native/products.ts";
import { NativeRows } from "./native/rows.ts";
import type { Plan } from "./plan.ts";
import { type MatrixProducts, WasmProducts } from "./products.ts";
import { type Rows, WasmRows } from "./rows.ts";

/** The code that a network runs, the same for all its threads. */
export interface Program {
  /** The kernels. */
  readonly module: WebAssembly.Module;
  /** Machine code for products and gates, where it is to be used. */
  readonly native?: MachineCode | undefined;
}

/** One thread's kernels and the memory they work in. */
export interface Instance {
  readonly program: Program;
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
}

/**
 * Products by machine code where the program has it, else by WebAssembly.
 *
 * @param packedA Where A is packed.
 * @param scratch Room for `SCRATCH_BYTES`.
 */
export function makeProducts(
  { program: { native }, kernels, memory }: Instance,
  packedA: number,
  scratch: number,
): MatrixProducts {
  return native === undefined
    ? new WasmProducts(kernels, packedA, scratch)
    : new NativeProducts(native, memory, packedA, scratch);
}

/**
 * Time steps by machine code where the program has it, else by WebAssembly.
 *
 * @param scratch Room for `CELL_ARGUMENT_BYTES`.
 */
export function makeCells(
  { program: { native }, kernels, memory }: Instance,
  scratch: number,
): Cells {
  return native === undefined
    ? new WasmCells(kernels)
    : new NativeCells(native, memory, scratch);
}

/** Computes with single rows: by machine code where the program has it. */
export function makeRows(
  { program: { native }, kernels, memory }: Instance,
  { streamFactor, streamOffsets, streamScratch }: Plan,
): Rows {
  const { buffer } = memory;
  const wasm = new WasmRows(kernels, buffer, streamFactor, streamOffsets);
  return native === undefined
    ? wasm
    : new NativeRows(native, wasm, memory, streamScratch);
}
