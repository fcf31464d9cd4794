// Vector helpers shared by the kernels: four 32-bit floats at a time.

/** Bytes of a float. */
export const F32: usize = 4;

/** a·b + c, in one rounding where the machine has it. */
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD
    ? f32x4.relaxed_madd(a, b, c)
    : f32x4.add(f32x4.mul(a, b), c);
}

// The engine makes a constant vector anew, in three instructions, wherever it
// is used; from a fixed address it comes with one load and no check of bounds.
const CONSTANTS: usize = memory.data<f32>([
  87, 87, 87, 87,
  -87, -87, -87, -87,
  1.44269504, 1.44269504, 1.44269504, 1.44269504,
  12582912.0, 12582912.0, 12582912.0, 12582912.0,
  -0.693359375, -0.693359375, -0.693359375, -0.693359375,
  2.12194440e-4, 2.12194440e-4, 2.12194440e-4, 2.12194440e-4,
  1.0 / 720.0, 1.0 / 720.0, 1.0 / 720.0, 1.0 / 720.0,
  1.0 / 120.0, 1.0 / 120.0, 1.0 / 120.0, 1.0 / 120.0,
  1.0 / 24.0, 1.0 / 24.0, 1.0 / 24.0, 1.0 / 24.0,
  1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0,
  0.5, 0.5, 0.5, 0.5,
  1, 1, 1, 1,
  -2, -2, -2, -2,
  -1, -1, -1, -1,
], 16);

/** Where e^x is clamped. */
export const HIGH: usize = 0;
export const LOW: usize = 16;
export const LOG2_E: usize = 32;
/** 1.5·2²³: adding it leaves the rounded whole number in the low bits. */
export const ROUNDER: usize = 48;
/** −ln 2 in two parts, the first with few bits, so that n times it is exact. */
export const LN2_HIGH_NEGATIVE: usize = 64;
export const LN2_LOW_NEGATIVE: usize = 80;
/** Taylor's coefficients of e^x. */
export const P6: usize = 96;
export const P5: usize = 112;
export const P4: usize = 128;
export const P3: usize = 144;
export const P2: usize = 160;
export const ONE: usize = 176;
export const MINUS_TWO: usize = 192;
export const MINUS_ONE: usize = 208;

/** A constant of the table, four times. */
@inline
export function constant(offset: usize): v128 {
  return v128.load(CONSTANTS + offset);
}

/**
 * e^x for |x| ≤ 87, beyond which it is clamped: x = n·ln 2 + r with
 * |r| ≤ ln 2 / 2, then Taylor's polynomial of degree 6 in r. Relative error
 * below 3e-7.
 */
@inline
export function exp(x: v128): v128 {
  x = f32x4.pmin(f32x4.pmax(x, constant(LOW)), constant(HIGH));
  const t = fma(x, constant(LOG2_E), constant(ROUNDER));
  const n = f32x4.sub(t, constant(ROUNDER));
  let r = fma(n, constant(LN2_HIGH_NEGATIVE), x);
  r = fma(n, constant(LN2_LOW_NEGATIVE), r);
  let p = fma(constant(P6), r, constant(P5));
  p = fma(p, r, constant(P4));
  p = fma(p, r, constant(P3));
  p = fma(p, r, constant(P2));
  p = fma(p, r, constant(ONE));
  p = fma(p, r, constant(ONE));
  // Adding n to the exponent multiplies by 2ⁿ.
  return i32x4.add(p, i32x4.shl(t, 23));
}

/** 1 / (1 + e^−x); absolute error below 1.2e-7. */
@inline
export function sigmoid(x: v128): v128 {
  const one = constant(ONE);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.mul(x, constant(MINUS_ONE)))));
}

/** (1 − e^−2x) / (1 + e^−2x) = tanh x; absolute error below 1.2e-7. */
@inline
export function tanh(x: v128): v128 {
  const one = constant(ONE);
  const e = exp(f32x4.mul(x, constant(MINUS_TWO)));
  return f32x4.div(f32x4.sub(one, e), f32x4.add(one, e));
}

/** The sum of the four. */
@inline
export function sum(v: v128): f32 {
  return (f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)) +
    (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** keep·old + rest·value, a step of a decaying mean. */
@inline
export function blend(old: v128, keep: v128, rest: v128, value: v128): v128 {
  return f32x4.add(f32x4.mul(old, keep), f32x4.mul(rest, value));
}

/** The squares of four floats, as two sums of two. */
@inline
export function squaresOf(v: v128): v128 {
  const low = f64x2.promote_low_f32x4(v);
  const high = f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 1));
  return f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high));
}

/** Four floats, or the one at `p` where a row does not fill a vector. */
@inline
export function loadSome(p: usize, full: bool): v128 {
  return full ? v128.load(p) : v128.load_zero<f32>(p);
}

/** Stores what {@link loadSome} loaded. */
@inline
export function storeSome(p: usize, v: v128, full: bool): void {
  if (full) v128.store(p, v);
  else v128.store_lane<f32>(p, v, 0);
}

/**
 * ln x for x > 0: x = m·2^e with m in [√½, √2), then the series of the inverse
 * hyperbolic tangent of (m − 1)/(m + 1). Relative error below 1e-12.
 */
export function log(x: f64): f64 {
  const bits = reinterpret<i64>(x);
  let e = <f64> ((bits >> 52) - 1023);
  let m = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    e += 1;
  }
  const s = (m - 1) / (m + 1);
  const q = s * s;
  let p: f64 = 1.0 / 17.0;
  for (let k = 15; k > 0; k -= 2) p = p * q + 1.0 / <f64> k;
  return 2 * s * p + e * 0.6931471805599453;
}
