/**
 * How fast music is made and judged, beside an earlier version of the project, by turns
 * in one run.
 */

import { fromFileUrl, join } from "@std/path";
import { PROJECT_FOLDER, runFolder } from "../../base/base.ts";
import { Helpers } from "../../evaluation/evaluation.ts";
import { Generator } from "../../generation/generation.ts";
import { loadBest } from "../../model/model.ts";
import { Peer } from "../peer.ts";
import { processorOf } from "../processor.ts";
import { spread } from "../statistics.ts";

/** Options of {@linkcode benchGeneration}. */
export interface GenerationBenchOptions {
  /** Folder of an earlier checkout. @default none, and no ratios to it */
  readonly before?: string;
}

/** Rounds in which all take turns, the pieces of a turn, and rounds of `evaluate`. */
const ROUNDS = 10, PIECES = 8, EVALUATIONS = 2;
/** Pieces that are made at once, or one after the other. */
const DRAFTS = 32;
/** Where `evaluate` looks for the corpus of the model in the box. */
const CORPUS = join("data", "processed", "starter");

/** Measures everything; ratios are of medians. */
export async function benchGeneration(
  { before }: GenerationBenchOptions,
  progress: (text: string) => void,
): Promise<Record<string, unknown>> {
  const folders = [PROJECT_FOLDER, ...before === undefined ? [] : [before]];
  progress("pieces one after the other");
  const [ours, earlier] = await tokensPerSecond(folders);
  progress("drafts at once");
  const drafts = await draftsPerSecond();
  const seconds = await secondsOfEvaluate(folders, progress);
  return {
    tokens_per_second: ours,
    tokens_vs_before: earlier && ours! / earlier,
    drafts_batched: drafts.atOnce / drafts.inTurn,
    evaluate_seconds: seconds[0],
    evaluate_vs_before: seconds[1] && seconds[0]! / seconds[1],
    ...await processorOf(),
  };
}

/** Tokens a second of whole pieces, by folder. */
async function tokensPerSecond(folders: readonly string[]): Promise<number[]> {
  const script = fromFileUrl(new URL("./child.ts", import.meta.url));
  await using children = new AsyncDisposableStack();
  const peers: Peer[] = [];
  for (const folder of folders) {
    const config = join(folder, "deno.json");
    const args = [
      "run",
      "-A",
      "--no-check",
      "--config",
      config,
      script,
      folder,
    ];
    peers.push(
      children.use(await Peer.start(folder, Deno.execPath(), args)),
    );
  }
  const speeds: number[][] = folders.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    const turn = { first: 1 + round * PIECES, count: PIECES };
    for (const [i, peer] of peers.entries()) {
      type Answer = { tokens: number; seconds: number };
      const { tokens, seconds } = await peer.ask<Answer>(turn);
      speeds[i]!.push(tokens / seconds);
    }
  }
  return speeds.map((all) => spread(all).median);
}

/** Tokens a second of many drafts on all threads, and one after the other. */
async function draftsPerSecond(): Promise<{ atOnce: number; inTurn: number }> {
  const checkpoint = await loadBest(runFolder("starter"));
  using generator = await Generator.open(checkpoint);
  using all = new Helpers(checkpoint), none = new Helpers(checkpoint, 0);
  const speed = async (helpers: Helpers, first: number) => {
    const seeds = Array.from({ length: DRAFTS }, (_, i) => first + i);
    const begun = performance.now();
    const made = await helpers.all("piece", seeds, { generator });
    const tokens = made.reduce((sum, { tokens }) => sum + tokens.length, 0);
    return 1000 * tokens / (performance.now() - begun);
  };
  const speeds = { atOnce: [] as number[], inTurn: [] as number[] };
  await speed(all, 1);
  for (let round = 0; round < ROUNDS / 2; round++) {
    const first = 1 + round * DRAFTS;
    speeds.atOnce.push(await speed(all, first));
    speeds.inTurn.push(await speed(none, first));
  }
  return {
    atOnce: spread(speeds.atOnce).median,
    inTurn: spread(speeds.inTurn).median,
  };
}

/** Seconds of `evaluate --run starter`, by folder; the corpus is read before. */
async function secondsOfEvaluate(
  folders: readonly string[],
  progress: (text: string) => void,
): Promise<number[]> {
  const seconds: number[][] = folders.map(() => []);
  const task = async (folder: string, ...words: string[]) => {
    const begun = performance.now();
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["task", ...words],
      cwd: folder,
      stdout: "null",
      stderr: "null",
    }).output();
    if (!success) {
      throw new Error(
        `Cannot measure ${
          words[0]
        } in ${folder}: it failed. Run it there: deno task ${words.join(" ")}`,
      );
    }
    return (performance.now() - begun) / 1000;
  };
  progress("reading the starter corpus");
  for (const folder of folders) {
    const midi = join("data", "starter");
    await task(folder, "preprocess", "--midi", midi, "--out", CORPUS);
  }
  for (let round = 1; round <= EVALUATIONS; round++) {
    progress(`evaluate, round ${round} of ${EVALUATIONS}`);
    for (const [i, folder] of folders.entries()) {
      seconds[i]!.push(await task(folder, "evaluate", "--run", "starter"));
    }
  }
  return seconds.map((all) => spread(all).median);
}
