/**
 * The matrix product C = A·B as machine code: loops over tiles of C, whose sums
 * stay in vector registers. The tiles are in `tile.ts` for AVX2 and in
 * `wide_tile.ts` for AVX-512.
 *
 * B is packed in panels of 8 columns, as for the WebAssembly kernels. The code
 * first packs A in panels of as many rows as a tile has, element (row, k) at
 * [k][row], because unpacked rows would often share a bank of the cache. Fused
 * multiply-adds sum each element of C in the order of k, as the WebAssembly
 * kernels with relaxed SIMD do, so that all give the same bits.
 */
import {
  argumentAt,
  type Assembler,
  at,
  CONDITION,
  functionCode,
  Label,
  R,
  type VectorBytes,
} from "./assembler.ts";

/** Columns of a panel of B. */
export const PANEL_COLUMNS = 8;

/** A tile of C: two vectors of columns in some rows. */
export interface Tile {
  readonly vectorBytes: VectorBytes;
  /** Rows of a whole tile. */
  readonly rows: number;
  /**
   * Where this many rows remain, two tiles share them: a tile with fewer rows
   * would not keep the multipliers busy.
   */
  readonly shared: {
    readonly from: number;
    readonly below: number;
    /** Rows of the first of both. */
    readonly first: number;
  };
  /** Steps of k that {@linkcode packSteps} packs. */
  readonly steps: number;
  /** Packs so many steps of the rows of a panel of A; see {@linkcode PACK}. */
  readonly packSteps: (asm: Assembler) => void;
  /** Computes a tile. */
  readonly compute: (asm: Assembler, extent: TileExtent) => void;
}

/** How much of a tile is computed. */
export interface TileExtent {
  readonly rows: number;
  /** Vectors of columns. */
  readonly vectors: 1 | 2;
  /** Whether the mask tells which columns of the last vector are C's. */
  readonly masked: boolean;
}

/** See `ArgumentBlock`; addresses count from `base`. */
export const ARGUMENTS = [
  "base",
  "rows",
  /** Pairs of whole vectors of columns. */
  "pairs",
  /** Vectors of the remaining columns: 0, 1 or 2. */
  "restVectors",
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
  /** Bytes from the first panel of the remaining columns to their last. */
  "lastPanel",
] as const;

/** Bytes from the arguments to the mask of the last vector's columns. */
export const MASK_AT = 8 * ARGUMENTS.length;
/** Bytes of all arguments, at most. */
export const ARGUMENT_BYTES = MASK_AT + 64;

export const argument = argumentAt(ARGUMENTS);

/** Contents of the registers where a tile is computed; it may use rax to rsi. */
export const TILE = {
  b: R.r8,
  panelB: R.r9,
  /** AVX-512: bytes from the first panel of the tile's columns to the last. */
  lastPanel: R.r13,
  rowC: R.r11,
  a: R.rbp,
  c: R.r14,
  bias: R.r15,
} as const;

/** Contents of the registers where A is packed. */
export const PACK = {
  /** Step of k of the panel's first row. */
  row: R.rax,
  strideA: R.r13,
  out: R.rdx,
  /** For the tile to use. */
  free: R.rcx,
} as const;

const C_COLUMN = R.r10, BASE = R.r12, ROWS_LEFT = R.rbx;
const SAVED = [R.rbx, R.rbp, R.r12, R.r13, R.r14, R.r15];

/** Bytes of a step of k in a packed panel of A. */
const packedStep = (tile: Tile) => 4 * tile.rows;

/** Floats of the packed A, including those that packing writes past its end. */
export function packedFloats(tile: Tile, rows: number, depth: number): number {
  const panels = Math.ceil(rows / tile.rows);
  return tile.rows * (panels * depth + tile.steps);
}

/** Code of `NativeProducts.multiply`. */
export function productCode(tile: Tile): Uint8Array<ArrayBuffer> {
  const { vectorBytes } = tile;
  const panels = vectorBytes / (4 * PANEL_COLUMNS) as 1 | 2;
  return functionCode(vectorBytes, SAVED, (asm) => {
    asm.move(BASE, argument("base"));
    pack(asm, tile);

    const address = (target: number, name: typeof ARGUMENTS[number]) => {
      asm.move(target, argument(name));
      asm.add(target, BASE);
    };
    address(TILE.b, "b");
    address(C_COLUMN, "c");
    address(TILE.bias, "bias");
    asm.move(TILE.panelB, argument("panelB"));
    if (panels === 2) {
      const { panelB } = TILE;
      asm.address(TILE.lastPanel, { base: panelB, index: panelB, scale: 2 });
    }
    asm.move(TILE.rowC, argument("rowC"));
    const rest = new Label(), two = new Label(), end = new Label();
    asm.move(R.rax, argument("pairs"));
    const pair = asm.here();
    asm.compareConstant(R.rax, 0);
    asm.jump(rest, CONDITION.equal);
    asm.addConstant(R.rax, -1);
    asm.moveTo(argument("left"), R.rax);
    columnOfTiles(asm, tile, { vectors: 2, masked: false });
    advance(asm, TILE.b, TILE.panelB, 2 * panels);
    asm.addConstant(C_COLUMN, 2 * vectorBytes);
    asm.addConstant(TILE.bias, 2 * vectorBytes);
    asm.move(R.rax, argument("left"));
    asm.jump(pair);

    asm.set(rest);
    if (panels === 2) asm.move(TILE.lastPanel, argument("lastPanel"));
    asm.move(R.rax, argument("restVectors"));
    asm.compareConstant(R.rax, 1);
    asm.jump(end, CONDITION.below);
    asm.jump(two, CONDITION.above);
    columnOfTiles(asm, tile, { vectors: 1, masked: true });
    asm.jump(end);
    asm.set(two);
    columnOfTiles(asm, tile, { vectors: 2, masked: true });

    asm.set(end);
  });
}

