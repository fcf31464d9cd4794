/** Lines about work that is not done: they end with their cell if it fails or is stopped. */

import { atCellEnd } from "./bootstrap.ts";
import { inNotebook, settle } from "./output.ts";

/** A line in a cell's output that goes on until its work is done. */
export interface Unfinished {
  /** Shows that the work was not done, once and for all. */
  end(how: "failed" | "stopped"): void;
}

/**
 * What a line says that ends before its work is done.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { endingOf } from "immersic/notebook/unfinished.ts";
 * assert.equal(
 *   endingOf("stopped", "Composing", "340 tokens, bar 8"),
 *   "■ Composing stopped at 340 tokens, bar 8",
 * );
 * ```
 */
export function endingOf(
  how: "failed" | "stopped",
  title: string,
  at: string,
): string {
  return `${how === "stopped" ? "■" : "✗"} ${title} ${how} at ${at}`;
}

/** The lines, and the cell that each was begun in. */
const lines = new Map<Unfinished, number>();
let cell = 0;

/**
 * Begins a line, which is to end with its cell, or whenever all work is stopped. Nothing
 * happens outside a notebook.
 */
export function beginLine(line: Unfinished): void {
  if (inNotebook()) lines.set(line, cell);
}

/** Forgets a line that has ended by itself. */
export function forgetLine(line: Unfinished): void {
  lines.delete(line);
}

atCellEnd(async (how) => {
  const ended = cell++;
  if (how === "done") return;
  for (const [line, begun] of lines) {
    if (how === "failed" && begun !== ended) continue;
    lines.delete(line);
    line.end(how);
  }
  await settle(0);
});
