/**
 * Losses and their gradients, and sums of a step's results. One workgroup of 64
 * threads takes a row; a row's loss, whether it counts and whether it is right go
 * to `results` [rows] of vectors.
 */
import type { Kernel } from "./kernel.ts";

/** Threads of a workgroup. */
const THREADS = 64;
/** Workgroups that sum squares, each to a number of its own. */
export const SQUARE_GROUPS = 128;

/** Goes over the rows, a workgroup a row. */
const overRows = (body: string) => `
for (var r = group.x; r < params.rows; r += groups.x) {
  let row = r * params.units;
  ${body}
  workgroupBarrier();
}`;

/**
 * Combines the threads' values in `shared_NAME`, leaving the result in [0].
 *
 * @param step Combines that of thread `thread` with that of `other`.
 */
const reduce = (step: string, threads = THREADS) => `
workgroupBarrier();
for (var half = ${threads / 2}u; half > 0u; half /= 2u) {
  if (thread < half) { let other = thread + half; ${step} }
  workgroupBarrier();
}`;

/** Goes over a row's classes, by thread. */
const overClasses = (body: string) =>
  `for (var j = thread; j < params.classes; j += ${THREADS}u) { ${body} }`;

type LossParams = "rows" | "classes" | "units";
const LOSS = { rows: "u32", classes: "u32", units: "u32" } as const;

/**
 * Softmax cross-entropy, see `softmaxLoss` in `lib/lstm/assembly/kernels.ts`:
 * logits become their gradient in place.
 */
export const SOFTMAX_LOSS: Kernel<
  "targets" | "logits" | "results",
  LossParams
> = {
  name: "softmax loss",
  arrays: { targets: "i32", logits: "write f32", results: "write vec4f" },
  params: LOSS,
  threads: [THREADS, 1],
  declarations: `
var<workgroup> tops: array<f32, ${THREADS}>;
var<workgroup> places: array<u32, ${THREADS}>;
var<workgroup> sums: array<vec2f, ${THREADS}>;`,
  body: overRows(`
  let wanted = targets[r];
  var top = -3.4e38;
  var place = params.classes;
  ${
    overClasses(
      "if (logits[row + j] > top) { top = logits[row + j]; place = j; }",
    )
  }
  tops[thread] = top;
  places[thread] = place;
  ${
    reduce(`
    let isTie = tops[other] == tops[thread] && places[other] < places[thread];
    if (tops[other] > tops[thread] || isTie) {
      tops[thread] = tops[other];
      places[thread] = places[other];
    }`)
  }
  top = tops[0];
  let best = places[0];
  let shifted = logits[row + u32(max(wanted, 0))] - top;
  var sum = vec2f();
  ${
    overClasses(`
    let x = logits[row + j] - top;
    sum += vec2f(exp(max(x, -87.0)), x);`)
  }
  sums[thread] = sum;
  ${reduce("sums[thread] += sums[other];")}
  sum = sums[0];
  let even = control.smoothing / f32(params.classes);
  ${
    overClasses(`
    let p = exp(max(logits[row + j] - top, -87.0)) / sum.x;
    let isTarget = select(0.0, 1.0 - control.smoothing, i32(j) == wanted);
    let d = (p - even - isTarget) * control.lossScale;
    logits[row + j] = select(d, 0.0, wanted < 0);`)
  }
  if (thread == 0u) {
    let loss = log(sum.x) - (1.0 - control.smoothing) * shifted - even * sum.y;
    let isRight = select(0.0, 1.0, i32(best) == wanted);
    results[r] = select(vec4f(loss, 1.0, isRight, 0.0), vec4f(), wanted < 0);
  }`),
};

/** Binary cross-entropy of sigmoids, summed over classes, see `sigmoidLoss`. */
export const SIGMOID_LOSS: Kernel<
  "targets" | "logits" | "results",
  LossParams
