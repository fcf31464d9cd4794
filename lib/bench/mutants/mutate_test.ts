import assert from "node:assert/strict";
import { readMidi } from "../../midi/midi.ts";
import { mutant } from "./mutate.ts";
import { runPipeline } from "./pipeline.ts";
import { syntheticSeeds } from "./seeds.ts";

const SEEDS = [...syntheticSeeds().values()];

Deno.test("mutant() of one number is the same in every run", () => {
  assert.deepEqual(mutant(SEEDS, 1, 7), mutant(SEEDS, 1, 7));
  assert.notDeepEqual(mutant(SEEDS, 1, 7), mutant(SEEDS, 2, 7));
  assert.notDeepEqual(mutant(SEEDS, 1, 7), mutant(SEEDS, 1, 8));
});

Deno.test("syntheticSeeds() are files with notes that come back as written", () => {
  for (const [name, bytes] of syntheticSeeds()) {
    const { sequence } = readMidi(bytes);
    assert.equal(sequence.notes.length > 0, name !== "empty", name);
    const { refusals, faults } = runPipeline(bytes);
    assert.deepEqual({ refusals, faults }, { refusals: [], faults: [] }, name);
  }
});
