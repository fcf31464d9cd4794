/** What only a notebook needs: live display, progress, players. */

export { audioPlayer, fileLink } from "./files.ts";
export { openLiveWindow } from "./live_window.ts";
export { display, inNotebook, liveFigure, settle } from "./output.ts";
export {
  type CopyingLine,
  type MadePiece,
  makePiece,
  type MakePieceOptions,
} from "./piece.ts";
export { describeProgress, progress } from "./progress.ts";
export { watchTraining } from "./training_view.ts";
