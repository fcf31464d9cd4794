/** Turns a folder of MIDI files into pieces of tokens, splits and batches; installs data sets by name. Never loads the tensor library. */

export { beginningOf, wholeOf } from "./beginnings.ts";
export { type Account, accountOf } from "./account.ts";
export { type ArchiveFile, unpack } from "./archive.ts";
export {
  type Batch,
  batches,
  type BatchOptions,
  epochRandom,
  flattenPieces,
  makeWindows,
  type Objective,
  statefulBatches,
  windowCount,
  type WindowOptions,
  type Windows,
} from "./batches.ts";
export { type Dataset, DATASETS } from "./datasets.ts";
export type { DownloadOptions, RemoteFile } from "./datasets_download.ts";
export {
  DatasetError,
  datasetFolder,
  datasetState,
  installDataset,
  type InstallOptions,
  removeLeftovers,
} from "./datasets_install.ts";
export { loadCorpus } from "./folder.ts";
export {
  type Corpus,
  CorpusError,
  type CorpusOrigin,
  type CorpusPiece,
  type FileCount,
  type Manifest,
  type ManifestPiece,
  type ManifestSummary,
  piecesIn,
  type Rejection,
} from "./format.ts";
export { openMidiFile } from "./midi_files.ts";
export type { PartNumber } from "./parts.ts";
export {
  mergeParts,
  preprocess,
  type PreprocessOptions,
  preprocessPart,
  type PreprocessProgress,
  preprocessToFolder,
} from "./preprocess.ts";
export type { ReadingOptions } from "./reading.ts";
export { type CorpusFolders, readSequences } from "./sequences.ts";
export type { Split, SplitOptions } from "./splits.ts";
export { openCorpus, type StoredCorpus } from "./stored_corpus.ts";
export { lengthsOf, type Pieces, tokenCount } from "./stored_pieces.ts";
export { tokenizerFor } from "./tokenizers.ts";
export { type NsynthFolder, type NsynthNote, openNsynth } from "./nsynth.ts";
