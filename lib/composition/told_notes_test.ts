import assert from "node:assert/strict";
import { runFolder } from "../base/base.ts";
import type { Generator } from "../generation/generation.ts";
import { loadBest } from "../model/model.ts";
import { prepare } from "./prepare.ts";
import { notesOn } from "./told_notes.ts";

Deno.test("notesOn() tells of a network that was hardly trained", async () => {
  const checkpoint = await loadBest(runFolder("starter"));
  const notesAt = (epoch: number) => {
    // Only what `prepare` reads of it.
    const generator = {
      checkpoint: { ...checkpoint, epoch },
    } as unknown as Generator;
    return notesOn(prepare(generator, "calm piano", { randomSeed: 1 }));
  };
  const sentence = /not been trained for a whole epoch/;
  assert.ok(notesAt(0).some((note) => sentence.test(note)));
  assert.ok(!notesAt(1).some((note) => sentence.test(note)));
});
