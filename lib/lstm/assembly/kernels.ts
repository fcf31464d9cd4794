// The functions that the kernels export: matrix products, see product.ts, and here
// the rest of a training step: the LSTM's gates, sums, dropout, losses and
// optimizers. Pointers are byte addresses of floats. B rows, U units, V classes.
//
// The compiler orders functions by their file and name. To move an exported one to
// another file changes the binary; a function that is inlined can live anywhere.

import { cellBackward, cellForward } from "./cells";
import { addScaled, hash } from "./rows";
import { blend, exp, F32, fma, log, sigmoid, squaresOf, sum } from "./simd";

export {
  packA,
  packATransposed,
  packB,
  packBAndSum,
  packBTransposed,
  packedASize,
  packedBSize,
} from "./packing";
export { product, rowProduct } from "./product";

/**
 * One time step of an LSTM: pre-activations `z` [B, 4U] in gate order i, f, c, o
 * become gates in place; `c`, `tanhC` and `h` [B, U] are written.
 */
export function lstmForward(
  rows: i32,
  units: i32,
  z: usize,
  cBefore: usize,
  c: usize,
  tanhC: usize,
  h: usize,
): void {
  const u = (<usize> units) * F32;
  for (let r = 0; r < rows; r++) {
    const end = z + u;
    const lastVector = z + (u & ~15);
    for (; z < lastVector; z += 16) {
      cellForward(z, u, cBefore, c, tanhC, h, true);
      cBefore += 16, c += 16, tanhC += 16, h += 16;
    }
    for (; z < end; z += 4) {
      cellForward(z, u, cBefore, c, tanhC, h, false);
      cBefore += 4, c += 4, tanhC += 4, h += 4;
    }
    z += 3 * u;
  }
}

/**
 * The gradient of {@link lstmForward}: `gates` become the gradient of the
 * pre-activations in place, `dc` [B, U] that of the state before.
 */
export function lstmBackward(
  rows: i32,
  units: i32,
  gates: usize,
  cBefore: usize,
  tanhC: usize,
  dh: usize,
  dc: usize,
): void {
  const u = (<usize> units) * F32;
  for (let r = 0; r < rows; r++) {
    let k = 0;
    for (; k + 4 <= units; k += 4) {
      cellBackward(gates, u, cBefore, tanhC, dh, dc, true);
      gates += 16, cBefore += 16, tanhC += 16, dh += 16, dc += 16;
    }
    for (; k < units; k++) {
      cellBackward(gates, u, cBefore, tanhC, dh, dc, false);
      gates += 4, cBefore += 4, tanhC += 4, dh += 4, dc += 4;
    }
    gates += 3 * u;
  }
}

/** y [n] += x [n]. */
export function add(n: i32, x: usize, y: usize): void {
  let i = 0;
  for (; i + 4 <= n; i += 4, x += 16, y += 16) {
    v128.store(y, f32x4.add(v128.load(y), v128.load(x)));
  }
  for (; i < n; i++, x += 4, y += 4) {
    store<f32>(y, load<f32>(y) + load<f32>(x));
  }
}

/** sums [columns] += the sum of the rows of x [rows, columns]. */
export function addRows(rows: i32, columns: i32, x: usize, sums: usize): void {
  for (let r = 0; r < rows; r++) {
    add(columns, x, sums);
    x += (<usize> columns) * F32;
  }
}

/**
 * y [rows, columns] = bias + factors·table[ids]: the product of one-hot rows
 * with `table` [·, columns], each hot value being its row's factor.
 */
export function gatherRows(
  rows: i32,
  columns: i32,
  ids: usize,
  factors: usize,
  table: usize,
  bias: usize,
  y: usize,
): void {
  const row = (<usize> columns) * F32;
  for (let r = 0; r < rows; r++, ids += 4, factors += 4, y += row) {
    const from = table + (<usize> load<i32>(ids)) * row;
    addScaled(columns, load<f32>(factors), from, bias, y);
  }
}

/** The gradient of {@link gatherRows}: table[ids] += factors·x. */
export function scatterRows(
  rows: i32,
  columns: i32,
  ids: usize,
  factors: usize,
  x: usize,
  table: usize,
): void {
  const row = (<usize> columns) * F32;
  for (let r = 0; r < rows; r++, ids += 4, factors += 4, x += row) {
    const to = table + (<usize> load<i32>(ids)) * row;
    addScaled(columns, load<f32>(factors), x, to, to);
  }
}

/**
 * y [rows, columns] = bias + Σ factors·table[ids] over the ids of each row: the
 * product of sparse rows with `table` [·, columns]. Row r has the ids from
 * offsets[r] to offsets[r + 1]; its first factor is factors[r·most].
 */
