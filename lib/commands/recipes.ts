/** The configuration that a command line asks for. */

import { type Config, configure, ORIGINAL_CONFIG } from "../base/base.ts";
import { recipeFor, type TrainingData } from "../training/training.ts";
import { parseKnobs } from "./knobs.ts";
import { fromUsage, type Given, type RECIPE_OPTIONS } from "../tasks/tasks.ts";

/** What `--recipe`, `--set` and `--epochs` ask for. */
export interface AskedRecipe {
  /** The settings that the command line gives. */
  readonly asked: Partial<Config>;
  /** Of these or by default, before there are data. */
  readonly lstmUnits: number;
  /** All settings, for these data. */
  configFor(data: TrainingData): Config;
}

/**
 * Reads the options of a recipe.
 *
 * @throws {UsageError} If a setting is unknown or makes no sense.
 */
export function askedRecipe(
  { recipe, set, epochs }: Given<typeof RECIPE_OPTIONS>["options"],
): AskedRecipe {
  const isOriginal = recipe === "original";
  // A resumed run keeps its number of epochs unless it is given.
  const { epochs: _, ...original } = ORIGINAL_CONFIG;
  const asked = {
    ...isOriginal && original,
    ...parseKnobs(set ?? ""),
    ...epochs !== undefined && { epochs },
  };
  const base = isOriginal ? ORIGINAL_CONFIG : undefined;
  // Refused before the corpus is read; what depends on it is checked later.
  const { lstmUnits } = fromUsage(() => configure(asked, base));
  return {
    asked,
    lstmUnits,
    configFor: (data) =>
      isOriginal ? configure(asked, ORIGINAL_CONFIG) : recipeFor(data, asked),
  };
}
