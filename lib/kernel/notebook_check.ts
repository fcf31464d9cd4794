// deno-lint-ignore-file no-console -- a program
/**
 * `deno run -A lib/kernel/notebook_check.ts [NOTEBOOK …]`: type-checks and lints the code
 * cells of notebooks, which `deno check` and `deno lint` ignore, and checks their format.
 * Complaints name notebook, cell and line.
 */

import { basename, extname, join, relative, toFileUrl } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";

/** The parts of a notebook, in format 4, that the checks read. */
export interface Notebook {
  readonly cells: readonly {
    readonly cell_type: string;
    readonly source: string | readonly string[];
    readonly execution_count?: number | null;
    readonly outputs?: readonly unknown[];
  }[];
}

/** All code cells of a notebook as one module. */
export interface NotebookModule {
  readonly code: string;
  /** For each line of the module: its code cell and its line there, from 1. */
  readonly origins: readonly { readonly cell: number; readonly line: number }[];
}

/**
 * Joins the code cells of a notebook, in order, to one module.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { notebookModule } from "immersic/kernel/notebook_check.ts";
 * const cells = [
 *   { cell_type: "markdown", source: "# Title" },
 *   { cell_type: "code", source: ["const a = 1;\n", "a"] },
 * ];
 * const { code, origins } = notebookModule({ cells });
 * assert.equal(code, "const a = 1;\na\nexport {};\n");
 * assert.deepEqual(origins[1], { cell: 1, line: 2 });
 * ```
 */
export function notebookModule(notebook: Notebook): NotebookModule {
  const lines: string[] = [];
  const origins: { cell: number; line: number }[] = [];
  const codeCells = notebook.cells.filter((cell) => cell.cell_type === "code");
  codeCells.forEach(({ source }, index) => {
    const text = typeof source === "string" ? source : source.join("");
    text.split("\n").forEach((line, lineIndex) => {
      lines.push(line);
      origins.push({ cell: index + 1, line: lineIndex + 1 });
    });
  });
  // A file without imports or exports would be a script, without `await`.
  return { code: [...lines, "export {};", ""].join("\n"), origins };
}

/**
 * Replaces places in a module by notebook, cell and line.
 *
 * @param words What the compiler printed.
 * @param file Path or URL of the module, as the compiler prints it.
 */
export function translateComplaints(
  words: string,
  file: string,
  notebook: string,
  origins: NotebookModule["origins"],
): string {
  const place = new RegExp(
    `${RegExp.escape(file)}:(\\d+):(\\d+)`,
    "g",
  );
  return words.replace(place, (_, line: string, column: string) => {
    const origin = origins[Number(line) - 1] ?? origins.at(-1);
    return origin
      ? `${notebook}, code cell ${origin.cell}, line ${origin.line}, column ${column}`
      : notebook;
  });
}

/** Largest size of a committed notebook, in bytes: code hosts do not show larger ones. */
const MAX_BYTES = 400_000;

/**
 * Finds what a committed notebook must not contain.
 *
 * @param text Content of the notebook file.
 * @returns Complaints; none if it may be committed.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { notebookFaults } from "immersic/kernel/notebook_check.ts";
 * const cells = [{ cell_type: "code", source: "1", execution_count: 20 }];
 * const faults = notebookFaults(JSON.stringify({ cells }));
 * assert.deepEqual(faults, ["code cell 1 has execution count 20"]);
 * ```
 */
export function notebookFaults(text: string): string[] {
  const faults: string[] = [];
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MAX_BYTES) {
    faults.push(`${bytes} bytes are more than ${MAX_BYTES}`);
  }
  const { cells }: Notebook = JSON.parse(text);
  const codeCells = cells.filter((cell) => cell.cell_type === "code");
  codeCells.forEach(({ execution_count, outputs }, index) => {
    const name = `code cell ${index + 1}`;
    if (execution_count !== index + 1) {
      faults.push(`${name} has execution count ${execution_count}`);
    }
    const shown = JSON.stringify(outputs ?? []);
    const path = shown.match(
      /(?<![\w.~-])(?:\/(?:home|root|tmp|work|mnt|Users)\/|[A-Z]:\\\\)[^"\s<]*/,
    );
    if (path) faults.push(`${name} shows the path ${path[0]} of one machine`);
    if (shown.includes("\\u001b")) faults.push(`${name} shows escape codes`);
    if (shown.includes('"output_type":"error"')) faults.push(`${name} failed`);
  });
  return faults;
}

