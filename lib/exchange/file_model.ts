/** A network as other programs' files have it, and the check that it is one of ours. */

import {
  classesOf,
  type NetworkSpec,
  sizeOf,
  type Weight,
  weightsOf,
} from "../lstm/lstm.ts";
import type { RunJson, Weights } from "../model/model.ts";

/** Why a file cannot be exported or imported. */
export class ExchangeError extends Error {
  /** The error's class. */
  override readonly name = "ExchangeError";
}

/** Bytes by a file's name. */
export type Files = Readonly<Record<string, Uint8Array>>;

/** Most characters of a file's text that an error repeats. */
const MAX_TOLD = 200;

/** What an error tells of a value of a file, which may be anything. */
export function told(value: unknown): string {
  if (typeof value === "object" && value !== null) return "an object";
  return JSON.stringify(String(value).slice(0, MAX_TOLD));
}

/**
 * A shape that a file states of one of its arrays.
 *
 * @param mostValues As many as the file has room for.
 * @throws {ExchangeError} If it is no shape of one or two dimensions, or has more.
 */
export function checkedShape(
  name: string,
  shape: unknown,
  mostValues: number,
): readonly number[] {
  if (
    Array.isArray(shape) && (shape.length === 1 || shape.length === 2) &&
    shape.every((n) => Number.isSafeInteger(n) && n >= 0) &&
    sizeOf(shape) <= mostValues
  ) return shape;
  throw new ExchangeError(
    `Cannot import the network: the shape of ${
      told(name)
    } must be one or two sizes, of the ${
      Math.floor(mostValues)
    } values at most that the file has room for, current value is ${
      told(String(shape))
    }. Was the file cut short, or compressed? Save it without compression.`,
  );
}

/** What is exported: a network, its weights, and the run that they are of. */
export interface ExportedModel {
  /** The layers. */
  readonly spec: NetworkSpec;
  /** By their names in Keras. */
  readonly weights: Weights;
  /** The run, as JSON: configuration, vocabulary, corpus, history. */
  readonly run: RunJson;
}

/** The name under which a file carries the run. */
export const RUN_KEY = "immersic";

/** An array of a file. */
export interface Tensor {
  /** Its dimensions. */
  readonly shape: readonly number[];
  /** Row by row. */
  readonly values: Float32Array;
}

/** What a list of layers tells, where a file has one. */
export interface FileLayers {
  /** Features of a step. */
  readonly inputSize: number;
  /** Steps, where the network is bound to a number of them. */
  readonly steps?: number;
  /** Rate of the dropout layer. */
  readonly dropout: number;
  /** Whether the last LSTM layer returns all steps. */
  readonly objective: "every" | "last";
}

/** A network that was read from a file. */
export interface FileModel {
  /** In Keras's layout and order; undefined where the file lacks one. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** The layers, where the file lists them. */
  readonly layers?: FileLayers;
  /** The run, where the file has it. */
  readonly run?: RunJson;
}

/** Names of the layers with weights, from the input up, in every file. */
const LAYERS = [
  "lstm",
  "dense",
  "dense_1",
  "lstm_1",
  "dense_2",
  "lstm_2",
  "dense_3",
] as const;

/** Names of all weights of an Immersic network, in Keras's order. */
export const WEIGHT_NAMES: readonly string[] = LAYERS.flatMap((layer) => [
  `${layer}/kernel`,
  ...layer.startsWith("lstm") ? [`${layer}/recurrent_kernel`] : [],
  `${layer}/bias`,
]);

/** Sizes that the weights alone tell. */
export interface FileSizes {
  /** Features of a step. */
  readonly inputSize: number;
  /** Units of each LSTM layer, and of each dense one below the last. */
  readonly lstmUnits: number;
  /** As {@linkcode FileSizes.lstmUnits}. */
  readonly denseUnits: number;
  /** Units of the last layer. */
  readonly outputs: number;
}

/**
 * The sizes of a network.
 *
 * @throws {ExchangeError} If a weight is missing.
 */
export function sizesIn({ tensors }: FileModel): FileSizes {
  const shape = (name: string) => shapeOf(tensors, name);
  return {
    inputSize: shape("lstm/kernel")[0] ?? 0,
    lstmUnits: shape("lstm/recurrent_kernel")[0] ?? 0,
    denseUnits: shape("dense/kernel")[1] ?? 0,
    outputs: shape("dense_3/kernel")[1] ?? 0,
  };
}

