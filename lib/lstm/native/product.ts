/**
 * The matrix product C = A·B as machine code for AVX2 and FMA: tiles of 6 rows
 * and 16 columns, whose sums take 12 of the 16 vector registers.
 *
 * B is packed in panels of 8 columns, as for the WebAssembly kernels; the code
 * reads two at a time. It first packs A in panels of 6 rows, element (row, k) at
 * [k][row], because unpacked rows would often share a bank of the cache. Fused
 * multiply-adds sum each element of C in the order of k, as the WebAssembly
 * kernels with relaxed SIMD do, so that both give the same bits.
 */
import {
  argumentAt,
  type Assembler,
  at,
  CONDITION,
  functionCode,
  Label,
  R,
  VECTOR_BYTES as VECTOR,
} from "./assembler.ts";

/** Rows of a tile, and of a packed panel of A. */
export const TILE_ROWS = 6;
/**
 * Where this many rows remain, two tiles share them, the first with 4 rows: a tile
 * with fewer rows would not keep the multipliers busy.
 */
const SHARED = { from: TILE_ROWS + 1, below: TILE_ROWS + 4, first: 4 };
/** Columns of a panel of B: as many as a vector has floats. */
export const TILE_COLUMNS = 8;
/** Bytes of a step of k in a packed panel of A. */
const PACKED_STEP = 4 * TILE_ROWS;

/**
 * See `ArgumentBlock`; addresses count from `base`.
 */
export const ARGUMENTS = [
  "base",
  "rows",
  /** Pairs of whole panels of B. */
  "pairs",
  /** Panels of the remaining columns: 0, 1 or 2. */
  "restPanels",
  /** Steps of k. */
  "depth",
  "a",
  /** Bytes from a row of A to the next; if `transposed`, from a step of k. */
  "strideA",
  /** 1 if the layout of A is [k, row]. */
  "transposed",
  /** Room for the packed A. */
  "packedA",
  /** Bytes of a packed panel of A. */
  "panelA",
  "b",
  /** Bytes of a panel of B. */
  "panelB",
  "c",
  /** Bytes of a row of C. */
  "rowC",
  /** Start of the sums: 0 for zero, 1 for the values in C, 2 for the row `bias`. */
  "start",
  "bias",
  /** Used by the code itself: pairs left. */
  "left",
] as const;

/** Bytes from the arguments to the mask of the last panel's columns. */
export const MASK_AT = 8 * ARGUMENTS.length;
/** Bytes of all arguments. */
export const ARGUMENT_BYTES = MASK_AT + VECTOR;

const argument = argumentAt(ARGUMENTS);

// Contents of the registers in the loops over columns and rows.
const B = R.r8, PANEL_B = R.r9, C_COLUMN = R.r10, ROW_C = R.r11;
const BASE = R.r12, STRIDE_A = R.r13, C_TILE = R.r14, BIAS = R.r15;
const ROWS_LEFT = R.rbx, A_TILE = R.rbp;
const SAVED = [R.rbx, R.rbp, R.r12, R.r13, R.r14, R.r15];

/** Floats of the packed A, including those that packing writes past its end. */
export function packedFloats(rows: number, depth: number): number {
  return Math.ceil(rows / TILE_ROWS) * TILE_ROWS * depth + 8 * TILE_ROWS;
}

/** Code of `NativeProducts.multiply`. */
export function productCode(): Uint8Array<ArrayBuffer> {
  return functionCode(SAVED, (asm) => {
    asm.move(BASE, argument("base"));
    pack(asm);

    const address = (target: number, name: typeof ARGUMENTS[number]) => {
      asm.move(target, argument(name));
      asm.add(target, BASE);
    };
    address(B, "b");
    address(C_COLUMN, "c");
    address(BIAS, "bias");
    asm.move(PANEL_B, argument("panelB"));
    asm.move(ROW_C, argument("rowC"));
    const rest = new Label(), two = new Label(), end = new Label();
    asm.move(R.rax, argument("pairs"));
    const pair = asm.here();
    asm.compareConstant(R.rax, 0);
    asm.jump(rest, CONDITION.equal);
    asm.addConstant(R.rax, -1);
    asm.moveTo(argument("left"), R.rax);
    columnOfTiles(asm, 2, false);
    asm.address(B, { base: B, index: PANEL_B, scale: 2 });
    asm.addConstant(C_COLUMN, 2 * VECTOR);
    asm.addConstant(BIAS, 2 * VECTOR);
    asm.move(R.rax, argument("left"));
    asm.jump(pair);

    asm.set(rest);
    asm.move(R.rax, argument("restPanels"));
    asm.compareConstant(R.rax, 1);
    asm.jump(end, CONDITION.below);
    asm.jump(two, CONDITION.above);
    columnOfTiles(asm, 1, true);
    asm.jump(end);
    asm.set(two);
    columnOfTiles(asm, 2, true);

    asm.set(end);
  });
}