export function gatherSets(
  rows: i32,
  columns: i32,
  most: i32,
  offsets: usize,
  ids: usize,
  factors: usize,
  table: usize,
  bias: usize,
  y: usize,
): void {
  const row = (<usize> columns) * F32, vectors = row & ~63;
  for (let r = 0; r < rows; r++, y += row) {
    const count = load<i32>(offsets, 4) - load<i32>(offsets);
    const first = ids + (<usize> load<i32>(offsets)) * 4;
    const weights = factors + (<usize> (r * most)) * F32;
    offsets += 4;
    // Sixteen columns at a time stay in registers while all rows are added.
    for (let at: usize = 0; at < vectors; at += 64) {
      let a = v128.load(bias + at), b = v128.load(bias + at, 16);
      let c = v128.load(bias + at, 32), d = v128.load(bias + at, 48);
      for (let i = 0, p = first, w = weights; i < count; i++, p += 4, w += 4) {
        const f = v128.load32_splat(w);
        const x = table + at + (<usize> load<i32>(p)) * row;
        a = fma(f, v128.load(x), a);
        b = fma(f, v128.load(x, 16), b);
        c = fma(f, v128.load(x, 32), c);
        d = fma(f, v128.load(x, 48), d);
      }
      v128.store(y + at, a);
      v128.store(y + at, b, 16);
      v128.store(y + at, c, 32);
      v128.store(y + at, d, 48);
    }
    for (let at = vectors; at < row; at += 4) {
      let sum = load<f32>(bias + at);
      for (let i = 0, p = first, w = weights; i < count; i++, p += 4, w += 4) {
        const x = table + at + (<usize> load<i32>(p)) * row;
        sum += load<f32>(w) * load<f32>(x);
      }
      store<f32>(y + at, sum);
    }
  }
}

/** The gradient of {@link gatherSets}: table[ids] += factors·x. */
export function scatterSets(
  rows: i32,
  columns: i32,
  most: i32,
  offsets: usize,
  ids: usize,
  factors: usize,
  x: usize,
  table: usize,
): void {
  const row = (<usize> columns) * F32;
  for (let r = 0; r < rows; r++, x += row) {
    const count = load<i32>(offsets, 4) - load<i32>(offsets);
    let p = ids + (<usize> load<i32>(offsets)) * 4;
    let w = factors + (<usize> (r * most)) * F32;
    offsets += 4;
    for (let i = 0; i < count; i++, p += 4, w += 4) {
      const factor = load<f32>(w);
      if (factor == 0) continue;
      const to = table + (<usize> load<i32>(p)) * row;
      addScaled(columns, factor, x, to, to);
    }
  }
}

/**
 * Adds to the logits of classes the scores of the relations that hold for them.
 * `scores` [rows, stride] has a row's logits, then from `classes` on its relations'
 * scores. A pair is class + 65536·relation; row r has those from offsets[r] to
 * offsets[r + 1].
 */
export function addRelations(
  rows: i32,
  classes: i32,
  stride: i32,
  offsets: usize,
  pairs: usize,
  scores: usize,
): void {
  const row = (<usize> stride) * F32, relations = (<usize> classes) * F32;
  for (let r = 0; r < rows; r++, offsets += 4, scores += row) {
    let p = pairs + (<usize> load<i32>(offsets)) * 4;
    const end = pairs + (<usize> load<i32>(offsets, 4)) * 4;
    for (; p < end; p += 4) {
      const pair = load<i32>(p);
      const to = scores + (<usize> (pair & 0xffff)) * F32;
      const from = scores + relations + (<usize> (pair >> 16)) * F32;
      store<f32>(to, load<f32>(to) + load<f32>(from));
    }
  }
}

/** The gradient of {@link addRelations}: of the relations' scores, in place. */
export function relationGradients(
  rows: i32,
  classes: i32,
  stride: i32,
  offsets: usize,
  pairs: usize,
  scores: usize,
): void {
  const row = (<usize> stride) * F32, relations = (<usize> classes) * F32;
  for (let r = 0; r < rows; r++, offsets += 4, scores += row) {
    memory.fill(scores + relations, 0, row - relations);
    let p = pairs + (<usize> load<i32>(offsets)) * 4;
    const end = pairs + (<usize> load<i32>(offsets, 4)) * 4;
    for (; p < end; p += 4) {
      const pair = load<i32>(p);
      const from = scores + (<usize> (pair & 0xffff)) * F32;
      const to = scores + relations + (<usize> (pair >> 16)) * F32;
      store<f32>(to, load<f32>(to) + load<f32>(from));
    }
  }
}

/** y [n] = value. */
export function fill(n: i32, y: usize, value: f32): void {
  for (let i = 0; i < n; i++, y += 4) store<f32>(y, value);
}

