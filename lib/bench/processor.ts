/** What figures were measured on. */

import os from "node:os";

/** Features of a processor that programs choose their code by. */
const FEATURES = /^(?:s?sse|avx|fma|f16c|bmi|amx|asimd|sve)/;

/** The processor, how many cores of it there are, and its vector instructions. */
export async function processorOf(): Promise<Record<string, unknown>> {
  const info = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  const [, flags = ""] = /^(?:flags|Features)\s*:(.*)$/m.exec(info) ?? [];
  return {
    processor: os.cpus()[0]?.model ?? "unknown",
    cores: navigator.hardwareConcurrency,
    features: flags.split(" ").filter((flag) => FEATURES.test(flag)).join(" "),
  };
}
