import assert from "node:assert/strict";
import { emptySequence } from "../music/music.ts";
import type { Profile } from "../tokens/remi/remi.ts";
import { mostUsual } from "./usual.ts";

/** A profile of a piece of four quarters with notes of these pitches, one a quarter. */
function profileOf(low: number, high: number): Profile {
  return {
    attributes: {},
    constraints: {
      bars: 1,
      qpm: 70,
      meter: "4/4",
      programs: [0],
      kits: [],
      ranges: { 0: [low, high] },
    },
    density: 1,
    polyphony: 1,
  };
}

/** A piece of one pitch a quarter. */
function pieceOf(...pitches: number[]) {
  return {
    sequence: {
      ...emptySequence(4),
      parts: [{ name: "", program: 0, isDrum: false }],
      notes: pitches.map((pitch, i) => ({
        pitch,
        velocity: 80,
        startTicks: 4 * i,
        endTicks: 4 * i + 4,
        part: 0,
      })),
      totalTicks: 4 * pitches.length,
    },
  };
}

/** Gives pieces one after the other, and counts them. */
function drafts(pieces: ReturnType<typeof pieceOf>[]) {
  let made = 0;
  return {
    sample: () => Promise.resolve(pieces[made++]!),
    get made() {
      return made;
    },
  };
}

const PROFILES = [profileOf(48, 60), profileOf(50, 74)];
const wide = pieceOf(20, 60, 64, 90);
const usual = pieceOf(50, 60, 64, 70);
const wideAndDense = {
  sequence: { ...wide.sequence, totalTicks: 8 },
};

Deno.test("mostUsual() keeps the first draft within the ranges of the profiles", async () => {
  const few = drafts([wide, usual, wide, wide]);
  assert.equal(await mostUsual(few.sample, PROFILES), usual);
  assert.equal(few.made, 2);
});

Deno.test("mostUsual() keeps the least unusual of four drafts", async () => {
  const none = drafts([wideAndDense, wideAndDense, wide, wideAndDense, usual]);
  assert.equal(await mostUsual(none.sample, PROFILES), wide);
  assert.equal(none.made, 4);
});

Deno.test("mostUsual() asks nothing of polyphony where older profiles lack it", async () => {
  const thick = pieceOf(50, 70, 64, 60);
  for (const note of thick.sequence.notes) note.endTicks = 16;
  const older = PROFILES.map(({ polyphony: _, ...profile }) => profile);
  const first = drafts([thick, usual]);
  assert.equal(await mostUsual(first.sample, older), thick);
  const second = drafts([thick, usual]);
  assert.equal(await mostUsual(second.sample, PROFILES), usual);
});
