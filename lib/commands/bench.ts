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
    "gpu",
    async (progress, given) => {
      const { benchGpu, benchPython } = await import("../bench/bench.ts");
      return benchGpu(
        withoutUndefined({
          python: given.text("python") ?? await benchPython(progress),
          minutes: given.number("minutes", 0.1),
        }),
        progress,
      );
    },
  ],
  [
    "tensorflow",
    async (progress) =>
      (await import("../bench/bench.ts")).benchTensorFlow(progress),
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
    "music",
    async (progress, given) => {
      const midi = given.text("midi");
      return (await import("../bench/bench.ts")).benchMusic(
        withoutUndefined({
          minutes: given.number("minutes", 0.1),
          pieces: given.wholeNumber("pieces", 1),
          midi: midi && resolve(midi),
        }),
        progress,
      );
    },
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
    "prompts",
    async (progress, given) => {
      const misses = given.text("misses"), folder = given.text("folder");
      return (await import("../bench/bench.ts")).benchPrompts(
        withoutUndefined({
          prompts: resolve(given.required("prompts")),
          misses: misses && resolve(misses),
          folder: folder && resolve(folder),
          randomSeed: given.wholeNumber("random-seed"),
        }),
        progress,
      );
    },
  ],
  [
    "scale",
    async (progress, given) =>
      (await import("../bench/bench.ts")).benchScale(
        withoutUndefined({ count: given.wholeNumber("count", 1) }),
        progress,
      ),
  ],
  [
    "midi",
    async (progress, given) => {
      const midi = given.text("midi"), before = given.text("before");
      return (await import("../bench/bench.ts")).benchMidi(
        withoutUndefined({
          midi: midi && resolve(midi),
          before: before && resolve(before),
        }),
        progress,
      );
    },
  ],
]);
const NAMES = [...BENCHMARKS.keys()];

/** Which benchmarks each option is for. */
const BENCHMARKS_OF: Readonly<Record<string, readonly string[]>> = {
  "made": ["apart"],
  "reference": ["apart"],
  "data": ["jsb"],
  "prompts": ["prompts"],
  "misses": ["prompts"],
  "folder": ["prompts"],
  "midi": ["midi", "music"],
  "before": ["midi"],
  "minutes": ["music", "gpu"],
  "python": ["gpu"],
  "pieces": ["music"],
  "count": ["mutants", "scale"],
  "first": ["mutants"],
  "random-seed": ["mutants", "prompts"],
};

/** See {@linkcode Command}. */
export const command: Command = {
  usage: `[${
    NAMES.join("|")
  }] [--made FOLDER] [--reference FOLDER] [--data FILE] [--prompts FILE] [--misses FILE] [--folder FOLDER] [--midi DIR|ARCHIVE] [--before CHECKOUT] [--minutes M] [--python FILE] [--pieces N] [--count N] [--first N] [--random-seed N] [--json]`,
  options: {
    "made": "string",
    "reference": "string",
    "data": "string",
    "prompts": "string",
    "misses": "string",
    "folder": "string",
    "midi": "string",
    "before": "string",
    "minutes": "string",
    "python": "string",
    "pieces": "string",
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
    for (const [option, owners] of Object.entries(BENCHMARKS_OF)) {
      if (given.text(option) === undefined || owners.includes(name)) continue;
      throw new UsageError(
        `Cannot measure "${name}" with --${option}: that is for ${
          owners.join(" and ")
        }.`,
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
