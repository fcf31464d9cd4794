import assert from "node:assert/strict";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { dividePlayers } from "./players.ts";

type Row = readonly [pitch: number, start: number, end: number];
const C_MAJOR = [{ startTicks: 0, key: { tonic: 0, mode: "major" } as const }];

/** A piece of one part, or of one beside a bass. */
function pieceOf(
  program: number,
  rows: readonly Row[],
  bass: readonly Row[] = [],
): NoteSequence {
  const notesOf = (own: readonly Row[], part: number) =>
    own.map(([pitch, startTicks, endTicks]) => ({
      pitch,
      velocity: 80,
      startTicks,
      endTicks,
      part,
    }));
  const part = { name: "", isDrum: false };
  return {
    ...emptySequence(4),
    parts: [{ ...part, program }, { ...part, program: 33 }],
    notes: [...notesOf(rows, 0), ...notesOf(bass, 1)],
    controls: [{
      kind: "controlChange",
      ticks: 0,
      part: 0,
      controller: 64,
      value: 0,
    }] as never,
    totalTicks: 16,
  };
}

const pitchesOf = ({ notes }: NoteSequence, part: number) =>
  notes.filter((note) => note.part === part).map(({ pitch }) => pitch);

Deno.test("dividePlayers() has a second player go along beneath the first", () => {
  const piece = pieceOf(40, [[76, 0, 4], [77, 4, 8], [79, 8, 16]]);
  const made = dividePlayers(
    piece,
    { program: 40, programs: [40, 40] },
    C_MAJOR,
  );
  assert.deepEqual(made.parts.map(({ program }) => program), [40, 33, 40]);
  assert.deepEqual(pitchesOf(made, 0), [76, 77, 79]);
  const second = pitchesOf(made, 2);
  assert.equal(second.length, 3);
  for (const [i, pitch] of second.entries()) {
    assert([3, 4, 8, 9].includes([76, 77, 79][i]! - pitch), `${pitch}`);
    assert([0, 2, 4, 5, 7, 9, 11].includes(pitch % 12), `${pitch}`);
  }
  assert.equal(made.controls.length, 2);
});

Deno.test("dividePlayers() gives chords from the top to the bottom, one note each", () => {
  const chord: Row[] = [[48, 0, 16], [55, 0, 16], [64, 0, 16], [72, 0, 16]];
  const made = dividePlayers(
    pieceOf(48, chord),
    { program: 48, programs: [40, 40, 41, 42] },
    C_MAJOR,
  );
  assert.deepEqual(made.parts.map(({ program }) => program), [
    40,
    33,
    40,
    41,
    42,
  ]);
  assert.deepEqual([0, 2, 3, 4].map((part) => pitchesOf(made, part)), [
    [72],
    [64],
    [55],
    [48],
  ]);
});

Deno.test("dividePlayers() shares the chords of guitars between two", () => {
  const made = dividePlayers(
    pieceOf(24, [[52, 0, 8], [59, 0, 8], [64, 0, 8], [67, 0, 8]]),
    { program: 24, programs: [24, 24] },
    C_MAJOR,
  );
  assert.deepEqual(pitchesOf(made, 0), [64, 67]);
  assert.deepEqual(pitchesOf(made, 2), [52, 59]);
});

Deno.test("dividePlayers() avoids what grates against other parts, and stays in range", () => {
  // Beneath an E, a C would grate against the B of the bass.
  const piece = pieceOf(73, [[76, 0, 16]], [[35, 0, 16]]);
  const made = dividePlayers(
    piece,
    { program: 73, programs: [73, 73] },
    C_MAJOR,
  );
  assert.deepEqual(pitchesOf(made, 2), [71]);
  const low = pieceOf(73, [[60, 0, 16]]);
  const alone = dividePlayers(
    low,
    { program: 73, programs: [73, 73] },
    C_MAJOR,
  );
  // The flute has nothing beneath its lowest note.
  assert.deepEqual(pitchesOf(alone, 2), [64]);
});

Deno.test("dividePlayers() leaves a piece without the instrument as it is", () => {
  const piece = pieceOf(0, [[60, 0, 4]]);
  assert.equal(
    dividePlayers(piece, { program: 73, programs: [73, 73] }, C_MAJOR),
    piece,
  );
});
