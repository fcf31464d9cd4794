/** `bench`: measurements beside peers in the same run. */

import { type Command, UsageError } from "./command.ts";

/** Every benchmark, loaded when called. */
const BENCHMARKS: Record<
  string,
  (progress: (text: string) => void) => Promise<Record<string, unknown>>
> = {
  engine: async (progress) =>
    (await import("../bench/engine.ts")).benchEngine(progress),
};

/** See {@linkcode Command}. */
export const command: Command = {
  usage: `[${Object.keys(BENCHMARKS).join("|")}] [--json]`,
  options: {},
  words: 1,
  async run(given, progress) {
    const [name = "engine"] = given.words;
    if (!Object.hasOwn(BENCHMARKS, name)) {
      throw new UsageError(
        `Cannot measure "${name}": it must be one of ${
          Object.keys(BENCHMARKS).join(", ")
        }.`,
      );
    }
    const json = await BENCHMARKS[name](progress);
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
