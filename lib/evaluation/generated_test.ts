import assert from "node:assert/strict";
import { evaluateGenerated } from "./generated.ts";
import { piece, type SpanRow } from "./testing.ts";
import { Random } from "../base/base.ts";

const random = new Random(11);
/** Eight bars of one voice in steady quarter notes, with random pitches. */
const draw = () =>
  piece([
    Array.from({ length: 32 }, (_, i): SpanRow => [
      60 + random.int(12),
      4 * i,
      4 * i + 4,
    ]),
  ]);
const training = Array.from({ length: 6 }, (_, i) => ({
  file: `${i}.mid`,
  sequence: draw(),
}));
const heldOut = [draw(), draw(), draw()];

Deno.test("evaluateGenerated() finds a copied piece and one that repeats a bar", async () => {
  const stuck = piece([
    Array.from({ length: 32 }, (_, i): SpanRow => [60, 4 * i, 4 * i + 4]),
  ]);
  const generated = [draw(), training[4]!.sequence, stuck, draw()];
  const report = await evaluateGenerated({ generated, heldOut, training });
  assert.deepEqual(report.copying.generated!.notes, {
    copiedShare: 32 / 128,
    longest: {
      piece: 1,
      notes: 32,
      startQuarters: 0,
      file: "4.mid",
      fileStartQuarters: 0,
    },
  });
  assert.equal(report.copying.heldOut!.notes.copiedShare, 0);
  assert.equal(report.repetition.generated!.longestRun, 8);
  assert.equal(report.repetition.training!.longestRun, 1);
  assert.equal(report.repetition.generated!.repeatedShare, 7 / 8 / 4);
  assert.equal(report.metrics.generated!.polyphony, 1);
  assert.equal(report.bands!.noteDensity.high, 1);
  // The piece that repeats a bar has no pitch range; the copied one is inside.
  assert.ok(report.withinBands.generated!.pitchRange <= 0.75);
  assert.ok(report.withinBands.generated!.all <= 0.75);
  assert.equal(report.withinBands.training!.noteDensity, 1);
});

Deno.test("evaluateGenerated() leaves pieces with an undefined metric out of its mean", async () => {
  const short = piece([[[60, 0, 1]]]);
  const { metrics } = await evaluateGenerated({
    generated: [short, training[0]!.sequence],
    heldOut,
    training,
  });
  const own = (await evaluateGenerated({
    generated: [training[0]!.sequence, training[0]!.sequence],
    heldOut,
    training,
  })).metrics;
  assert.equal(
    metrics.generated!.grooveConsistency,
    own.generated!.grooveConsistency,
  );
});

Deno.test("evaluateGenerated() gives a report that survives JSON", async () => {
  const generated = [draw(), draw()];
  const report = await evaluateGenerated({ generated, heldOut, training });
  assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
});

Deno.test("evaluateGenerated() names the piece that has no pitched note", async () => {
  const silent = { file: "silent.mid", sequence: piece([[]]) };
  await assert.rejects(
    () =>
      evaluateGenerated({ generated: heldOut, heldOut, training: [silent] }),
    /piece 0 of the training set \(silent.mid\) has no pitched note/,
  );
  await assert.rejects(
    () =>
      evaluateGenerated({
        generated: [...heldOut, silent.sequence],
        heldOut,
        training,
      }),
    /piece 3 of the generated set has no pitched note/,
  );
});

Deno.test("evaluateGenerated() of too few pieces leaves out what they cannot show, and says so", async () => {
  const one = [draw()];
  const alone = await evaluateGenerated({
    generated: one,
    heldOut: [],
    training,
  });
  assert.equal(alone.likeness, undefined);
  assert.equal(alone.trainingLikeness, undefined);
  assert.equal(alone.copying.heldOut, undefined);
  assert.equal(alone.metrics.generated?.polyphony, 1);
  assert.equal(alone.withinBands.heldOut, undefined);
  assert.match(alone.missing.join(), /two held-out pieces .* there is none/);

  const few = await evaluateGenerated({ generated: one, heldOut, training });
  assert.equal(few.likeness, undefined);
  assert.ok(few.trainingLikeness !== undefined);
  assert.match(few.missing.join(), /of generated pieces: .* there is one/);

  const untrained = await evaluateGenerated({
    generated: one,
    heldOut,
    training: [],
  });
  assert.equal(untrained.bands, undefined);
  assert.deepEqual(untrained.copying, {});
  assert.match(untrained.missing.join(), /no training piece/);

  const nothing = await evaluateGenerated({
    generated: [],
    heldOut: [],
    training: [],
  });
  assert.deepEqual(nothing.metrics, {});
  assert.equal(nothing.missing.length, 2);
  assert.deepEqual(JSON.parse(JSON.stringify(nothing)), nothing);
});
