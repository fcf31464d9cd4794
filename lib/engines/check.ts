/** What there is to train with, and what is missing and how to get it. */
import { chooseEngine, type Engine, type EngineName } from "./choose.ts";

/** One line of the check. */
export interface EngineCheck {
  /** The engine, or `memory`. */
  readonly what: string;
  /** Whether it trains, could train, or cannot here. */
  readonly state: "chosen" | "works" | "missing" | "free";
  /** What it computes on. */
  readonly device: string;
  /** Why it was chosen or was not, and what would add it. */
  readonly remark: string;
}

/** Options of {@linkcode checkEngines}. */
export interface EngineCheckOptions {
  /**
   * Whether to look for a graphics card, for half a second; never where TensorFlow
   * is chosen.
   * @default true
   */
  readonly withGpu?: boolean;
}

/** Why an engine that works was not chosen, in the order of the table. */
const REMARKS: Readonly<Record<EngineName, string>> = {
  native: "faster than wasm, with the same results",
  wasm: "the same results as native, in more time",
  webgpu: "not chosen by itself: never measured on a real card",
  tensorflow:
    "not chosen by itself: slower than native on a CPU, never run on a GPU",
};

/**
 * Tells of each engine whether it works here, which was chosen and why, and what
 * would add those that are missing. TensorFlow is not loaded for it.
 *
 * @param chosen From `chooseEngine`.
 * @returns A line for each engine, and one for the memory where that is known.
 *
 * @example
 * ```ts
 * import { checkEngines, chooseEngine } from "immersic/engines/engines.ts";
 * const lines = await checkEngines(await chooseEngine("wasm"), {
 *   withGpu: false,
 * });
 * const wasm = lines.find(({ what }) => what === "wasm");
 * console.assert(wasm?.state === "chosen");
 * ```
 */
export async function checkEngines(
  chosen: Engine,
  { withGpu = true }: EngineCheckOptions = {},
): Promise<EngineCheck[]> {
  // A graphics adapter in software, once open, keeps TensorFlow from loading.
  const looksForGpu = withGpu && chosen.name !== "tensorflow";
  const lines: EngineCheck[] = [];
  for (const name of Object.keys(REMARKS) as EngineName[]) {
    if (name === chosen.name) {
      const { device, reason } = chosen;
      lines.push({ what: name, state: "chosen", device, remark: reason });
    } else if (name !== "webgpu" || looksForGpu) {
      lines.push(await checkEngine(name));
    }
  }
  const memory = memoryText();
  if (memory) {
    lines.push({ what: "memory", state: "free", device: memory, remark: "" });
  }
  return lines;
}

async function checkEngine(name: EngineName): Promise<EngineCheck> {
  try {
    const { device } = await chooseEngine(name);
    return { what: name, state: "works", device, remark: REMARKS[name] };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const remark = error.message;
    return { what: name, state: "missing", device: "", remark };
  }
}

/** The machine's memory, where this process may know it. */
function memoryText(): string | undefined {
  const ask = { name: "sys", kind: "systemMemoryInfo" } as const;
  if (Deno.permissions.querySync(ask).state !== "granted") return undefined;
  const { available, total } = Deno.systemMemoryInfo();
  const gibibytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
  return `${gibibytes(available)} of ${gibibytes(total)} GiB`;
}
