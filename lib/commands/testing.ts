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

/** How {@linkcode program} runs. */
export interface ProgramOptions {
  /** Whether its output is read. @default true */
  readonly isRead?: boolean;
  /** Environment variables to add. */
  readonly env?: Record<string, string>;
  /**
   * Whether it has a network of its own, with no way out, and a home folder that it
   * cannot write in; on Linux only, see {@linkcode canCutOff}. @default false
   */
  readonly isCutOff?: boolean;
}

/** Begins a network that has no way out, then runs a program. */
const CUT_OFF = ["unshare", "--map-root-user", "--net"];

/** Whether programs can run without a network here. */
export const canCutOff: boolean = await new Deno.Command(CUT_OFF[0]!, {
  args: [...CUT_OFF.slice(1), "true"],
}).output().then(({ success }) => success, () => false);

const { denoDir } = JSON.parse(
  textOf(
    (await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json"],
    }).output()).stdout,
  ),
);

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/**
 * A command line as a process of its own, as `deno task` runs it, with the permissions
 * that deno.json lists and no others.
 */
export function program(
  [name = "", ...rest]: readonly string[],
  { isRead = true, env = {}, isCutOff = false }: ProgramOptions = {},
): Deno.Command {
  const [, ...task] = tasks[name]!.split(" ");
  const [first, ...line] = [
    ...isCutOff ? CUT_OFF : [],
    Deno.execPath(),
    ...task.map((word) =>
      word.endsWith(".ts") ? join(PROJECT_FOLDER, word) : word
    ),
    ...rest,
  ];
  const output = isRead ? "piped" : "null";
  return new Deno.Command(first!, {
    args: line,
    // The compiled programs of Deno itself stay where they are.
    env: { ...env, ...isCutOff && { HOME: "/proc", DENO_DIR: denoDir } },
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
export function runProgram(...args: string[]): Promise<any> {
  return jsonOf(args);
}

/** As {@linkcode runProgram}, with options. */
export async function jsonOf(
  args: readonly string[],
  options?: ProgramOptions,
  // deno-lint-ignore no-explicit-any -- each command has JSON of its own.
): Promise<any> {
  const { code, stdout, stderr } = await program([...args, "--json"], options)
    .output();
  if (code !== 0) {
    throw new Error(`${args[0]} ended with ${code}: ${textOf(stderr)}`);
  }
  return JSON.parse(textOf(stdout).trimEnd().split("\n").at(-1)!);
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
