/** A finished piece → files, by their ending. */

export { type FileKind, fileKindOf } from "./kinds.ts";
export { type FinishedPiece, writePiece, writeStems } from "./write_files.ts";
