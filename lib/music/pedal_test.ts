import assert from "node:assert/strict";
import { emptySequence, type NoteSequence } from "./note_sequence.ts";
import { withPedal } from "./pedal.ts";
import { applySustain } from "./sustain.ts";

/** A part's notes as [pitch, start, end]. */
function piece(
  rows: readonly (readonly [number, number, number])[],
  program = 0,
): NoteSequence {
  return {
    ...emptySequence(12),
    parts: [{ name: "", program, isDrum: false }],
    notes: rows.map(([pitch, startTicks, endTicks]) => ({
      pitch,
      velocity: 64,
      startTicks,
      endTicks,
      part: 0,
    })),
    totalTicks: 96,
  };
}

/** Broken chords of four notes that end together at each bar line. */
const BROKEN = [0, 48].flatMap((bar) =>
  [48, 55, 60, 64].map((pitch, i) => [pitch, bar + 12 * i, bar + 48] as const)
);

Deno.test("withPedal() holds the pedal where notes begin one by one and end together", () => {
  const heard = piece(BROKEN), played = withPedal(heard);
  assert.deepEqual(
    played.controls.map(({ ticks, value }) => [ticks, value]),
    [[0, 127], [48, 0], [48, 127], [96, 0]],
  );
  assert.deepEqual(
    played.notes.map(({ endTicks }) => endTicks),
    [12, 24, 36, 48, 60, 72, 84, 96],
  );
  assert.deepEqual(applySustain(played).notes, heard.notes);
});

Deno.test("withPedal() keeps what is heard where a pitch is struck again", () => {
  const heard = piece([
    ...[[48, 0, 24], [60, 12, 48], [48, 24, 48], [64, 36, 48]] as const,
    ...BROKEN.slice(4),
  ]);
  const played = withPedal(heard);
  assert(played.controls.length > 0);
  assert.deepEqual(applySustain(played).notes, heard.notes);
});

Deno.test("withPedal() leaves legato, held chords and other instruments as they are", () => {
  const legato = piece(
    [0, 12, 24, 36, 48, 60].map((
      start,
    ) => [60 + start / 12, start, start + 24]),
  );
  const chords = piece(
    [0, 48].flatMap((start) =>
      [48, 55, 60].map((pitch) => [pitch, start, start + 48] as const)
    ),
  );
  const strings = piece(BROKEN, 48);
  for (const heard of [legato, chords, strings]) {
    assert.deepEqual(withPedal(heard), heard);
  }
});
