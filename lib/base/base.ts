/** The configuration of a run, random numbers, and where files live. */

export {
  type Config,
  type ConfigChanges,
  configure,
  DEFAULT_CONFIG,
  ORIGINAL_CONFIG,
} from "./config.ts";
export { LimitError } from "./limit_error.ts";
export {
  MIDI_FOLDER,
  OUTPUTS_FOLDER,
  PROJECT_FOLDER,
  runFolder,
  STARTER_FOLDER,
  writeFileAtomically,
  writeFilesAtomically,
  writeToDisk,
} from "./paths.ts";
export { Random, type RandomState } from "./random.ts";
export { type Defined, withoutUndefined } from "./without_undefined.ts";
