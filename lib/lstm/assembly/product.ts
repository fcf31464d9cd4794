// Matrix product C = A·B of packed panels, register-blocked 5×8 and 4×8.
//
// A is packed into panels of 5 or 4 rows, element (row, k) at [k][row]; B into
// panels of 8 columns, element (k, column) at [k][column]. Engines without a
// memory trap handler check the bounds of every load, so a tile spends its
// loads sparingly: four values of A come with one load and are broadcast by
// shuffles. Five rows keep 10 sums, two of B, one of A and one broadcast in the
// 15 vector registers there are; six rows spill.

import { fma } from "./simd";

const F32: usize = 4;
export const NR: i32 = 8;
/** Bytes of one row of a panel of B. */
const PANEL_ROW: usize = 32;

/** How a product starts: from zero, from what C holds, or from a bias row. */
const START_ZERO: i32 = 0;
const START_ADD: i32 = 1;
const START_BIAS: i32 = 2;

/** Panels of 4 rows in the partition of `m` rows into panels of 5 and 4. */
function fours(m: i32): i32 {
  const n = (5 - (m % 5)) % 5;
  // Too few rows to make it even: pad the last panel of 4 with zeros.
  return n * 4 <= m ? n : (m + 3) >> 2;
}

function fives(m: i32): i32 {
  const n = (5 - (m % 5)) % 5;
  return n * 4 <= m ? (m - n * 4) / 5 : 0;
}

/** Floats that `packA` writes for `m` rows of `k`. */
export function packedASize(m: i32, k: i32): i32 {
  return (fives(m) * 5 + fours(m) * 4) * k;
}

/** Floats that `packB` writes for `n` columns of `k`. */
export function packedBSize(n: i32, k: i32): i32 {
  return ((n + NR - 1) / NR) * NR * k;
}

/** Packs A [m, k], rows `stride` floats apart. */
export function packA(m: i32, k: i32, a: usize, stride: i32, out: usize): void {
  const row = (<usize> stride) * F32;
  const n5 = fives(m), n4 = fours(m);
  let r = 0;
  for (let p = 0; p < n5 + n4; p++) {
    const rows = p < n5 ? 5 : 4;
    const valid = min(rows, m - r);
    const a0 = a + (<usize> r) * row;
    const a1 = valid > 1 ? a0 + row : a0;
    const a2 = valid > 2 ? a1 + row : a0;
    const a3 = valid > 3 ? a2 + row : a0;
    const a4 = valid > 4 ? a3 + row : a0;
    const step = (<usize> rows) * F32;
    let i = 0;
    if (valid == rows) {
      for (; i + 4 <= k; i += 4) {
        const o = (<usize> i) * F32;
        const r0 = v128.load(a0 + o), r1 = v128.load(a1 + o);
        const r2 = v128.load(a2 + o), r3 = v128.load(a3 + o);
        const t0 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
        const t1 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
        const t2 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
        const t3 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
        const out1 = out + step, out2 = out1 + step, out3 = out2 + step;
        v128.store(out, v128.shuffle<i64>(t0, t1, 0, 2));
        v128.store(out1, v128.shuffle<i64>(t0, t1, 1, 3));
        v128.store(out2, v128.shuffle<i64>(t2, t3, 0, 2));
        v128.store(out3, v128.shuffle<i64>(t2, t3, 1, 3));
        if (rows == 5) {
          const r4 = v128.load(a4 + o);
          v128.store_lane<f32>(out, r4, 0, 16);
          v128.store_lane<f32>(out1, r4, 1, 16);
          v128.store_lane<f32>(out2, r4, 2, 16);
          v128.store_lane<f32>(out3, r4, 3, 16);
        }
        out = out3 + step;
      }
    }
    for (; i < k; i++) {
      const o = (<usize> i) * F32;
      store<f32>(out, load<f32>(a0 + o));
      store<f32>(out, valid > 1 ? load<f32>(a1 + o) : 0, 4);
      store<f32>(out, valid > 2 ? load<f32>(a2 + o) : 0, 8);
      store<f32>(out, valid > 3 ? load<f32>(a3 + o) : 0, 12);
      if (rows == 5) store<f32>(out, load<f32>(a4 + o), 16);
      out += step;
    }
    r += rows;
  }
}

/** Packs the transpose of A [k, m], rows `stride` floats apart, as A [m, k]. */
export function packATransposed(
  m: i32,
  k: i32,
  a: usize,
  stride: i32,
  out: usize,
): void {
  const row = (<usize> stride) * F32;
  const n5 = fives(m), n4 = fours(m);
  let r = 0;
  for (let p = 0; p < n5 + n4; p++) {
    const rows = p < n5 ? 5 : 4;
    const valid = min(rows, m - r);
    let from = a + (<usize> r) * F32;
    if (valid == 5) {
      for (let i = 0; i < k; i++) {
        v128.store(out, v128.load(from));
        store<f32>(out, load<f32>(from, 16), 16);
        from += row;
        out += 20;
      }
    } else if (valid == 4) {
      for (let i = 0; i < k; i++) {
        v128.store(out, v128.load(from));
        from += row;
        out += 16;
      }
    } else {
      for (let i = 0; i < k; i++) {
        store<f32>(out, load<f32>(from));
        store<f32>(out, valid > 1 ? load<f32>(from, 4) : 0, 4);
        store<f32>(out, valid > 2 ? load<f32>(from, 8) : 0, 8);
        store<f32>(out, 0, 12);
        from += row;
        out += 16;
      }
    }
    r += rows;
  }
}

