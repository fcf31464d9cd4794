/** The settings of a training run, with their defaults, units and reasons. */

/** The settings of a training run; its checkpoints keep them all. */
export interface Config {
  /**
   * What the network is shown at each step: the last token with all that a
   * musician knows of the music so far (REMI only); the last token with the
   * attributes of its piece; the last token alone; or, as in the original
   * Immersic, its id divided by the vocabulary size.
   */
  readonly input: "context" | "attributes" | "onehot" | "scalar";
  /**
   * What is predicted: the next token at every step of a window; or, as in the
   * original, only the token after the window.
   */
  readonly objective: "every" | "last";
  /** Tokens in a window. */
  readonly sequenceLength: number;
  /** Tokens from one window's start to the next's. */
  readonly stride: number;
  /** Windows in a batch. */
  readonly batchSize: number;
  /** Most epochs; {@linkcode patience} may end training earlier. */
  readonly epochs: number;
  /** Units of each of the three LSTM layers. */
  readonly lstmUnits: number;
  /** Units of the three dense layers between them. */
  readonly denseUnits: number;
  /** Share of inputs dropped while training, in [0, 1). */
  readonly dropout: number;
  /**
   * Distribution of the initial weights: Keras's, or a wider one. With Keras's,
   * signals shrink from layer to layer, and the network spends thousands of steps
   * learning only token frequencies.
   */
  readonly initial: "wide" | "keras";
  /** The algorithm that updates the weights from the gradients. */
  readonly optimizer: "adam" | "rmsprop" | "sgd";
  /** Highest learning rate of the schedule. */
  readonly learningRate: number;
  /** `cosine` lowers the rate to a hundredth by the last epoch. */
  readonly schedule: "constant" | "cosine";
  /** Gradients of a larger norm are scaled down to this one; 0: no limit. */
  readonly clipNorm: number;
  /** Decoupled weight decay per unit of learning rate; Adam and SGD only. */
  readonly weightDecay: number;
  /** Share of each target spread over all tokens while training. */
  readonly labelSmoothing: number;
  /** Decay of a moving average of the weights, used to validate and generate; 0: none. */
  readonly averageDecay: number;
  /** Whether each window of a piece starts from the LSTM states after the one before. */
  readonly carry: boolean;
  /** Training ends after so many epochs without a better validation loss; 0: never. */
  readonly patience: number;
  /**
   * REMI: whether the network reads each piece transposed to C, or as it is. In C
   * it learns every scale and chord once instead of twelve times.
   */
  readonly pitchFrame: "tonic" | "absolute";
  /** Whether training pieces are randomly transposed, and varied in tempo and loudness. */
  readonly augment: boolean;
  /**
   * Probability that a piece's tokens (of REMI, its pitches, positions and
   * durations) are consistently renamed, leaving only its repetition to learn.
   */
  readonly relabel: number;
  /**
   * REMI: share of the training pieces of which an epoch reads only the beginning,
   * other ones each epoch. New music comes at the beginning; most of what follows
   * is its return.
   */
  readonly beginnings: number;
  /** Tokens after which an epoch ends, other pieces each epoch; 0: all pieces. */
  readonly epochTokens: number;
  /** Latest checkpoints kept, beside the best and every `keepEvery`th. */
  readonly keepLast: number;
  /** The checkpoint of every `keepEvery`th epoch is kept for good; 1: all, 0: none. */
  readonly keepEvery: number;
  /** Seed of the initial weights, the order of pieces, dropout and augmentation. */
  readonly seed: number;
}

/** The default settings; figures: docs/experiments/training_recipe.md. */
export const DEFAULT_CONFIG: Config = {
  input: "attributes", // generated pieces then obey their attributes
  objective: "every", // 64 targets per window instead of one
  sequenceLength: 64,
  stride: 64, // each token is a target once
  batchSize: 16, // small batches give more steps per epoch, the largest gain
  epochs: 30,
  lstmUnits: 128, // as in the original
  denseUnits: 64, // as in the original
  dropout: 0.3, // against overfitting
  initial: "wide", // Keras's stay at the loss of token frequencies for epochs
  optimizer: "adam",
  learningRate: 3e-3,
  schedule: "cosine",
  clipNorm: 1,
  weightDecay: 0.05, // against overfitting
  labelSmoothing: 0,
  averageDecay: 0.995, // against overfitting
  carry: false, // with it, a batch has windows of few pieces: a higher loss
  patience: 10,
  pitchFrame: "tonic", // generated pieces then keep to their key
  augment: true, // the corpus is small
  relabel: 0, // no gain on the starter corpus
  beginnings: 0,
  epochTokens: 0,
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

/** Limits of the numeric settings: at least `least`, less than `below`. */
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
  beginnings: { least: 0, below: 1.000001 },
  epochTokens: { least: 0, whole: true },
  keepLast: { least: 1, whole: true },
  keepEvery: { least: 0, whole: true },
  seed: { least: Number.MIN_SAFE_INTEGER, whole: true },
};

const CHOICES: Partial<Record<keyof Config, readonly string[]>> = {
  input: ["context", "attributes", "onehot", "scalar"],
  objective: ["every", "last"],
  initial: ["wide", "keras"],
  optimizer: ["adam", "rmsprop", "sgd"],
  schedule: ["constant", "cosine"],
  pitchFrame: ["tonic", "absolute"],
};

/** Changes to some settings; one left out or undefined keeps its value. */
export type ConfigChanges = {
  readonly [K in keyof Config]?: Config[K] | undefined;
};

/**
 * Completes some settings to a whole configuration.
 *
 * @param changes The settings that differ from `base`.
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
