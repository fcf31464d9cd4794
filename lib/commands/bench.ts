/** `bench`: measures the project beside its peers, in the same run. */

import { withoutUndefined } from "../base/base.ts";
import type { Arguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./usage_error.ts";

/** Runs a benchmark. */
type Benchmark = (
  progress: (text: string) => void,
  given: Arguments,
) => Promise<Record<string, unknown>>;

/** Every benchmark by name, loaded when called. */
const BENCHMARKS: ReadonlyMap<string, Benchmark> = new Map<string, Benchmark>([
  [
    "engine",
    async (progress) =>
      (await import("../bench/bench.ts")).benchEngine(progress),
  ],
  [
    "jsb",
    async (progress, given) =>
      (await import("../bench/bench.ts")).benchJsb(
        progress,
        withoutUndefined({ data: given.text("data") }),
      ),
  ],
]);
const NAMES = [...BENCHMARKS.keys()];

/** See {@linkcode Command}. */
export const command: Command = {
  usage: `[${NAMES.join("|")}] [--data FILE] [--json]`,
  options: { data: "string" },
  words: 1,
  async run(given, progress) {
    const [name = "engine"] = given.words;
    const benchmark = BENCHMARKS.get(name);
    if (!benchmark) {
      throw new UsageError(
        `Cannot measure "${name}": it must be one of ${NAMES.join(", ")}.`,
      );
    }
    if (given.text("data") !== undefined && name !== "jsb") {
      throw new UsageError(
        `Cannot measure "${name}" on a file: --data is for jsb.`,
      );
    }
    const json = await benchmark(progress, given);
    const text = Object.entries(json)
      .map(([key, value]) =>
        `${key}: ${
          typeof value === "number"
            ? Number(value.toPrecision(4))
            : JSON.stringify(value)
        }`
      ).join("\n");
    return { text, json };
  },
};