/**
 * Dropout in place of x, `rows` × `columns`: an element is dropped by a hash of
 * its place in the whole batch, so that the mask does not depend on how the
 * batch is split and the backward pass can make it again. Row r of x is row
 * `rowOf(r)` of the whole: time step r / shardRows, sequence `first` + r mod
 * shardRows of `batchRows`.
 */
export function dropout(
  rows: i32,
  columns: i32,
  x: usize,
  rate: f32,
  key: i32,
  shardRows: i32,
  first: i32,
  batchRows: i32,
): void {
  const threshold = <u32> ((<f64> rate) * 4294967296.0);
  const scale: f32 = 1.0 / (1.0 - rate);
  for (let r = 0; r < rows; r++) {
    const place = (r / shardRows) * batchRows + first + (r % shardRows);
    const base = <u32> (place * columns);
    for (let j = 0; j < columns; j++) {
      const keep = hash(base + <u32> j, <u32> key) >= threshold;
      store<f32>(x, keep ? load<f32>(x) * scale : 0);
      x += 4;
    }
  }
}

/**
 * Softmax cross-entropy of `logits` [rows, classes], rows `stride` floats apart,
 * and integer `targets` [rows], −1 for none. The logits become their gradient
 * times `scale`. Adds to
 * out[0] the loss in nats, to out[1] the rows counted, to out[2] those whose
 * largest logit is the target (64-bit floats). `smoothing` spreads that share
 * of the target evenly over the classes.
 */
export function softmaxLoss(
  rows: i32,
  classes: i32,
  stride: i32,
  logits: usize,
  targets: usize,
  scale: f32,
  smoothing: f32,
  out: usize,
): void {
  let total: f64 = 0, counted: f64 = 0, correct: f64 = 0;
  const spread: f32 = smoothing / <f32> classes;
  for (let r = 0; r < rows; r++) {
    const target = load<i32>(targets);
    targets += 4;
    const end = logits + (<usize> stride) * F32;
    if (target < 0) {
      memory.fill(logits, 0, (<usize> classes) * F32);
      logits = end;
      continue;
    }
    let top = load<f32>(logits), best = 0;
    for (let j = 1, p = logits + 4; j < classes; j++, p += 4) {
      const v = load<f32>(p);
      if (v > top) {
        top = v;
        best = j;
      }
    }
    const at = logits + (<usize> target) * F32;
    const shifted = <f64> (load<f32>(at) - top);
    let sumV = f32x4.splat(0), sumX = f32x4.splat(0);
    const topV = f32x4.splat(top);
    let p = logits, j = 0;
    for (; j + 4 <= classes; j += 4, p += 16) {
      const x = f32x4.sub(v128.load(p), topV);
      const e = exp(x);
      sumX = f32x4.add(sumX, x);
      sumV = f32x4.add(sumV, e);
      v128.store(p, e);
    }
    let z = sum(sumV), sx = sum(sumX);
    for (; j < classes; j++, p += 4) {
      const x = load<f32>(p) - top;
      const e = f32x4.extract_lane(exp(f32x4.splat(x)), 0);
      sx += x;
      z += e;
      store<f32>(p, e);
    }
    const logZ = log(<f64> z);
    total += logZ - (1.0 - <f64> smoothing) * shifted - (<f64> spread) * <f64> sx;
    counted += 1;
    if (best == target) correct += 1;
    const factor = f32x4.splat(scale / z), even = f32x4.splat(-spread * scale);
    p = logits, j = 0;
    for (; j + 4 <= classes; j += 4, p += 16) {
      v128.store(p, fma(v128.load(p), factor, even));
    }
    for (; j < classes; j++, p += 4) {
      store<f32>(p, load<f32>(p) * (scale / z) - spread * scale);
    }
    store<f32>(at, load<f32>(at) - scale * (1 - smoothing));
    logits = end;
  }
  store<f64>(out, load<f64>(out) + total);
  store<f64>(out, load<f64>(out, 8) + counted, 8);
  store<f64>(out, load<f64>(out, 16) + correct, 16);
}

/**
 * Binary cross-entropy of independent sigmoids: `logits` [rows, classes] and
 * float `targets` of the same shape. A row whose first target is negative is
 * left out. Gradient and sums as in {@link softmaxLoss}; a row's loss is summed
 * over its classes.
 */
