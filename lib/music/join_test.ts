import assert from "node:assert/strict";
import { joinSequences } from "./join.ts";
import { emptySequence, type NoteSequence } from "./note_sequence.ts";

const piece = (
  programs: readonly number[],
  other: Partial<NoteSequence> = {},
): NoteSequence => ({
  ...emptySequence(12),
  parts: programs.map((program) => ({
    name: `${program}`,
    program,
    isDrum: false,
  })),
  notes: programs.map((_, part) => ({
    pitch: 60 + part,
    velocity: 70,
    startTicks: 0,
    endTicks: 12,
    part,
  })),
  tempos: [{ ticks: 0, qpm: 80 }],
  totalTicks: 48,
  ...other,
});

Deno.test("joinSequences() gives notes of one program one part, and moves all by what came before", () => {
  const joined = joinSequences([
    piece([0, 33]),
    piece([33, 40], {
      controls: [{ ticks: 12, part: 1, controller: 64, value: 127 }],
      keySignatures: [{ ticks: 0, fifths: 2, mode: "major" }],
      markers: [{ ticks: 0, text: "B" }],
    }),
  ]);
  assert.deepEqual(joined.parts.map(({ program }) => program), [0, 33, 40]);
  assert.deepEqual(
    joined.notes.map(({ startTicks, part }) => [startTicks, part]),
    [[0, 0], [0, 1], [48, 1], [48, 2]],
  );
  assert.deepEqual(joined.controls, [
    { ticks: 60, part: 2, controller: 64, value: 127 },
  ]);
  assert.deepEqual(joined.tempos, [{ ticks: 0, qpm: 80 }], "no change");
  assert.deepEqual(joined.keySignatures[0]?.ticks, 48);
  assert.deepEqual(joined.markers, [{ ticks: 48, text: "B" }]);
  assert.equal(joined.totalTicks, 96);
});

Deno.test("joinSequences() states what a later piece leaves to the default", () => {
  const waltz = { ticks: 0, numerator: 3, denominator: 4 };
  const { timeSignatures, tempos } = joinSequences([
    piece([0], { timeSignatures: [waltz] }),
    piece([0], { tempos: [] }),
  ]);
  assert.deepEqual(timeSignatures, [
    waltz,
    { ticks: 48, numerator: 4, denominator: 4 },
  ]);
  assert.deepEqual(tempos[1], { ticks: 48, qpm: 120 });
});

Deno.test("joinSequences() keeps two parts of a program apart, and refuses what does not fit", () => {
  assert.equal(joinSequences([piece([0, 0]), piece([0, 0])]).parts.length, 2);
  assert.throws(() => joinSequences([]), /there is none/);
  assert.throws(
    () => joinSequences([piece([0]), piece([0], { ticksPerQuarter: 24 })]),
    /must have 12 ticks to a quarter note, current value is 24/,
  );
});
