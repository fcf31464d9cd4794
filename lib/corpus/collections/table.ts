/** Tables of comma-separated values. */

import defer * as csv from "csv-parse/sync";

/** A row of a table: its cells by the name of their column, in lower case. */
export type Row = Readonly<Record<string, string>>;

/** A file of a collection that cannot be read, and why. */
export class ContentError extends Error {
  /** The class of the error. */
  override readonly name = "ContentError";

  /**
   * @param reason The same words for every file.
   * @param message The whole error, with its numbers.
   */
  constructor(readonly reason: string, message: string) {
    super(message);
  }
}

/**
 * The rows of a table whose first line names its columns. A row may be shorter or
 * longer than that line, as spreadsheets leave them.
 *
 * @param most Rows to read. @default all
 * @throws {ContentError} If it is no such table.
 */
export function rowsOf(bytes: Uint8Array, most?: number): Row[] {
  try {
    const rows: Record<string, string>[] = csv.parse(bytes, {
      bom: true,
      columns: (names: string[]) =>
        names.map((name) => name.trim().toLowerCase() || "index"),
      relaxColumnCount: true,
      skipEmptyLines: true,
      trim: true,
      ...most !== undefined && { to: most },
    });
    return rows;
  } catch (error) {
    throw new ContentError(
      "the table cannot be read",
      `Cannot read the table: ${
        error instanceof Error ? error.message : error
      }.`,
    );
  }
}

/** The names of the columns, in lower case, of a table's first line. */
export function columnsOf(bytes: Uint8Array): string[] {
  const end = bytes.indexOf(0x0a);
  return new TextDecoder().decode(bytes.subarray(0, end < 0 ? 4096 : end))
    .split(",").map((name) => name.trim().replaceAll('"', "").toLowerCase());
}
