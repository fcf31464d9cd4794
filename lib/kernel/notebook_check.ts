/**
 * `deno run -A lib/kernel/notebook_check.ts [NOTEBOOK …]`: type-checks and lints the
 * code cells of notebooks, which `deno check` and `deno lint` pass over, and
 * checks their format.
 * Complaints name notebook, cell and line.
 */

import { basename, extname, join, relative, toFileUrl } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";

/** What is read here of a notebook, format 4. */
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
  /** By line of the module, from 0: the code cell, from 1, and its line. */
  readonly origins: readonly { readonly cell: number; readonly line: number }[];
}

/**
 * Makes a module of a notebook's code cells, in their order.
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
 * Names notebook, cell and line where a compiler's words name the module.
 *
 * @param words What the compiler printed.
 * @param file Path or URL that it printed for the module.
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

/** Largest committed notebook, in bytes: code hosts stop showing larger ones. */
const MAX_BYTES = 400_000;

/**
 * Looks for what a committed notebook must not have.
 *
 * @param text The notebook file's content.
 * @returns Complaints, none if it may be committed.
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

/** What is read here of an output. */
interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly data?: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * Describes what a notebook's code cells show, without any number in it: kind
 * of output, MIME types, HTML elements and the columns of tables. Two runs of
 * the same code have the same structure, whatever they learnt.
 *
 * @returns A line per output.
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
    (outputs as Output[]).map(({ output_type, name, data = {} }) => {
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

/** The elements that make a difference, and the columns of tables. */
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

/** The project's notebooks, as paths. */
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
 * @param paths Of the notebooks.
 * @returns What the compiler and the linter say, "" if nothing.
 */
export async function checkNotebooks(
  paths: readonly string[],
): Promise<string> {
  // The real path, as the compiler prints it.
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

/** Names the notebooks that `deno fmt` would change; it does not say so itself. */
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

/** Runs a `deno` command over files; what it says if it is not content. */
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