> = {
  name: "sigmoid loss",
  arrays: { targets: "f32", logits: "write f32", results: "write vec4f" },
  params: LOSS,
  threads: [THREADS, 1],
  declarations: `var<workgroup> sums: array<f32, ${THREADS}>;`,
  body: overRows(`
  let counts = targets[row] >= 0.0;
  var sum = 0.0;
  ${
    overClasses(`
    let x = logits[row + j];
    let y = targets[row + j];
    sum += max(x, 0.0) - x * y + log(1.0 + exp(-min(abs(x), 87.0)));
    logits[row + j] = select(0.0, (sigmoid(x) - y) * control.lossScale, counts);`)
  }
  sums[thread] = sum;
  ${reduce("sums[thread] += sums[other];")}
  if (thread == 0u) {
    results[r] = select(vec4f(), vec4f(sums[0], 1.0, 0.0, 0.0), counts);
  }`),
};

/** Sums of squares of x [n], one by each of {@linkcode SQUARE_GROUPS} workgroups. */
export const SQUARES: Kernel<"x" | "squares", "n"> = {
  name: "sums of squares",
  arrays: { x: "f32", squares: "write f32" },
  params: { n: "u32" },
  threads: [THREADS, 1],
  declarations: `var<workgroup> sums: array<f32, ${THREADS}>;`,
  body: `
var sum = 0.0;
for (var i = group.x * ${THREADS}u + thread; i < params.n; i += groups.x * ${THREADS}u) {
  sum = fma(x[i], x[i], sum);
}
sums[thread] = sum;
${reduce("sums[thread] += sums[other];")}
if (thread == 0u) { squares[group.x] = sums[0]; }`,
};

/**
 * totals [1]: loss, rows counted, rows right, and the sum of the gradient's
 * squares.
 */
export const TOTALS: Kernel<"results" | "squares" | "totals", "rows"> = {
  name: "totals",
  arrays: { results: "vec4f", squares: "f32", totals: "write vec4f" },
  params: { rows: "u32" },
  threads: [THREADS, 1],
  declarations: `var<workgroup> sums: array<vec4f, ${THREADS}>;`,
  body: `
var sum = vec4f();
for (var r = thread; r < params.rows; r += ${THREADS}u) { sum += results[r]; }
for (var s = thread; s < ${SQUARE_GROUPS}u; s += ${THREADS}u) { sum.w += squares[s]; }
sums[thread] = sum;
${reduce("sums[thread] += sums[other];")}
if (thread == 0u) { totals[0] = sums[0]; }`,
};

/**
 * A step of the optimizer and of the moving average, all as
 * `lib/lstm/assembly/kernels.ts` has them. Without a finite loss and gradient
 * nothing changes.
 */
export const UPDATE: Kernel<
  "totals" | "gradients" | "weights" | "means" | "squares" | "average",
  "n"
> = {
  name: "optimizer",
  arrays: {
    totals: "vec4f",
    gradients: "f32",
    weights: "write f32",
    means: "write f32",
    squares: "write f32",
    average: "write f32",
  },
  params: { n: "u32" },
  threads: [THREADS, 1],
  body: `
let norm = sqrt(totals[0].w);
if (!isFinite(norm) || !isFinite(totals[0].x)) { return; }
let isClipped = control.clipNorm > 0.0 && norm > control.clipNorm;
let scale = select(1.0, control.clipNorm / norm, isClipped);
for (var i = group.x * ${THREADS}u + thread; i < params.n; i += groups.x * ${THREADS}u) {
  let g = scale * gradients[i];
  var w = weights[i];
  if (control.optimizer == 0u) {
    w = w * (1.0 - control.rate * control.decay) - control.rate * g;
  } else {
    let s = squares[i] * control.beta2 + (1.0 - control.beta2) * g * g;
    squares[i] = s;
    if (control.optimizer == 1u) {
      w -= control.rate * g / sqrt(s + control.epsilon);
    } else {
      let m = means[i] * control.beta1 + (1.0 - control.beta1) * g;
      means[i] = m;
      w = w * (1.0 - control.decay) - control.rate * m / (sqrt(s) + control.epsilon);
    }
  }
  weights[i] = w;
  if (control.averageDecay > 0.0) {
    average[i] += (1.0 - control.averageDecay) * (w - average[i]);
  }
}`,
};
