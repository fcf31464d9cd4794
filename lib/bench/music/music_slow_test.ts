import assert from "node:assert/strict";
import { benchMusic } from "./music.ts";
import { withScales } from "./testing.ts";

Deno.test("benchMusic() measures both sides on the same pieces", () =>
  withScales(async (midi) => {
    const options = { midi, minutes: 0.05, pieces: 10 };
    const report = JSON.parse(JSON.stringify(
      await benchMusic(options, () => {}),
    ));
    const { midi: figures } = report.corpora;
    const { ours, theirs } = figures;
    assert.deepEqual(report.missing, []);
    assert.equal(figures.pieces_with_other_notes, 0);
    assert.equal(ours.notes, theirs.notes);
    assert.equal(ours.nll_note / theirs.nll_note, report.nll_note_ratio.midi);
    assert.ok(theirs.training.steps > 0 && ours.training.epochs > 0);
    for (const { told_apart: area, nll_note: nats } of [ours, theirs]) {
      assert.ok(area >= 0 && area <= 1 && nats > 0 && nats < 100);
    }
  }));
