// An LSTM's gates and states, a vector of units at a time. Pointers are byte
// addresses of floats; a gate's lie `u` bytes behind those of the one before.

import { fma, loadSome, sigmoid, storeSome, tanh } from "./simd";

/** The gates, states and output of a vector of units, see `lstmForward`. */
@inline
export function cellForward(
  z: usize,
  u: usize,
  cBefore: usize,
  c: usize,
  tanhC: usize,
  h: usize,
  full: bool,
): void {
  const i = sigmoid(loadSome(z, full));
  const f = sigmoid(loadSome(z + u, full));
  const g = tanh(loadSome(z + 2 * u, full));
  const o = sigmoid(loadSome(z + 3 * u, full));
  const state = fma(f, loadSome(cBefore, full), f32x4.mul(i, g));
  const t = tanh(state);
  storeSome(z, i, full);
  storeSome(z + u, f, full);
  storeSome(z + 2 * u, g, full);
  storeSome(z + 3 * u, o, full);
  storeSome(c, state, full);
  storeSome(tanhC, t, full);
  storeSome(h, f32x4.mul(o, t), full);
}

/** Their gradients, see `lstmBackward`. */
@inline
export function cellBackward(
  gates: usize,
  u: usize,
  cBefore: usize,
  tanhC: usize,
  dh: usize,
  dc: usize,
  full: bool,
): void {
  const one = f32x4.splat(1);
  const i = loadSome(gates, full), f = loadSome(gates + u, full);
  const g = loadSome(gates + 2 * u, full), o = loadSome(gates + 3 * u, full);
  const t = loadSome(tanhC, full), d = loadSome(dh, full);
  const dState = fma(
    f32x4.mul(d, o),
    f32x4.sub(one, f32x4.mul(t, t)),
    loadSome(dc, full),
  );
  const di = f32x4.mul(dState, f32x4.mul(f32x4.mul(g, i), f32x4.sub(one, i)));
  const df = f32x4.mul(
    dState,
    f32x4.mul(f32x4.mul(loadSome(cBefore, full), f), f32x4.sub(one, f)),
  );
  const dg = f32x4.mul(
    dState,
    f32x4.mul(i, f32x4.sub(one, f32x4.mul(g, g))),
  );
  const dO = f32x4.mul(
    d,
    f32x4.mul(f32x4.mul(t, o), f32x4.sub(one, o)),
  );
  storeSome(gates, di, full);
  storeSome(gates + u, df, full);
  storeSome(gates + 2 * u, dg, full);
  storeSome(gates + 3 * u, dO, full);
  storeSome(dc, f32x4.mul(dState, f), full);
}
