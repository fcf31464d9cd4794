/** The settings of a training run, with their defaults, units and reasons. */

/** The settings of a training run; its checkpoints keep them all. */
export interface Config {
  /**
   * What the network is shown of a token: a one-hot vector; a one-hot vector and
   * the attributes of its piece, which it would otherwise forget before the piece
   * ends; or, as in the original Immersic, one number, the token's id divided by
   * the vocabulary's size.
   */
  readonly input: "onehot" | "attributes" | "scalar";
  /**
   * What is predicted: the next token at every step, which gives as many targets
   * as a window has tokens for the same work; or, as in the original, only the
   * token after the window.
   */
  readonly objective: "every" | "last";
  /** Tokens in a window. */
  readonly sequenceLength: number;
  /** Tokens from one window's start to the next's. */
  readonly stride: number;
  /** Windows in a batch. */
  readonly batchSize: number;
  /** At most so many epochs; {@linkcode patience} may end training earlier. */
  readonly epochs: number;
  /** Units of each of the three LSTM layers. */
  readonly lstmUnits: number;
  /** Units of the three dense layers between them. */
  readonly denseUnits: number;
  /** Share of inputs dropped while training, in [0, 1). */
  readonly dropout: number;
  /**
   * The distribution of the first weights: that of Keras, or a wider one. With
   * Keras's, signals shrink from layer to layer of this network, which then
   * spends thousands of steps learning only how frequent each token is.
   */
  readonly initial: "wide" | "keras";
  /** How gradients change the weights. */
  readonly optimizer: "adam" | "rmsprop" | "sgd";
  /** The highest rate of the schedule. */
  readonly learningRate: number;
  /** `cosine` lowers the rate to a hundredth by the last epoch. */
  readonly schedule: "constant" | "cosine";
  /** Largest norm of a gradient, longer ones are scaled down; 0 for no limit. */
  readonly clipNorm: number;
  /** Decoupled weight decay per unit of learning rate; Adam and SGD only. */
  readonly weightDecay: number;
  /** Share of each target spread over all tokens while training. */
  readonly labelSmoothing: number;
  /** Decay of a moving average of the weights, used to validate and generate. */
  readonly averageDecay: number;
  /**
   * Whether the windows of a piece follow one another, each beginning with the
   * network's state after the one before.
   */
  readonly carry: boolean;
  /** Epochs without a better validation loss before training ends; 0: never. */
  readonly patience: number;
  /**
   * REMI: whether the network is shown a piece as if its tonic were C, or as it
   * is. In C it learns every scale and chord once instead of twelve times.
   */
  readonly pitchFrame: "tonic" | "absolute";
  /** Whether pieces are transposed, and varied in tempo and loudness. */
  readonly augment: boolean;
  /**
   * Probability that a piece's tokens (of REMI, its pitches, positions and
   * durations) are consistently renamed, leaving only its repetition to learn.
   */
  readonly relabel: number;
  /** Latest checkpoints kept, beside the best and every `keepEvery`th. */
  readonly keepLast: number;
  /** Every so many epochs a checkpoint is kept for good; 1 keeps all, 0 none. */
  readonly keepEvery: number;
  /** Seed of the random first weights, order, dropout and augmentation. */
  readonly seed: number;
}

/** The default settings. */
export const DEFAULT_CONFIG: Config = {
  input: "attributes",
  objective: "every",
  sequenceLength: 64,
  stride: 64,
  batchSize: 16,
  epochs: 30,
  lstmUnits: 128,
  denseUnits: 64,
  dropout: 0.3,
  initial: "wide",
  optimizer: "adam",
  learningRate: 3e-3,
  schedule: "cosine",
  clipNorm: 1,
  weightDecay: 0.05,
  labelSmoothing: 0,
  averageDecay: 0.995,
  carry: false,
  patience: 10,
  pitchFrame: "tonic",
  augment: true,
  relabel: 0,
  keepLast: 3,
  keepEvery: 50,
  seed: 1,
};

/** The settings of the original Immersic, for comparison. */
export const ORIGINAL_CONFIG: Config = {
  ...DEFAULT_CONFIG,
  input: "scalar",
  objective: "last",
  sequenceLength: 32,
  batchSize: 64,
  stride: 1,
  epochs: 500,
  dropout: 0.2,
  initial: "keras",
  optimizer: "rmsprop",
  learningRate: 1e-3,
  schedule: "constant",
  clipNorm: 0,
  weightDecay: 0,
  averageDecay: 0,
  patience: 0,
  pitchFrame: "absolute",
  augment: false,
};

