// What is done to one row. Pointers are byte addresses of floats.

import { fma } from "./simd";

/** y [n] = start [n] + factor·x [n]; y may be start. */
@inline
export function addScaled(
  n: i32,
  factor: f32,
  x: usize,
  start: usize,
  y: usize,
): void {
  const f = f32x4.splat(factor);
  let i = 0;
  for (; i + 4 <= n; i += 4, x += 16, y += 16, start += 16) {
    v128.store(y, fma(f, v128.load(x), v128.load(start)));
  }
  for (; i < n; i++, x += 4, y += 4, start += 4) {
    store<f32>(y, load<f32>(start) + factor * load<f32>(x));
  }
}

/** A well-mixed 32-bit hash of a counter under a key. */
@inline
export function hash(counter: u32, key: u32): u32 {
  let x = counter * 0x9e3779b9 + key;
  x ^= x >> 16;
  x *= 0x21f0aaad;
  x ^= x >> 15;
  x *= 0x735a2d97;
  return x ^ (x >> 15);
}
