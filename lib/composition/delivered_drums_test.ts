import assert from "node:assert/strict";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { drumsRow } from "./delivered_drums.ts";

/** Two bars of drums, each as quarter and drum. */
const piece = (
  ...strokes: [quarter: number, drum: number][]
): NoteSequence => ({
  ...emptySequence(480),
  parts: [{ name: "Drums", program: 0, isDrum: true }],
  notes: strokes.map(([quarter, pitch]) => ({
    pitch,
    velocity: 70,
    // A little late, as people play.
    startTicks: 480 * quarter + 8,
    endTicks: 480 * quarter + 60,
    part: 0,
  })),
  timeSignatures: [{ ticks: 0, numerator: 4, denominator: 4 }],
  totalTicks: 3840,
});

Deno.test("drumsRow() knows a beat where it is heard, and where it is not", () => {
  const four = piece(
    ...Array.from({ length: 8 }, (_, i): [number, number] => [i, 36]),
  );
  assert.ok(drumsRow({ beat: "four-on-the-floor" }, four).met);
  const back = piece([0, 36], [1, 38], [3, 39], [5, 38], [7, 40]);
  assert.ok(drumsRow({ beat: "backbeat" }, back).met);
  const row = drumsRow({ beat: "half-time" }, back);
  assert.deepEqual(
    [row.met, row.asked, row.delivered],
    [false, "half time", "half time in 0 % of bars"],
  );
  assert.ok(
    drumsRow({ beat: "half-time" }, piece([0, 36], [2, 38], [6, 38])).met,
  );
});

Deno.test("drumsRow() tells which drums are missing, and which should not be there", () => {
  const row = drumsRow(
    { sounds: [39, 36], without: [42] },
    piece([0, 36], [1, 42]),
  );
  assert.equal(row.met, false);
  assert.equal(row.delivered, "without drum 39, with drum 42");
  assert.equal(
    drumsRow({ sounds: [36] }, piece([0, 36])).delivered,
    "as asked",
  );
  assert.equal(drumsRow({ sounds: [36] }, piece()).delivered, "none");
});

Deno.test("drumsRow() counts the fills that are heard", () => {
  const fill = [6, 6.25, 6.5, 6.75, 7, 7.25]
    .map((quarter): [number, number] => [quarter, 45]);
  const row = drumsRow({ fillEvery: 2 }, piece([0, 36], ...fill));
  assert.deepEqual(
    [row.met, row.asked, row.delivered],
    [true, "a fill every 2 bars", "1 of 1 fills"],
  );
  assert.equal(drumsRow({ fillEvery: 2 }, piece([0, 36], [6, 38])).met, false);
});
