/** `bench`: measures the project beside its peers, in the same run. */

import { resolve } from "@std/path";
import { withoutUndefined } from "../base/base.ts";
import type { Run } from "./command.ts";
import {
  BENCH,
  flagOf,
  type Given,
  type Option,
  required,
  UsageError,
} from "../tasks/tasks.ts";

/** Runs a benchmark. */
type Benchmark = (
  progress: (text: string) => void,
  options: Given<typeof BENCH.options>["options"],
) => Promise<Record<string, unknown>>;

/** Every benchmark by name, loaded when called. */
export const BENCHMARKS: ReadonlyMap<string, Benchmark> = new Map<
  string,
  Benchmark
>([
  [
    "engine",
    async (progress) =>
      (await import("../bench/bench.ts")).benchEngine(progress),
  ],
  [
    "gpu",
    async (progress, options) => {
      const { benchGpu, benchPython } = await import("../bench/bench.ts");
      return benchGpu(
        withoutUndefined({
          python: options.python ?? await benchPython(progress),
          minutes: options.minutes,
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
    async (progress, options) =>
      (await import("../bench/bench.ts")).benchApart(
        {
          made: resolve(required("made", options.made)),
          reference: resolve(required("reference", options.reference)),
        },
        progress,
      ),
  ],
  [
    "generation",
    async (progress, options) => {
      const before = options.before;
      return (await import("../bench/bench.ts")).benchGeneration(
        withoutUndefined({ before: before && resolve(before) }),
        progress,
      );
    },
  ],
  [
    "jsb",
    async (progress, options) =>
      (await import("../bench/bench.ts")).benchJsb(
        progress,
        withoutUndefined({ data: options.data }),
      ),
  ],
  [
    "music",
    async (progress, options) => {
      const midi = options.midi;
      return (await import("../bench/bench.ts")).benchMusic(
        withoutUndefined({
          minutes: options.minutes,
          pieces: options.pieces,
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
    async (progress, options) =>
      (await import("../bench/bench.ts")).benchMutants(
        withoutUndefined({
          count: options.count,
          first: options.first,
          randomSeed: options.randomSeed,
        }),
        progress,
      ),
  ],
  [
    "prompts",
    async (progress, options) => {
      const misses = options.misses, folder = options.folder;
      return (await import("../bench/bench.ts")).benchPrompts(
        withoutUndefined({
          prompts: resolve(required("prompts", options.prompts)),
          misses: misses && resolve(misses),
          folder: folder && resolve(folder),
          randomSeed: options.randomSeed,
        }),
        progress,
      );
    },
  ],
  [
    "scale",
    async (progress, options) =>
      (await import("../bench/bench.ts")).benchScale(
        withoutUndefined({ count: options.count }),
        progress,
      ),
  ],
  [
    "midi",
    async (progress, options) => {
      const midi = options.midi, before = options.before;
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

/** See {@linkcode Run}. */
export const run: Run<typeof BENCH.options> = async (
  { options, named, words: [name = "engine"] },
  progress,
) => {
  const benchmark = BENCHMARKS.get(name);
  if (!benchmark) {
    throw new UsageError(
      `Cannot measure "${name}": it must be one of ${
        [...BENCHMARKS.keys()].join(", ")
      }.`,
    );
  }
  for (const option of named) {
    const { of = [name] }: Option = BENCH.options[option];
    if (of.includes(name)) continue;
    throw new UsageError(
      `Cannot measure "${name}" with ${flagOf(option)}: that is for ${
        of.join(" and ")
      }.`,
    );
  }
  const json = await benchmark(progress, options);
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
};
