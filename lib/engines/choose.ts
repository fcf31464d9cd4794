/**
 * Chooses the engine to train with: the project's own kernels, in WebAssembly on
 * every machine and in machine code on some, or others that were asked for. Where
 * TensorFlow was set up, `auto` measures both. It leaves WebGPU out, which has
 * never run on a real GPU.
 */
import { requireOneOf } from "../base/base.ts";
import { loadKernels, vectorsInUse, whyNoMachineCode } from "../lstm/lstm.ts";
import { measureEngines } from "./measure.ts";
import { type Engine, type EngineChoice, ENGINES } from "./names.ts";
import { tensorFlowDevice, tensorFlowIfAny } from "./tensorflow_device.ts";

/** TensorFlow must be faster by more than what measuring leaves open. */
const CLEARLY = 0.8;

/** Options of {@linkcode chooseEngine}. */
export interface ChooseOptions {
  /**
   * Units of the LSTM layers that will be trained, for `auto` to measure.
   * @default 128
   */
  readonly lstmUnits?: number;
}

/**
 * The engine to train with. `native` and `wasm` give the same results, bit for
 * bit, where WebAssembly has relaxed SIMD.
 *
 * @param name `auto` takes the project's own kernels, the fastest that work here;
 * if TensorFlow is set up, it where a few steps are clearly faster with it.
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
  { lstmUnits = 128 }: ChooseOptions = {},
): Promise<Engine> {
  requireOneOf("the engine", ENGINES, name);
  if (name === "webgpu") {
    const { webGpuDevice } = await import("../webgpu/webgpu.ts");
    return { name, device: await webGpuDevice(), reason: "asked for" };
  }
  if (name === "tensorflow") {
    return { name, device: await tensorFlowDevice(), reason: "asked for" };
  }
  const own = await ownEngine(name);
  const device = name === "auto" ? await tensorFlowIfAny() : undefined;
  return device ? await fasterEngine(own, device, lstmUnits) : own;
}

/** The project's own kernels. */
async function ownEngine(name: "auto" | "native" | "wasm"): Promise<Engine> {
  const { build } = await loadKernels();
  const cores = navigator.hardwareConcurrency;
  const whyNot = whyNoMachineCode();
  if (name !== "wasm" && whyNot === undefined) {
    return {
      name: "native",
      device: `${cores} CPU cores, ${vectorsInUse()} and WebAssembly`,
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

/** The project's own kernels, or TensorFlow where it is clearly faster. */
async function fasterEngine(
  own: Engine,
  device: string,
  lstmUnits: number,
): Promise<Engine> {
  try {
    const [ours = 0, theirs = Infinity] = await measureEngines(
      [own.name, "tensorflow"],
      lstmUnits,
    );
    const isOurs = theirs > CLEARLY * ours;
    return {
      ...isOurs ? own : { name: "tensorflow", device },
      reason: `measured with ${lstmUnits} units: ${
        ours.toFixed(1)
      } ms a step, with TensorFlow ${
        theirs === Infinity ? "another loss" : `${theirs.toFixed(1)} ms`
      }`,
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ...own, reason: `${own.reason}. ${error.message}` };
  }
}
