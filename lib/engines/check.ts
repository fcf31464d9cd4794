/** What there is to train with, and what is missing and how to get it. */
import { chooseEngine } from "./choose.ts";
import type { Engine, EngineName } from "./names.ts";
import { tensorFlowIfAny } from "./tensorflow_device.ts";

/** One line of the check: a type and no interface, so that it is a table's row. */
export type EngineCheck = {
  /** The engine, or `memory`. */
  readonly what: string;
  /** Whether it trains, could train, or cannot here; `free` of the memory. */
  readonly state: "chosen" | "works" | "missing" | "unknown" | "free";
  /** What it computes on. */
  readonly device: string;
  /** Why it was chosen or was not, and what would add it. */
  readonly remark: string;
};

/** Why an engine that works was not chosen, in the order of the table. */
const REMARKS: Readonly<Record<EngineName, string>> = {
  native: "faster than wasm, with the same results",
  wasm: "the same results as native, in more time",
  webgpu: "not chosen by auto: never run on a real card",
  tensorflow: "chosen by auto where it is clearly faster",
};

/**
 * Tells of each engine whether it works here, which was chosen and why, and what
 * would add those that are missing. TensorFlow is not loaded for it. Where it is
 * set up no graphics card is looked for: an adapter in software, once open, keeps
 * TensorFlow from loading.
 *
 * @param chosen From `chooseEngine`.
 * @returns A line for each engine, and one for the memory where that is known.
 *
 * @example
 * ```ts
 * import { checkEngines, chooseEngine } from "immersic/engines/engines.ts";
 * const lines = await checkEngines(await chooseEngine("wasm"));
 * const wasm = lines.find(({ what }) => what === "wasm");
 * console.assert(wasm?.state === "chosen");
 * ```
 */
export async function checkEngines(
  chosen: Engine,
): Promise<EngineCheck[]> {
  const hasTensorFlow = await tensorFlowIfAny() !== undefined;
  const lines: EngineCheck[] = [];
  for (const name of Object.keys(REMARKS) as EngineName[]) {
    if (name === chosen.name) {
      const { device, reason } = chosen;
      lines.push({ what: name, state: "chosen", device, remark: reason });
    } else if (name === "webgpu" && hasTensorFlow) {
      const remark = "not looked for, so that TensorFlow can be loaded";
      lines.push({ what: name, state: "unknown", device: "", remark });
    } else {
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