function shapeOf(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
): readonly number[] {
  const tensor = tensors.get(name);
  if (tensor) return tensor.shape;
  throw new ExchangeError(
    `Cannot import the network: the weight "${name}" is missing; it has ${
      [...tensors.keys()].join(", ") || "none"
    }. It must have the layers of Immersic: LSTM, dense, dense, LSTM, dense, LSTM, dense.`,
  );
}

/**
 * The weights of a file as those of a network.
 *
 * @throws {ExchangeError} If one is missing, has another shape, or is not finite.
 */
export function weightsIn(file: FileModel, spec: NetworkSpec): Weights {
  return new Map(
    weightsOf(spec).map((weight) => [
      weight.name,
      checkedValues(file.tensors, weight, spec),
    ]),
  );
}

function checkedValues(
  tensors: ReadonlyMap<string, Tensor>,
  { name, shape }: Weight,
  spec: NetworkSpec,
): Float32Array {
  const given = shapeOf(tensors, name);
  if (given.join() !== shape.join()) {
    throw new ExchangeError(
      `Cannot import the network: "${name}" must have the shape [${shape}], current value is [${given}]. The network takes ${spec.input.size} features a step and tells ${
        classesOf(spec)
      } tokens; was the file made with another corpus or other layers?`,
    );
  }
  const { values } = tensors.get(name)!;
  if (values.length !== sizeOf(shape) || !values.every(Number.isFinite)) {
    throw new ExchangeError(
      `Cannot import the network: "${name}" holds ${values.length} values for its shape [${shape}], or some that are not numbers. The file is damaged, or its training went astray.`,
    );
  }
  return values;
}

/** A checkpoint's weights and what else its file is to tell. */
export function tensorsOf(
  { spec, weights }: Pick<ExportedModel, "spec" | "weights">,
): Map<string, Tensor> {
  return new Map(
    weightsOf(spec).map(({ name, shape }) => [
      name,
      { shape, values: weights.get(name)! },
    ]),
  );
}

/** A matrix [rows, columns] turned over: [columns, rows]. */
export function transposed({ shape, values }: Tensor): Tensor {
  const [rows = 0, columns = 0] = shape;
  const turned = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      turned[c * rows + r] = values[r * columns + c]!;
    }
  }
  return { shape: [columns, rows], values: turned };
}

/**
 * The run that a file carries.
 *
 * @throws {ExchangeError} If the text is none.
 */
export function parseRun(text: string | undefined): RunJson | undefined {
  if (text === undefined) return undefined;
  try {
    const run = JSON.parse(text);
    if (isRun(run)) return run;
  } catch {
    // Told below.
  }
  throw new ExchangeError(
    `Cannot import the network: the file's entry "${RUN_KEY}" is not the description of a run. Give the run that it continues (--like), and the entry is not read.`,
  );
}

/** Largest sizes of a run that a file describes, far above those of any. */
const MAX_WORKERS = 4096, MAX_WINDOW_TOKENS = 2 ** 24;

/**
 * Whether a value has what a run's description must have; `configure` and `Vocabulary`
 * check the rest.
 */
function isRun(run: unknown): run is RunJson {
  const { config, corpus, epoch, step, history, workers } = fieldsOf(run);
  const { tokenizer, tokenizerOptions, hash, folder, style, heads } = fieldsOf(
    corpus,
  );
  const { batchSize, sequenceLength } = fieldsOf(config);
  return isCount(epoch) && isCount(step) &&
    isCount(workers) && workers > 0 && workers <= MAX_WORKERS &&
    Number(batchSize) * Number(sequenceLength) <= MAX_WINDOW_TOKENS &&
    (tokenizer === "chord" || tokenizer === "remi") &&
    typeof hash === "string" &&
    (folder === undefined ||
      typeof folder === "string" && !/^\/|(^|[/\\])\.\./.test(folder)) &&
    [tokenizerOptions, style, heads].every((one) =>
      one === undefined || typeof one === "object" && one !== null
    ) &&
    (heads === undefined || Array.isArray(heads)) &&
    Array.isArray(history) && history.every(isResult);
}

function isResult(result: unknown): boolean {
  const { epoch, step, trainLoss, trainAccuracy, seconds, ...valid } = fieldsOf(
    result,
  );
  return isCount(epoch) && isCount(step) &&
    [trainLoss, trainAccuracy, seconds].every(Number.isFinite) &&
    [valid["validLoss"], valid["validAccuracy"]].every((one) =>
      one === undefined || Number.isFinite(one)
    );
}

/** The fields of a value that may be anything. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return Object(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