/**
 * Packs A, panel by panel. It also packs rows and steps past the end, whatever
 * memory holds there: no tile reads such rows, and the next panel overwrites such
 * steps.
 */
function pack(asm: Assembler): void {
  const [row, third, out, left] = [R.rax, R.rcx, R.rdx, R.rsi];
  const panel = R.r8, packed = R.r9, ahead = R.r10;
  const byColumns = new Label(), done = new Label();
  asm.move(STRIDE_A, argument("strideA"));
  asm.move(ROWS_LEFT, argument("rows"));
  asm.move(panel, argument("a"));
  asm.add(panel, BASE);
  asm.move(packed, argument("packedA"));
  asm.add(packed, BASE);
  asm.move(R.rax, argument("transposed"));
  asm.compareConstant(R.rax, 0);
  asm.jump(byColumns, CONDITION.notEqual);

  const nextRows = asm.here();
  asm.move(row, panel);
  asm.address(third, { base: panel, index: STRIDE_A, scale: 2 });
  asm.add(third, STRIDE_A);
  asm.move(out, packed);
  asm.move(left, argument("depth"));
  asm.address(ahead, { base: third, index: STRIDE_A, scale: 2 });
  asm.add(ahead, STRIDE_A);
  const eight = asm.here();
  // The rows of the next panel follow these and take as many bytes.
  for (let line = 0; line < 8 * PACKED_STEP; line += 64) {
    asm.prefetch(at(ahead, line));
  }
  asm.addConstant(ahead, 8 * PACKED_STEP);
  for (let r = 0; r < TILE_ROWS; r++) {
    asm.load(r, rowAt(r, row, third, STRIDE_A));
  }
  // Steps k of rows in pairs: 0 and 1, 2 and 3; beside them 4 and 5, 6 and 7.
  for (let r = 0; r < TILE_ROWS; r += 2) {
    asm.vector("vunpcklps", 6 + r, r, r + 1);
    asm.vector("vunpckhps", 7 + r, r, r + 1);
  }
  for (let k = 0; k < 4; k++) {
    const half = 6 + (k >> 1);
    asm.vector(k % 2 ? "vunpckhpd" : "vunpcklpd", k, half, half + 2);
  }
  for (let k = 0; k < 8; k++) {
    const four = at(out, k * PACKED_STEP), two = at(out, k * PACKED_STEP + 16);
    const pair = k < 4 ? 10 + (k >> 1) : 4 + ((k - 4) >> 1);
    if (k < 4) asm.storeFour(four, k);
    else asm.storeUpperFour(four, k - 4);
    if (k === 4 || k === 6) asm.upperFour(pair, 10 + ((k - 4) >> 1));
    asm.storeTwo(two, pair, k % 2 === 1);
  }
  asm.addConstant(row, VECTOR);
  asm.addConstant(third, VECTOR);
  asm.addConstant(out, 8 * PACKED_STEP);
  asm.addConstant(left, -8);
  asm.compareConstant(left, 0);
  asm.jump(eight, CONDITION.greater);
  nextPanel(asm, nextRows, (rows) => {
    asm.address(panel, { base: panel, index: STRIDE_A, scale: 4 });
    if (rows === TILE_ROWS) {
      asm.address(panel, { base: panel, index: STRIDE_A, scale: 2 });
    }
    asm.add(packed, argument("panelA"));
  });
  asm.jump(done);

  asm.set(byColumns);
  asm.move(row, panel);
  asm.move(out, packed);
  asm.move(left, argument("depth"));
  const one = asm.here();
  asm.load(0, at(row));
  asm.store(at(out), 0); // the next step overwrites the last two
  asm.add(row, STRIDE_A);
  asm.addConstant(out, PACKED_STEP);
  asm.addConstant(left, -1);
  asm.jump(one, CONDITION.notEqual);
  nextPanel(asm, byColumns, (rows) => {
    asm.addConstant(panel, 4 * rows);
    asm.add(packed, argument("panelA"));
  });
  asm.set(done);
}

/** Moves on by the rows of a panel; jumps back to `again` while rows are left. */
function nextPanel(
  asm: Assembler,
  again: Label,
  advance: (rows: number) => void,
): void {
  const whole = new Label(), end = new Label();
  asm.compareConstant(ROWS_LEFT, SHARED.below);
  asm.jump(whole, CONDITION.aboveOrEqual);
  asm.compareConstant(ROWS_LEFT, SHARED.from);
  asm.jump(end, CONDITION.below);
  advance(SHARED.first);
  asm.addConstant(ROWS_LEFT, -SHARED.first);
  asm.jump(again);
  asm.set(whole);
  advance(TILE_ROWS);
  asm.addConstant(ROWS_LEFT, -TILE_ROWS);
  asm.jump(again);
  asm.set(end);
}

