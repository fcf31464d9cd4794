// deno-lint-ignore-file no-console -- a program
/**
 * `deno task start [NOTEBOOK.NAME=VALUE …]`: runs both notebooks without a front end.
 * Executed copies go to outputs/.
 *
 * A setting such as `Immersic.epochs=3` replaces a value of that notebook's parameters
 * cell. VALUE is JSON or, if it cannot be parsed, plain text.
 */

import { join, relative } from "@std/path";
import { OUTPUTS_FOLDER, PROJECT_FOLDER } from "../base/base.ts";
import { setUp, SetupError } from "../tools/tools.ts";
import { NotebookError, runNotebook } from "./headless.ts";

/** The notebooks, in the order of running. */
export const NOTEBOOKS: readonly string[] = ["preprocess", "Immersic"];

/** Values of parameters, by notebook and name. */
export type Settings = Readonly<Record<string, Record<string, unknown>>>;

/** A setting on the command line cannot be understood. */
export class SettingError extends Error {
  override name = "SettingError";
}

/**
 * Reads settings from a command line.
 *
 * @param args Each such as "Immersic.epochs=3".
 * @returns Values by notebook and name.
 * @throws {SettingError} If an argument has another form or names no notebook.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readSettings } from "immersic/kernel/start.ts";
 * assert.deepEqual(readSettings(["Immersic.epochs=3", "Immersic.run=mine"]), {
 *   preprocess: {},
 *   Immersic: { epochs: 3, run: "mine" },
 * });
 * ```
 */
export function readSettings(args: readonly string[]): Settings {
  const settings: Record<string, Record<string, unknown>> = Object.fromEntries(
    NOTEBOOKS.map((notebook) => [notebook, {}]),
  );
  for (const arg of args) {
    const [, notebook = "", name = "", value = ""] =
      arg.match(/^(\w+)\.(\w+)=(.*)$/s) ?? [];
    const values = settings[notebook];
    if (!values || !NOTEBOOKS.includes(notebook)) {
      throw new SettingError(
        `Cannot set a parameter: it must look like Immersic.epochs=3 or preprocess.midi=DIR, current value is "${arg}".`,
      );
    }
    values[name] = jsonOrText(value);
  }
  return settings;
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Names of the MIDI and WAV files in outputs/, and when they were written. */
async function pieces(): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for await (const { name } of Deno.readDir(OUTPUTS_FOLDER)) {
    if (!/\.(?:mid|wav)$/.test(name)) continue;
    const { mtime } = await Deno.stat(join(OUTPUTS_FOLDER, name));
    found.set(name, mtime?.getTime() ?? 0);
  }
  return found;
}

async function main(args: readonly string[]): Promise<number> {
  const settings = readSettings(args);
  const workbench = await setUp(console.error);
  await Deno.mkdir(OUTPUTS_FOLDER, { recursive: true });
  const before = await pieces();
  for (const name of NOTEBOOKS) {
    await runNotebook({
      notebook: join(PROJECT_FOLDER, "notebooks", `${name}.ipynb`),
      output: join(OUTPUTS_FOLDER, `${name}.ipynb`),
      parameters: settings[name],
    }, workbench);
  }
  const after = await pieces();
  const results = [
    ...NOTEBOOKS.map((name) => `${name}.ipynb`),
    ...[...after.keys()].filter((name) => after.get(name) !== before.get(name)),
  ];
  for (const name of results) {
    console.log(relative(Deno.cwd(), join(OUTPUTS_FOLDER, name)));
  }
  return 0;
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    const known = error instanceof SetupError || error instanceof NotebookError;
    if (!known && !(error instanceof SettingError)) throw error;
    console.error(error.message);
    Deno.exit(error instanceof SettingError ? 2 : 1);
  }
}
