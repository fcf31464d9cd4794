import assert from "node:assert/strict";
import { askToStop, beginWork, runFolder, Stopped } from "../base/base.ts";
import { Generator } from "../generation/generation.ts";
import { loadBest } from "../model/model.ts";
import { Helpers } from "./helpers.ts";

Deno.test("Helpers.all() makes the same pieces on other threads as on this one, and says what fails there", async () => {
  const checkpoint = await loadBest(runFolder("starter"));
  using generator = await Generator.open(checkpoint);
  using helpers = new Helpers(checkpoint, 2);
  let done = 0;
  const made = await helpers.all("piece", [1, 2, 3], {
    generator,
    onDone: () => done++,
  });
  assert.equal(done, 3);
  for (const [i, { tokens, sequence }] of made.entries()) {
    const piece = await generator.generate({ randomSeed: i + 1 });
    assert.deepEqual(tokens, piece.tokens);
    assert.deepEqual({ ...sequence }, { ...piece.sequence });
  }
  const noTokens = { pieces: { train: [], valid: [], test: [] } };
  const job = { ...noTokens, vocabularySize: 4, skip: 0 };
  await assert.rejects(
    helpers.all("ngrams", [job, job]),
    /the training pieces hold no token/,
  );
});

Deno.test("Helpers.all() stops between forests", async () => {
  using helpers = new Helpers(await loadBest(runFolder("starter")), 0);
  const rows = { figure: Array.from({ length: 20 }, (_, i) => i) };
  const isMade = rows.figure.map((value) => value < 10);
  const job = { rows, isMade, unseen: rows };
  let done = 0;
  beginWork();
  const judging = helpers.all("forest", [job, job, job], {
    onDone: () => {
      done++;
      askToStop();
    },
  });
  await assert.rejects(judging, Stopped);
  assert.equal(done, 1);
  beginWork();
});
