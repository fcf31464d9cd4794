import assert from "node:assert/strict";
import { chordsOf } from "./sequence_chords.ts";
import { readChords } from "./reading.ts";
import { parseMidiEvents, writeMidi } from "../../midi/midi.ts";
import { emptySequence, type NoteSequence } from "../../music/music.ts";
import { Random } from "../../base/base.ts";

/** A piece of short and long notes, each of a pitch of its own. */
function randomPiece(random: Random): NoteSequence {
  const below = (limit: number) => Math.floor(random.next() * limit);
  const parts = Array.from({ length: 4 }, (_, i) => (
    { name: "", program: random.pick([0, 0, 40]), isDrum: i === 2 }
  ));
  return {
    ...emptySequence(480),
    parts,
    timeSignatures: [
      { ticks: 0, numerator: 3, denominator: 4 },
      { ticks: 1440 * 2, numerator: 4, denominator: 4 },
    ],
    tempos: [{ ticks: 700, qpm: 90 }],
    notes: Array.from({ length: 60 }, (_, i) => {
      const startTicks = below(40) * 120;
      return {
        pitch: 40 + i,
        velocity: 1 + below(127),
        startTicks,
        endTicks: startTicks + random.pick([0, 120, 240, 480, 700, 2000]),
        part: below(parts.length),
      };
    }),
    totalTicks: 10_000,
  };
}

Deno.test("chordsOf() reads what it would read in the file of a sequence", () => {
  const random = new Random(7);
  for (let i = 0; i < 20; i++) {
    const piece = randomPiece(random);
    const bytes = writeMidi(piece);
    const { tracks, ticksPerQuarter } = parseMidiEvents(bytes);
    assert.deepEqual(chordsOf(piece), readChords(tracks, ticksPerQuarter));
  }
});

Deno.test("chordsOf() takes what no file can hold", () => {
  const note = { velocity: 80, startTicks: 0, endTicks: 1, part: 0 };
  const piece: NoteSequence = {
    ...emptySequence(1),
    parts: [{ name: "Any name", program: 0, isDrum: false }],
    notes: [{ ...note, pitch: 60 }, {
      ...note,
      pitch: 62,
      startTicks: 2 ** 40,
      endTicks: 2 ** 40 + 1,
    }],
    tempos: [{ ticks: 0, qpm: 1 }],
  };
  assert.deepEqual(chordsOf(piece).map(({ pitches }) => pitches), [[60], [
    62,
  ]]);
});
