/** The configuration of a run, random numbers, and where files live. */

export {
  type Config,
  type ConfigChanges,
  configure,
  DEFAULT_CONFIG,
  ORIGINAL_CONFIG,
} from "./config.ts";
export { fileCause, FileError } from "./file_error.ts";
export { nearestName, requireKnownNames, requireOneOf } from "./known_names.ts";
export { LimitError } from "./limit_error.ts";
export {
  LockError,
  lockFile,
  lockHolder,
  type LockRefusal,
  takeLock,
} from "./lock.ts";
export {
  CHECKPOINTS_FOLDER,
  corpusFolder,
  expandHome,
  expandPath,
  type FileContent,
  type FilePiece,
  MIDI_FOLDER,
  OUTPUTS_FOLDER,
  PROCESSED_FOLDER,
  PROJECT_FOLDER,
  readFileIfAny,
  requireWritableFile,
  requireWritableFolder,
  runFolder,
  STARTER_FOLDER,
  syncFolder,
  TENSORFLOW_FOLDER,
  writeFileAtomically,
  writeFilesAtomically,
  writeToDisk,
} from "./paths.ts";
export { printable } from "./printable.ts";
export { encodeMessage, type Field, type FieldValue } from "./protobuf.ts";
export { freshSeed, Random, type RandomState } from "./random.ts";
export { inScratchFolder, ScratchFile } from "./scratch_file.ts";
export { spellingDistance } from "./spelling_distance.ts";
export {
  askToStop,
  atOnce,
  beginWork,
  giveTurn,
  inTurns,
  Stopped,
  Turns,
  whenTurnsBegin,
} from "./turns.ts";
export { type Defined, withoutUndefined } from "./without_undefined.ts";