/** Least values of the numeric settings; they stay under `below`. */
const BOUNDS: Partial<
  Record<keyof Config, { least: number; below?: number; whole?: boolean }>
> = {
  sequenceLength: { least: 1, whole: true },
  stride: { least: 1, whole: true },
  batchSize: { least: 1, whole: true },
  epochs: { least: 1, whole: true },
  lstmUnits: { least: 1, whole: true },
  denseUnits: { least: 1, whole: true },
  dropout: { least: 0, below: 1 },
  learningRate: { least: Number.MIN_VALUE },
  clipNorm: { least: 0 },
  weightDecay: { least: 0 },
  labelSmoothing: { least: 0, below: 1 },
  averageDecay: { least: 0, below: 1 },
  patience: { least: 0, whole: true },
  relabel: { least: 0, below: 1.000001 },
  keepLast: { least: 1, whole: true },
  keepEvery: { least: 0, whole: true },
  seed: { least: Number.MIN_SAFE_INTEGER, whole: true },
};

const CHOICES: Partial<Record<keyof Config, readonly string[]>> = {
  input: ["onehot", "attributes", "scalar"],
  objective: ["every", "last"],
  initial: ["wide", "keras"],
  optimizer: ["adam", "rmsprop", "sgd"],
  schedule: ["constant", "cosine"],
  pitchFrame: ["tonic", "absolute"],
};

/** Some settings; one left out, or undefined, stays as it is. */
export type ConfigChanges = {
  readonly [K in keyof Config]?: Config[K] | undefined;
};

/**
 * A whole configuration from some settings.
 *
 * @param changes What differs from `base`.
 * @param base @default DEFAULT_CONFIG
 * @throws {RangeError} If a setting is unknown or its value makes no sense.
 *
 * @example
 * ```ts
 * import { configure } from "immersic/base/base.ts";
 * console.assert(configure({ epochs: 3 }).epochs === 3);
 * ```
 */
export function configure(
  changes: ConfigChanges = {},
  base: Config = DEFAULT_CONFIG,
): Config {
  const given = Object.entries(changes).filter(([, value]) =>
    value !== undefined
  );
  for (const [name] of given) {
    if (name in base) continue;
    throw new RangeError(
      `Cannot configure training: there is no "${name}", only ${
        Object.keys(base).join(", ")
      }.`,
    );
  }
  const config: Config = { ...base, ...Object.fromEntries(given) };
  for (const [name, bounds] of Object.entries(BOUNDS)) {
    const value = config[name as keyof Config] as number;
    const { least, below = Infinity, whole = false } = bounds;
    const number = whole ? Number.isSafeInteger(value) : Number.isFinite(value);
    if (number && value >= least && value < below) continue;
    throw new RangeError(
      `Cannot configure training: ${name} must be a ${
        whole ? "whole " : ""
      }number ${
        least === Number.MIN_VALUE ? "above 0" : `of at least ${least}`
      }${
        below < Infinity ? ` and below ${below}` : ""
      }, current value is ${value}.`,
    );
  }
  for (const [name, choices] of Object.entries(CHOICES)) {
    const value = config[name as keyof Config] as string;
    if (choices.includes(value)) continue;
    throw new RangeError(
      `Cannot configure training: ${name} must be one of ${
        choices.join(", ")
      }, current value is "${value}".`,
    );
  }
  if (config.objective === "every" && config.stride > config.sequenceLength) {
    throw new RangeError(
      `Cannot configure training: with stride ${config.stride} and sequenceLength ${config.sequenceLength} some tokens would never be learnt. Set the stride to at most the sequenceLength.`,
    );
  }
  if (config.input === "attributes" && config.objective === "last") {
    throw new RangeError(
      `Cannot configure training: the input "attributes" needs the objective "every", current value is "last". Set the input to "onehot".`,
    );
  }
  if (config.carry && config.objective === "last") {
    throw new RangeError(
      `Cannot configure training: carry needs the objective "every", current value is "last".`,
    );
  }
  return config;
}
