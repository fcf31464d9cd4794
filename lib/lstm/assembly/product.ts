// Matrix product C = A·B of packed panels (see packing.ts), register-blocked 5×8
// and 4×8. Engines without a memory trap handler check the bounds of every load,
// so a tile spends its loads sparingly: four values of A come with one load and
// are broadcast by shuffles. Five rows keep 10 sums, two of B, one of A and one
// broadcast in the 15 vector registers there are; six rows spill.

import { fives, fours, NR, PANEL_ROW } from "./packing";
import { F32, fma } from "./simd";

/** How a product starts: from zero, from what C holds, or from a bias row. */
const START_ZERO: i32 = 0;
const START_ADD: i32 = 1;
const START_BIAS: i32 = 2;

/** One tile of 5 rows and 8 columns; `c` and `bias` point at its first column. */
function tile5(
  k: i32,
  a: usize,
  b: usize,
  c: usize,
  row: usize,
  start: i32,
  bias: usize,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00;
  let c21 = c00, c30 = c00, c31 = c00, c40 = c00, c41 = c00;
  const c1 = c + row, c2 = c1 + row, c3 = c2 + row, c4 = c3 + row;
  if (start == START_ADD) {
    c00 = v128.load(c), c01 = v128.load(c, 16);
    c10 = v128.load(c1), c11 = v128.load(c1, 16);
    c20 = v128.load(c2), c21 = v128.load(c2, 16);
    c30 = v128.load(c3), c31 = v128.load(c3, 16);
    c40 = v128.load(c4), c41 = v128.load(c4, 16);
  } else if (start == START_BIAS) {
    c00 = c10 = c20 = c30 = c40 = v128.load(bias);
    c01 = c11 = c21 = c31 = c41 = v128.load(bias, 16);
  }
  const end = b + (<usize> k) * 32;
  do {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const v = v128.load(a);
    let s = v128.shuffle<i32>(v, v, 0, 0, 0, 0);
    c00 = fma(s, b0, c00), c01 = fma(s, b1, c01);
    s = v128.shuffle<i32>(v, v, 1, 1, 1, 1);
    c10 = fma(s, b0, c10), c11 = fma(s, b1, c11);
    s = v128.shuffle<i32>(v, v, 2, 2, 2, 2);
    c20 = fma(s, b0, c20), c21 = fma(s, b1, c21);
    s = v128.shuffle<i32>(v, v, 3, 3, 3, 3);
    c30 = fma(s, b0, c30), c31 = fma(s, b1, c31);
    s = v128.load_splat<f32>(a, 16);
    c40 = fma(s, b0, c40), c41 = fma(s, b1, c41);
    a += 20;
    b += 32;
  } while (b < end);
  v128.store(c, c00), v128.store(c, c01, 16);
  v128.store(c1, c10), v128.store(c1, c11, 16);
  v128.store(c2, c20), v128.store(c2, c21, 16);
  v128.store(c3, c30), v128.store(c3, c31, 16);
  v128.store(c4, c40), v128.store(c4, c41, 16);
}

/** One tile of 4 rows and 8 columns. */
function tile4(
  k: i32,
  a: usize,
  b: usize,
  c: usize,
  row: usize,
  start: i32,
  bias: usize,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00;
  let c21 = c00, c30 = c00, c31 = c00;
  const c1 = c + row, c2 = c1 + row, c3 = c2 + row;
  if (start == START_ADD) {
    c00 = v128.load(c), c01 = v128.load(c, 16);
    c10 = v128.load(c1), c11 = v128.load(c1, 16);
    c20 = v128.load(c2), c21 = v128.load(c2, 16);
    c30 = v128.load(c3), c31 = v128.load(c3, 16);
  } else if (start == START_BIAS) {
    c00 = c10 = c20 = c30 = v128.load(bias);
    c01 = c11 = c21 = c31 = v128.load(bias, 16);
  }
  for (let i = 0; i < k; i++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const v = v128.load(a);
    let s = v128.shuffle<i32>(v, v, 0, 0, 0, 0);
    c00 = fma(s, b0, c00), c01 = fma(s, b1, c01);
    s = v128.shuffle<i32>(v, v, 1, 1, 1, 1);
    c10 = fma(s, b0, c10), c11 = fma(s, b1, c11);
    s = v128.shuffle<i32>(v, v, 2, 2, 2, 2);
    c20 = fma(s, b0, c20), c21 = fma(s, b1, c21);
    s = v128.shuffle<i32>(v, v, 3, 3, 3, 3);
    c30 = fma(s, b0, c30), c31 = fma(s, b1, c31);
    a += 16;
    b += 32;
  }
  v128.store(c, c00), v128.store(c, c01, 16);
  v128.store(c1, c10), v128.store(c1, c11, 16);
  v128.store(c2, c20), v128.store(c2, c21, 16);
  v128.store(c3, c30), v128.store(c3, c31, 16);
}

/** Copies the `rows` × `columns` of a tile at its edge; others of it are zero. */
function copyTile(
  from: usize,
  fromRow: usize,
  to: usize,
  toRow: usize,
  rows: i32,
  columns: i32,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const o = (<usize> j) * F32;
      store<f32>(to + o, load<f32>(from + o));
    }
    from += fromRow;
    to += toRow;
  }
}

