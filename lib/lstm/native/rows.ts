/**
 * What is done to a single row when a network generates, as machine code for AVX2
 * and FMA: `rowProduct` and `gatherSets` of `assembly/`, in the same order, on eight
 * floats instead of four, so that both give the same bits. Memory limits their speed.
 */
import { PANEL_COLUMNS } from "../kernels.ts";
import type { RowProduct, Rows, RowSum } from "../rows.ts";
import {
  argumentAt,
  type Assembler,
  at,
  CONDITION,
  functionCode,
  Label,
  type MemoryOperand,
  R,
} from "./assembler.ts";
import { ArgumentBlock, type CodeAddress } from "./machine.ts";

/** See {@linkcode ArgumentBlock}; addresses count from `base`. */
const PRODUCT_ARGUMENTS = [
  "base",
  /** Panels of B, and bytes of one. */
  "panels",
  "panelB",
  /** Pairs of steps of k, and 1 where a last step remains. */
  "pairs",
  "odd",
  "x",
  "b",
  "from",
  "y",
] as const;

const SUM_ARGUMENTS = [
  "base",
  /** Blocks of {@linkcode BLOCK_COLUMNS}. */
  "blocks",
  "count",
  "ids",
  "table",
  /** Bytes of a row of the table. */
  "row",
  "from",
  "y",
] as const;

/** Bytes of a vector, and of a row of a panel. */
const VECTOR = 32;
const SUM_AT = 8 * PRODUCT_ARGUMENTS.length;

/** Bytes of all arguments. */
export const ROW_ARGUMENT_BYTES = SUM_AT + 8 * SUM_ARGUMENTS.length;

/**
 * Panels whose sums are kept together. Twice as many take twice as long: panels of 128
 * rows are 4 KiB, and places so far apart share the same eight lines of the first cache.
 */
const MOST_PANELS = 4;
/** Columns whose sums are kept together while all rows of a table are added. */
const BLOCK_COLUMNS = 64;
const BLOCK_BYTES = 4 * BLOCK_COLUMNS;
/** How many rows of a table ahead its lines are prefetched. */
const AHEAD = 8;
const LINE = 64;

/** Code of {@linkcode NativeRows.multiply}. */
export function rowProductCode(): Uint8Array<ArrayBuffer> {
  const argument = argumentAt(PRODUCT_ARGUMENTS);
  const B = R.r8, Y = R.r9, FROM = R.r10, PANEL = R.r11, X = R.r12;
  const PANELS = R.rbx, LEFT = R.r13, STEP = R.rax;
  /** Panels 0 and 3 of those at work. */
  const FIRST = R.rdx, FOURTH = R.rsi;
  const saved = [R.rbx, R.r12, R.r13];
  const inPanel = (panel: number, displacement: number): MemoryOperand => ({
    base: panel < 3 ? FIRST : FOURTH,
    ...panel % 3 > 0 && { index: PANEL, scale: panel as 1 | 2 },
    displacement,
  });
  return functionCode(VECTOR, saved, (asm) => {
    const pointers = [[X, "x"], [B, "b"], [FROM, "from"], [Y, "y"]] as const;
    for (const [register, name] of pointers) {
      asm.move(register, argument(name));
      asm.add(register, argument("base"));
    }
    asm.move(PANEL, argument("panelB"));
    asm.move(PANELS, argument("panels"));
    for (let panels = MOST_PANELS; panels >= 1; panels /= 2) {
      const fewer = new Label(), odd = new Label(), done = new Label();
      const again = asm.here();
      asm.compareConstant(PANELS, panels);
      asm.jump(fewer, CONDITION.below);
      for (let p = 0; p < panels; p++) asm.load(p, at(FROM, p * VECTOR));
      asm.move(FIRST, B);
      asm.address(FOURTH, { base: B, index: PANEL, scale: 2 });
      asm.add(FOURTH, PANEL);
      const step = (offset: number) => {
        asm.broadcast(15, at(STEP, offset * 4));
        for (let p = 0; p < panels; p++) {
          const b = inPanel(p, offset * VECTOR);
          asm.vector("vfmadd231ps", p, 15, b);
        }
      };
      asm.move(STEP, X);
      asm.move(LEFT, argument("pairs"));
      asm.compareConstant(LEFT, 0);
      asm.jump(odd, CONDITION.equal);
      const pair = asm.here();
      step(0);
      step(1);
      asm.addConstant(STEP, 8);
      for (const base of [FIRST, FOURTH]) asm.addConstant(base, 2 * VECTOR);
      asm.addConstant(LEFT, -1);
      asm.jump(pair, CONDITION.notEqual);
      asm.set(odd);
      asm.move(LEFT, argument("odd"));
      asm.compareConstant(LEFT, 0);
      asm.jump(done, CONDITION.equal);
      step(0);
      asm.set(done);
      for (let p = 0; p < panels; p++) asm.store(at(Y, p * VECTOR), p);
      asm.address(B, {
        base: B,
        index: PANEL,
        scale: panels as 1 | 2 | 4,
      });
      asm.addConstant(FROM, panels * VECTOR);
      asm.addConstant(Y, panels * VECTOR);
      asm.addConstant(PANELS, -panels);
      asm.jump(again);
      asm.set(fewer);
    }
  });
}

