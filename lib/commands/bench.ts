/** `bench`: measurements beside peers in the same run, and of what is learnt. */

import { type Arguments, type Command, UsageError } from "./command.ts";

/** Every benchmark, loaded when called. */
const BENCHMARKS: Record<
  string,
  (
    progress: (text: string) => void,
    given: Arguments,
  ) => Promise<Record<string, unknown>>
> = {
  engine: async (progress) =>
    (await import("../bench/bench.ts")).benchEngine(progress),
  jsb: async (progress, given) =>
    (await import("../bench/bench.ts")).benchJsb(progress, {
      data: given.text("data"),
    }),
};

/** See {@linkcode Command}. */
export const command: Command = {
  usage: `[${Object.keys(BENCHMARKS).join("|")}] [--data FILE] [--json]`,
  options: { data: "string" },
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
    if (given.text("data") !== undefined && name !== "jsb") {
      throw new UsageError(
        `Cannot measure "${name}" on a file: --data is for jsb.`,
      );
    }
    const json = await BENCHMARKS[name](progress, given);
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
