import assert from "node:assert/strict";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { partRow, partRows } from "./delivered_parts.ts";

/** Two bars of a bass: when each note begins and ends, in quarter notes. */
function bass(...times: readonly (readonly [number, number])[]): NoteSequence {
  return {
    ...emptySequence(480),
    parts: [{ name: "Bass", program: 33, isDrum: false }],
    notes: times.map(([start, end], i) => ({
      pitch: 36 + i % 5,
      velocity: 70,
      startTicks: 480 * start + 8,
      endTicks: 480 * end,
      part: 0,
    })),
    totalTicks: 8 * 480,
  };
}

const BEATS = Array.from({ length: 8 }, (_, i) => [i, i + 1] as const);

Deno.test("partRow() tells whether a bass walks", () => {
  const wish = { program: 32, positions: "beats", isMonophonic: true } as const;
  const row = partRow(wish, bass(...BEATS));
  assert.equal(row.what, "how Bass plays");
  assert.ok(row.met);
  assert.match(row.delivered, /every beat 100 %, one note at a time 100 %/);
  assert.ok(!partRow(wish, bass([0, 4], [4, 8])).met);
  assert.ok(!partRow(wish, bass(...BEATS, ...BEATS)).met);
});

Deno.test("partRow() tells long notes and those off the beat", () => {
  const drone = { program: 33, leastQuarters: 4 };
  assert.ok(partRow(drone, bass([0, 4], [6, 8])).met);
  assert.ok(!partRow(drone, bass(...BEATS)).met);
  const off = { program: 33, positions: "offbeats" } as const;
  assert.ok(partRow(off, bass([0.5, 1], [1.5, 2])).met);
  assert.ok(!partRow(off, bass(...BEATS)).met);
});

Deno.test("partRow() leaves it to the instruments whether a part plays", () => {
  const { delivered, met } = partRow(
    { program: 73, isMonophonic: true },
    bass(),
  );
  assert.equal(delivered, "not at all");
  assert.ok(met);
});

Deno.test("partRow() tells of short notes, broken chords and the range", () => {
  const of = (wish: object, music = bass(...BEATS)) =>
    partRow({ program: 33, ...wish }, music);
  assert.ok(!of({ mostQuarters: 0.5 }).met);
  const short = bass(...BEATS.map(([start]) => [start, start + 0.5] as const));
  assert.ok(of({ mostQuarters: 0.5 }, short).met);
  assert.match(of({ isBroken: true }).delivered, /broken chords 14 %/);
  assert.ok(of({ range: [36, 40] }).met);
  assert.match(of({ range: [38, 60] }).asked, /notes from D2 to C4/);
  assert.ok(!of({ range: [38, 60] }).met);
});

Deno.test("partRow() tells of the span and of steps from note to note", () => {
  const music = bass(...BEATS);
  const of = (wish: object) => partRow({ program: 33, ...wish }, music);
  assert.match(of({ span: 12 }).asked, /notes within 12 semitones/);
  assert.ok(of({ span: 12, mostLeap: 12 }).met);
});

Deno.test("partRows() has a row for each part where no part is named", () => {
  assert.equal(partRows({ range: [0, 127] }, bass(...BEATS)).length, 1);
});
