import assert from "node:assert/strict";
import { groupBeats } from "./group_beats.ts";
import { emptySequence, type NoteSequence } from "./note_sequence.ts";

const TICKS = 12;

/**
 * A piece in bars of one beat: a chord that lasts four beats, and a melody of beats,
 * the chords on beats `first`, `first + 4`, ….
 */
function piece(first: number): NoteSequence {
  const note = (pitch: number, beat: number, beats: number) => ({
    pitch,
    velocity: 80,
    startTicks: TICKS * beat,
    endTicks: TICKS * (beat + beats),
    part: 0,
  });
  const notes = Array.from({ length: 16 }, (_, beat) => [
    ...beat % 4 === first % 4
      ? [note([48, 45, 41, 43][beat >> 2]!, beat, 4)]
      : [],
    note(72 + beat % 5, beat, 1),
  ]).flat();
  return {
    ...emptySequence(TICKS),
    parts: [{ name: "", program: 0, isDrum: false }],
    notes,
    tempos: [{ ticks: 0, qpm: 70 }, { ticks: TICKS, qpm: 72 }],
    timeSignatures: [{ ticks: 0, numerator: 1, denominator: 4 }],
    markers: [{ ticks: 2 * TICKS, text: "A" }],
    totalTicks: 20 * TICKS,
  };
}

Deno.test("groupBeats() begins bars where basses and long notes begin", () => {
  for (const [first, beats] of [[0, 0], [1, 3], [2, 2], [3, 1]] as const) {
    const given = piece(first);
    const { sequence, repairs } = groupBeats(given);
    const ticks = TICKS * beats;
    assert.deepEqual(sequence.timeSignatures, [
      { ticks: 0, numerator: 4, denominator: 4 },
    ]);
    assert.deepEqual(
      sequence.notes.map(({ startTicks, endTicks }) => [startTicks, endTicks]),
      given.notes.map((one) => [one.startTicks + ticks, one.endTicks + ticks]),
    );
    assert.deepEqual(
      sequence.tempos.map((tempo) => tempo.ticks),
      [0, TICKS + ticks],
    );
    assert.equal(sequence.markers?.[0]?.ticks, 2 * TICKS + ticks);
    assert.equal(sequence.totalTicks, 20 * TICKS + ticks);
    assert.deepEqual(repairs.map(({ count }) => count), [20]);
  }
});

Deno.test("groupBeats() leaves other meters, and pieces without notes, as they are", () => {
  const given = piece(0);
  for (
    const other of [
      { ...given, notes: [] },
      { ...given, timeSignatures: [] },
      {
        ...given,
        timeSignatures: [
          { ticks: 0, numerator: 1, denominator: 4 },
          { ticks: 48, numerator: 3, denominator: 4 },
        ],
      },
      {
        ...given,
        timeSignatures: [{ ticks: 0, numerator: 1, denominator: 2 }],
      },
    ]
  ) assert.deepEqual(groupBeats(other), { sequence: other, repairs: [] });
});