/** Code of {@linkcode NativeRows.sum}. */
export function rowSumCode(): Uint8Array<ArrayBuffer> {
  const argument = argumentAt(SUM_ARGUMENTS);
  const TABLE = R.r8, Y = R.r9, FROM = R.r10, IDS = R.rsi, ROW = R.rdx;
  const BLOCKS = R.rbx, LEFT = R.r11;
  return functionCode(VECTOR, [R.rbx], (asm) => {
    const pointers = [[TABLE, "table"], [FROM, "from"], [Y, "y"]] as const;
    for (const [register, name] of pointers) {
      asm.move(register, argument(name));
      asm.add(register, argument("base"));
    }
    asm.move(ROW, argument("row"));
    asm.move(BLOCKS, argument("blocks"));
    const block = asm.here(), done = new Label();
    const sums = BLOCK_BYTES / VECTOR;
    for (let i = 0; i < sums; i++) asm.load(i, at(FROM, i * VECTOR));
    asm.move(IDS, argument("ids"));
    asm.add(IDS, argument("base"));
    asm.move(LEFT, argument("count"));
    asm.compareConstant(LEFT, 0);
    asm.jump(done, CONDITION.equal);
    const one = asm.here();
    addRow(asm, TABLE, sums);
    asm.addConstant(IDS, 4);
    asm.addConstant(LEFT, -1);
    asm.jump(one, CONDITION.notEqual);
    asm.set(done);
    for (let i = 0; i < sums; i++) asm.store(at(Y, i * VECTOR), i);
    for (const register of [TABLE, FROM, Y]) {
      asm.addConstant(register, BLOCK_BYTES);
    }
    asm.addConstant(BLOCKS, -1);
    asm.jump(block, CONDITION.notEqual);
  });
}

/** Adds the row of the id at rsi to the sums; a row has rdx bytes. */
function addRow(asm: Assembler, table: number, sums: number): void {
  asm.raw(0x8b, 0x06); // mov eax, [rsi]
  asm.raw(0x8b, 0x4e, 4 * AHEAD); // mov ecx, [rsi + 4·AHEAD]
  asm.raw(0x48, 0x0f, 0xaf, 0xc2); // imul rax, rdx
  asm.raw(0x48, 0x0f, 0xaf, 0xca); // imul rcx, rdx
  asm.add(R.rax, table);
  asm.add(R.rcx, table);
  // Past the last id this is any address, which does no harm.
  for (let line = 0; line < BLOCK_BYTES; line += LINE) {
    asm.prefetchNear(at(R.rcx, line));
  }
  for (let i = 0; i < sums; i++) {
    asm.vector("vaddps", i, i, at(R.rax, i * VECTOR));
  }
}

/** See {@linkcode Rows}. */
export class NativeRows implements Rows {
  readonly #wasm: Rows;
  readonly #product: ArgumentBlock<typeof PRODUCT_ARGUMENTS[number]>;
  readonly #sum: ArgumentBlock<typeof SUM_ARGUMENTS[number]>;
  readonly #multiply: () => void;
  readonly #add: () => void;

  /**
   * @param wasm Adds rows whose length is no multiple of {@linkcode BLOCK_COLUMNS}.
   * @param scratch Room for {@linkcode ROW_ARGUMENT_BYTES}.
   */
  constructor(
    code: { rowProduct: CodeAddress; rowSum: CodeAddress },
    wasm: Rows,
    memory: WebAssembly.Memory,
    scratch: number,
  ) {
    this.#wasm = wasm;
    this.#product = new ArgumentBlock(PRODUCT_ARGUMENTS, memory, scratch);
    this.#sum = new ArgumentBlock(SUM_ARGUMENTS, memory, scratch + SUM_AT);
    this.#multiply = this.#product.caller(code.rowProduct);
    this.#add = this.#sum.caller(code.rowSum);
  }

  multiply({ n, k, x, b, from, y }: RowProduct): void {
    const { words, word } = this.#product;
    words[word.panels] = Math.ceil(n / PANEL_COLUMNS);
    words[word.panelB] = 4 * PANEL_COLUMNS * k;
    words[word.pairs] = k >> 1;
    words[word.odd] = k & 1;
    words[word.x] = x;
    words[word.b] = b;
    words[word.from] = from;
    words[word.y] = y;
    this.#multiply();
  }

  sum(sum: RowSum): void {
    const { n, count, ids, table, from, y } = sum;
    if (n % BLOCK_COLUMNS !== 0) return this.#wasm.sum(sum);
    const { words, word } = this.#sum;
    words[word.blocks] = n / BLOCK_COLUMNS;
    words[word.count] = count;
    words[word.ids] = ids;
    words[word.table] = table;
    words[word.row] = 4 * n;
    words[word.from] = from;
    words[word.y] = y;
    this.#add();
  }
}
