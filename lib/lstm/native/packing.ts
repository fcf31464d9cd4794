/**
 * Packs B for products and sums its columns, as machine code for AVX2. It does the
 * same as `packBAndSum` of `assembly/packing.ts` and adds in the same order. Memory
 * limits its speed, so it prefetches the next rows; wider vectors would save loads,
 * and as a row of a panel has 32 bytes, no stores.
 */
import {
  argumentAt,
  type Assembler,
  at,
  CONDITION,
  functionCode,
  Label,
  R,
} from "./assembler.ts";
import type { Packing } from "../products.ts";
import { ArgumentBlock, type CodeAddress } from "./machine.ts";
import { PANEL_COLUMNS } from "./product.ts";

/** Bytes of a vector, and of a row of a panel. */
const VECTOR = 32;

/** See {@linkcode ArgumentBlock}; addresses count from `base`. */
const ARGUMENTS = [
  "base",
  /** Blocks of {@linkcode BLOCK_ROWS}, and rows after them. */
  "blocks",
  "restRows",
  /** Panels with all their columns; a masked one follows. */
  "wholePanels",
  "b",
  /** Bytes of a row of B. */
  "rowB",
  "packed",
  /** Bytes of a panel. */
  "panel",
  "sums",
] as const;

const MASK = 8 * ARGUMENTS.length;

/** Bytes of the arguments and the mask behind them. */
export const PACKING_ARGUMENT_BYTES = MASK + VECTOR;

/** Rows that are packed together, so that each sum is loaded once for all of them. */
const BLOCK_ROWS = 8;
/** How many panels ahead cache lines are prefetched. */
const AHEAD = 4;
const LINE = 64;

const B = R.r8, OUT = R.r9, ROW_B = R.r10, PANEL = R.r11;
const FROM = R.rax, THIRD = R.rcx, SIXTH = R.rdx, TO = R.rsi;
const SUM = R.rbx, LEFT = R.rbp, NEXT = R.r12, SUMS = R.r13;
const SAVED = [R.rbx, R.rbp, R.r12, R.r13];

/** Code of {@linkcode NativePacking.pack}. */
export function packingCode(): Uint8Array<ArrayBuffer> {
  const argument = argumentAt(ARGUMENTS);
  return functionCode(VECTOR, SAVED, (asm) => {
    for (
      const [register, name] of [[B, "b"], [OUT, "packed"], [
        SUMS,
        "sums",
      ]] as const
    ) {
      asm.move(register, argument(name));
      asm.add(register, argument("base"));
    }
    asm.move(ROW_B, argument("rowB"));
    asm.move(PANEL, argument("panel"));
    for (const rows of [BLOCK_ROWS, 1]) {
      const count = argument(rows === 1 ? "restRows" : "blocks");
      const done = new Label();
      const next = asm.here();
      asm.move(LEFT, count);
      asm.compareConstant(LEFT, 0);
      asm.jump(done, CONDITION.equal);
      asm.addConstant(LEFT, -1);
      asm.moveTo(count, LEFT);
      rowsOfPanels(asm, rows);
      asm.addConstant(OUT, rows * VECTOR);
      asm.jump(next);
      asm.set(done);
    }
  });
}

/** Packs the next rows of B in all panels, and moves on to the rows after them. */
function rowsOfPanels(asm: Assembler, rows: number): void {
  const argument = argumentAt(ARGUMENTS);
  const whole = new Label(), last = new Label();
  asm.address(NEXT, { base: B, index: ROW_B, scale: rows as 1 | 8 });
  asm.move(FROM, B);
  asm.move(B, NEXT);
  asm.move(TO, OUT);
  asm.move(SUM, SUMS);
  asm.move(LEFT, argument("wholePanels"));
  asm.set(whole);
  asm.compareConstant(LEFT, 0);
  asm.jump(last, CONDITION.equal);
  onePanel(asm, rows, false);
  asm.addConstant(FROM, VECTOR);
  asm.add(TO, PANEL);
  asm.addConstant(SUM, VECTOR);
  asm.addConstant(LEFT, -1);
  asm.jump(whole);
  asm.set(last);
  onePanel(asm, rows, true);
}

function onePanel(asm: Assembler, rows: number, masked: boolean): void {
  const [sum, mask] = [8, 9];
  if (rows > 1) {
    asm.address(THIRD, { base: FROM, index: ROW_B, scale: 2 });
    asm.add(THIRD, ROW_B);
    asm.address(SIXTH, { base: THIRD, index: ROW_B, scale: 2 });
    asm.add(SIXTH, ROW_B);
    for (let line = 0; line < rows * VECTOR; line += LINE) {
      // The next rows follow these and take as many cache lines.
      asm.prefetch(at(NEXT, line));
      asm.prefetch({
        base: TO,
        index: PANEL,
        scale: AHEAD,
        displacement: line,
      });
    }
    asm.addConstant(NEXT, rows * VECTOR);
  }
  asm.load(sum, at(SUM));
  for (let row = 0; row < rows; row++) {
    const base = [FROM, THIRD, SIXTH][Math.floor(row / 3)]!;
    const scale = row % 3 as 1 | 2;
    asm.load(row, { base, ...row % 3 > 0 && { index: ROW_B, scale } });
    asm.store(at(TO, row * VECTOR), row);
    asm.vector("vaddps", sum, sum, row);
  }
  if (!masked) return asm.store(at(SUM), sum);
  asm.load(mask, at(R.rdi, MASK));
  asm.storeMasked(at(SUM), mask, sum);
}

/** Packs B with machine code, in one thread's share of a memory. */
export class NativePacking {
  readonly #arguments: ArgumentBlock<typeof ARGUMENTS[number]>;
  readonly #mask: Int32Array;
  readonly #floats: Float32Array;
  readonly #call: () => void;

  /** @param scratch Room for {@linkcode PACKING_ARGUMENT_BYTES}. */
  constructor(code: CodeAddress, memory: WebAssembly.Memory, scratch: number) {
    this.#arguments = new ArgumentBlock(ARGUMENTS, memory, scratch);
    const mask = scratch + MASK;
    this.#mask = new Int32Array(memory.buffer, mask, PANEL_COLUMNS);
    this.#floats = new Float32Array(memory.buffer);
    this.#call = this.#arguments.caller(code);
  }

  /** See `MatrixProducts.packBAndSum`. */
  pack({ k, n, b, packed, sums }: Packing): void {
    const { words, word } = this.#arguments;
    const wholePanels = Math.ceil(n / PANEL_COLUMNS) - 1;
    const last = n - PANEL_COLUMNS * wholePanels;
    for (let j = 0; j < PANEL_COLUMNS; j++) this.#mask[j] = j < last ? -1 : 0;
    this.#floats.fill(0, sums / 4, sums / 4 + n);
    words[word.blocks] = Math.floor(k / BLOCK_ROWS);
    words[word.restRows] = k % BLOCK_ROWS;
    words[word.wholePanels] = wholePanels;
    words[word.b] = b;
    words[word.rowB] = 4 * n;
    words[word.packed] = packed;
    words[word.panel] = 4 * PANEL_COLUMNS * k;
    words[word.sums] = sums;
    this.#call();
  }
}