/** The parts of an output that the checks read. */
interface CellOutput {
  // deno-lint-ignore camelcase -- a field of the notebook format
  readonly output_type: string;
  readonly name?: string;
  readonly data?: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * Describes what the code cells of a notebook show, without figures: kinds of output,
 * MIME types, HTML elements and columns of tables. Two runs of the same code have the
 * same structure, whatever their results.
 *
 * @returns One line per output.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { notebookStructure } from "immersic/kernel/notebook_check.ts";
 * const html = "<table><tr><th>epoch</th></tr><tr><td>3</td></tr></table>";
 * const data = { "text/html": html, "text/plain": "epoch\n3" };
 * const outputs = [{ output_type: "display_data", data }];
 * const cells = [{ cell_type: "code", source: "", outputs }];
 * assert.deepEqual(notebookStructure({ cells }), [
 *   "code cell 1: display_data text/html(table(epoch)) text/plain",
 * ]);
 * ```
 */
export function notebookStructure(notebook: Notebook): string[] {
  const codeCells = notebook.cells.filter((cell) => cell.cell_type === "code");
  return codeCells.flatMap(({ outputs = [] }, index) =>
    (outputs as CellOutput[]).map(({ output_type, name, data = {} }) => {
      const types = Object.keys(data).sort().map((type) =>
        type === "text/html"
          ? `${type}(${htmlStructure([data[type]].flat().join(""))})`
          : type
      );
      return [`code cell ${index + 1}:`, output_type, name, ...types]
        .filter((word) => word !== undefined).join(" ");
    })
  );
}

/** Tables with their columns, images, players and links, in order. */
function htmlStructure(html: string): string {
  const elements = /<(?:table\b.*?<\/table>|img\b|audio\b|a\b)/gs;
  return [...html.matchAll(elements)].map(([element]) => {
    const columns = [...element.matchAll(/<th\b[^>]*>(.*?)<\/th>/gs)]
      .map(([, heading]) => heading);
    return element.startsWith("<table")
      ? `table(${columns.join(", ")})`
      : element.slice(1);
  }).join(" ");
}

/** Paths of the project's notebooks. */
export async function projectNotebooks(): Promise<string[]> {
  const folder = join(PROJECT_FOLDER, "notebooks");
  const paths: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (extname(name) === ".ipynb") paths.push(join(folder, name));
  }
  return paths.sort();
}

/**
 * Type-checks and lints notebooks.
 *
 * @param paths Paths of the notebooks.
 * @returns Complaints of the compiler and the linter, "" if there are none.
 */
export async function checkNotebooks(
  paths: readonly string[],
): Promise<string> {
  // The compiler prints real paths.
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    const modules = [];
    for (const path of paths) {
      const notebook = JSON.parse(await Deno.readTextFile(path));
      const { code, origins } = notebookModule(notebook);
      const file = join(folder, `${basename(path, ".ipynb")}.ts`);
      await Deno.writeTextFile(file, code);
      modules.push({ file, origins, name: relative(PROJECT_FOLDER, path) });
    }
    let complaints = "";
    for (const command of ["check", "lint"]) {
      complaints += await complaintsOf(
        command,
        modules.map(({ file }) => file),
      );
    }
    for (const { file, origins, name } of modules) {
      complaints = complaints.replaceAll(toFileUrl(file).href, file);
      complaints = translateComplaints(complaints, file, name, origins);
    }
    return complaints;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Names the notebooks that `deno fmt` would change; `fmt --check` rejects them all. */
async function unformatted(paths: readonly string[]): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    let complaints = "";
    for (const path of paths) {
      const copy = join(folder, basename(path));
      await Deno.copyFile(path, copy);
      complaints += await complaintsOf("fmt", [copy]);
      if (await Deno.readTextFile(copy) === await Deno.readTextFile(path)) {
        continue;
      }
      complaints += `${basename(path)} is not formatted: run deno fmt.\n`;
    }
    return complaints;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs a `deno` command on files and returns its output if it fails, else "". */
async function complaintsOf(command: string, files: string[]): Promise<string> {
  const config = join(PROJECT_FOLDER, "deno.json");
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [command, "--quiet", "--config", config, ...files],
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return success ? "" : decoder.decode(stdout) + decoder.decode(stderr);
}

if (import.meta.main) {
  const paths = Deno.args.length > 0 ? Deno.args : await projectNotebooks();
  const complaints = await unformatted(paths) + await checkNotebooks(paths);
  if (complaints) {
    console.error(complaints);
    Deno.exit(1);
  }
}
