/**
 * Loads the compiled kernels: with relaxed SIMD (a fused multiply-add) where
 * the machine has it, else plain SIMD. `assembly/` holds their source.
 */

/** The kernels' functions; `assembly/` tells more of what they do. */
export interface Kernels {
  /** Floats that A [m, k] takes packed. */
  packedASize(m: number, k: number): number;
  /** Floats that B [k, n] takes packed. */
  packedBSize(n: number, k: number): number;
  /** Packs A [m, k], rows `stride` floats apart. */
  packA(m: number, k: number, a: number, stride: number, out: number): void;
  /** Packs A [m, k] from its transpose [k, m]. */
  packATransposed(
    m: number,
    k: number,
    a: number,
    stride: number,
    out: number,
  ): void;
  /** Packs the panels `from` ≤ p < `to` of B [k, n]. */
  packB(
    k: number,
    n: number,
    b: number,
    stride: number,
    out: number,
    from: number,
    to: number,
  ): void;
  /** Packs B [k, n]; sums [n] = the sums of its columns. */
  packBAndSum(k: number, n: number, b: number, out: number, sums: number): void;
  /** Packs panels of B [k, n] from its transpose [n, k]. */
  packBTransposed(
    k: number,
    n: number,
    b: number,
    stride: number,
    out: number,
    from: number,
    to: number,
  ): void;
  /** C [m, n] = start + A·B, of packed A and B. */
  product(
    m: number,
    n: number,
    k: number,
    a: number,
    b: number,
    depthB: number,
    c: number,
    stride: number,
    start: number,
    bias: number,
    scratch: number,
  ): void;
  /** y [n] = start + x [k]·B, of packed B. */
  rowProduct(
    n: number,
    k: number,
    x: number,
    b: number,
    y: number,
    start: number,
    bias: number,
  ): void;
  /** One time step of an LSTM, see `Cells.forward`. */
  lstmForward(
    rows: number,
    units: number,
    z: number,
    cBefore: number,
    c: number,
    tanhC: number,
    h: number,
  ): void;
  /** Its gradient, see `Cells.backward`. */
  lstmBackward(
    rows: number,
    units: number,
    gates: number,
    cBefore: number,
    tanhC: number,
    dh: number,
    dc: number,
  ): void;
  /** y [n] += x [n]. */
  add(n: number, x: number, y: number): void;
  /** sums [columns] += the sum of the rows of x [rows, columns]. */
  addRows(rows: number, columns: number, x: number, sums: number): void;
  /** y [n] = value. */
  fill(n: number, y: number, value: number): void;
  /** y [rows, columns] = bias + factors·table[ids]. */
  gatherRows(
    rows: number,
    columns: number,
    ids: number,
    factors: number,
    table: number,
    bias: number,
    y: number,
  ): void;
  /** table[ids] += factors·x [rows, columns]. */
  scatterRows(
    rows: number,
    columns: number,
    ids: number,
    factors: number,
    x: number,
    table: number,
  ): void;
  /** y [rows, columns] = bias + Σ factors·table[ids] over each row's ids. */
  gatherSets(
    rows: number,
    columns: number,
    most: number,
    offsets: number,
    ids: number,
    factors: number,
    table: number,
    bias: number,
    y: number,
  ): void;
  /** table[ids] += factors·x [rows, columns], for each of a row's ids. */
  scatterSets(
    rows: number,
    columns: number,
    most: number,
    offsets: number,
    ids: number,
    factors: number,
    x: number,
    table: number,
  ): void;
  /** Adds relations' scores to the logits of the classes that they hold for. */
  addRelations(
    rows: number,
    classes: number,
    stride: number,
    offsets: number,
    pairs: number,
    scores: number,
  ): void;
  /** The gradient of relations' scores from that of the logits, in place. */
  relationGradients(
    rows: number,
    classes: number,
    stride: number,
    offsets: number,
    pairs: number,
    scores: number,
  ): void;
  /** Drops elements of x [rows, columns] by a hash of their place. */
  dropout(
    rows: number,
    columns: number,
    x: number,
    rate: number,
    key: number,
    shardRows: number,
    first: number,
    batchRows: number,
  ): void;
  /** Softmax cross-entropy; logits become their gradient. */
  softmaxLoss(
    rows: number,
    classes: number,
    stride: number,
    logits: number,
    targets: number,
    scale: number,
    smoothing: number,
    out: number,
  ): void;
  /** Binary cross-entropy of sigmoids; logits become their gradient. */
  sigmoidLoss(
    rows: number,
    classes: number,
    logits: number,
    targets: number,
    scale: number,
    out: number,
  ): void;
  /** Sums all workers' gradients [n]; returns the sum of their squares. */
  sumGradients(
    n: number,
    gradients: number,
    stride: number,
    workers: number,
  ): number;
  /** A step of SGD on the weights w [n]. */
  sgd(
    n: number,
    w: number,
    g: number,
    scale: number,
    rate: number,
    decay: number,
  ): void;
  /** A step of RMSprop on the weights w [n]. */
  rmsprop(
    n: number,
    w: number,
    g: number,
    squares: number,
    scale: number,
    rate: number,
    rho: number,
    epsilon: number,
  ): void;
  /** A step of Adam on the weights w [n]. */
  adam(
    n: number,
    w: number,
    g: number,
    means: number,
    squares: number,
    scale: number,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    decay: number,
  ): void;
  /** average [n] += (1 − decay)·(w − average). */
  movingAverage(n: number, w: number, average: number, decay: number): void;
}

/** What the sums of a product start with: zero, what C holds, or a bias. */
export const START = { zero: 0, add: 1, bias: 2 } as const;

/** Columns in a packed panel of B; rows of memory are padded to it. */
export const PANEL_COLUMNS = 8;

/** Bytes of a WebAssembly memory page. */
export const PAGE_BYTES = 65536;

/** Which build of the kernels this machine runs. */
export type KernelBuild = "relaxed" | "simd";

/** The bytes of the fastest build that this machine runs. */
export async function loadKernels(): Promise<
  { build: KernelBuild; module: WebAssembly.Module }
> {
  for (const build of ["relaxed", "simd"] as const) {
    const url = new URL(`./kernels.${build}.wasm`, import.meta.url);
    const bytes = await (await fetch(url)).arrayBuffer();
    if (WebAssembly.validate(bytes)) {
      return { build, module: await WebAssembly.compile(bytes) };
    }
  }
  throw new Error(
    "Cannot load the LSTM kernels: this machine runs no WebAssembly SIMD. Use another engine.",
  );
}

/** A memory that threads share, of at least `bytes`. */
export function sharedMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  if (pages > 65536) {
    throw new RangeError(
      `Cannot lay out the network: it needs ${
        Math.ceil(bytes / 2 ** 20)
      } MiB and 4096 MiB are the most there can be. Make the batch, the sequences or the layers smaller.`,
    );
  }
  return new WebAssembly.Memory({
    initial: pages,
    maximum: pages,
    shared: true,
  });
}

/** The kernels at work on a memory. */
export function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Kernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  // The types of exports are not known to TypeScript.
  return exports as unknown as Kernels;
}
