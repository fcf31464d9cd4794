import assert from "node:assert/strict";
import {
  readRecipe,
  type Recipe,
  undoStep,
  withStep,
  withTake,
  writeRecipe,
} from "./takes.ts";

const EMPTY: Recipe = {
  version: 1,
  model: "test",
  start: { prompt: "calm piano", randomSeed: 7 },
  steps: [],
};
const REDONE = withStep(EMPTY, {
  asked: "bars 1-2 louder",
  redo: { bars: [1, 2], wishes: { than: { loudness: 1 } } },
  takes: [5, 6, 7],
  kept: 0,
});

Deno.test("readRecipe() reads what writeRecipe() wrote", () => {
  const edited = withStep(REDONE, { asked: "90 bpm", edits: [{ qpm: 90 }] });
  assert.deepEqual(readRecipe(writeRecipe(edited), "a.json"), edited);
});

Deno.test("readRecipe() refuses other files with a sentence", () => {
  for (
    const text of ["", "{}", "[1]", '{"version":1,"model":"x","start":{}}']
  ) {
    assert.throws(() => readRecipe(text, "a.json"), /a\.json: it is no recipe/);
  }
});

Deno.test("undoStep() takes the last step away", () => {
  assert.deepEqual(undoStep(REDONE), EMPTY);
  assert.throws(() => undoStep(EMPTY), /the piece is as it began/);
});

Deno.test("withTake() keeps another take of the last step", () => {
  assert.deepEqual(withTake(REDONE, 3).steps[0], {
    ...REDONE.steps[0],
    kept: 2,
  });
  assert.throws(() => withTake(REDONE, 4), /takes 1 to 3/);
  assert.throws(() => withTake(EMPTY, 1), /the last step has none/);
});