/** Computes all rows of C in the columns of `panels` panels, the last masked if `masked`. */
function columnOfTiles(asm: Assembler, panels: 1 | 2, masked: boolean): void {
  const whole = new Label(), last = new Label(), done = new Label();
  asm.move(ROWS_LEFT, argument("rows"));
  asm.move(A_TILE, argument("packedA"));
  asm.add(A_TILE, BASE);
  asm.move(C_TILE, C_COLUMN);
  const next = asm.here();
  asm.compareConstant(ROWS_LEFT, SHARED.below);
  asm.jump(whole, CONDITION.aboveOrEqual);
  asm.compareConstant(ROWS_LEFT, SHARED.from);
  asm.jump(last, CONDITION.below);
  for (const rows of [SHARED.first, TILE_ROWS]) {
    if (rows === TILE_ROWS) asm.set(whole);
    tile(asm, rows, panels, masked);
    asm.add(A_TILE, argument("panelA"));
    asm.address(C_TILE, { base: C_TILE, index: ROW_C, scale: 4 });
    if (rows === TILE_ROWS) {
      asm.address(C_TILE, { base: C_TILE, index: ROW_C, scale: 2 });
    }
    asm.addConstant(ROWS_LEFT, -rows);
    asm.jump(next);
  }
  asm.set(last);
  for (let rows = TILE_ROWS; rows >= 1; rows--) {
    const other = new Label();
    asm.compareConstant(ROWS_LEFT, rows);
    asm.jump(other, CONDITION.notEqual);
    tile(asm, rows, panels, masked);
    asm.jump(done);
    asm.set(other);
  }
  asm.set(done);
}

/** The address of a row, from that of row 0 or 3; rows are `stride` bytes apart. */
const rowAt = (row: number, base: number, third: number, stride: number) => ({
  base: row < 3 ? base : third,
  ...row % 3 > 0 && { index: stride, scale: (row % 3) as 1 | 2 },
});

function tile(
  asm: Assembler,
  rows: number,
  panels: 1 | 2,
  masked: boolean,
): void {
  const sum = (row: number, panel: number) => row * panels + panel;
  const inC = (row: number, panel: number) => ({
    ...rowAt(row, C_TILE, R.rcx, ROW_C),
    displacement: panel * VECTOR,
  });
  const each = (act: (row: number, panel: number) => void) => {
    for (let row = 0; row < rows; row++) {
      for (let panel = 0; panel < panels; panel++) act(row, panel);
    }
  };
  const fromC = new Label(), fromBias = new Label(), multiply = new Label();
  if (rows > 3) {
    asm.address(R.rcx, { base: C_TILE, index: ROW_C, scale: 2 });
    asm.add(R.rcx, ROW_C);
  }
  asm.move(R.rax, argument("start"));
  asm.compareConstant(R.rax, 1);
  asm.jump(fromC, CONDITION.equal);
  asm.jump(fromBias, CONDITION.above);
  each((row, panel) => asm.zero(sum(row, panel)));
  asm.jump(multiply);
  asm.set(fromBias);
  each((row, panel) => {
    if (row === 0) asm.load(sum(0, panel), at(BIAS, panel * VECTOR));
    else asm.copy(sum(row, panel), sum(0, panel));
  });
  asm.jump(multiply);
  asm.set(fromC);
  // The floats past the last column are read, but never written.
  each((row, panel) => asm.load(sum(row, panel), inC(row, panel)));

  asm.set(multiply);
  // Prefetches the next rows of C, which are often in no cache.
  asm.address(R.rdx, { base: C_TILE, index: ROW_C, scale: 4 });
  if (rows === TILE_ROWS) {
    asm.address(R.rdx, { base: R.rdx, index: ROW_C, scale: 2 });
  }
  for (let row = 0; row < TILE_ROWS; row++) {
    asm.prefetch(at(R.rdx));
    asm.add(R.rdx, ROW_C);
  }
  asm.move(R.rax, A_TILE);
  asm.move(R.rdx, B);
  asm.move(R.rsi, argument("depth"));
  const columns = [12, 13];
  const step = asm.here();
  asm.load(columns[0]!, at(R.rdx));
  if (panels === 2) asm.load(columns[1]!, { base: R.rdx, index: PANEL_B });
  for (let row = 0; row < rows; row++) {
    const value = 14 + row % 2;
    asm.broadcast(value, at(R.rax, 4 * row));
    for (let panel = 0; panel < panels; panel++) {
      asm.vector("vfmadd231ps", sum(row, panel), value, columns[panel]!);
    }
  }
  asm.addConstant(R.rax, PACKED_STEP);
  asm.addConstant(R.rdx, VECTOR);
  asm.addConstant(R.rsi, -1);
  asm.jump(step, CONDITION.notEqual);

  const mask = 12;
  if (masked) asm.load(mask, at(R.rdi, MASK_AT));
  each((row, panel) => {
    if (masked && panel === panels - 1) {
      asm.storeMasked(inC(row, panel), mask, sum(row, panel));
    } else asm.store(inC(row, panel), sum(row, panel));
  });
}
