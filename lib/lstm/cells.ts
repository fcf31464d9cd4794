/**
 * The gates and states of one time step of an LSTM: by WebAssembly here, by
 * machine code in `native/`. Both round alike.
 *
 * b rows, U units; addresses are in bytes.
 */
import type { Kernels } from "./kernels.ts";

/** Where one time step of an LSTM lies. */
export interface CellStep {
  /** b */
  readonly rows: number;
  /** U */
  readonly units: number;
  /** [b, 4U] in the order i, f, c, o: pre-activations, which become gates. */
  readonly gates: number;
  /** [b, U], the states before the step. */
  readonly cBefore: number;
  /** [b, U], the states after it, written. */
  readonly c: number;
  /** [b, U], the tanh of `c`, written. */
  readonly tanhC: number;
  /** [b, U], the output, written. */
  readonly h: number;
}

/** Where the gradient of one time step of an LSTM lies. */
export interface CellGradient {
  /** b */
  readonly rows: number;
  /** U */
  readonly units: number;
  /** [b, 4U]: gates, which become the gradient of the pre-activations. */
  readonly gates: number;
  /** [b, U], as {@linkcode CellStep} has it. */
  readonly cBefore: number;
  /** [b, U], as {@linkcode CellStep} has it. */
  readonly tanhC: number;
  /** [b, U], the gradient of the output. */
  readonly dh: number;
  /** [b, U]: the gradient of the states after the step, becomes that before. */
  readonly dc: number;
}

/** Computes time steps in one thread's share of a network's memory. */
export interface Cells {
  /** One time step. */
  forward(step: CellStep): void;
  /** Its gradient. */
  backward(gradient: CellGradient): void;
}

/** Time steps by the WebAssembly kernels, on every machine. */
export class WasmCells implements Cells {
  readonly #kernels: Kernels;

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
  }

  forward({ rows, units, gates, cBefore, c, tanhC, h }: CellStep): void {
    this.#kernels.lstmForward(rows, units, gates, cBefore, c, tanhC, h);
  }

  backward({ rows, units, gates, cBefore, tanhC, dh, dc }: CellGradient): void {
    this.#kernels.lstmBackward(rows, units, gates, cBefore, tanhC, dh, dc);
  }
}
