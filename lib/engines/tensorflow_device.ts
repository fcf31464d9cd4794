/** What the engine tensorflow computes on, without loading anything of it. */
import { join } from "@std/path";
import { readFileIfAny, TENSORFLOW_FOLDER } from "../base/base.ts";

/** What `deno task setup:tensorflow` writes down when it is done. */
interface Installed {
  /** Version of TensorFlow. */
  readonly version: string;
  /** Whether its library can compute on NVIDIA GPUs. */
  readonly device: "cpu" | "gpu";
}

/** The version of TensorFlow, and its device; undefined if it is not set up. */
export async function tensorFlowIfAny(): Promise<string | undefined> {
  const bytes = await readFileIfAny(join(TENSORFLOW_FOLDER, "installed.json"));
  if (!bytes) return undefined;
  const { version, device }: Installed = JSON.parse(
    new TextDecoder().decode(bytes),
  );
  const cpu = `${navigator.hardwareConcurrency} CPU cores`;
  return `TensorFlow ${version}, ${
    device === "gpu" ? `an NVIDIA GPU, or else ${cpu}` : cpu
  }`;
}

/**
 * As {@linkcode tensorFlowIfAny}.
 *
 * @throws {RangeError} If it is not set up.
 */
export async function tensorFlowDevice(): Promise<string> {
  const device = await tensorFlowIfAny();
  if (device !== undefined) return device;
  throw new RangeError(
    "Cannot train with the engine tensorflow: TensorFlow is not set up. Run deno task setup:tensorflow (274 MB), or use the engine auto.",
  );
}
