/**
 * The command line: `deno run -A lib/commands/commands.ts COMMAND …`, as the tasks of
 * `deno.json` call it.
 *
 * Results go to stdout, progress to stderr. Exit status 0 on success, 1 on a
 * failure with one sentence, 2 on wrong usage. With `--json` the last line of
 * stdout is one JSON object.
 */

import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { Arguments, type Command, UsageError } from "./command.ts";

/** Every command, loaded when called, so that each brings only its own. */
const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  preprocess: {
    summary: "reads a folder of MIDI files and leaves a corpus to train on",
    load: () => import("./preprocess.ts"),
  },
  train: {
    summary: "trains the Immersic network, a checkpoint after every epoch",
    load: () => import("./train.ts"),
  },
  generate: {
    summary: "makes a new piece with a trained run",
    load: () => import("./generate.ts"),
  },
  evaluate: {
    summary: "measures a run on music it never saw, and what it makes",
    load: () => import("./evaluate.ts"),
  },
  bench: {
    summary: "measures beside peers in the same run",
    load: () => import("./bench.ts"),
  },
  data: {
    summary: "lists the data sets, or fetches, unpacks and verifies one",
    load: () => import("./data.ts"),
  },
};

interface CommandEntry {
  /** What it does, in a few words. */
  readonly summary: string;
  readonly load: () => Promise<{ command: Command }>;
}

/** Where lines go. */
export interface Output {
  /** Results. */
  readonly log: (line: string) => void;
  /** Errors and progress. */
  readonly error: (line: string) => void;
}

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
 * assert.match(lines[0], /--midi is missing/);
 * ```
 */
export async function main(
  args: readonly string[],
  output: Output = console,
): Promise<number> {
  const [name = "", ...rest] = args;
  if (!Object.hasOwn(COMMANDS, name)) return listCommands(name, output);
  const { summary, load } = COMMANDS[name];
  const { command } = await load();
  const usage = `Usage: deno task ${name} ${command.usage}`;
  const progress = progressLine(output);
  try {
    const given = take(rest, command);
    if (given.flag("help")) {
      output.log(`${name} ${summary}.\n${usage}`);
      return 0;
    }
    const { text, json } = await command.run(given, progress.show);
    progress.clear();
    output.log(given.flag("json") ? JSON.stringify(json) : text);
    return 0;
  } catch (error) {
    progress.clear();
    output.error(error instanceof Error ? error.message : String(error));
    if (!(error instanceof UsageError)) return 1;
    output.error(usage);
    return 2;
  }
}

/** What there is, for one who asked, or who asked for something else. */
function listCommands(name: string, { log, error }: Output): number {
  const asked = ["help", "--help", "-h"].includes(name);
  const say = asked ? log : error;
  if (!asked) {
    say(
      name === ""
        ? "Cannot run: no command is given."
        : `Cannot run "${name}": there is no such command.`,
    );
  }
  for (const [name, { summary }] of Object.entries(COMMANDS)) {
    say(`deno task ${name}: ${summary}`);
  }
  return asked ? 0 : 2;
}

/** Takes a command line apart. */
function take(args: readonly string[], command: Command): Arguments {
  const options: ParseArgsOptionsConfig = {
    json: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  };
  for (const [name, type] of Object.entries(command.options)) {
    options[name] = { type };
  }
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: command.words > 0,
    });
    if (positionals.length > command.words) {
      throw new TypeError(
        `"${positionals[command.words]}" is one word too many`,
      );
    }
    return new Arguments(
      values as Record<string, string | boolean>,
      positionals,
    );
  } catch (error) {
    const why = error instanceof Error ? error.message.split(/\.\s/)[0] : error;
    throw new UsageError(`Cannot read the command line: ${why}.`);
  }
}

/** One line, written over in a terminal; elsewhere a line now and then. */
function progressLine(output: Output) {
  const overwrite = output === console && Deno.stderr.isTerminal();
  const write = (text: string) =>
    Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${text}`));
  let last = -Infinity;
  return {
    show(text: string): void {
      const now = performance.now();
      if (now - last < (overwrite ? 50 : 1000)) return;
      last = now;
      if (overwrite) write(text);
      else output.error(text);
    },
    clear(): void {
      if (overwrite && last > -Infinity) write("");
    },
  };
}

if (import.meta.main) Deno.exit(await main(Deno.args));
