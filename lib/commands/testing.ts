/**
 * What tests of the command line share: running it, and a place for its files.
 */

import { join } from "@std/path";
import { main } from "./main.ts";
import { PROJECT_FOLDER, runFolder } from "../base/base.ts";

/** Where the files of lofi-samples are, if anywhere: they are not in the project. */
export const LOFI_FOLDER: string = join(
  PROJECT_FOLDER,
  "..",
  "shared",
  "data",
  "lofi-samples",
);

/** What a command ended with. */
export interface Ending {
  /** Exit status. */
  readonly status: number;
  /** What it wrote to stdout. */
  readonly out: string;
  /** What it wrote to stderr. */
  readonly err: string;
}

/** Runs a command line in this process. */
export async function run(...args: string[]): Promise<Ending> {
  const out: string[] = [], err: string[] = [];
  const status = await main(args, {
    log: (line) => out.push(line),
    error: (line) => err.push(line),
  });
  return { status, out: out.join("\n"), err: err.join("\n") };
}

const { tasks } = JSON.parse(
  await Deno.readTextFile(join(PROJECT_FOLDER, "deno.json")),
) as { tasks: Record<string, string> };

/**
 * A command line as a process of its own, as `deno task` runs it, with the permissions
 * that deno.json lists and no others.
 */
export function program(
  [name = "", ...rest]: readonly string[],
  output: "piped" | "null" = "piped",
): Deno.Command {
  const [, ...task] = tasks[name]!.split(" ");
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...task.map((word) =>
        word.endsWith(".ts") ? join(PROJECT_FOLDER, word) : word
      ),
      ...rest,
    ],
    stdin: "null",
    stdout: output,
    stderr: output,
  });
}

/**
 * Runs a command line in a process of its own.
 *
 * @returns Its JSON.
 * @throws {Error} If it fails, with its stderr.
 */
// deno-lint-ignore no-explicit-any -- each command has JSON of its own.
export async function runProgram(...args: string[]): Promise<any> {
  const { code, stdout, stderr } = await program([...args, "--json"]).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (code !== 0) {
    throw new Error(`${args[0]} ended with ${code}: ${text(stderr)}`);
  }
  return JSON.parse(text(stdout).trimEnd().split("\n").at(-1)!);
}

/**
 * Gives a test an empty folder and a name that no training run has, and removes
 * the folder and what the name's runs left: "NAME", "NAME-a", "NAME-b".
 */
export async function withPlace(
  test: (folder: string, name: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  const name = `test-${crypto.randomUUID()}`;
  try {
    await test(folder, name);
  } finally {
    await Deno.remove(folder, { recursive: true });
    for (const run of [name, `${name}-a`, `${name}-b`]) {
      await Deno.remove(runFolder(run), { recursive: true }).catch(() => {});
    }
  }
}

/** Copies the first files of a folder of MIDI files; returns their names. */
export async function copyMidiFiles(
  from: string,
  to: string,
  count: number,
): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(from)) {
    if (name.endsWith(".mid")) names.push(name);
  }
  const chosen = names.sort().slice(0, count);
  await Deno.mkdir(to, { recursive: true });
  for (const name of chosen) {
    await Deno.copyFile(join(from, name), join(to, name));
  }
  return chosen;
}

/** Knobs of a network so small that an epoch takes a moment. */
export const SMALL_NETWORK =
  "lstmUnits=12,denseUnits=8,sequenceLength=32,stride=32,batchSize=8";
