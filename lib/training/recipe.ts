/** The default settings for a corpus, by its alphabet and size. */

import {
  type Config,
  type ConfigChanges,
  configure,
  DEFAULT_CONFIG,
} from "../base/base.ts";
import type { TrainingData } from "./training_data.ts";

/** Tokens that a run learns from in all, some three minutes on two cores. */
const TOKENS = 4_000_000;
/** Most epochs, for small corpora. */
const MOST_EPOCHS = 40;

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
  const tokens = train.reduce((sum, { length }) => sum + length, 0);
  const base: Config = {
    ...DEFAULT_CONFIG,
    input: "context",
    carry: true,
    epochs: Math.min(MOST_EPOCHS, Math.ceil(TOKENS / Math.max(1, tokens))),
    dropout: 0.1,
    weightDecay: 0.01,
    beginnings: 0.7,
  };
  return configure(changes, base);
}
