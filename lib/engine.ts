/**
 * Chooses what computes: the project's own kernels, which every machine runs,
 * or a backend of TensorFlow.js where one was asked for.
 */
import { loadKernels } from "./lstm/kernels.ts";

/** What can be asked for. */
export type EngineName = "auto" | "wasm" | "webgpu" | "tensorflow";

/** What was chosen, on what, and why. */
export interface Engine {
  readonly name: "wasm";
  /** What it computes on. */
  readonly device: string;
  readonly reason: string;
}

/**
 * The engine to train with.
 *
 * @param name `auto` takes the fastest that works here.
 * @throws {RangeError} When the one asked for does not work here.
 */
export async function chooseEngine(name: EngineName = "auto"): Promise<Engine> {
  const { build } = await loadKernels();
  const cores = navigator.hardwareConcurrency;
  if (name !== "auto" && name !== "wasm") {
    throw new RangeError(
      `Cannot train with the engine ${name}: it is not available here. Use --engine wasm, which trains on ${cores} cores.`,
    );
  }
  return {
    name: "wasm",
    device: `${cores} CPU cores, WebAssembly ${
      build === "relaxed" ? "relaxed SIMD" : "SIMD"
    }`,
    reason: name === "wasm"
      ? "asked for"
      : "the fastest engine that works with nothing to install",
  };
}
