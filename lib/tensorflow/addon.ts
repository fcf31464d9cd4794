/**
 * TensorFlow itself: the addon of tfjs-node-gpu, which `deno task
 * setup:tensorflow` compiles against the library of a TensorFlow wheel. The
 * JavaScript of that package is not needed.
 */
import { createRequire } from "node:module";
import { join } from "@std/path";
import { readFileIfAny, TENSORFLOW_FOLDER } from "../base/base.ts";

/** What the addon tells of a tensor. */
export interface Tensor {
  /** Its number in the addon. */
  readonly id: number;
  /** Its dimensions. */
  readonly shape: readonly number[];
  /** The type of its elements, as TensorFlow's C API numbers it. */
  readonly dtype: number;
}

/** An attribute of an op; `type` is a `TF_AttrType` of TensorFlow's C API. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean | string | readonly number[];
}

/** The functions of the addon that are used here. */
export interface Addon {
  createTensor(
    shape: readonly number[],
    type: number,
    values: Float32Array | Int32Array,
  ): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array;
  executeOp(
    op: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): Tensor[];
  loadSavedModel(folder: string, tags: string): number;
  runSavedModel(
    model: number,
    inputs: readonly number[],
    inputNames: string,
    outputNames: string,
  ): Tensor[];
  deleteSavedModel(model: number): void;
  isUsingGpuDevice(): boolean;
  getNumOfTensors(): number;
  getNumOfSavedModels(): number;
}

let loaded: Addon | undefined;

/**
 * Loads TensorFlow, once per process; it takes a few seconds and some 300 MB.
 *
 * @param threads Of the CPU. Counts the first time only.
 * @throws {RangeError} If it is not set up or cannot be loaded.
 */
export async function loadAddon(threads: number): Promise<Addon> {
  if (loaded) return loaded;
  await refuseBesideLlvm();
  setDefault("TF_CPP_MIN_LOG_LEVEL", "3");
  // Otherwise TensorFlow takes nearly all memory of a GPU at once.
  setDefault("TF_FORCE_GPU_ALLOW_GROWTH", "true");
  // Ops run side by side on all threads, each on one: see `step.ts`.
  setDefault("TF_NUM_INTRAOP_THREADS", "1");
  setDefault("TF_NUM_INTEROP_THREADS", String(threads));
  // Its products are faster; by default it is used on some processors only.
  if (Deno.build.arch === "x86_64") setDefault("TF_ENABLE_ONEDNN_OPTS", "1");
  const path = join(TENSORFLOW_FOLDER, "tfjs_binding.node");
  try {
    const require = createRequire(import.meta.url);
    return loaded = quietly<Addon>(() => require(path));
  } catch (error) {
    throw new RangeError(
      `Cannot load TensorFlow: ${
        (error as Error).message
      }. Run deno task setup:tensorflow again, or use the engine auto.`,
    );
  }
}

/**
 * Refuses where LLVM is in the process already, which Mesa's graphics adapter in
 * software brings: TensorFlow has an LLVM of its own, takes functions of the other
 * and crashes the process. Loaded before the adapter it works. Only a process with
 * all permissions, such as a notebook's, may look; a command opens one engine.
 */
async function refuseBesideLlvm(): Promise<void> {
  if (Deno.build.os !== "linux") return;
  const maps = await readFileIfAny("/proc/self/maps").catch(() => undefined);
  if (!maps || !new TextDecoder().decode(maps).includes("/libLLVM")) return;
  throw new RangeError(
    "Cannot load TensorFlow: this process has opened a graphics adapter in software, and both together crash. Start again (in a notebook, restart the kernel) with the engine tensorflow from the beginning.",
  );
}

/**
 * Loads without what the library writes to the error output as it is loaded: that
 * it uses oneDNN, which no variable keeps it from telling.
 */
function quietly<T>(load: () => T): T {
  if (Deno.build.os !== "linux") return load();
  const i32 = "i32";
  const libc = Deno.dlopen("libc.so.6", {
    dup: { parameters: [i32], result: i32 },
    dup2: { parameters: [i32, i32], result: i32 },
    open: { parameters: ["buffer", i32], result: i32 },
    close: { parameters: [i32], result: i32 },
  });
  const { dup, dup2, open, close } = libc.symbols, ERRORS = 2, WRITE = 1;
  const kept = dup(ERRORS);
  const nowhere = open(new TextEncoder().encode("/dev/null\0"), WRITE);
  dup2(nowhere, ERRORS);
  try {
    return load();
  } finally {
    dup2(kept, ERRORS);
    for (const file of [kept, nowhere]) close(file);
    libc.close();
  }
}

/** Sets a variable that TensorFlow reads, unless the user has. */
function setDefault(name: string, value: string): void {
  if (Deno.env.get(name) === undefined) Deno.env.set(name, value);
}
