/**
 * The tables of the Free Music Archive's data set: which tracks are of a genre.
 *
 * `tracks.csv` has three lines before its rows: groups of columns, their names, and
 * "track_id". `genres.csv` has `genre_id`, `parent` and `title`.
 */

import { createReadStream } from "node:fs";
import { join } from "@std/path";
import { parse } from "csv-parse";
import { nearestName } from "../base/base.ts";

/** Rows of a CSV file, one after another: the table of tracks has 260 MB. */
async function* rowsOf(path: string): AsyncGenerator<string[]> {
  const rows = parse({ relax_column_count: true, bom: true });
  createReadStream(path).on("error", (error) => rows.destroy(error)).pipe(rows);
  for await (const row of rows) yield row;
}

/**
 * The names of the files of a genre and of the genres below it, such as "000140".
 *
 * @param folder Of `tracks.csv` and `genres.csv`.
 * @throws {RangeError} If no genre has this title.
 */
export async function fmaTracks(
  folder: string,
  genre: string,
): Promise<Set<string>> {
  const wanted = await genresBelow(join(folder, "genres.csv"), genre);
  const found = new Set<string>();
  const heads: string[][] = [];
  let column = -1;
  for await (const row of rowsOf(join(folder, "tracks.csv"))) {
    if (heads.length < 3) {
      heads.push(row);
      column = heads[1]?.findIndex((name, i) =>
        name === "genres_all" && heads[0]![i] === "track"
      ) ?? -1;
      continue;
    }
    if (column < 0) throw new RangeError("tracks.csv has no column genres_all");
    const genres = row[column]?.match(/\d+/g) ?? [];
    if (genres.some((id) => wanted.has(id))) {
      found.add(row[0]!.padStart(6, "0"));
    }
  }
  return found;
}

/** Ids of a genre and of all below it. */
async function genresBelow(path: string, title: string): Promise<Set<string>> {
  const parents = new Map<string, string>(), ids = new Map<string, string>();
  let names: string[] | undefined;
  for await (const row of rowsOf(path)) {
    names ??= row;
    const value = (name: string) => row[names!.indexOf(name)] ?? "";
    if (row === names) continue;
    parents.set(value("genre_id"), value("parent"));
    ids.set(value("title").toLowerCase(), value("genre_id"));
  }
  const id = ids.get(title.toLowerCase());
  if (id === undefined) {
    const meant = nearestName(title.toLowerCase(), [...ids.keys()]);
    throw new RangeError(
      `Cannot find the genre "${title}" in ${path}. ${
        meant ? `Did you mean "${meant}"?` : "Its titles are in that file."
      }`,
    );
  }
  const below = new Set([id]);
  // A genre may come before its parent.
  for (let size = 0; size < below.size;) {
    size = below.size;
    for (const [child, parent] of parents) {
      if (below.has(parent)) below.add(child);
    }
  }
  return below;
}
