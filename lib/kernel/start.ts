// deno-lint-ignore-file no-console -- a program
/**
 * `deno task start [NAME=VALUE …]`: runs both notebooks without a front end.
 * Executed copies go to outputs/.
 *
 * A setting such as `epochs=3` or `corpus=mine` replaces that value of every parameters
 * cell that has it, one such as `Immersic.epochs=3` that of one notebook. VALUE is JSON
 * or, if it cannot be parsed, plain text.
 */

import { join, relative } from "@std/path";
import {
  nearestName,
  OUTPUTS_FOLDER,
  PROJECT_FOLDER,
  readFileIfAny,
  requireKnownNames,
} from "../base/base.ts";
import { readTask, START } from "../tasks/tasks.ts";
import { setUp, SetupError } from "../tools/tools.ts";
import { NotebookError, runNotebook } from "./headless.ts";

/** The notebooks, in the order of running. */
export const NOTEBOOKS: readonly string[] = ["preprocess", "Immersic"];

/** Values of parameters, by notebook and name. */
export type Settings = Readonly<Record<string, Record<string, unknown>>>;

/** Names of the parameters that each notebook has. */
export type ParameterNames = Readonly<Record<string, readonly string[]>>;

/** A setting on the command line cannot be understood. */
export class SettingError extends Error {
  override name = "SettingError";
}

/**
 * Reads settings from a command line.
 *
 * @param args Each such as "epochs=3" or "Immersic.epochs=3".
 * @param known Names of the parameters by notebook.
 * @returns Values by notebook and name.
 * @throws {SettingError} If an argument has another form, or names no notebook or no
 * parameter; the message says which was meant.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readSettings } from "immersic/kernel/start.ts";
 * const known = { preprocess: ["corpus"], Immersic: ["corpus", "epochs"] };
 * assert.deepEqual(readSettings(["corpus=mine", "Immersic.epochs=3"], known), {
 *   preprocess: { corpus: "mine" },
 *   Immersic: { corpus: "mine", epochs: 3 },
 * });
 * ```
 */
export function readSettings(
  args: readonly string[],
  known: ParameterNames,
): Settings {
  const notebooks = Object.keys(known);
  const settings: Record<string, Record<string, unknown>> = Object.fromEntries(
    notebooks.map((notebook) => [notebook, {}]),
  );
  for (const arg of args) {
    const [, notebook, name = "", value = ""] =
      arg.match(/^(?:([\w-]+)\.)?(\w+)=(.*)$/s) ?? [];
    if (name === "") {
      throw new SettingError(
        `Cannot set a parameter: it must look like epochs=3 or Immersic.epochs=3, current value is "${arg}".`,
      );
    }
    for (const target of notebooksWith(name, notebook, known)) {
      settings[target]![name] = jsonOrText(value);
    }
  }
  return settings;
}

/** The notebooks in which a parameter is to be set. */
function notebooksWith(
  name: string,
  notebook: string | undefined,
  known: ParameterNames,
): readonly string[] {
  const notebooks = Object.keys(known);
  if (notebook !== undefined && !known[notebook]) {
    const meant = nearestName(notebook, notebooks);
    throw new SettingError(
      `Cannot set ${notebook}.${name}: there is no such notebook. ${
        meant
          ? `Did you mean ${meant}.${name}?`
          : `There are ${notebooks.join(" and ")}.`
      }`,
    );
  }
  const candidates = notebook === undefined ? notebooks : [notebook];
  const found = candidates.filter((each) => known[each]!.includes(name));
  if (found.length > 0) return found;
  const names = [...new Set(candidates.flatMap((each) => known[each]!))];
  const where = candidates.map((each) => `${each}.ipynb`).join(" and ");
  try {
    requireKnownNames(`parameters of ${where}`, names, [name]);
  } catch (error) {
    throw new SettingError((error as Error).message);
  }
  return found;
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/**
 * The names of the parameters that a notebook has: those at the beginning of a line of
 * the cell tagged `parameters`.
 */
export async function parameterNames(notebook: string): Promise<string[]> {
  const bytes = await readFileIfAny(notebook);
  if (!bytes) {
    const file = relative(PROJECT_FOLDER, notebook);
    throw new SettingError(
      `Cannot run ${file}: there is no such file. Was it renamed? "git checkout ${file}" brings it back.`,
    );
  }
  const { cells } = JSON.parse(new TextDecoder().decode(bytes));
  const cell = cells.find((
    { metadata }: { readonly metadata: { readonly tags?: readonly string[] } },
  ) => metadata.tags?.includes("parameters"));
  const code = [cell?.source ?? ""].flat().join("");
  return Array.from(code.matchAll(/^ {2}(\w+):/gm), ([, name]) => name!);
}

/** The path of a notebook of the project. */
function notebookPath(name: string): string {
  return join(PROJECT_FOLDER, "notebooks", `${name}.ipynb`);
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
  const known: Record<string, readonly string[]> = {};
  for (const name of NOTEBOOKS) {
    known[name] = await parameterNames(notebookPath(name));
  }
  const settings = readSettings(args, known);
  const workbench = await setUp(console.error);
  await Deno.mkdir(OUTPUTS_FOLDER, { recursive: true });
  const before = await pieces();
  for (const name of NOTEBOOKS) {
    await runNotebook({
      notebook: notebookPath(name),
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

/** The parameters of the notebooks, for help. */
async function parametersText(): Promise<string[]> {
  const lines = ["", "Parameters:"];
  for (const name of NOTEBOOKS) {
    const names = await parameterNames(notebookPath(name));
    lines.push(`  ${name}: ${names.join(", ")}`);
  }
  return lines;
}

if (import.meta.main) {
  const { words } = await readTask(START, Deno.args, parametersText);
  try {
    Deno.exit(await main(words));
  } catch (error) {
    const known = error instanceof SetupError || error instanceof NotebookError;
    if (!known && !(error instanceof SettingError)) throw error;
    console.error(error.message);
    Deno.exit(error instanceof SettingError ? 2 : 1);
  }
}