export function sigmoidLoss(
  rows: i32,
  classes: i32,
  logits: usize,
  targets: usize,
  scale: f32,
  out: usize,
): void {
  let total: f64 = 0, counted: f64 = 0;
  for (let r = 0; r < rows; r++) {
    if (load<f32>(targets) < 0) {
      memory.fill(logits, 0, (<usize> classes) * F32);
      logits += (<usize> classes) * F32;
      targets += (<usize> classes) * F32;
      continue;
    }
    for (let j = 0; j < classes; j++, logits += 4, targets += 4) {
      const x = load<f32>(logits), y = load<f32>(targets);
      const magnitude = f32x4.extract_lane(exp(f32x4.splat(-abs(x))), 0);
      total += <f64> max<f32>(x, 0) - <f64> (x * y) +
        log(1.0 + <f64> magnitude);
      const p = f32x4.extract_lane(sigmoid(f32x4.splat(x)), 0);
      store<f32>(logits, (p - y) * scale);
    }
    counted += 1;
  }
  store<f64>(out, load<f64>(out) + total);
  store<f64>(out, load<f64>(out, 8) + counted, 8);
}

// In what follows n is a multiple of 4.

/**
 * Sums the gradients [n] of `workers` workers, `stride` bytes apart, into the
 * first, in order; returns the sum of their squares.
 */
export function sumGradients(
  n: i32,
  gradients: usize,
  stride: usize,
  workers: i32,
): f64 {
  let squares = f64x2.splat(0);
  for (let i = 0; i < n; i += 4) {
    let g = v128.load(gradients);
    for (let w = 1; w < workers; w++) {
      g = f32x4.add(g, v128.load(gradients + (<usize> w) * stride));
    }
    v128.store(gradients, g);
    squares = f64x2.add(squares, squaresOf(g));
    gradients += 16;
  }
  return f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1);
}

/** SGD: w −= rate·(scale·g + decay·w). */
export function sgd(
  n: i32,
  w: usize,
  g: usize,
  scale: f32,
  rate: f32,
  decay: f32,
): void {
  const step = f32x4.splat(-rate * scale), keep = f32x4.splat(1 - rate * decay);
  for (let i = 0; i < n; i += 4, w += 16, g += 16) {
    const weight = f32x4.mul(v128.load(w), keep);
    v128.store(w, fma(step, v128.load(g), weight));
  }
}

/**
 * RMSprop as Keras has it: s = ρ·s + (1 − ρ)·g², w −= rate·g / √(s + ε).
 */
export function rmsprop(
  n: i32,
  w: usize,
  g: usize,
  squares: usize,
  scale: f32,
  rate: f32,
  rho: f32,
  epsilon: f32,
): void {
  const scaleV = f32x4.splat(scale), rateV = f32x4.splat(rate);
  const rhoV = f32x4.splat(rho), restV = f32x4.splat(1 - rho);
  const epsilonV = f32x4.splat(epsilon);
  for (let i = 0; i < n; i += 4) {
    const x = f32x4.mul(v128.load(g), scaleV);
    const s = blend(v128.load(squares), rhoV, restV, f32x4.mul(x, x));
    v128.store(squares, s);
    const step = f32x4.div(
      f32x4.mul(rateV, x),
      f32x4.sqrt(f32x4.add(s, epsilonV)),
    );
    v128.store(w, f32x4.sub(v128.load(w), step));
    w += 16, g += 16, squares += 16;
  }
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter). `rate` already holds
 * the bias correction √(1 − β₂ᵗ) / (1 − β₁ᵗ); `decay` is rate·λ.
 */
export function adam(
  n: i32,
  w: usize,
  g: usize,
  means: usize,
  squares: usize,
  scale: f32,
  rate: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  decay: f32,
): void {
  const scaleV = f32x4.splat(scale), rateV = f32x4.splat(rate);
  const b1 = f32x4.splat(beta1), a1 = f32x4.splat(1 - beta1);
  const b2 = f32x4.splat(beta2), a2 = f32x4.splat(1 - beta2);
  const epsilonV = f32x4.splat(epsilon), keep = f32x4.splat(1 - decay);
  for (let i = 0; i < n; i += 4) {
    const x = f32x4.mul(v128.load(g), scaleV);
    const m = blend(v128.load(means), b1, a1, x);
    const s = blend(v128.load(squares), b2, a2, f32x4.mul(x, x));
    v128.store(means, m);
    v128.store(squares, s);
    const step = f32x4.div(
      f32x4.mul(rateV, m),
      f32x4.add(f32x4.sqrt(s), epsilonV),
    );
    v128.store(w, f32x4.sub(f32x4.mul(v128.load(w), keep), step));
    w += 16, g += 16, means += 16, squares += 16;
  }
}

/** average [n] += (1 − decay)·(w − average): an exponential moving average. */
export function movingAverage(
  n: i32,
  w: usize,
  average: usize,
  decay: f32,
): void {
  const rest = f32x4.splat(1 - decay);
  for (let i = 0; i < n; i += 4, w += 16, average += 16) {
    const a = v128.load(average);
    v128.store(average, fma(rest, f32x4.sub(v128.load(w), a), a));
  }
}
