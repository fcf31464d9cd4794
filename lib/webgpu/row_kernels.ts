/** What is done to one row after another: hot input, dropout, relations. */
import type { Kernel } from "./kernel.ts";

/** Parameters of a layer's dropout, see `dropoutOf`. */
type Dropout = "threshold" | "scale" | "salt";

const DROPOUT = { threshold: "u32", scale: "f32", salt: "u32" } as const;

/** Goes over all elements of an array [n]. */
const overAll = (body: string) => `
for (var i = group.x * 64u + thread; i < params.n; i += groups.x * 64u) {
  ${body}
}`;

/**
 * Parameters of the dropout layer with this number, as `lib/lstm/dropout.ts` and
 * the kernel it calls have them.
 */
export function dropoutOf(
  rate: number,
  layer: number,
): Record<Dropout, number> {
  return {
    threshold: Math.floor(Math.fround(rate) * 2 ** 32),
    scale: Math.fround(1 / Math.fround(1 - Math.fround(rate))),
    salt: Math.imul(layer + 1, 0x632be5ab) >>> 0,
  };
}

/**
 * y [n] = x [n] with elements dropped while training; also the gradient. x begins
 * `xAt` floats into its array.
 */
export const DROP: Kernel<"x" | "y", "n" | "xAt" | Dropout> = {
  name: "dropout",
  arrays: { x: "f32", y: "write f32" },
  params: { n: "u32", xAt: "u32", ...DROPOUT },
  threads: [64, 1],
  body: overAll(
    "y[i] = x[params.xAt + i] * keep(i, params.threshold, params.scale, params.salt);",
  ),
};

/**
 * y [rows, n] = bias + the sum of table's rows at the ids of each row, those
 * from offsets[r] to offsets[r + 1], some of them dropped; at most `most` a row.
 */
export const GATHER: Kernel<
  "offsets" | "ids" | "table" | "bias" | "y",
  "rows" | "n" | "most" | Dropout
> = {
  name: "gather",
  arrays: {
    offsets: "u32",
    ids: "u32",
    table: "f32",
    bias: "f32",
    y: "write f32",
  },
  params: { rows: "u32", n: "u32", most: "u32", ...DROPOUT },
  threads: [64, 1],
  body: `
let column = group.x * 64u + thread;
if (column >= params.n) { return; }
for (var r = group.y; r < params.rows; r += groups.y) {
  let first = offsets[r];
  let count = offsets[r + 1u] - first;
  var sum = bias[column];
  for (var i = 0u; i < count; i++) {
    let factor = keep(r * params.most + i, params.threshold, params.scale, params.salt);
    sum = fma(factor, table[ids[first + i] * params.n + column], sum);
  }
  y[r * params.n + column] = sum;
}`,
};

/**
 * The gradient of {@linkcode GATHER}: d [size, n] of the table. `places` lists,
 * id after id, where it is hot, as row·most + number in the row; those of an id
 * begin at `begins`. So each sum has a fixed order and no atomics. Eight threads
 * share a sum.
 */
export const SCATTER: Kernel<
  "begins" | "places" | "x" | "d",
  "size" | "n" | "most" | Dropout
> = {
  name: "scatter",
  arrays: { begins: "u32", places: "u32", x: "f32", d: "write f32" },
  params: { size: "u32", n: "u32", most: "u32", ...DROPOUT },
  threads: [32, 8],
  declarations: "var<workgroup> shares: array<f32, 256>;",
  body: `
let column = group.x * 32u + local.x;
for (var id = group.y; id < params.size; id += groups.y) {
  let end = begins[id + 1u];
  var sum = 0.0;
  if (column < params.n) {
    for (var i = begins[id] + local.y; i < end; i += 8u) {
      let place = places[i];
      let factor = keep(place, params.threshold, params.scale, params.salt);
      sum = fma(factor, x[place / params.most * params.n + column], sum);
    }
  }
  shares[thread] = sum;
  workgroupBarrier();
  if (local.y == 0u && column < params.n) {
    for (var s = 1u; s < 8u; s++) { sum += shares[s * 32u + local.x]; }
    d[id * params.n + column] = sum;
  }
  workgroupBarrier();
}`,
};

type RelationParams = "rows" | "classes" | "units";
const RELATION = { rows: "u32", classes: "u32", units: "u32" } as const;

/** Goes over the pairs of class and relation of each row, one thread a row. */
const overPairs = (before: string, body: string) => `
for (var r = group.x * 64u + thread; r < params.rows; r += groups.x * 64u) {
  let row = r * params.units;
  ${before}
  for (var p = offsets[r]; p < offsets[r + 1u]; p++) {
    let logit = row + (pairs[p] & 0xffffu);
    let score = row + params.classes + (pairs[p] >> 16u);
    ${body}
  }
}`;

/**
 * Adds to the logits of classes the scores of the relations that hold for them:
 * a row of `scores` [rows, units] has its logits, then its relations' scores.
 */
export const RELATE: Kernel<"offsets" | "pairs" | "scores", RelationParams> = {
  name: "relations",
  arrays: { offsets: "u32", pairs: "u32", scores: "write f32" },
  params: RELATION,
  threads: [64, 1],
  body: overPairs("", "scores[logit] += scores[score];"),
};

/** The gradient of {@linkcode RELATE}: of the relations' scores, in place. */
export const RELATE_BACKWARD: typeof RELATE = {
  ...RELATE,
  name: "gradient of relations",
  body: overPairs(
    `for (var j = params.classes; j < params.units; j++) { scores[row + j] = 0.0; }`,
    "scores[score] += scores[logit];",
  ),
};
