/**
 * Loads the compiled kernels: with relaxed SIMD (a fused multiply-add) where
 * the machine has it, else plain SIMD. `assembly/` holds their source.
 */

/** The kernels' functions; what they do is told in `assembly/`. */
export interface Kernels {
  packedASize(m: number, k: number): number;
  packedBSize(n: number, k: number): number;
  packA(m: number, k: number, a: number, stride: number, out: number): void;
  packATransposed(
    m: number,
    k: number,
    a: number,
    stride: number,
    out: number,
  ): void;
  packB(
    k: number,
    n: number,
    b: number,
    stride: number,
    out: number,
    from: number,
    to: number,
  ): void;
  packBAndSum(k: number, n: number, b: number, out: number, sums: number): void;
  packBTransposed(
    k: number,
    n: number,
    b: number,
    stride: number,
    out: number,
    from: number,
    to: number,
  ): void;
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
  rowProduct(
    n: number,
    k: number,
    x: number,
    b: number,
    y: number,
    start: number,
    bias: number,
  ): void;
  lstmForward(
    rows: number,
    units: number,
    z: number,
    cBefore: number,
    c: number,
    tanhC: number,
    h: number,
  ): void;
  lstmBackward(
    rows: number,
    units: number,
    gates: number,
    cBefore: number,
    tanhC: number,
    dh: number,
    dc: number,
  ): void;
  add(n: number, x: number, y: number): void;
  addRows(rows: number, columns: number, x: number, sums: number): void;
  fill(n: number, y: number, value: number): void;
  gatherRows(
    rows: number,
    columns: number,
    ids: number,
    factors: number,
    table: number,
    bias: number,
    y: number,
  ): void;
  scatterRows(
    rows: number,
    columns: number,
    ids: number,
    factors: number,
    x: number,
    table: number,
  ): void;
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
  softmaxLoss(
    rows: number,
    classes: number,
    logits: number,
    targets: number,
    scale: number,
    smoothing: number,
    out: number,
  ): void;
  sigmoidLoss(
    rows: number,
    classes: number,
    logits: number,
    targets: number,
    scale: number,
    out: number,
  ): void;
  sumGradients(
    n: number,
    gradients: number,
    stride: number,
    workers: number,
  ): number;
  sgd(
    n: number,
    w: number,
    g: number,
    scale: number,
    rate: number,
    decay: number,
  ): void;
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
  movingAverage(n: number, w: number, average: number, decay: number): void;
}

/** How a product starts. */
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
  return exports as unknown as Kernels;
}