/** Packs the panels `from` ≤ p < `to` of B [k, n], rows `stride` floats apart. */
export function packB(
  k: i32,
  n: i32,
  b: usize,
  stride: i32,
  out: usize,
  from: i32,
  to: i32,
): void {
  const row = (<usize> stride) * F32;
  out += (<usize> from) * (<usize> (k * NR)) * F32;
  for (let p = from; p < to; p++) {
    const j = p * NR;
    let source = b + (<usize> j) * F32;
    if (j + NR <= n) {
      for (let i = 0; i < k; i++) {
        v128.store(out, v128.load(source));
        v128.store(out, v128.load(source, 16), 16);
        source += row;
        out += PANEL_ROW;
      }
    } else {
      for (let i = 0; i < k; i++) {
        for (let c = 0; c < NR; c++) {
          const o = (<usize> c) * F32;
          store<f32>(out + o, j + c < n ? load<f32>(source + o) : 0);
        }
        source += row;
        out += PANEL_ROW;
      }
    }
  }
}

/** Rows of B that are packed together: their lines stay in the cache. */
const ROW_BLOCK: i32 = 8;

/**
 * Packs all of B [k, n], and sums [n] = the sums of its columns. A few rows at a
 * time, each read once from end to end; two panels at a time, for a row of both
 * is one line of the cache.
 */
export function packBAndSum(
  k: i32,
  n: i32,
  b: usize,
  out: usize,
  sums: usize,
): void {
  const row = (<usize> n) * F32, panel = (<usize> k) * PANEL_ROW;
  const pairs = n / (2 * NR), rest = n - pairs * 2 * NR;
  memory.fill(sums, 0, row);
  for (let i0 = 0; i0 < k; i0 += ROW_BLOCK) {
    const rows = min(ROW_BLOCK, k - i0);
    let from = b + (<usize> i0) * row, sum = sums;
    let to = out + (<usize> i0) * PANEL_ROW;
    for (let p = 0; p < pairs; p++) {
      let s0 = v128.load(sum), s1 = v128.load(sum, 16);
      let s2 = v128.load(sum, 32), s3 = v128.load(sum, 48);
      let source = from, to0 = to, to1 = to + panel;
      for (let i = 0; i < rows; i++) {
        const v0 = v128.load(source), v1 = v128.load(source, 16);
        const v2 = v128.load(source, 32), v3 = v128.load(source, 48);
        v128.store(to0, v0), v128.store(to0, v1, 16);
        v128.store(to1, v2), v128.store(to1, v3, 16);
        s0 = f32x4.add(s0, v0), s1 = f32x4.add(s1, v1);
        s2 = f32x4.add(s2, v2), s3 = f32x4.add(s3, v3);
        source += row, to0 += PANEL_ROW, to1 += PANEL_ROW;
      }
      v128.store(sum, s0), v128.store(sum, s1, 16);
      v128.store(sum, s2, 32), v128.store(sum, s3, 48);
      from += 2 * PANEL_ROW, sum += 2 * PANEL_ROW, to += 2 * panel;
    }
  }
  if (rest == 0) return;
  const first = (<usize> (n - rest)) * F32;
  b += first, sums += first, out += (<usize> pairs) * 2 * panel;
  packB(k, rest, b, n, out, 0, (rest + NR - 1) / NR);
  for (let j = 0; j < rest; j++, b += F32, sums += F32) {
    let sum: f32 = 0;
    for (let i = 0; i < k; i++) sum += load<f32>(b + (<usize> i) * row);
    store<f32>(sums, sum);
  }
}

/** Packs panels of the transpose of B [n, k], rows `stride` floats apart. */
export function packBTransposed(
  k: i32,
  n: i32,
  b: usize,
  stride: i32,
  out: usize,
  from: i32,
  to: i32,
): void {
  const row = (<usize> stride) * F32;
  out += (<usize> from) * (<usize> (k * NR)) * F32;
  for (let p = from; p < to; p++) {
    const j = p * NR;
    const source = b + (<usize> j) * row;
    let i = 0;
    if (j + NR <= n) {
      for (; i + 4 <= k; i += 4) {
        for (let half: usize = 0; half < 2; half++) {
          const s = source + half * 4 * row + (<usize> i) * F32;
          const r0 = v128.load(s), r1 = v128.load(s + row);
          const r2 = v128.load(s + 2 * row), r3 = v128.load(s + 3 * row);
          const t0 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
          const t1 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
          const t2 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
          const t3 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
          const o = out + half * 16;
          v128.store(o, v128.shuffle<i64>(t0, t1, 0, 2));
          v128.store(o, v128.shuffle<i64>(t0, t1, 1, 3), 32);
          v128.store(o, v128.shuffle<i64>(t2, t3, 0, 2), 64);
          v128.store(o, v128.shuffle<i64>(t2, t3, 1, 3), 96);
        }
        out += 4 * PANEL_ROW;
      }
    }
    for (; i < k; i++) {
      for (let c = 0; c < NR; c++) {
        const s = source + (<usize> c) * row + (<usize> i) * F32;
        store<f32>(out + (<usize> c) * F32, j + c < n ? load<f32>(s) : 0);
      }
      out += PANEL_ROW;
    }
  }
}

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
