// Packing of matrices for products. A goes into panels of 5 or 4 rows, element
// (row, k) at [k][row]; B into panels of 8 columns, element (k, column) at
// [k][column].

import { F32 } from "./simd";

/** Columns of a panel of B. */
export const NR: i32 = 8;
/** Bytes of one row of a panel of B. */
export const PANEL_ROW: usize = 32;

/** Panels of 4 rows in the partition of `m` rows into panels of 5 and 4. */
export function fours(m: i32): i32 {
  const n = (5 - (m % 5)) % 5;
  // Too few rows to make it even: pad the last panel of 4 with zeros.
  return n * 4 <= m ? n : (m + 3) >> 2;
}

/** Panels of 5 rows in the partition that {@link fours} tells. */
export function fives(m: i32): i32 {
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
