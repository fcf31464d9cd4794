/**
 * An LSTM's gates and states, forward and backward, as machine code: the
 * operations of `assembly/cells.ts` in the same order, on eight floats (AVX2) or
 * 16 (AVX-512) instead of four, so that all give the same bits.
 */
import type { CellGradient, Cells, CellStep } from "../cells.ts";
import {
  argumentAt,
  type Assembler,
  at,
  CONDITION,
  functionCode,
  Label,
  type MemoryOperand,
  R,
  type VectorBytes,
} from "./assembler.ts";
import { ArgumentBlock, type CodeAddress } from "./machine.ts";

/** See {@linkcode ArgumentBlock}; addresses count from `base`. */
const ARGUMENTS = [
  "base",
  "rows",
  /** Whole vectors in a row, and bytes of the units after them. */
  "vectors",
  "restBytes",
  /** Bytes of U floats. */
  "unitBytes",
  "gates",
  "cBefore",
  "tanhC",
  /** Forward: the state and the output; backward: their gradients. */
  "c",
  "h",
] as const;

/** The mask, a vector, follows the arguments in the next line of the cache. */
const MASK = Math.ceil(ARGUMENTS.length * 8 / 64) * 64;

/** Constants of the code, each a vector of equal floats; they follow the mask. */
const CONSTANTS = {
  high: 87,
  low: -87,
  log2E: 1.44269504,
  rounder: 12582912,
  ln2HighNegative: -0.693359375,
  ln2LowNegative: 2.12194440e-4,
  p6: 1 / 720,
  p5: 1 / 120,
  p4: 1 / 24,
  p3: 1 / 6,
  p2: 0.5,
  one: 1,
  minusTwo: -2,
  minusOne: -1,
} as const;

/** Bytes of the arguments, the mask and the constants, at most. */
export const CELL_ARGUMENT_BYTES = MASK +
  64 * (1 + Object.keys(CONSTANTS).length);

/** Where a constant lies. */
function constant(asm: Assembler, name: keyof typeof CONSTANTS): MemoryOperand {
  const vector = 1 + Object.keys(CONSTANTS).indexOf(name);
  return at(R.rdi, MASK + asm.vectorBytes * vector);
}

// Contents of the registers in the loop over the units of a row.
const GATES = R.rax, O_GATE = R.rcx, C_BEFORE = R.r8, C = R.r9, TANH_C = R.r10;
const H = R.r11, UNIT_BYTES = R.rdx, LEFT = R.rsi, ROWS_LEFT = R.rbx;
const NEXT_GATES = R.rbp;

/** The address of gate i, f, c or o. */
const gate = (index: 0 | 1 | 2 | 3): MemoryOperand =>
  index === 3 ? at(O_GATE) : {
    base: GATES,
    ...index > 0 && { index: UNIT_BYTES, scale: index as 1 | 2 },
  };

/** Stores a vector, or only its floats that belong to the row. */
type Store = (to: MemoryOperand, from: number) => void;

