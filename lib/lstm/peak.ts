/**
 * The speed of the engine's matrix product alone, on several threads at once: the
 * most that a training step could reach. This module is also the script of the
 * worker threads.
 */
import { instantiate, loadKernels, sharedMemory, START } from "./kernels.ts";
import { machineCode, type Vectors } from "./native/code.ts";
import type { MatrixProducts } from "./products.ts";
import { makeProducts, type Program } from "./program.ts";

/** How long each thread computes when it is asked. */
const MILLISECONDS = 150;
/** Name of the worker threads that run this module. */
const WORKER = "immersic peak";
const MEBIBYTE = 1 << 20;

/** Computes products of one size over and over. */
class Burst {
  readonly #products: MatrixProducts;

  constructor(program: Program) {
    const memory = sharedMemory(32 * MEBIBYTE);
    const kernels = instantiate(program.module, memory);
    const packedA = 24 * MEBIBYTE, scratch = 30 * MEBIBYTE;
    const instance = { program, kernels, memory };
    this.#products = makeProducts(instance, packedA, scratch);
  }

  /** The mean speed over 150 ms, in GFLOP/s. */
  run(): number {
    const a = MEBIBYTE, b = 8 * MEBIBYTE, c = 16 * MEBIBYTE;
    const m = 240, n = 512, k = 256;
    const begun = performance.now();
    let flops = 0, now = begun;
    while (now - begun < MILLISECONDS) {
      this.#products.multiply({ m, n, k, a, b, c, start: START.zero });
      flops += 2 * m * n * k;
      now = performance.now();
    }
    return flops / (now - begun) / 1e6;
  }
}

/** Measures the product's speed, on all threads at once. */
export class PeakMeter {
  readonly #own: Burst;
  readonly #others: readonly Worker[];

  private constructor(own: Burst, others: readonly Worker[]) {
    this.#own = own;
    this.#others = others;
  }

  /**
   * Starts the worker threads, with the program that a network would run.
   *
   * @param vectors Those of its machine code; by default the fastest.
   */
  static async start(threads: number, vectors?: Vectors): Promise<PeakMeter> {
    const { module } = await loadKernels();
    const program: Program = { module, native: machineCode(vectors).code };
    const others = Array.from(
      { length: threads - 1 },
      () => new Worker(import.meta.url, { type: "module", name: WORKER }),
    );
    await Promise.all(others.map(async (worker) => {
      await answer(worker);
      worker.postMessage(program);
      await answer(worker);
    }));
    const meter = new PeakMeter(new Burst(program), others);
    for (let i = 0; i < 3; i++) await meter.measure();
    return meter;
  }

  /** The threads' speeds added up, in GFLOP/s. */
  async measure(): Promise<number> {
    const speeds = this.#others.map((worker) => {
      const speed = answer(worker);
      worker.postMessage("run");
      return speed;
    });
    const own = this.#own.run();
    return (await Promise.all(speeds)).reduce((sum, x) => sum + x, own);
  }

  /** Ends the threads. */
  [Symbol.dispose](): void {
    for (const worker of this.#others) worker.terminate();
  }
}

/** The next number that a worker sends. */
function answer(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
  });
}

/** A worker's global scope; the types of the global scope are of a window. */
interface WorkerScope {
  readonly name: string;
  onmessage: (event: MessageEvent<Program | "run">) => void;
  postMessage(speed: number): void;
}

/** Measures whenever it is told to. */
function serve(scope: WorkerScope): void {
  let burst: Burst;
  scope.onmessage = ({ data }) => {
    if (data !== "run") burst = new Burst(data);
    scope.postMessage(data === "run" ? burst.run() : 0);
  };
  scope.postMessage(0);
}

// Other workers that load this module have messages of their own.
const scope = globalThis as unknown as WorkerScope;
if ("WorkerGlobalScope" in globalThis && scope.name === WORKER) serve(scope);
