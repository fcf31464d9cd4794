/** A file of another program as a checkpoint. */

import { basename, dirname, join } from "@std/path";
import { configure, ORIGINAL_CONFIG, readFileIfAny } from "../base/base.ts";
import {
  type Checkpoint,
  networkOf,
  type RunDescription,
  runFromJson,
  type RunJson,
  type Weights,
} from "../model/model.ts";
import { corpusInfoOf, type TrainingData } from "../training/training.ts";
import {
  ExchangeError,
  type FileModel,
  sizesIn,
  weightsIn,
} from "./file_model.ts";
import { readKeras } from "./keras_file.ts";
import { readSafetensors } from "./safetensors.ts";
import { readTfjs } from "./tfjs_file.ts";
import { readWeightsH5 } from "./weights_h5.ts";

/** Where what a file does not hold comes from. */
export interface ImportOptions {
  /**
   * The run that the file continues: its configuration, vocabulary and corpus.
   * @default what the file carries
   */
  readonly like?: RunDescription;
  /**
   * The corpus that the file's network was trained on, for its vocabulary.
   * @default what the file carries
   */
  readonly data?: TrainingData;
}

/**
 * Reads a file of another program, or one that {@linkcode exportModel} made. The
 * optimizer begins anew when training goes on.
 *
 * @param path Of a `.keras`, `.weights.h5`, `.h5`, `.hdf5`, `.safetensors` or
 * `model.json`, or of a folder with one.
 * @throws {ExchangeError} If it is none of these, not of our layers, or nothing tells
 * its vocabulary.
 * @throws {FileError} If it cannot be read.
 */
export async function importModel(
  path: string,
  options: ImportOptions = {},
): Promise<Checkpoint> {
  const file = await readModel(path);
  const run = runOf(path, file, options);
  const spec = networkOf(run);
  const { objective } = run.config, given = file.layers?.objective;
  if (given !== undefined && given !== objective) {
    throw new ExchangeError(
      `Cannot import ${path}: return_sequences of its last LSTM layer must be ${
        objective === "every"
      } for the run's objective "${objective}", current value is ${
        given === "every"
      }.`,
    );
  }
  const weights = weightsIn(file, spec);
  const zeros = (): Weights =>
    new Map(
      Array.from(weights, ([name, { length }]) => [
        name,
        new Float32Array(length),
      ]),
    );
  return {
    ...run,
    // Of the optimizer, which begins anew.
    step: 0,
    weights,
    training: { weights, slots: [zeros(), zeros()], average: weights },
  };
}

/** Most bytes of a file, a thousand times those of the original network. */
const MAX_BYTES = 2 ** 30;

/** Reads a file by its ending. */
async function readModel(path: string): Promise<FileModel> {
  const isFolder = !/\.(keras|h5|hdf5|safetensors|json|onnx)$/.test(path);
  const file = isFolder ? join(path, "model.json") : path;
  const bytes = await readFileIfAny(file, MAX_BYTES);
  if (!bytes) {
    throw new ExchangeError(
      `Cannot import ${path}: there is no ${
        isFolder ? "model.json in it" : "such file"
      }. Give a .keras, .weights.h5, .h5, .safetensors or model.json.`,
    );
  }
  if (file.endsWith(".keras")) return await readKeras(bytes);
  if (/\.(h5|hdf5)$/.test(file)) return await readWeightsH5(bytes);
  if (file.endsWith(".safetensors")) return readSafetensors(bytes);
  if (basename(file).endsWith(".json")) {
    return await readTfjs(
      bytes,
      (name) => readFileIfAny(join(dirname(file), name), MAX_BYTES),
    );
  }
  throw new ExchangeError(
    `Cannot import ${path}: ONNX is written, not read. Export the model as .safetensors or .keras.`,
  );
}

/** The run that a file is of. */
function runOf(
  path: string,
  file: FileModel,
  { like, data }: ImportOptions,
): RunDescription {
  if (like) {
    const { progress: _, ...run } = like;
    return { ...run, epoch: 0, step: 0, history: [] };
  }
  if (data) return runOnData(file, data);
  if (file.run) return parsedRun(path, file.run);
  throw new ExchangeError(
    `Cannot import ${path}: it does not say what its outputs mean. Give the corpus that it was trained on (--data DIR), or the run that it continues (--like RUN).`,
  );
}

/** The run of a file that carries it. */
function parsedRun(path: string, json: RunJson): RunDescription {
  try {
    const run = runFromJson(json);
    return { ...run, config: configure(run.config) };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) {
      throw error;
    }
    throw new ExchangeError(
      `Cannot import ${path}: the run that it carries cannot be read. ${error.message}`,
    );
  }
}

/** A run of the original Immersic's recipe, with the sizes that a file's network has. */
function runOnData(file: FileModel, data: TrainingData): RunDescription {
  const { inputSize, lstmUnits, denseUnits, outputs } = sizesIn(file);
  const { vocabulary } = data;
  if (outputs !== vocabulary.size) {
    throw new ExchangeError(
      `Cannot import the network: it tells ${outputs} tokens, and the corpus has ${vocabulary.size}. Give the corpus that it was trained on; the original's is its notes.json.`,
    );
  }
  if (inputSize !== 1 && inputSize !== vocabulary.size) {
    throw new ExchangeError(
      `Cannot import the network: each step must be one number, or one of the ${vocabulary.size} tokens as one-hot, current value is ${inputSize} features. Give the run that it continues (--like RUN).`,
    );
  }
  const { dropout, objective, steps } = file.layers ?? {};
  return {
    config: configure({
      input: inputSize === 1 ? "scalar" : "onehot",
      lstmUnits,
      denseUnits,
      dropout,
      objective,
      sequenceLength: steps,
      ...objective === "every" &&
        { stride: steps ?? ORIGINAL_CONFIG.sequenceLength },
    }, ORIGINAL_CONFIG),
    corpus: corpusInfoOf(data),
    vocabulary,
    epoch: 0,
    step: 0,
    history: [],
    workers: navigator.hardwareConcurrency,
  };
}
