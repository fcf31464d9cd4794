/**
 * Tiles of the product for AVX-512: 14 rows and 32 columns, whose sums take 28 of
 * the 32 vector registers.
 *
 * A step of k costs a whole tile 28 multiply-adds, which two units do in 14 cycles.
 * Beside them are 14 broadcasts of A, and of B four loads, as a vector has the
 * columns of two panels: 18 loads, of which two are done in a cycle. Two of the
 * loads of B put upper halves into registers, for which Intel's processors need the
 * units that multiply: they keep those busy for one cycle more.
 */
import { type Assembler, at, CONDITION, Label, R } from "./assembler.ts";
import {
  advance,
  argument,
  MASK_AT,
  PACK,
  TILE,
  type Tile,
  type TileExtent,
} from "./product.ts";

const ROWS = 14, VECTOR = 64;
/** Steps of k that are packed together: as many as a vector has floats. */
const STEPS = 16;
/** Bytes of a step of k in a packed panel of A. */
const PACKED_STEP = 4 * ROWS;

/** The tile for AVX-512. */
export const AVX512_TILE: Tile = {
  vectorBytes: VECTOR,
  rows: ROWS,
  shared: { from: ROWS + 1, below: ROWS + 8, first: 8 },
  steps: STEPS,
  packSteps,
  compute,
};

/**
 * Transposes 16 steps of 14 rows. Registers 0 to 15 and 16 to 31 take turns: pairs
 * of rows, fours of rows, lanes of four floats each.
 */
function packSteps(asm: Assembler): void {
  const { row, strideA, out, free: from } = PACK;
  asm.move(from, row);
  for (let r = 0; r < ROWS; r++) {
    asm.load(r, at(from));
    asm.add(from, strideA);
  }
  for (let r = 0; r < ROWS; r += 2) {
    asm.vector("vunpcklps", 16 + r, r, r + 1);
    asm.vector("vunpckhps", 17 + r, r, r + 1);
  }
  // There are no rows 14 and 15: what stands in their place is overwritten.
  const pair = (r: number) => 16 + (r < ROWS ? r : r - 2);
  for (let r = 0; r < 16; r += 4) {
    for (const k of [0, 1]) {
      asm.vector("vunpcklpd", r + 2 * k, pair(r + k), pair(r + k + 2));
      asm.vector("vunpckhpd", r + 2 * k + 1, pair(r + k), pair(r + k + 2));
    }
  }
  // Register 4g + k has the steps k, k + 4, k + 8 and k + 12 of rows from 4g on.
  for (let k = 0; k < 4; k++) {
    for (const half of [0, 1]) {
      const four = 8 * half + k, two = 16 + 4 * k + 2 * half;
      asm.lanes(two, four, four + 4, "even");
      asm.lanes(two + 1, four, four + 4, "odd");
    }
  }
  for (let k = 0; k < 4; k++) {
    const two = 16 + 4 * k;
    asm.lanes(k, two, two + 2, "even");
    asm.lanes(k + 4, two + 1, two + 3, "even");
    asm.lanes(k + 8, two, two + 2, "odd");
    asm.lanes(k + 12, two + 1, two + 3, "odd");
  }
  // Each step overwrites the last two floats of the one before.
  for (let k = 0; k < STEPS; k++) asm.store(at(out, k * PACKED_STEP), k);
}

function compute(
  asm: Assembler,
  { rows, vectors, masked }: TileExtent,
): void {
  const columns = [0, 1], values = [2, 3];
  const sum = (row: number, vector: number) => 4 + row * vectors + vector;
  /** Acts on all vectors of C, which lie where it is told. */
  const each = (
    act: (row: number, vector: number, inC: ReturnType<typeof at>) => void,
  ) => {
    asm.move(R.rcx, TILE.c);
    for (let row = 0; row < rows; row++) {
      for (let vector = 0; vector < vectors; vector++) {
        act(row, vector, at(R.rcx, vector * VECTOR));
      }
      if (row < rows - 1) asm.add(R.rcx, TILE.rowC);
    }
  };
  const fromC = new Label(), fromBias = new Label(), multiply = new Label();
  asm.move(R.rax, argument("start"));
  asm.compareConstant(R.rax, 1);
  asm.jump(fromC, CONDITION.equal);
  asm.jump(fromBias, CONDITION.above);
  for (let i = 0; i < rows * vectors; i++) asm.zero(sum(0, i));
  asm.jump(multiply);
  asm.set(fromBias);
  for (let vector = 0; vector < vectors; vector++) {
    asm.load(sum(0, vector), at(TILE.bias, vector * VECTOR));
    for (let row = 1; row < rows; row++) {
      asm.copy(sum(row, vector), sum(0, vector));
    }
  }
  asm.jump(multiply);
  asm.set(fromC);
  // The floats past the last column are read, but never written.
  each((row, vector, inC) => asm.load(sum(row, vector), inC));

  asm.set(multiply);
  prefetchBelow(asm, rows, vectors);
  asm.move(R.rax, TILE.a);
  asm.move(R.rdx, TILE.b);
  asm.move(R.rsi, argument("depth"));
  const step = asm.here();
  const { panelB, lastPanel } = TILE;
  asm.loadEight(columns[0]!, at(R.rdx));
  if (vectors === 2) {
    asm.loadUpperEight(columns[0]!, { base: R.rdx, index: panelB });
    asm.loadEight(columns[1]!, { base: R.rdx, index: panelB, scale: 2 });
  }
  // Where the last vector's upper half is past C, this is its lower half again.
  asm.loadUpperEight(columns[vectors - 1]!, { base: R.rdx, index: lastPanel });
  for (let row = 0; row < rows; row++) {
    const inA = at(R.rax, 4 * row), value = values[row % 2]!;
    if (vectors === 1) asm.addMultiple(sum(row, 0), columns[0]!, inA);
    else {
      asm.broadcast(value, inA);
      for (const vector of [0, 1]) {
        asm.vector("vfmadd231ps", sum(row, vector), value, columns[vector]!);
      }
    }
  }
  asm.addConstant(R.rax, PACKED_STEP);
  asm.addConstant(R.rdx, VECTOR / 2);
  asm.addConstant(R.rsi, -1);
  asm.jump(step, CONDITION.notEqual);

  const mask = columns[0]!;
  if (masked) asm.load(mask, at(R.rdi, MASK_AT));
  each((row, vector, inC) => {
    if (masked && vector === vectors - 1) {
      asm.storeMasked(inC, mask, sum(row, vector));
    } else asm.store(inC, sum(row, vector));
  });
}

/** Prefetches the rows of C below a tile, which are often in no cache. */
function prefetchBelow(asm: Assembler, rows: number, vectors: number): void {
  asm.move(R.rdx, TILE.c);
  advance(asm, R.rdx, TILE.rowC, rows);
  for (let row = 0; row < ROWS; row++) {
    for (let vector = 0; vector < vectors; vector++) {
      asm.prefetch(at(R.rdx, vector * VECTOR));
    }
    asm.add(R.rdx, TILE.rowC);
  }
}
