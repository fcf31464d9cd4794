import assert from "node:assert/strict";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { deliveredSections } from "./delivered_sections.ts";

/** Quarter notes of a piano, at these velocities; silence up to the fourth bar's end. */
function music(velocities: readonly number[]): NoteSequence {
  const part = { name: "Piano", program: 0, isDrum: false };
  return {
    ...emptySequence(480),
    parts: [part],
    totalTicks: 16 * 480,
    notes: velocities.map((velocity, i) => ({
      ...{ part: 0, pitch: 60, velocity },
      startTicks: 480 * i,
      endTicks: 480 * (i + 1),
    })),
  };
}

/** The row of a line of loudness from 60 to 100. */
function lineOf(sequence: NoteSequence) {
  const wish = {
    from: { share: 0 },
    spec: {},
    curve: { velocity: [60, 100] as const },
  };
  const plan = { asked: {}, aims: {}, spec: {}, wish, bars: 4, meter: "4/4" };
  const rows = deliveredSections({
    asked: {},
    sequence,
    plans: [{ ...plan, qpm: [120, 120] }],
    starts: [0],
    events: [],
  });
  return rows.find(({ what }) => what === "loudness, bars 1–4")!;
}

Deno.test("deliveredSections() measures a line where a section ends with silence", () => {
  const rising = Array.from({ length: 11 }, (_, i) => 62 + 3.4 * i);
  const { delivered, met } = lineOf(music(rising));
  assert.match(delivered, /^[\d.]+ to [\d.]+$/);
  assert.ok(met, delivered);
  assert.ok(!lineOf(music(rising.toReversed())).met);
});

Deno.test("deliveredSections() says that a section without notes has no loudness", () => {
  const { delivered, met } = lineOf(music([]));
  assert.equal(delivered, "none to none");
  assert.ok(!met);
});
