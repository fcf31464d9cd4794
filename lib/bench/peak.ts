/**
 * The best speed of the engine's matrix product alone, on as many threads at
 * once as there are. This module is also the script of the further threads.
 */
import {
  instantiate,
  loadKernels,
  type Program,
  sharedMemory,
  START,
} from "../lstm/kernels.ts";
import { machineCode } from "../lstm/native/code.ts";
import { makeProducts } from "../lstm/shard.ts";

const MILLISECONDS = 1500;
const MEBIBYTE = 1 << 20;

/** The best of many products of one size, in GFLOP/s. */
function peakSpeed(program: Program): number {
  const memory = sharedMemory(32 * MEBIBYTE);
  const kernels = instantiate(program.module, memory);
  const [a, b, c, packed, scratch] = [1, 8, 16, 24, 30].map((n) =>
    n * MEBIBYTE
  );
  const products = makeProducts(program, kernels, memory, packed, scratch);
  const [m, n, k] = [240, 512, 256];
  let best = 0;
  const begun = performance.now();
  while (performance.now() - begun < MILLISECONDS) {
    const started = performance.now();
    products.multiply(m, n, k, a, false, b, k, c, START.zero);
    const seconds = (performance.now() - started) / 1000;
    best = Math.max(best, 2 * m * n * k / seconds / 1e9);
  }
  return best;
}

/**
 * Measures it, all threads at once.
 *
 * @param native Whether by machine code, where the machine can.
 * @returns The threads' best speeds added up, in GFLOP/s.
 */
export async function kernelPeak(
  threads: number,
  native = true,
): Promise<number> {
  const { module } = await loadKernels();
  const code = native ? machineCode().code : undefined;
  const program: Program = { module, native: code };
  const others = Array.from({ length: threads - 1 }, () => {
    const worker = new Worker(import.meta.url, { type: "module" });
    const speed = new Promise<number>((resolve, reject) => {
      worker.onmessage = ({ data }) => {
        if (data !== "ready") return resolve(data);
        worker.postMessage(program);
      };
      worker.onerror = (event) => reject(new Error(event.message));
    });
    return { worker, speed };
  });
  // Loading a worker takes longer than a round; they all run by then.
  await Promise.all(
    others.map(({ worker }) =>
      new Promise((resolve) =>
        worker.addEventListener("message", resolve, { once: true })
      )
    ),
  );
  const own = peakSpeed(program);
  const speeds = await Promise.all(others.map(({ speed }) => speed));
  for (const { worker } of others) worker.terminate();
  return speeds.reduce((sum, speed) => sum + speed, own);
}

if ("WorkerGlobalScope" in globalThis) {
  const scope = globalThis as unknown as {
    onmessage: (event: MessageEvent<Program>) => void;
    postMessage(message: unknown): void;
  };
  scope.onmessage = ({ data }) => scope.postMessage(peakSpeed(data));
  scope.postMessage("ready");
}
