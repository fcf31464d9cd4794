/**
 * The process that works on mutants or on one file; if it dies or hangs, another
 * goes on.
 *
 *     child.ts mutants SEED FIRST COUNT [FILE…]
 *     child.ts file FILE
 *
 * It writes a line before each mutant, its number, so that the one at fault is
 * known, and a line of JSON for each with a fault.
 */

import { mutant } from "./mutate.ts";
import { runPipeline } from "./pipeline.ts";
import { syntheticSeeds } from "./seeds.ts";
import { Timer } from "../timer.ts";

/** Only a file that takes this long can need much memory. */
const WATCHED_MILLISECONDS = 20;
/** As often as this, what was counted is told. */
const REPORT_EVERY = 200;

const encoder = new TextEncoder();
const say = (line: string) =>
  Deno.stdout.writeSync(encoder.encode(line + "\n"));

/** Counts by text. */
const counts = new Map<string, number>();
const count = (text: string) => counts.set(text, (counts.get(text) ?? 0) + 1);

/** Tells what was counted since the last time. */
function report(next: number): void {
  say(JSON.stringify({ next, counts: Object.fromEntries(counts) }));
  counts.clear();
}

/** The most memory that the process has had, in bytes, where it can be known. */
function peakMemory(): number {
  try {
    const status = Deno.readTextFileSync("/proc/self/status");
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]);
  } catch {
    return Deno.memoryUsage().rss;
  }
}

function millisecondsOf(bytes: Uint8Array): number {
  const timer = new Timer();
  runPipeline(bytes);
  return timer.milliseconds;
}

function runMutants(
  seed: number,
  first: number,
  end: number,
  seeds: readonly Uint8Array[],
): void {
  for (const bytes of seeds) runPipeline(bytes);
  for (let number = first; number < end; number++) {
    say(String(number));
    const bytes = mutant(seeds, seed, number);
    const before = Deno.memoryUsage().rss;
    const timer = new Timer();
    const { accepted, refusals, faults } = runPipeline(bytes);
    const { milliseconds } = timer;
    count(accepted ? "accepted" : "refused");
    refusals.forEach((refusal) => count(`refusal ${refusal}`));
    for (const fault of faults) {
      if ((counts.get(`fault ${fault}`) ?? 0) === 0) {
        say(JSON.stringify({ fault, number }));
      }
      count(`fault ${fault}`);
    }
    if (milliseconds > WATCHED_MILLISECONDS) {
      const memory = Deno.memoryUsage().rss - before;
      // Taken again, for the first time may hold a compilation.
      say(JSON.stringify({
        number,
        milliseconds: Math.min(milliseconds, millisecondsOf(bytes)),
        memory,
      }));
    }
    if ((number + 1) % REPORT_EVERY === 0) report(number + 1);
  }
  report(end);
}

function runFile(file: string): void {
  for (const bytes of syntheticSeeds().values()) runPipeline(bytes);
  const bytes = Deno.readFileSync(file);
  const before = peakMemory();
  const timer = new Timer();
  const outcome = runPipeline(bytes);
  say(JSON.stringify({
    ...outcome,
    total: timer.milliseconds,
    memory: peakMemory() - before,
  }));
}

const [verb, ...args] = Deno.args;
if (verb === "file") runFile(args[0]!);
else {
  const [seed = 1, first = 0, end = 0] = args.map(Number);
  const seeds = [...syntheticSeeds().values()];
  for (const file of args.slice(3)) seeds.push(Deno.readFileSync(file));
  runMutants(seed, first, end, seeds);
}
