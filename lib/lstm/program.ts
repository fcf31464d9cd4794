import type { MachineCode } from "./native/code.ts";

/** The code that a network runs, the same for all its threads. */
export interface Program {
  /** The kernels. */
  readonly module: WebAssembly.Module;
  /** Machine code for products and gates, where it is to be used. */
  readonly native?: MachineCode;
}
