/**
 * Files changed at random on their way through the project: each ends in equal
 * music or in a named error, soon and in little memory.
 */

import { TextLineStream } from "../lines.ts";
import { childArguments } from "./child_process.ts";

/** Options of {@linkcode benchMutants}. */
export interface MutantOptions {
  /** How many mutants. @default 200_000 */
  readonly count?: number;
  /** Number of the first mutant. @default 0 */
  readonly first?: number;
  /** Which mutants: the same seed makes the same. @default 1 */
  readonly randomSeed?: number;
  /** Files to make mutants of beside the synthetic ones. @default [] */
  readonly files?: readonly string[];
}

/** Longest that a mutant may take, and what shows that the process hangs. */
const SLOW_MILLISECONDS = 1_000, HANGING_MILLISECONDS = 20_000;
/** Most memory that a mutant may take; of the heap, the process dies of more. */
const MOST_MEGABYTES = 256;
/** Numbers of mutants that are listed of each fault. */
const LISTED = 5;

/** A line of the process about one mutant or several. */
interface Line {
  readonly number?: number;
  readonly fault?: string;
  readonly milliseconds?: number;
  readonly memory?: number;
  readonly next?: number;
  readonly counts?: Readonly<Record<string, number>>;
}

/** What the mutants came to. */
class Tally {
  readonly counts = new Map<string, number>();
  /** Numbers of some mutants by fault. */
  readonly examples = new Map<string, number[]>();
  slowest = 0;

  add(key: string, n = 1): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + n);
  }

  example(fault: string, number: number): void {
    const numbers = this.examples.get(fault) ?? [];
    this.examples.set(fault, numbers);
    if (numbers.length < LISTED) numbers.push(number);
  }

  /** A mutant that broke a bound, or the process. */
  breach(fault: string, number: number): void {
    this.add(`fault ${fault}`);
    this.example(fault, number);
  }

  take(line: Line): void {
    const { number = -1, fault, milliseconds = 0, memory = 0 } = line;
    if (fault !== undefined) this.example(fault, number);
    this.slowest = Math.max(this.slowest, milliseconds);
    if (milliseconds > SLOW_MILLISECONDS) this.breach("over 1 s", number);
    if (memory > MOST_MEGABYTES * 2 ** 20) {
      this.breach(`over ${MOST_MEGABYTES} MB`, number);
    }
    for (const [key, n] of Object.entries(line.counts ?? {})) this.add(key, n);
  }

  starting(prefix: string): Record<string, number> {
    const found = [...this.counts].filter(([key]) => key.startsWith(prefix))
      .map(([key, n]) => [key.slice(prefix.length), n] as const)
      .sort(([, a], [, b]) => b - a);
    return Object.fromEntries(found);
  }
}

/**
 * Has a process work on mutants.
 *
 * @returns The number of the first that is still to be worked on.
 */
async function runProcess(
  { seed, first, end, files }: {
    readonly seed: number;
    readonly first: number;
    readonly end: number;
    readonly files: readonly string[];
  },
  tally: Tally,
  progress: (text: string) => void,
): Promise<number> {
  const [run = "", ...args] = childArguments(
    "mutants",
    ...[seed, first, end].map(String),
    ...files,
  );
  const child = new Deno.Command(Deno.execPath(), {
    args: [run, `--v8-flags=--max-old-space-size=${MOST_MEGABYTES}`, ...args],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let current = first - 1, reported = first, hangs = false;
  const kill = () => {
    hangs = true;
    child.kill("SIGKILL");
  };
  let watchdog = setTimeout(kill, HANGING_MILLISECONDS);
  const lines = child.stdout.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const text of lines) {
    if (!text.startsWith("{")) {
      current = Number(text);
      clearTimeout(watchdog);
      watchdog = setTimeout(kill, HANGING_MILLISECONDS);
      continue;
    }
    const line: Line = JSON.parse(text);
    reported = line.next ?? reported;
    if (line.next !== undefined) progress(`mutant ${line.next} of ${end}`);
    tally.take(line);
  }
  clearTimeout(watchdog);
  const { code } = await child.status;
  if (code === 0) return end;
  if (current < first) {
    throw new Error("Cannot run mutants: the process ends at once.");
  }
  tally.breach(hangs ? "hangs" : "ends the process", current);
  tally.add("counted only as worked on", current - reported);
  return current + 1;
}

/**
 * Sends mutants through the project. Equal options give equal figures, but for
 * times.
 */
export async function benchMutants(
  { count = 200_000, first = 0, randomSeed = 1, files = [] }: MutantOptions,
  progress: (text: string) => void,
): Promise<Record<string, unknown>> {
  const begun = performance.now();
  const tally = new Tally();
  const end = first + count;
  for (let next = first; next < end;) {
    next = await runProcess(
      { seed: randomSeed, first: next, end, files },
      tally,
      progress,
    );
  }
  const faults = tally.starting("fault ");
  return {
    mutants: count,
    accepted: tally.counts.get("accepted") ?? 0,
    refused: tally.counts.get("refused") ?? 0,
    refusals: tally.starting("refusal "),
    faults: Object.values(faults).reduce((sum, n) => sum + n, 0),
    faults_by_kind: faults,
    examples: Object.fromEntries(tally.examples),
    slowest_milliseconds: tally.slowest,
    seconds: (performance.now() - begun) / 1000,
  };
}
