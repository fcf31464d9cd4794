/**
 * Chooses the engine to train with: the project's own kernels, in WebAssembly on
 * every machine and in machine code on some. The others are loaded only when they
 * are asked for, and `auto` never asks: TensorFlow on a CPU takes longer than these
 * kernels, and neither it nor WebGPU has been measured on a real GPU.
 */
import { loadKernels, whyNoMachineCode } from "../lstm/lstm.ts";
import { tensorFlowDevice } from "./tensorflow_device.ts";

/** Engines that can be asked for. */
export const ENGINES = [
  "auto",
  "native",
  "wasm",
  "webgpu",
  "tensorflow",
] as const;

/** One of {@linkcode ENGINES}. */
export type EngineChoice = typeof ENGINES[number];

/** An engine; `native` and `wasm` are the project's own kernels. */
export type EngineName = Exclude<EngineChoice, "auto">;

/** The engine that was chosen, its device, and why. */
export interface Engine {
  /** `native`: products and gates in machine code; `wasm`: all in WebAssembly. */
  readonly name: EngineName;
  /** What it computes on. */
  readonly device: string;
  /** Why this one. */
  readonly reason: string;
}

/**
 * The engine to train with. `native` and `wasm` give the same results, bit for
 * bit, where WebAssembly has relaxed SIMD.
 *
 * @param name `auto` takes the fastest that works here.
 * @throws {RangeError} When the one asked for does not work here.
 *
 * @example
 * ```ts
 * import { chooseEngine } from "immersic/engines/engines.ts";
 * const { name } = await chooseEngine("wasm");
 * console.assert(name === "wasm");
 * ```
 */
export async function chooseEngine(
  name: EngineChoice = "auto",
): Promise<Engine> {
  if (name === "webgpu") {
    const { webGpuDevice } = await import("../webgpu/webgpu.ts");
    return { name, device: await webGpuDevice(), reason: "asked for" };
  }
  if (name === "tensorflow") {
    return { name, device: await tensorFlowDevice(), reason: "asked for" };
  }
  const { build } = await loadKernels();
  const cores = navigator.hardwareConcurrency;
  const whyNot = whyNoMachineCode();
  if (name !== "wasm" && whyNot === undefined) {
    return {
      name: "native",
      device: `${cores} CPU cores, AVX2 and WebAssembly`,
      reason: name === "native"
        ? "asked for"
        : "the fastest engine that works with nothing to install",
    };
  }
  if (name === "native") {
    throw new RangeError(
      `Cannot train with the engine native: ${whyNot}. Use --engine wasm.`,
    );
  }
  return {
    name: "wasm",
    device: `${cores} CPU cores, WebAssembly ${
      build === "relaxed" ? "relaxed SIMD" : "SIMD"
    }`,
    reason: name === "wasm"
      ? "asked for"
      : `the engine that works everywhere; no machine code: ${whyNot}`,
  };
}
