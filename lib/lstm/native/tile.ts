/**
 * Tiles of the product for AVX2 and FMA: 6 rows and 16 columns, whose sums take 12
 * of the 16 vector registers.
 */
import { type Assembler, at, CONDITION, Label, R } from "./assembler.ts";
import {
  argument,
  MASK_AT,
  PACK,
  TILE,
  type Tile,
  type TileExtent,
} from "./product.ts";

const ROWS = 6, VECTOR = 32;
/** Bytes of a step of k in a packed panel of A. */
const PACKED_STEP = 4 * ROWS;

/** The tile for AVX2. */
export const AVX2_TILE: Tile = {
  vectorBytes: VECTOR,
  rows: ROWS,
  shared: { from: ROWS + 1, below: ROWS + 4, first: 4 },
  steps: 8,
  packSteps,
  compute,
};

/** The address of a row, from that of row 0 or 3; rows are `stride` bytes apart. */
const rowAt = (row: number, base: number, third: number, stride: number) => ({
  base: row < 3 ? base : third,
  ...row % 3 > 0 && { index: stride, scale: (row % 3) as 1 | 2 },
});

function packSteps(asm: Assembler): void {
  const { row, strideA, out, free: third } = PACK;
  asm.address(third, { base: row, index: strideA, scale: 2 });
  asm.add(third, strideA);
  for (let r = 0; r < ROWS; r++) {
    asm.load(r, rowAt(r, row, third, strideA));
  }
  // Steps k of rows in pairs: 0 and 1, 2 and 3; beside them 4 and 5, 6 and 7.
  for (let r = 0; r < ROWS; r += 2) {
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
}

function compute(
  asm: Assembler,
  { rows, vectors, masked }: TileExtent,
): void {
  const sum = (row: number, vector: number) => row * vectors + vector;
  const inC = (row: number, vector: number) => ({
    ...rowAt(row, TILE.c, R.rcx, TILE.rowC),
    displacement: vector * VECTOR,
  });
  const each = (act: (row: number, vector: number) => void) => {
    for (let row = 0; row < rows; row++) {
      for (let vector = 0; vector < vectors; vector++) act(row, vector);
    }
  };
  const fromC = new Label(), fromBias = new Label(), multiply = new Label();
  if (rows > 3) {
    asm.address(R.rcx, { base: TILE.c, index: TILE.rowC, scale: 2 });
    asm.add(R.rcx, TILE.rowC);
  }
  asm.move(R.rax, argument("start"));
  asm.compareConstant(R.rax, 1);
  asm.jump(fromC, CONDITION.equal);
  asm.jump(fromBias, CONDITION.above);
  each((row, vector) => asm.zero(sum(row, vector)));
  asm.jump(multiply);
  asm.set(fromBias);
  each((row, vector) => {
    if (row === 0) asm.load(sum(0, vector), at(TILE.bias, vector * VECTOR));
    else asm.copy(sum(row, vector), sum(0, vector));
  });
  asm.jump(multiply);
  asm.set(fromC);
  // The floats past the last column are read, but never written.
  each((row, vector) => asm.load(sum(row, vector), inC(row, vector)));

  asm.set(multiply);
  // Prefetches the next rows of C, which are often in no cache.
  asm.address(R.rdx, { base: TILE.c, index: TILE.rowC, scale: 4 });
  if (rows === ROWS) {
    asm.address(R.rdx, { base: R.rdx, index: TILE.rowC, scale: 2 });
  }
  for (let row = 0; row < ROWS; row++) {
    asm.prefetch(at(R.rdx));
    asm.add(R.rdx, TILE.rowC);
  }
  asm.move(R.rax, TILE.a);
  asm.move(R.rdx, TILE.b);
  asm.move(R.rsi, argument("depth"));
  const columns = [12, 13];
  const step = asm.here();
  asm.load(columns[0]!, at(R.rdx));
  if (vectors === 2) asm.load(columns[1]!, { base: R.rdx, index: TILE.panelB });
  for (let row = 0; row < rows; row++) {
    const value = 14 + row % 2;
    asm.broadcast(value, at(R.rax, 4 * row));
    for (let vector = 0; vector < vectors; vector++) {
      asm.vector("vfmadd231ps", sum(row, vector), value, columns[vector]!);
    }
  }
  asm.addConstant(R.rax, PACKED_STEP);
  asm.addConstant(R.rdx, VECTOR);
  asm.addConstant(R.rsi, -1);
  asm.jump(step, CONDITION.notEqual);

  const mask = 12;
  if (masked) asm.load(mask, at(R.rdi, MASK_AT));
  each((row, vector) => {
    if (masked && vector === vectors - 1) {
      asm.storeMasked(inC(row, vector), mask, sum(row, vector));
    } else asm.store(inC(row, vector), sum(row, vector));
  });
}
