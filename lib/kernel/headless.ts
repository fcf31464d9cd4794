/** Runs notebooks without a front end, in the same kernel. */

import { join } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";
import type { Workbench } from "../tools/tools.ts";

/** A run of a notebook without a front end. */
export interface NotebookRun {
  /** Path of the notebook; the kernel works in its folder. */
  readonly notebook: string;
  /** Path of the executed copy. */
  readonly output: string;
  /**
   * Values for fields of the object `parameters` in the notebook's cell tagged
   * "parameters". The copy shows them in a cell of their own.
   * @default {}
   */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  /** Most time for one cell, in seconds. @default {3600} */
  readonly cellSeconds?: number;
}

/** A notebook did not run to its end; the message says where and why. */
export class NotebookError extends Error {
  override name = "NotebookError";
}

/**
 * Runs every cell of a notebook in a new kernel, with a progress line per cell on
 * stderr, and saves the executed copy. The kernel ends with the run.
 *
 * @throws {NotebookError} If a cell fails or takes too long, with the cell's number and
 * traceback. The copy is saved nevertheless, executed up to that cell.
 */
export async function runNotebook(
  { notebook, output, parameters = {}, cellSeconds = 3600 }: NotebookRun,
  workbench: Workbench,
): Promise<void> {
  const runner = new Deno.Command(workbench.python, {
    args: [
      join(PROJECT_FOLDER, "lib", "kernel", "run_notebook.py"),
      ...[notebook, output, JSON.stringify(parameters), String(cellSeconds)],
    ],
    env: workbench.environment,
    // When this process ends, so does the pipe, which tells the runner.
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  // The runner then ends the kernel and saves what has been executed.
  const stop = () => void runner.stdin.close().catch(() => {});
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, stop);
  const { success, stdout } = await runner.output();
  await runner.stdin.close().catch(() => {});
  for (const signal of signals) Deno.removeSignalListener(signal, stop);
  const lastLine = new TextDecoder().decode(stdout).trim().split("\n").at(-1)!;
  if (!success || lastLine === "") {
    throw new NotebookError(`Cannot run ${notebook}: the runner broke off.`);
  }
  const { failure } = JSON.parse(lastLine);
  if (failure) throw new NotebookError(failure);
}
