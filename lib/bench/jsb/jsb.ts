/**
 * The polyphonic benchmark of N. Boulanger-Lewandowski et al., "Modeling
 * temporal dependencies in high-dimensional sequences" (ICML 2012), with this
 * project's LSTM: by default on Bach's chorales.
 */
import { cpuUsage } from "node:process";
import { resolve } from "@std/path";
import { readFrames } from "./frames.ts";
import { PROJECT_FOLDER } from "../../base/base.ts";
import type { Recipe } from "./network.ts";
import { hearCorpus, type SeedResult, trainSeed } from "./training.ts";

/** The file of the chorales, relative to the project's folder. */
export const CHORALES = "../shared/data/jsb-chorales-quarter.json";

/** Chosen on the validation chorales, see docs/experiments/jsb_chorales.md. */
export const RECIPE: Recipe = {
  projection: 80,
  units: 160,
  dropout: 0.35,
  epochs: 24,
  batchPieces: 4,
  batchKeys: 16,
  learningRate: 5e-3,
  warmupSteps: 100,
  weightDecay: 0.01,
  clipNorm: 1,
  averageDecay: 0.99,
};
/** Random seeds; the median is the result. */
export const SEEDS: readonly number[] = [1, 2, 3];

const PROTOCOL =
  "Each piece's frames 2 to T, each from all frames before it; 88 independent sigmoids; negative log-likelihood in nats, summed over keys, mean over all frames of the split (test_nll, as Bai et al. 2018) or mean of the pieces' means (test_nll_by_piece). Inputs are made of the piece's past frames, and of what followed like passages there and in other training pieces. Recipe and epoch chosen on validation alone. Medians of the seeds.";

/** Published results on the chorales, in nats per frame of the test pieces. */
const PUBLISHED = {
  "TCN (Bai et al. 2018)": 8.10,
  "GRU (Bai et al. 2018)": 8.43,
  "LSTM (Bai et al. 2018)": 8.45,
} as const;

/** @throws {Error} If the file does not exist. */
async function readCorpus(file: string) {
  try {
    return readFrames(JSON.parse(await Deno.readTextFile(file)));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(
      `Cannot read the pieces: ${file} is not there. Bach's chorales come with "deno task data jsb-chorales --out FOLDER"; give the file with --data.`,
    );
  }
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * Trains and measures with every seed.
 *
 * @param progress Shows the progress.
 * @param options.data A file of the chorales' form. @default {@linkcode CHORALES}
 */
export async function benchJsb(
  progress: (text: string) => void,
  { data = resolve(PROJECT_FOLDER, CHORALES), recipe = RECIPE }: {
    data?: string;
    recipe?: Recipe;
  } = {},
): Promise<Record<string, unknown>> {
  const begun = performance.now();
  const corpus = hearCorpus(await readCorpus(data));
  const seeds: {
    seed: number;
    result: SeedResult;
    seconds: number;
    cpu_seconds: number;
  }[] = [];
  for (const seed of SEEDS) {
    const begun = performance.now(), before = cpuUsage();
    const result = await trainSeed(corpus, recipe, seed, progress);
    const { user, system } = cpuUsage(before);
    seeds.push({
      seed,
      result,
      seconds: (performance.now() - begun) / 1000,
      cpu_seconds: (user + system) / 1e6,
    });
  }
  const over = (value: (result: SeedResult) => number) =>
    median(seeds.map(({ result }) => value(result)));
  return {
    test_nll: over(({ test }) => test.frames),
    valid_nll: over(({ valid }) => valid.frames),
    seconds: (performance.now() - begun) / 1000,
    test_nll_by_piece: over(({ test }) => test.pieces),
    valid_nll_by_piece: over(({ valid }) => valid.pieces),
    seeds: seeds.map(({ result: { test, valid, epoch }, ...rest }) => ({
      ...rest,
      test_nll: test.frames,
      valid_nll: valid.frames,
      test_nll_by_piece: test.pieces,
      epoch,
    })),
    settings: { ...recipe, data },
    protocol: PROTOCOL,
    published: PUBLISHED,
  };
}
