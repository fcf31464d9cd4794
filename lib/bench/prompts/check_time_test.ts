import assert from "node:assert/strict";
import { heard, outcome, type SmallPiece, times } from "./testing.ts";

/** Eight bars of quarters. */
const eight: SmallPiece = { parts: [[0, times(32, 1, () => [0, 1, 60])]] };

Deno.test("tempo is weighted by time, may be counted otherwise, and another class contradicts it", () => {
  assert.equal(outcome(eight, { is: "tempo", qpm: [118, 122] }), "met");
  assert.equal(outcome(eight, { is: "tempo", qpm: [100, 110] }), "missed");
  assert.equal(outcome(eight, { is: "tempo", qpm: [40, 80] }), "contradicted");
  const halved = { is: "tempo", qpm: [230, 250], orQpm: [115, 125] } as const;
  assert.equal(outcome(eight, halved), "met");
  // 16 quarters in 8 s and 16 in 16 s: 80 a minute.
  const slowing: SmallPiece = { ...eight, tempos: [[0, 120], [16, 60]] };
  assert.equal(outcome(slowing, { is: "tempo", qpm: [79, 81] }), "met");
  assert.equal(
    outcome(slowing, { is: "tempo", qpm: [119, 121], in: "start" }),
    "met",
  );
  assert.equal(
    outcome(slowing, { is: "tempo", qpm: [59, 61], in: { bars: [5, 8] } }),
    "met",
  );
});

Deno.test("meter is the one of most of the time, and another count contradicts it", () => {
  const waltz: SmallPiece = { ...eight, meters: [[0, "3/4"], [24, "4/4"]] };
  assert.equal(outcome(waltz, { is: "meter", value: "3/4" }), "met");
  assert.equal(outcome(waltz, { is: "meter", value: "4/4" }), "contradicted");
  assert.equal(outcome(waltz, { is: "meter", value: "6/8" }), "missed");
  assert.equal(outcome(waltz, { is: "meter", any: ["6/8", "3/4"] }), "met");
  assert.equal(outcome(waltz, { is: "meter", not: "3/4" }), "contradicted");
});

Deno.test("seconds end with the last note, or with the track after a silence that is asked", () => {
  const rest: SmallPiece = { ...eight, length: 40 };
  assert.equal(outcome(rest, { is: "seconds", from: 15, to: 17 }), "met");
  assert.equal(outcome(rest, { is: "seconds", from: 19, to: 21 }), "missed");
  assert.equal(
    outcome(rest, { is: "seconds", from: 40, to: 44 }),
    "contradicted",
  );
  const silent = { is: "silence", atSeconds: 16, forSeconds: 4 } as const;
  assert.equal(
    outcome(rest, { is: "seconds", from: 19, to: 21 }, silent),
    "met",
  );
});

Deno.test("bars are counted up to the last start, and a closing chord may have its own", () => {
  assert.equal(outcome(eight, { is: "bars", count: 8 }), "met");
  assert.equal(outcome(eight, { is: "bars", count: 7 }), "missed");
  assert.equal(outcome(eight, { is: "bars", count: 20 }), "contradicted");
  const closed = (notes: number): SmallPiece => ({
    parts: [[0, times(32 + notes, 1, () => [0, 1, 60])]],
  });
  assert.equal(outcome(closed(1), { is: "bars", count: 8 }), "met");
  assert.equal(outcome(closed(2), { is: "bars", count: 8 }), "missed");
});

Deno.test("Heard has bars, tempi and controllers of the file", () => {
  const piece = heard({
    parts: [[0, [[0, 4, 60, 100]]]],
    controls: [[0, 7, 127], [0, 11, 127], [2, 11, 0]],
    meters: [[0, "2/4"], [2, "3/4"]],
  });
  assert.deepEqual(
    piece.bars.map(({ meter, start }) => [meter, start]),
    [["2/4", 0]],
  );
  assert.equal(Math.round(piece.loudness), 50);
  assert.equal(Math.round(piece.between(0, 1).loudness), 100);
  assert.equal(piece.qpm, 120);
});
