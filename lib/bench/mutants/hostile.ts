/**
 * Files made to hurt on their way through the project, each in a process of its
 * own: soon done, in little memory, or refused with a reason.
 */

import { childArguments } from "./child_process.ts";
import { HOSTILE_FILES } from "./hostile_files.ts";
import type { Outcome } from "./pipeline.ts";

const SIZES = [1_000_000, 1_600_000, 10_000_000];
const MOST_MILLISECONDS = 2_000, MOST_MEGABYTES = 400;
/** A process that takes this long is ended. */
const LIMIT_MILLISECONDS = 20_000;
/** Heap at which a process dies, so that the machine does not. */
const HEAP_MEGABYTES = 2_000;

/** What a process tells of its file. */
interface Measured extends Outcome {
  /** Milliseconds of the whole way. */
  readonly total: number;
  /** Bytes by which its peak of memory grew. */
  readonly memory: number;
}

/** A row of the table. */
interface Row {
  readonly file: string;
  readonly megabytes: number;
  /** "accepted", the reason of a refusal, or how the process ended. */
  readonly outcome: string;
  readonly milliseconds?: number;
  readonly memoryMegabytes?: number;
  /** Milliseconds of the stages that took over a tenth of a second. */
  readonly stages?: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

/** Sends a file through the project in a process of its own. */
async function measure(file: string): Promise<Measured | undefined> {
  const [run = "", ...args] = childArguments("file", file);
  const child = new Deno.Command(Deno.execPath(), {
    args: [run, `--v8-flags=--max-old-space-size=${HEAP_MEGABYTES}`, ...args],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MILLISECONDS);
  const { success, stdout } = await child.output();
  clearTimeout(timer);
  return success ? JSON.parse(new TextDecoder().decode(stdout)) : undefined;
}

function rowOf(
  file: string,
  byteCount: number,
  measured: Measured | undefined,
): Row {
  const megabytes = byteCount / 1e6;
  if (!measured) {
    const outcome = `ends after ${LIMIT_MILLISECONDS / 1000} s or of memory`;
    return { file, megabytes, outcome, faults: [outcome] };
  }
  const { total, memory, refusals, milliseconds } = measured;
  const memoryMegabytes = memory / 2 ** 20;
  return {
    file,
    megabytes,
    outcome: refusals.join("; ") || "accepted",
    milliseconds: Math.round(total),
    memoryMegabytes: Math.round(memoryMegabytes),
    stages: Object.fromEntries(
      Object.entries(milliseconds).filter(([, spent]) => spent > 100)
        .map(([stage, spent]) => [stage, Math.round(spent)]),
    ),
    faults: [
      ...measured.faults,
      ...total > MOST_MILLISECONDS ? ["over 2 s"] : [],
      ...memoryMegabytes > MOST_MEGABYTES ? ["over 400 MB"] : [],
    ],
  };
}

/** Sends each hostile file through the project. */
export async function benchHostile(
  progress: (text: string) => void,
): Promise<Record<string, unknown>> {
  const rows: Row[] = [];
  const path = await Deno.makeTempFile({ suffix: ".mid" });
  try {
    for (const [name, make] of HOSTILE_FILES) {
      for (const size of SIZES) {
        progress(`${name}, ${size / 1e6} MB`);
        const bytes = make(size);
        await Deno.writeFile(path, bytes);
        let row = rowOf(name, bytes.length, await measure(path));
        // Once more: a figure near its limit may vary.
        if (
          row.faults.length > 0 && row.milliseconds !== undefined &&
          row.milliseconds < 2 * MOST_MILLISECONDS
        ) {
          row = rowOf(name, bytes.length, await measure(path));
        }
        if (row.faults.length > 0) progress(JSON.stringify(row));
        rows.push(row);
      }
    }
  } finally {
    await Deno.remove(path);
  }
  const bad = rows.filter(({ faults }) => faults.length > 0);
  return { files: rows.length, faulty: bad.length, rows };
}