/** register += count·stride. */
export function advance(
  asm: Assembler,
  register: number,
  stride: number,
  count: number,
): void {
  for (const scale of [8, 4, 2, 1] as const) {
    if (!(count & scale)) continue;
    asm.address(register, { base: register, index: stride, scale });
  }
}

/**
 * Packs A, panel by panel. It also packs rows and steps past the end, whatever
 * memory holds there: no tile reads such rows, and the next panel overwrites such
 * steps.
 */
function pack(asm: Assembler, tile: Tile): void {
  const { row, strideA, out } = PACK;
  const left = R.rsi, panel = R.r8, packed = R.r9, ahead = R.r10;
  const step = packedStep(tile);
  const byColumns = new Label(), done = new Label();
  asm.move(strideA, argument("strideA"));
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
  asm.move(out, packed);
  asm.move(left, argument("depth"));
  asm.move(ahead, panel);
  advance(asm, ahead, strideA, tile.rows);
  const some = asm.here();
  // The rows of the next panel follow these and take as many bytes.
  for (let line = 0; line < tile.steps * step; line += 64) {
    asm.prefetch(at(ahead, line));
  }
  asm.addConstant(ahead, tile.steps * step);
  tile.packSteps(asm);
  asm.addConstant(row, 4 * tile.steps);
  asm.addConstant(out, tile.steps * step);
  asm.addConstant(left, -tile.steps);
  asm.compareConstant(left, 0);
  asm.jump(some, CONDITION.greater);
  nextPanel(asm, tile, nextRows, (rows) => {
    advance(asm, panel, strideA, rows);
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
  asm.add(row, strideA);
  asm.addConstant(out, step);
  asm.addConstant(left, -1);
  asm.jump(one, CONDITION.notEqual);
  nextPanel(asm, tile, byColumns, (rows) => {
    asm.addConstant(panel, 4 * rows);
    asm.add(packed, argument("panelA"));
  });
  asm.set(done);
}

/** Moves on by the rows of a panel; jumps back to `again` while rows are left. */
function nextPanel(
  asm: Assembler,
  { rows, shared }: Tile,
  again: Label,
  moveOn: (rows: number) => void,
): void {
  const whole = new Label(), end = new Label();
  asm.compareConstant(ROWS_LEFT, shared.below);
  asm.jump(whole, CONDITION.aboveOrEqual);
  asm.compareConstant(ROWS_LEFT, shared.from);
  asm.jump(end, CONDITION.below);
  moveOn(shared.first);
  asm.addConstant(ROWS_LEFT, -shared.first);
  asm.jump(again);
  asm.set(whole);
  moveOn(rows);
  asm.addConstant(ROWS_LEFT, -rows);
  asm.jump(again);
  asm.set(end);
}

/** Computes all rows of C in the columns of a tile. */
function columnOfTiles(
  asm: Assembler,
  tile: Tile,
  columns: Omit<TileExtent, "rows">,
): void {
  const { rows: most, shared } = tile;
  const whole = new Label(), last = new Label(), done = new Label();
  asm.move(ROWS_LEFT, argument("rows"));
  asm.move(TILE.a, argument("packedA"));
  asm.add(TILE.a, BASE);
  asm.move(TILE.c, C_COLUMN);
  const next = asm.here();
  asm.compareConstant(ROWS_LEFT, shared.below);
  asm.jump(whole, CONDITION.aboveOrEqual);
  asm.compareConstant(ROWS_LEFT, shared.from);
  asm.jump(last, CONDITION.below);
  for (const rows of [shared.first, most]) {
    if (rows === most) asm.set(whole);
    tile.compute(asm, { rows, ...columns });
    asm.add(TILE.a, argument("panelA"));
    advance(asm, TILE.c, TILE.rowC, rows);
    asm.addConstant(ROWS_LEFT, -rows);
    asm.jump(next);
  }
  asm.set(last);
  for (let rows = most; rows >= 1; rows--) {
    const other = new Label();
    asm.compareConstant(ROWS_LEFT, rows);
    asm.jump(other, CONDITION.notEqual);
    tile.compute(asm, { rows, ...columns });
    asm.jump(done);
    asm.set(other);
  }
  asm.set(done);
}