/** Loops over all rows and writes `cell` for each vector of units. */
function rowsOfCells(
  vectorBytes: VectorBytes,
  cell: (asm: Assembler, store: Store) => void,
): Uint8Array<ArrayBuffer> {
  const arg = argumentAt(ARGUMENTS);
  const pointers = [
    [GATES, "gates"],
    [C_BEFORE, "cBefore"],
    [C, "c"],
    [TANH_C, "tanhC"],
    [H, "h"],
  ] as const;
  const saved = [ROWS_LEFT, NEXT_GATES];
  return functionCode(vectorBytes, saved, (asm) => {
    asm.move(UNIT_BYTES, arg("unitBytes"));
    for (const [register, name] of pointers) {
      asm.move(register, arg(name));
      asm.add(register, arg("base"));
    }
    asm.move(ROWS_LEFT, arg("rows"));
    const row = asm.here();
    const whole = new Label(), rest = new Label(), end = new Label();
    asm.address(O_GATE, { base: GATES, index: UNIT_BYTES, scale: 2 });
    asm.add(O_GATE, UNIT_BYTES);
    asm.move(LEFT, arg("vectors"));
    asm.set(whole);
    asm.compareConstant(LEFT, 0);
    asm.jump(rest, CONDITION.equal);
    // Prefetches the next row, most of which is in no near cache.
    asm.address(NEXT_GATES, { base: GATES, index: UNIT_BYTES, scale: 4 });
    asm.prefetch(at(NEXT_GATES));
    for (const scale of [1, 2] as const) {
      asm.prefetch({ base: NEXT_GATES, index: UNIT_BYTES, scale });
    }
    asm.prefetch({ base: O_GATE, index: UNIT_BYTES, scale: 4 });
    for (const base of [C_BEFORE, C, TANH_C, H]) {
      asm.prefetch({ base, index: UNIT_BYTES });
    }
    cell(asm, (to, from) => asm.store(to, from));
    for (const register of [O_GATE, ...pointers.map(([r]) => r)]) {
      asm.addConstant(register, vectorBytes);
    }
    asm.addConstant(LEFT, -1);
    asm.jump(whole);
    asm.set(rest);
    asm.move(LEFT, arg("restBytes"));
    asm.compareConstant(LEFT, 0);
    asm.jump(end, CONDITION.equal);
    cell(asm, (to, from) => {
      asm.load(14, at(R.rdi, MASK));
      asm.storeMasked(to, 14, from);
    });
    for (const [register] of pointers) asm.add(register, LEFT);
    asm.set(end);
    // The gates of the next row follow those of this one.
    asm.address(GATES, { base: GATES, index: UNIT_BYTES, scale: 2 });
    asm.add(GATES, UNIT_BYTES);
    asm.addConstant(ROWS_LEFT, -1);
    asm.jump(row, CONDITION.notEqual);
  });
}

/** Register 3 = e^x of register 0; overwrites 1 and 2; see `assembly/simd.ts`. */
function exp(asm: Assembler): void {
  const [x, t, n, p] = [0, 1, 2, 3] as const;
  asm.load(t, constant(asm, "low"));
  asm.vector("vmaxps", x, t, x);
  asm.load(t, constant(asm, "high"));
  asm.vector("vminps", x, t, x);
  asm.load(t, constant(asm, "rounder"));
  asm.vector("vfmadd231ps", t, x, constant(asm, "log2E"));
  asm.vector("vsubps", n, t, constant(asm, "rounder"));
  asm.vector("vfmadd231ps", x, n, constant(asm, "ln2HighNegative"));
  asm.vector("vfmadd231ps", x, n, constant(asm, "ln2LowNegative"));
  asm.load(p, constant(asm, "p6"));
  for (const name of ["p5", "p4", "p3", "p2", "one", "one"] as const) {
    asm.vector("vfmadd213ps", p, x, constant(asm, name));
  }
  asm.shiftLeft(t, t, 23);
  asm.vector("vpaddd", p, p, t);
}

/** target = sigmoid of register 0. */
function sigmoid(asm: Assembler, target: number): void {
  asm.vector("vmulps", 0, 0, constant(asm, "minusOne"));
  exp(asm);
  asm.vector("vaddps", 3, 3, constant(asm, "one"));
  asm.load(1, constant(asm, "one"));
  asm.vector("vdivps", target, 1, 3);
}

/** target = tanh of register 0. */
function tanh(asm: Assembler, target: number): void {
  asm.vector("vmulps", 0, 0, constant(asm, "minusTwo"));
  exp(asm);
  asm.load(1, constant(asm, "one"));
  asm.vector("vsubps", 1, 1, 3);
  asm.vector("vaddps", 3, 3, constant(asm, "one"));
  asm.vector("vdivps", target, 1, 3);
}

/** Code of {@linkcode Cells.forward}. */
export function forwardCode(
  vectorBytes: VectorBytes,
): Uint8Array<ArrayBuffer> {
  return rowsOfCells(vectorBytes, (asm, store) => {
    const [i, f, g, o, state, t] = [4, 5, 6, 7, 8, 9] as const;
    for (const index of [0, 1, 2, 3] as const) {
      asm.load(0, gate(index));
      (index === 2 ? tanh : sigmoid)(asm, [i, f, g, o][index]!);
    }
    asm.vector("vmulps", state, i, g);
    asm.vector("vfmadd231ps", state, f, at(C_BEFORE));
    asm.copy(0, state);
    tanh(asm, t);
    [i, f, g, o].forEach((register, index) =>
      store(gate(index as 0 | 1 | 2 | 3), register)
    );
    store(at(C), state);
    store(at(TANH_C), t);
    asm.vector("vmulps", o, o, t);
    store(at(H), o);
  });
}

