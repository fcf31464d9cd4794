import assert from "node:assert/strict";
import { emptySequence, type Note } from "../music/music.ts";
import { playDrums } from "./drum_wish.ts";

/** Eight bars of 4/4 with a snare on every beat, 12 ticks each. */
function beats(bars = 8) {
  const notes = Array.from({ length: 4 * bars }, (_, i): Note => ({
    pitch: 38,
    velocity: 70,
    startTicks: 12 * i,
    endTicks: 12 * i + 6,
    part: 0,
  }));
  return {
    ...emptySequence(12),
    parts: [{ name: "", program: 0, isDrum: true }],
    notes,
    totalTicks: 48 * bars,
  };
}
const inBar = (notes: readonly Note[], bar: number) =>
  notes.filter(({ startTicks }) =>
    startTicks >= 48 * bar && startTicks < 48 * (bar + 1)
  );

Deno.test("addFills() ends each fourth bar with a fill down the toms, and a crash after it", () => {
  const { notes } = playDrums(beats(), { fillEvery: 4 });
  for (const bar of [3, 7]) {
    const fill = inBar(notes, bar).filter(({ startTicks }) =>
      startTicks >= 48 * bar + 24
    );
    assert.deepEqual(fill.map(({ pitch }) => pitch), [
      ...[38, 38, 50, 48, 47, 45, 43, 41],
    ]);
    assert.deepEqual(fill.map(({ startTicks }) => startTicks % 48), [
      ...[24, 27, 30, 33, 36, 39, 42, 45],
    ]);
  }
  assert(inBar(notes, 4).some(({ pitch }) => pitch === 49));
  assert.deepEqual(inBar(notes, 2), inBar(beats().notes, 2));
});

Deno.test("addFills() plays drums that are wanted, in bars that have drums", () => {
  const { notes } = playDrums(beats(), {
    fillEvery: 4,
    without: [41, 43, 45, 47, 48, 49, 50],
  });
  assert.deepEqual([...new Set(notes.map(({ pitch }) => pitch))], [38]);
  const silent = beats();
  const early = {
    ...silent,
    notes: silent.notes.filter(({ startTicks }) => startTicks < 96),
  };
  assert.deepEqual(playDrums(early, { fillEvery: 4 }).notes, early.notes);
});
