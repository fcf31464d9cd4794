/**
 * The program behind `deno task preprocess`, `train`, `generate`, `evaluate`,
 * `export`, `import`, `data` and `bench`: `deno run -A lib/commands/main.ts COMMAND …`.
 *
 * Results go to stdout, progress to stderr. Exit status 0 on success, 1 on a
 * failure with one sentence, 2 on wrong usage. With `--json` the last line of
 * stdout is one JSON object, `{"error": "…"}` on failure.
 */

import { parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { type Output, ProgressLine } from "./progress.ts";
import { UsageError } from "./usage_error.ts";

/** A command before it is loaded. */
interface CommandEntry {
  /** What it does, in a few words. */
  readonly summary: string;
  /** Imports its module. */
  readonly load: () => Promise<{ command: Command }>;
}

/** Every command by name. Only the one that runs is loaded, with what it needs. */
const COMMANDS: ReadonlyMap<string, CommandEntry> = new Map<
  string,
  CommandEntry
>([
  ["preprocess", {
    summary: "reads a folder of MIDI files and leaves a corpus to train on",
    load: () => import("./preprocess.ts"),
  }],
  ["train", {
    summary: "trains the Immersic network, a checkpoint after every epoch",
    load: () => import("./train.ts"),
  }],
  ["generate", {
    summary: "makes a new piece with a trained run",
    load: () => import("./generate.ts"),
  }],
  ["evaluate", {
    summary: "measures a run on music it never saw, and what it makes",
    load: () => import("./evaluate.ts"),
  }],
  ["export", {
    summary:
      "writes a run as a file of Keras, TensorFlow.js, PyTorch or ONNX, or a folder in which another engine trains it",
    load: () => import("./export.ts"),
  }],
  ["import", {
    summary: "makes a run of such a file, or of a model that Keras trained",
    load: () => import("./import.ts"),
  }],
  ["bench", {
    summary: "measures beside peers in the same run",
    load: () => import("./bench.ts"),
  }],
  ["data", {
    summary: "lists the data sets, or fetches, unpacks and verifies one",
    load: () => import("./data.ts"),
  }],
]);

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
  const entry = COMMANDS.get(name);
  const progress = new ProgressLine(output);
  let usage: string | undefined;
  try {
    if (!entry) return listCommands(name, output);
    const { command } = await entry.load();
    usage = `Usage: deno task ${name} ${command.usage}`;
    const given = parseArguments(rest, command);
    if (given.flag("help")) {
      output.log(`${name} ${entry.summary}.\n${usage}`);
      return 0;
    }
    const { text, json } = await command.run(
      given,
      (text) => progress.show(text),
    );
    progress.clear();
    output.log(given.flag("json") ? JSON.stringify(json) : text);
    return 0;
  } catch (thrown) {
    progress.clear();
    const error = firstOf(thrown);
    const message = error instanceof Error ? error.message : String(error);
    output.error(message);
    const isUsage = error instanceof UsageError;
    if (isUsage && usage !== undefined) output.error(usage);
    // The command line may be what is wrong, so it is not parsed for this.
    if (args.includes("--json")) output.log(JSON.stringify({ error: message }));
    return isUsage ? 2 : 1;
  }
}

/** The error that ended the work, where putting things away failed after it. */
function firstOf(error: unknown): unknown {
  return error instanceof SuppressedError ? firstOf(error.suppressed) : error;
}

/**
 * Lists the commands, as help.
 *
 * @returns 0.
 * @throws {UsageError} If the name is none that asks for help; they are listed
 * in the message.
 */
function listCommands(name: string, { log }: Output): number {
  const list = Array.from(
    COMMANDS,
    ([name, { summary }]) => `deno task ${name}: ${summary}`,
  );
  if (!["help", "--help", "-h"].includes(name)) {
    throw new UsageError(
      [
        name === ""
          ? "Cannot run: no command is given."
          : `Cannot run "${name}": there is no such command.`,
        ...list,
      ].join("\n"),
    );
  }
  list.forEach((line) => log(line));
  return 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