/** Code of {@linkcode Cells.backward}. */
export function backwardCode(
  vectorBytes: VectorBytes,
): Uint8Array<ArrayBuffer> {
  return rowsOfCells(vectorBytes, (asm, store) => {
    const [i, f, g, o, t, d, dState, one, x, y] = [
      ...[4, 5, 6, 7, 8, 9, 10, 11, 0, 1],
    ] as const;
    asm.load(one, constant(asm, "one"));
    [i, f, g, o].forEach((register, index) =>
      asm.load(register!, gate(index as 0 | 1 | 2 | 3))
    );
    asm.load(t, at(TANH_C));
    asm.load(d, at(H));
    const multiply = (target: number, a: number, b: number | MemoryOperand) =>
      asm.vector("vmulps", target, a, b);
    const oneMinus = (target: number, of: number) =>
      asm.vector("vsubps", target, one, of);
    // dState = d·o·(1 − t²) + dc
    multiply(x, d, o);
    multiply(y, t, t);
    oneMinus(y, y);
    asm.load(dState, at(C));
    asm.vector("vfmadd231ps", dState, x, y);
    // di = dState·(g·i·(1 − i))
    multiply(x, g, i);
    oneMinus(y, i);
    multiply(x, x, y);
    multiply(x, dState, x);
    store(gate(0), x);
    // df = dState·(cBefore·f·(1 − f))
    multiply(x, f, at(C_BEFORE));
    oneMinus(y, f);
    multiply(x, x, y);
    multiply(x, dState, x);
    store(gate(1), x);
    // dg = dState·(i·(1 − g²))
    multiply(x, g, g);
    oneMinus(x, x);
    multiply(x, i, x);
    multiply(x, dState, x);
    store(gate(2), x);
    // do = d·(t·o·(1 − o))
    multiply(x, t, o);
    oneMinus(y, o);
    multiply(x, x, y);
    multiply(x, d, x);
    store(gate(3), x);
    multiply(x, dState, f);
    store(at(C), x);
  });
}

/** Computes time steps with machine code, in one thread's share of a network's memory. */
export class NativeCells implements Cells {
  readonly #arguments: ArgumentBlock<typeof ARGUMENTS[number]>;
  readonly #mask: Int32Array;
  readonly #forward: () => void;
  readonly #backward: () => void;
  /** Floats in a vector. */
  readonly #floats: number;

  /** @param scratch Room for {@linkcode CELL_ARGUMENT_BYTES}. */
  constructor(
    code: {
      vectorBytes: VectorBytes;
      lstmForward: CodeAddress;
      lstmBackward: CodeAddress;
    },
    memory: WebAssembly.Memory,
    scratch: number,
  ) {
    this.#arguments = new ArgumentBlock(ARGUMENTS, memory, scratch);
    const size = this.#floats = code.vectorBytes / 4;
    this.#mask = new Int32Array(memory.buffer, scratch + MASK, size);
    const floats = new Float32Array(memory.buffer, scratch + MASK);
    Object.values(CONSTANTS).forEach((value, i) =>
      floats.fill(value, size * (i + 1), size * (i + 2))
    );
    this.#forward = this.#arguments.caller(code.lstmForward);
    this.#backward = this.#arguments.caller(code.lstmBackward);
  }

  /** Sets the arguments; `c` and `h` are those of {@linkcode ARGUMENTS}. */
  #set({ rows, units, gates, cBefore, c, tanhC, h }: CellStep): void {
    const { words, word } = this.#arguments;
    const rest = units % this.#floats;
    this.#mask.fill(-1, 0, rest).fill(0, rest);
    words[word.rows] = rows;
    words[word.vectors] = (units - rest) / this.#floats;
    words[word.restBytes] = 4 * rest;
    words[word.unitBytes] = 4 * units;
    words[word.gates] = gates;
    words[word.cBefore] = cBefore;
    words[word.c] = c;
    words[word.tanhC] = tanhC;
    words[word.h] = h;
  }

  forward(step: CellStep): void {
    this.#set(step);
    this.#forward();
  }

  backward({ rows, units, gates, cBefore, tanhC, dh, dc }: CellGradient): void {
    this.#set({ rows, units, gates, cBefore, c: dc, tanhC, h: dh });
    this.#backward();
  }
}
