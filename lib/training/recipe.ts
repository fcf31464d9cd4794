/** The default settings for a corpus, by its alphabet and size. */

import {
  type Config,
  type ConfigChanges,
  configure,
  DEFAULT_CONFIG,
} from "../base/base.ts";
import { tokenCount } from "../corpus/corpus.ts";
import type { TrainingData } from "./training_data.ts";

/** Tokens that a run reads in all: two to three minutes on two cores. */
const TOKENS = 4_000_000;
/** Most epochs, for small corpora. */
const MOST_EPOCHS = 40;
/** From so many tokens on, a corpus is large: it needs no variations. */
const LARGE = 1_000_000;
/** Of a large one, the tokens of an epoch: its loss is shown every few seconds. */
const EPOCH_TOKENS = 500_000;
/** Up to so many, it is small: a fifth of its pieces are relabelled. */
const SMALL = 50_000;

/**
 * The settings that a run begins with where none are given. Networks of REMI
 * tokens are shown the music so far; the smaller the corpus, the more epochs.
 * Figures: docs/experiments/training_recipe.md.
 *
 * @param changes Settings in place of the recipe's.
 * @throws {RangeError} If one is unknown or makes no sense.
 */
export function recipeFor(
  { tokenizer, train }: Pick<TrainingData, "tokenizer" | "train">,
  changes: ConfigChanges = {},
): Config {
  if (tokenizer === "chord") return configure(changes);
  const tokens = tokenCount(train);
  const isLarge = tokens >= LARGE, isSmall = tokens <= SMALL;
  const base: Config = {
    ...DEFAULT_CONFIG,
    input: "context",
    carry: true,
    augment: !isLarge,
    dropout: isLarge ? 0.05 : 0.3,
    weightDecay: 0.01,
    beginnings: isLarge ? 0.7 : 0,
    epochTokens: isLarge ? EPOCH_TOKENS : 0,
    ...isSmall && { relabel: 0.2, learningRate: 1e-3 },
  };
  const read = isLarge ? EPOCH_TOKENS : Math.max(1, tokens);
  const epochs = Math.round(TOKENS / read);
  return configure({
    epochs: Math.min(Math.max(epochs, 1), MOST_EPOCHS),
    ...changes,
  }, base);
}
