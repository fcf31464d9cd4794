/** The names of pieces in the tables of their collections. */

/** The name of a piece: that of its file, without folders and `.mid`. */
export function pieceNameIn(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.midi?$/i, "");
}
