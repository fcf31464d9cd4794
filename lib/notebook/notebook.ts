/** What only a notebook needs: live display, progress, players, Stop. */

export { type InterruptListener, listenForInterrupt } from "./bootstrap.ts";
export {
  audioPlayer,
  type AudioPlayerOptions,
  fileLink,
  loopPlayer,
} from "./files.ts";
export { showGuide } from "./guide.ts";
export { hearPiece, type HearPieceOptions } from "./hear.ts";
export {
  type LiveWindow,
  type LiveWindowOptions,
  openLiveWindow,
} from "./live_window.ts";
export {
  display,
  inNotebook,
  liveFigure,
  type LiveFigureOptions,
  type LiveOutput,
  settle,
} from "./output.ts";
export {
  type CopyingLine,
  type MadePiece,
  makePiece,
  type MakePieceOptions,
} from "./piece.ts";
export {
  describeProgress,
  type Progress,
  progress,
  type ProgressOptions,
  type ProgressState,
} from "./progress.ts";
export {
  type PlayingStream,
  playStream,
  type PlayStreamOptions,
} from "./stream_player.ts";
export { type SavedPiece, savePiece, saveStems } from "./save.ts";
export { type WatchedTraining, watchTraining } from "./training_view.ts";
export {
  type ChangeOptions,
  changePiece,
  keepTake,
  type KeptPiece,
  type PieceFile,
  redoPiece,
  type RedoPieceOptions,
  type Takes,
  undoPiece,
} from "./takes.ts";
