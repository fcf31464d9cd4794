/**
 * The program behind `deno task preprocess`, `train`, `generate`, `evaluate`, `export`,
 * `import`, `data`, `bench`, `runs`, `help` and `completion`:
 * `deno run -A lib/commands/main.ts COMMAND …`.
 *
 * Results go to stdout, progress to stderr. Exit status 0 on success, 1 on a
 * failure with one sentence, 2 on wrong usage. With `--json` the last line of
 * stdout is one JSON object, `{"error": "…"}` on failure.
 */

import { nearestName, printable } from "../base/base.ts";
import {
  BENCH,
  COMPLETION,
  DATA,
  EVALUATE,
  EXPORT,
  GENERATE,
  HELP,
  helpOf,
  IMPORT,
  listTasks,
  type Options,
  parseTask,
  PREPROCESS,
  RUNS,
  type Task,
  TASKS,
  TRAIN,
  UsageError,
  usageOf,
  VERSION,
} from "../tasks/tasks.ts";
import type { CommandResult, Run } from "./command.ts";
import { type Output, type Progress, ProgressLine } from "./progress.ts";

/** A command before it is loaded. */
interface Command {
  readonly task: Task;
  /** Imports its module, parses its command line and runs it. */
  run(
    args: readonly string[],
    progress: Progress,
  ): Promise<Ended>;
}

/** What a command line came to. */
interface Ended extends CommandResult {
  /** Whether `--json` asks for its JSON. */
  readonly isJson: boolean;
}

function command<O extends Options>(
  task: Task<O>,
  load: () => Promise<{ run: Run<O> }>,
): Command {
  return {
    task,
    async run(args, progress) {
      const given = parseTask(task, args);
      if (typeof given === "string") {
        return { text: shown(given, task), json: {}, isJson: false };
      }
      const { run } = await load();
      const isJson = given.named.includes("json");
      return { ...await run(given, progress), isJson };
    },
  };
}

/** What `--help` or `--version` shows. */
function shown(asked: "help" | "version", task: Task): string {
  return asked === "help" ? helpOf(task) : `Immersic ${VERSION}`;
}

/**
 * Every command. Only the one that runs is loaded, with what it needs: without
 * "lazy-dynamic-imports" in deno.json, Deno reads the modules of all of them first.
 */
const COMMANDS: readonly Command[] = [
  command(PREPROCESS, () => import("./preprocess.ts")),
  command(TRAIN, () => import("./train.ts")),
  command(GENERATE, () => import("./generate.ts")),
  command(EVALUATE, () => import("./evaluate.ts")),
  command(EXPORT, () => import("./export.ts")),
  command(IMPORT, () => import("./import.ts")),
  command(BENCH, () => import("./bench.ts")),
  command(DATA, () => import("./data.ts")),
  command(RUNS, () => import("./runs.ts")),
  command(HELP, () => import("./help.ts")),
  command(COMPLETION, () => import("./completion.ts")),
];

/**
 * Runs a command line.
 *
 * @param args The command's name and what follows.
 * @param output @default the console
 * @returns Exit status: 0, 1 or 2.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { main } from "immersic/commands/commands.ts";
 * const lines: string[] = [];
 * const output = { log: () => {}, error: (line: string) => lines.push(line) };
 * assert.equal(await main(["preprocess"], output), 2);
 * assert.match(lines[0] ?? "", /--midi is missing/);
 * ```
 */
export async function main(
  args: readonly string[],
  output: Output = console,
): Promise<number> {
  const [name = "", ...rest] = args;
  const progress = new ProgressLine(output);
  let command: Command | undefined;
  try {
    command = commandOf(name);
    const { text, json, isJson } = await command.run(
      name === "--version" ? args : rest,
      (text, share) => progress.show(text, share),
    );
    progress.clear();
    output.log(isJson ? JSON.stringify(json) : printableLines(text));
    return 0;
  } catch (thrown) {
    progress.clear();
    const error = firstOf(thrown);
    const message = error instanceof Error ? error.message : String(error);
    output.error(printableLines(message));
    const isUsage = error instanceof UsageError;
    if (isUsage && command) output.error(usageOf(command.task));
    // The command line may be what is wrong, so it is not parsed for this.
    if (args.includes("--json")) output.log(JSON.stringify({ error: message }));
    return isUsage ? 2 : 1;
  }
}

function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** The error that ended the work, where putting things away failed after it. */
function firstOf(error: unknown): unknown {
  return error instanceof SuppressedError ? firstOf(error.suppressed) : error;
}

/**
 * The command of a name; of `--help` and `--version`, `help`.
 *
 * @throws {UsageError} If there is none; the tasks are listed in the message.
 */
function commandOf(name: string): Command {
  const wanted = /^(?:--help|-h|--version)$/.test(name) ? "help" : name;
  const found = COMMANDS.find(({ task }) => task.name === wanted);
  if (found) return found;
  const meant = nearestName(name, TASKS.map(({ name }) => name));
  throw new UsageError(
    [
      name === ""
        ? "Cannot run: no command is given."
        : `Cannot run "${name}": there is no such command.${
          meant ? ` Did you mean ${meant}?` : ""
        }`,
      ...listTasks(TASKS),
    ].join("\n"),
  );
}

if (import.meta.main) Deno.exit(await main(Deno.args));
