/** A finished piece → files, by their ending. */

export { encodeMp3, flacOf, type Mp3Kilobits } from "./encoders.ts";
export { type FileKind, fileKindOf } from "./kinds.ts";
export { type DeliveredRow, deliveredTable } from "./page.ts";
export { loopScript } from "./loop_script.ts";
export { pieceFile, titleOf } from "./piece_file.ts";
export { type FinishedPiece, writePiece, writeStems } from "./write_files.ts";
