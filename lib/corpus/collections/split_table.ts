/**
 * The tables of Magenta's data sets: Groove's `info.csv`, `e-gmd-v1.0.0.csv` of the
 * expanded one, where each performance is there once for each of 43 kits, and
 * `maestro-v3.0.0.csv`.
 */

import type { Split } from "../splits.ts";
import type { Refusal } from "../midi_files.ts";
import type { EntryNote } from "./entry.ts";
import { meterOf } from "./meter_text.ts";
import { rowsOf } from "./table.ts";

/** Names of the tables. */
export const SPLIT_TABLE = /(?:^|\/)(?:info|e-gmd|maestro)[^/]*\.csv$/i;

const SPLITS: Readonly<Record<string, Split>> = {
  train: "train",
  validation: "valid",
  valid: "valid",
  test: "test",
};

/** What a table says of the files. */
export interface SplitTable {
  /** By path. */
  readonly notes: ReadonlyMap<string, EntryNote>;
  /** Why some of its files are not used; undefined where all are there. */
  readonly refusal?: Refusal;
}

/**
 * Reads a table.
 *
 * @param bytes The table.
 * @param paths All files. Those of the table may be in any folder, and may end in
 * `.mid` where it says `.midi`.
 * @returns undefined if it is another kind of table.
 * @throws {ContentError} If it is no table.
 */
export function readSplitTable(
  bytes: Uint8Array,
  paths: readonly string[],
): SplitTable | undefined {
  const rows = rowsOf(bytes);
  if (rows[0]?.["midi_filename"] === undefined) return undefined;
  const depth = rows[0]["midi_filename"].split("/").length;
  const places = new Map<string, string>();
  for (const path of paths) places.set(endOf(path, depth), path);
  const notes = new Map<string, EntryNote>();
  const firsts = new Map<string, string>();
  const missing: string[] = [];
  for (const row of rows) {
    const file = row["midi_filename"] ?? "", id = row["id"] ?? "";
    const path = places.get(endOf(file, depth));
    if (path === undefined) {
      missing.push(file);
      continue;
    }
    const first = firsts.get(id || path) ?? path;
    firsts.set(id || path, first);
    const split = SPLITS[(row["split"] ?? "").toLowerCase()];
    const meter = meterOf(row["time_signature"] ?? "");
    notes.set(path, {
      ...row["drummer"] !== undefined && { kit: "TD-11" },
      ...first !== path && { sameAs: first },
      ...split && { split },
      ...meter && { meter },
    });
  }
  if (missing.length === 0) return { notes };
  const reason = "the table lists files that are not there";
  const message =
    `Cannot find ${missing.length} of the ${rows.length} files of the table, the first is ${
      missing[0]
    }. Is the collection whole?`;
  return { notes, refusal: { reason, message } };
}

/** The last parts of a path, without the end of the file's name. */
function endOf(path: string, depth: number): string {
  return path.replace(/\.[^./]*$/, "").split("/").slice(-depth).join("/");
}
