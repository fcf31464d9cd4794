/**
 * Matrix products C [m, n] = A [m, k] · B [k, n] by tiles of 64 × 64: both
 * matrices' parts go through the workgroup's memory, sixteen of k at a time, and
 * each of 128 threads keeps 8 × 4 sums in registers.
 */
import type { Kernel } from "./kernel.ts";

/** Rows and columns of C that a workgroup computes. */
export const TILE = 64;
/** How much of k is in the workgroup's memory at a time. */
const DEPTH = 16;
const THREADS = 128;

type ProductArrays = "a" | "b" | "c";
type ProductParams = "m" | "n" | "k" | "aAt" | "chunk";

/** How the matrices of a product lie in memory. */
interface Form {
  readonly name: string;
  /** A is stored as its transpose, [k, m]. */
  readonly transposedA?: boolean;
  /** B is stored as its transpose, [n, k]. */
  readonly transposedB?: boolean;
  /** C starts from a bias [n], not from zero. */
  readonly bias?: boolean;
}

/** Four elements of a matrix along m or n, for one k, into the tile. */
function stage(matrix: "a" | "b", transposed: boolean): string {
  const isA = matrix === "a";
  const [side, first] = isA ? ["m", "row0"] : ["n", "column0"];
  // Neighbouring threads read neighbouring elements, whichever way they lie.
  const alongSide = isA === transposed;
  const [depth, four] = alongSide
    ? ["i / 16u", "i % 16u"]
    : [`i % ${DEPTH}u`, `i / ${DEPTH}u`];
  const start = isA ? "params.aAt + " : "";
  const at = alongSide
    ? `${start}k * params.${side} + s + J`
    : `${start}(s + J) * params.k + k`;
  const element = (j: number) =>
    `if (s + ${j}u < params.${side}) { v[${j}] = ${matrix}[${
      at.replace("J", `${j}u`)
    }]; }`;
  return `
  for (var i = thread; i < ${DEPTH * TILE / 4}u; i += ${THREADS}u) {
    let depth = ${depth};
    let four = ${four};
    let k = k0 + depth;
    let s = ${first} + 4u * four;
    var v = vec4f();
    if (k < end) { ${[0, 1, 2, 3].map(element).join("\n")} }
    tile_${matrix}[depth * 16u + four] = v;
  }`;
}

const ROWS = [0, 1, 2, 3, 4, 5, 6, 7];

function productKernel<A extends string = ProductArrays>(
  { name, transposedA = false, transposedB = false, bias = false }: Form,
): Kernel<A | ProductArrays, ProductParams> {
  const store = (row: number) =>
    `if (row + ${row}u < params.m) { let at = part + (row + ${row}u) * params.n + column;
${
      [0, 1, 2, 3].map((j) =>
        `if (column + ${j}u < params.n) { c[at + ${j}u] = sum${row}[${j}]${
          bias ? ` + bias[column + ${j}u]` : ""
        }; }`
      ).join("\n")
    } }`;
  const arrays = {
    a: "f32",
    b: "f32",
    c: "write f32",
    ...bias && { bias: "f32" },
  } as Kernel<A | ProductArrays>["arrays"];
  return {
    name,
    arrays,
    // aAt: where A begins, in floats; chunk: how much of k one of the
    // workgroups' third dimension takes, each writing a C of its own.
    params: { m: "u32", n: "u32", k: "u32", aAt: "u32", chunk: "u32" },
    threads: [THREADS, 1],
    declarations: `
var<workgroup> tile_a: array<vec4f, ${DEPTH * TILE / 4}>;
var<workgroup> tile_b: array<vec4f, ${DEPTH * TILE / 4}>;`,
    body: `
let row0 = group.y * ${TILE}u;
let column0 = group.x * ${TILE}u;
let begin = group.z * params.chunk;
let end = min(begin + params.chunk, params.k);
let part = group.z * params.m * params.n;
let x = thread % 16u;
let y = thread / 16u;
${ROWS.map((r) => `var sum${r} = vec4f();`).join("\n")}
for (var k0 = begin; k0 < end; k0 += ${DEPTH}u) {
  ${stage("a", transposedA)}
  ${stage("b", transposedB)}
  workgroupBarrier();
  for (var k = 0u; k < ${DEPTH}u; k++) {
    let low = tile_a[k * 16u + 2u * y];
    let high = tile_a[k * 16u + 2u * y + 1u];
    let right = tile_b[k * 16u + x];
${
      ROWS.map((r) =>
        `    sum${r} = fma(vec4f(${r < 4 ? "low" : "high"}[${
          r % 4
        }]), right, sum${r});`
      ).join("\n")
    }
  }
  workgroupBarrier();
}
let row = row0 + 8u * y;
let column = column0 + 4u * x;
${ROWS.map(store).join("\n")}`,
  };
}

/** C = A·B + bias: a layer's output. */
export const PRODUCT_WITH_BIAS: Kernel<ProductArrays | "bias", ProductParams> =
  productKernel<"bias">({ name: "product with bias", bias: true });
/** C = A·Bᵀ, B stored [n, k]: the gradient of a layer's input. */
export const PRODUCT_OF_ROWS: Kernel<ProductArrays, ProductParams> =
  productKernel({ name: "product of rows", transposedB: true });
/** C = Aᵀ·B, A stored [k, m]: the gradient of a layer's kernel. */
export const PRODUCT_OF_COLUMNS: Kernel<ProductArrays, ProductParams> =
  productKernel({ name: "product of columns", transposedA: true });

/** sums [n] = the sum of `count` arrays [n], one after another, in order. */
export const SUM_PARTS: Kernel<"parts" | "sums", "n" | "count"> = {
  name: "sum of parts",
  arrays: { parts: "f32", sums: "write f32" },
  params: { n: "u32", count: "u32" },
  threads: [64, 1],
  body: `
for (var i = group.x * 64u + thread; i < params.n; i += groups.x * 64u) {
  var sum = 0.0;
  for (var p = 0u; p < params.count; p++) { sum += parts[p * params.n + i]; }
  sums[i] = sum;
}`,
};

/**
 * sums [n] = the sums of the columns of x [rows, n]: the gradient of a bias. Eight
 * threads share a column.
 */
export const SUM_ROWS: Kernel<"x" | "sums", "rows" | "n"> = {
  name: "sum of rows",
  arrays: { x: "f32", sums: "write f32" },
  params: { rows: "u32", n: "u32" },
  threads: [32, 8],
  declarations: "var<workgroup> shares: array<f32, 256>;",
  body: `
let column = group.x * 32u + local.x;
var sum = 0.0;
if (column < params.n) {
  for (var r = local.y; r < params.rows; r += 8u) {
    sum += x[r * params.n + column];
  }
}
shares[thread] = sum;
workgroupBarrier();
if (local.y == 0u && column < params.n) {
  for (var s = 1u; s < 8u; s++) { sum += shares[s * 32u + local.x]; }
  sums[column] = sum;
}`,
};
