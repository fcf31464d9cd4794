/** `bench`: measures the project beside its peers, in the same run. */

import { resolve } from "@std/path";
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
    "apart",
    async (progress, given) =>
      (await import("../bench/bench.ts")).benchApart(
        {
          made: resolve(given.required("made")),
          reference: resolve(given.required("reference")),
        },
        progress,
      ),
  ],
  [
    "jsb",
    async (progress, given) =>
      (await import("../bench/bench.ts")).benchJsb(
        progress,
        withoutUndefined({ data: given.text("data") }),
      ),
  ],
  [
    "hostile",
    async (progress) =>
      (await import("../bench/bench.ts")).benchHostile(progress),
  ],
  [
    "mutants",
    async (progress, given) =>
      (await import("../bench/bench.ts")).benchMutants(
        withoutUndefined({
          count: given.wholeNumber("count", 1),
          first: given.wholeNumber("first", 0),
          randomSeed: given.wholeNumber("random-seed"),
        }),
        progress,
      ),
  ],
  [
    "readers",
    async (progress, given) =>
      (await import("../bench/bench.ts")).benchReaders(
        resolve(given.required("midi")),
        progress,
      ),
  ],
]);
const NAMES = [...BENCHMARKS.keys()];

/** Which benchmark each option is for. */
const BENCHMARK_OF: Readonly<Record<string, string>> = {
  "made": "apart",
  "reference": "apart",
  "data": "jsb",
  "midi": "readers",
  "count": "mutants",
  "first": "mutants",
  "random-seed": "mutants",
};

/** See {@linkcode Command}. */
export const command: Command = {
  usage: `[${
    NAMES.join("|")
  }] [--made FOLDER] [--reference FOLDER] [--data FILE] [--midi FOLDER] [--count N] [--first N] [--random-seed N] [--json]`,
  options: {
    "made": "string",
    "reference": "string",
    "data": "string",
    "midi": "string",
    "count": "string",
    "first": "string",
    "random-seed": "string",
  },
  words: 1,
  async run(given, progress) {
    const [name = "engine"] = given.words;
    const benchmark = BENCHMARKS.get(name);
    if (!benchmark) {
      throw new UsageError(
        `Cannot measure "${name}": it must be one of ${NAMES.join(", ")}.`,
      );
    }
    for (const [option, owner] of Object.entries(BENCHMARK_OF)) {
      if (given.text(option) === undefined || name === owner) continue;
      throw new UsageError(
        `Cannot measure "${name}" with --${option}: that is for ${owner}.`,
      );
    }
    const json = await benchmark(progress, given);
    const text = Object.entries(json)
      .map(([key, value]) =>
        `${key}: ${
          typeof value === "number"
            ? Number(value.toPrecision(4))
            : Array.isArray(value)
            ? value.map((one) => `\n  ${JSON.stringify(one)}`).join("")
            : JSON.stringify(value)
        }`
      ).join("\n");
    return { text, json };
  },
};
