import assert from "node:assert/strict";
import { DATASETS } from "../corpus/corpus.ts";
import { ENGINES } from "../engines/engines.ts";
import { TRAINER_NAMES } from "../exchange/exchange.ts";
import { recipeFor } from "../training/training.ts";
import { BENCH, DATA, EXPORT, helpOf, TRAIN } from "../tasks/tasks.ts";
import { BENCHMARKS } from "./bench.ts";

Deno.test("TASKS: what can be chosen is what there is", () => {
  assert.deepEqual(TRAIN.options.engine.choices, ENGINES);
  assert.deepEqual(EXPORT.options.trainer.choices, TRAINER_NAMES);
  assert.deepEqual(DATA.words?.choices, DATASETS.map(({ name }) => name));
  assert.deepEqual(BENCH.words?.choices, [...BENCHMARKS.keys()]);
});

Deno.test("TASKS: help of train tells what the recipe does by the size of the corpus", () => {
  const of = (tokens: number, tokenizer: "remi" | "chord" = "remi") =>
    recipeFor({ tokenizer, train: [new Int32Array(tokens)] });
  const [small, middle, below, large] = [5e4, 50_001, 999_999, 1e6].map((n) =>
    of(n)
  );
  const help = helpOf(TRAIN).replaceAll(/\s+/g, " ");
  for (
    const sentence of [
      `Up to 50,000 tokens of training pieces, a fifth of the pieces is relabelled and the learning rate is ${
        small!.learningRate
      }, else ${middle!.learningRate}.`,
      `From 1 million tokens on, an epoch ends after ${
        large!.epochTokens.toLocaleString("en")
      }, other pieces each time, with a dropout of ${
        large!.dropout
      } and no variations; smaller ones are read whole, with ${
        below!.dropout
      } and variations.`,
      `not become better for ${
        large!.patience
      } epochs. A corpus of chord tokens takes ${
        of(9, "chord").epochs
      } epochs.`,
      `Default: as many as read ${
        large!.epochs * large!.epochTokens / 1e6
      } million tokens, ${of(9).epochs} at most.`,
    ]
  ) assert.ok(help.includes(sentence), sentence);
  assert.deepEqual([small!.relabel, middle!.relabel], [0.2, 0]);
  assert.deepEqual([below!.epochTokens, large!.augment], [0, false]);
});