/** Largest block of k that keeps a panel of A and one of B in a 32 KiB cache. */
const K_BLOCK: i32 = 512;
/** Bytes of packed A kept in the second-level cache while panels of B pass. */
const A_BLOCK: i32 = 256 * 1024;

/**
 * C [m, n] = start + A·B, of packed `a` and `b`; rows of C are `stride` floats
 * apart. `start` is 0 for zero, 1 for C itself, 2 for the row `bias` [n]. A
 * panel of B holds `depthB` ≥ k rows, of which those from `b` on count.
 * `scratch` has room for 5 × 8 floats and 8 of bias.
 */
export function product(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  b: usize,
  depthB: i32,
  c: usize,
  stride: i32,
  start: i32,
  bias: usize,
  scratch: usize,
): void {
  const row = (<usize> stride) * F32;
  const n5 = fives(m);
  const panels = n5 + fours(m);
  for (let k0 = 0; k0 < k; k0 += K_BLOCK) {
    const depth = min(K_BLOCK, k - k0);
    const begin = k0 == 0 ? start : START_ADD;
    const block = max(1, A_BLOCK / (depth * 5 * 4));
    for (let p0 = 0; p0 < panels; p0 += block) {
      const p1 = min(panels, p0 + block);
      for (let j = 0; j < n; j += NR) {
        const bp = b +
          ((<usize> j) * (<usize> depthB) + (<usize> (k0 * NR))) * F32;
        const columns = min(NR, n - j);
        for (let p = p0; p < p1; p++) {
          const is5 = p < n5;
          const r = is5 ? p * 5 : n5 + p * 4;
          const height = is5 ? 5 : 4;
          const rows = min(height, m - r);
          const ap = a +
            ((<usize> r) * (<usize> k) + (<usize> (k0 * height))) * F32;
          const cp = c + (<usize> r) * row + (<usize> j) * F32;
          if (columns == NR && rows == height) {
            const bp0 = bias + (<usize> j) * F32;
            if (is5) tile5(depth, ap, bp, cp, row, begin, bp0);
            else tile4(depth, ap, bp, cp, row, begin, bp0);
            continue;
          }
          const biasCopy = scratch + 5 * PANEL_ROW;
          if (begin == START_ADD) {
            copyTile(cp, row, scratch, PANEL_ROW, rows, columns);
          } else if (begin == START_BIAS) {
            copyTile(bias + (<usize> j) * F32, 0, biasCopy, 0, 1, columns);
          }
          if (is5) tile5(depth, ap, bp, scratch, PANEL_ROW, begin, biasCopy);
          else tile4(depth, ap, bp, scratch, PANEL_ROW, begin, biasCopy);
          copyTile(scratch, PANEL_ROW, cp, row, rows, columns);
        }
      }
    }
  }
}

/**
 * y [n] = start + x [k]·B, of packed `b`: the product for a single row, four
 * panels at a time, bound by how fast B can be read.
 */
export function rowProduct(
  n: i32,
  k: i32,
  x: usize,
  b: usize,
  y: usize,
  start: i32,
  bias: usize,
): void {
  const panel = (<usize> (k * NR)) * F32;
  const panels = (n + NR - 1) / NR;
  const end = x + (<usize> k) * F32;
  let p = 0;
  for (; p + 4 <= panels; p += 4) {
    // y and bias are padded to whole panels by whoever lays out the memory.
    const at = start == START_ADD ? y : bias;
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    if (start != START_ZERO) {
      s0 = v128.load(at), s1 = v128.load(at, 16);
      s2 = v128.load(at, 32), s3 = v128.load(at, 48);
      s4 = v128.load(at, 64), s5 = v128.load(at, 80);
      s6 = v128.load(at, 96), s7 = v128.load(at, 112);
    }
    let b0 = b, b1 = b + panel, b2 = b1 + panel, b3 = b2 + panel;
    for (let i = x; i < end; i += F32) {
      const v = v128.load_splat<f32>(i);
      s0 = fma(v, v128.load(b0), s0), s1 = fma(v, v128.load(b0, 16), s1);
      s2 = fma(v, v128.load(b1), s2), s3 = fma(v, v128.load(b1, 16), s3);
      s4 = fma(v, v128.load(b2), s4), s5 = fma(v, v128.load(b2, 16), s5);
      s6 = fma(v, v128.load(b3), s6), s7 = fma(v, v128.load(b3, 16), s7);
      b0 += 32, b1 += 32, b2 += 32, b3 += 32;
    }
    v128.store(y, s0), v128.store(y, s1, 16);
    v128.store(y, s2, 32), v128.store(y, s3, 48);
    v128.store(y, s4, 64), v128.store(y, s5, 80);
    v128.store(y, s6, 96), v128.store(y, s7, 112);
    b += 4 * panel, y += 128, bias += 128;
  }
  for (; p < panels; p++) {
    const at = start == START_ADD ? y : bias;
    let s0 = f32x4.splat(0), s1 = s0;
    if (start != START_ZERO) s0 = v128.load(at), s1 = v128.load(at, 16);
    let b0 = b;
    for (let i = x; i < end; i += F32) {
      const v = v128.load_splat<f32>(i);
      s0 = fma(v, v128.load(b0), s0), s1 = fma(v, v128.load(b0, 16), s1);
      b0 += 32;
    }
    v128.store(y, s0), v128.store(y, s1, 16);
    b += panel, y += 32, bias += 32;
  }
}
