/** A folder of MIDI files to pieces of tokens, their splits and batches; data sets by name. Never loads the tensor library. */

export {
  type Batch,
  batches,
  epochRandom,
  flattenPieces,
  makeWindows,
  statefulBatches,
} from "./batches.ts";
export {
  DatasetError,
  datasetFolder,
  DATASETS,
  datasetState,
  installDataset,
} from "./datasets.ts";
export { loadCorpus } from "./folder.ts";
export { type Corpus, CorpusError, type Manifest, piecesIn } from "./format.ts";
export { preprocess, tokenizerFor } from "./preprocess.ts";
export { readSequences } from "./sequences.ts";
export type { Split } from "./splits.ts";
