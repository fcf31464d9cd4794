import assert from "node:assert/strict";
import {
  DRUMS,
  outcome,
  type SmallNote,
  type SmallPiece,
  times,
} from "./testing.ts";

const kit = (...notes: SmallNote[][]): SmallPiece => ({
  parts: [[DRUMS, notes.flat()]],
});
/** One sound at some quarters of each of eight bars. */
const inBars = (pitch: number, ...at: number[]): SmallNote[] =>
  at.flatMap((quarter) => times(8, 4, () => [quarter, 0.25, pitch]));

Deno.test("beat: a kick on the quarters, snares on two and four, or on three alone", () => {
  const beat = (value: "four-on-the-floor" | "backbeat" | "half-time") =>
    ({ is: "beat", value }) as const;
  const floor = kit(inBars(36, 0, 1, 2, 3));
  assert.equal(outcome(floor, beat("four-on-the-floor")), "met");
  assert.equal(
    outcome(kit(inBars(36, 0, 2), inBars(42, 1, 3)), beat("four-on-the-floor")),
    "missed",
  );
  const back = kit(inBars(36, 0, 2), inBars(38, 1, 3));
  assert.equal(outcome(back, beat("backbeat")), "met");
  assert.equal(outcome(back, beat("half-time")), "missed");
  assert.equal(outcome(floor, beat("backbeat")), "missed");
  assert.equal(
    outcome(kit(inBars(36, 0), inBars(39, 2)), beat("half-time")),
    "met",
  );
});

Deno.test("fills are the fuller last bars of each group", () => {
  const fills = { is: "fills", everyBars: 4 } as const;
  const plain = inBars(42, 0, 1, 2, 3);
  const full = [3, 7].flatMap((bar) =>
    times(4, 1, (): SmallNote => [4 * bar + 0.5, 0.25, 45])
  );
  assert.equal(outcome(kit(plain, full), fills), "met");
  assert.equal(outcome(kit(plain, full.slice(0, 4)), fills), "missed");
});

Deno.test("swing is where the off-beats lie, or a compound meter", () => {
  const swung = (place: number): SmallPiece => ({
    parts: [[0, [
      ...times(16, 1, (): SmallNote => [0, 0.5, 60]),
      ...times(16, 1, (): SmallNote => [place, 0.3, 62]),
    ]]],
  });
  assert.equal(outcome(swung(0.66), { is: "swing" }), "met");
  assert.equal(outcome(swung(0.52), { is: "swing" }), "missed");
  assert.equal(outcome(swung(0.5), { is: "swing", play: false }), "met");
  assert.equal(
    outcome(swung(0.66), { is: "swing", play: false }),
    "contradicted",
  );
  const compound: SmallPiece = { ...swung(0.5), meters: [[0, "6/8"]] };
  assert.equal(outcome(compound, { is: "swing" }), "met");
  // Sixteenths are no off-beat eighths.
  const sixteenths: SmallPiece = {
    parts: [[0, times(64, 0.25, () => [0, 0.25, 60])]],
  };
  assert.equal(outcome(sixteenths, { is: "swing", play: false }), "missed");
});

Deno.test("walking has an onset on the quarters, most of a new pitch", () => {
  const bass = (step: number, pitches: number): SmallPiece => ({
    parts: [[32, times(32 / step, step, (i) => [0, step, 40 + i % pitches])]],
  });
  const walking = { is: "walking", family: "bass" } as const;
  assert.equal(outcome(bass(1, 4), walking), "met");
  assert.equal(outcome(bass(2, 4), walking), "missed");
  assert.equal(outcome(bass(1, 1), walking), "missed");
});
