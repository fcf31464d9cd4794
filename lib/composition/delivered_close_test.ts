import assert from "node:assert/strict";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { closeRow } from "./delivered_close.ts";

/** A piece in A minor that ends on a chord. */
const ending = (...pitches: number[]): NoteSequence => ({
  ...emptySequence(480),
  parts: [{ name: "", program: 0, isDrum: false }],
  notes: pitches.map((pitch) => ({
    pitch,
    velocity: 70,
    startTicks: 0,
    endTicks: 1920,
    part: 0,
  })),
  keySignatures: [{ ticks: 0, fifths: 0, mode: "minor" }],
  totalTicks: 1920,
});

Deno.test("closeRow() says what the last chord is on, in the last key", () => {
  const isMet = (...args: Parameters<typeof closeRow>) => closeRow(...args).met;
  assert.deepEqual(closeRow("open", ending(52, 68, 71)), {
    what: "last chord",
    asked: "open",
    delivered: "on E, the dominant of the key",
    met: true,
  });
  assert(!isMet("open", ending(45, 60, 64)));
  assert(isMet("tonic", ending(45, 60, 64)));
  assert(!isMet("major tonic", ending(45, 60, 64)));
  assert(isMet("major tonic", ending(45, 61, 64)));
});
