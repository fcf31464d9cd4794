/** What the files of a collection say of each other: splits, songs, kits. */

import type { Refusal } from "../midi_files.ts";
import { readSplitTable, SPLIT_TABLE, type SplitTable } from "./split_table.ts";
import type { EntryNote } from "./entry.ts";
import { betterMatches, MATCH_SCORES } from "./match_scores.ts";
import { songVersions } from "./song_versions.ts";
import { ContentError } from "./table.ts";

/** What is known of files before they are read. */
export interface Catalogue {
  /** By path; files of which nothing is known are not in it. */
  readonly notes: ReadonlyMap<string, EntryNote>;
  /** Files that were read for it and hold no music: tables of splits, scores. */
  readonly tables: ReadonlySet<string>;
  /** What is wrong with the tables, by path. */
  readonly refusals: ReadonlyMap<string, Refusal>;
}

/** A file that may be a table. */
interface TableFile {
  readonly file: string;
  /** Its content, or why it cannot be read. */
  read(): Promise<Uint8Array | Refusal>;
}

/** Lists that come with collections and say nothing that is needed here. */
const OTHER_LISTS = /(?:^|\/)md5_to_paths\.json$/i;

/**
 * Reads what the files of a collection say of each other.
 *
 * @param paths All files of a folder or archive, sorted.
 * @param files Gives some of them, each to be read before the next.
 */
export async function catalogueOf(
  paths: readonly string[],
  files: (names: ReadonlySet<string>) => AsyncIterable<TableFile>,
): Promise<Catalogue> {
  const notes = new Map<string, EntryNote>(), tables = new Set<string>();
  const refusals = new Map<string, Refusal>();
  const add = (path: string, note: EntryNote) =>
    notes.set(path, { ...notes.get(path), ...note });
  for (const [path, sameAs] of songVersions(paths)) add(path, { sameAs });
  for (const path of paths) if (OTHER_LISTS.test(path)) tables.add(path);
  const wanted = new Set(
    paths.filter((path) => SPLIT_TABLE.test(path) || MATCH_SCORES.test(path)),
  );
  if (wanted.size === 0) return { notes, tables, refusals };
  for await (const { file, read } of files(wanted)) {
    const bytes = await read();
    try {
      if ("reason" in bytes) {
        throw new ContentError(bytes.reason, bytes.message);
      }
      const table = tableIn(file, bytes, paths);
      if (table === undefined) continue;
      tables.add(file);
      for (const [path, note] of table.notes) add(path, note);
      if (table.refusal) refusals.set(file, table.refusal);
    } catch (error) {
      if (!(error instanceof ContentError)) throw error;
      const { reason, message } = error;
      tables.add(file);
      refusals.set(file, { reason, message });
    }
  }
  return { notes, tables, refusals };
}

/** What a table says; undefined if it is of another kind. */
function tableIn(
  file: string,
  bytes: Uint8Array,
  paths: readonly string[],
): SplitTable | undefined {
  if (!MATCH_SCORES.test(file)) return readSplitTable(bytes, paths);
  const better = betterMatches(bytes, paths);
  const notes = new Map(
    Array.from(better, ([path, sameAs]) => [path, { sameAs }]),
  );
  return { notes };
}
