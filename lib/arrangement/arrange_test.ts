import assert from "node:assert/strict";
import { arrange, TICKS_PER_QUARTER } from "./arrange.ts";
import { parseMidi, writeMidi } from "../midi/midi.ts";
import { emptySequence, type NoteSequence } from "../music/music.ts";

/** Piano, bass, pad, flute and drums on a grid of 12 steps, eight bars. */
const PARTS = [0, 33, 89, 73].map((program) => ({
  name: "",
  program,
  isDrum: false,
})).concat({ name: "", program: 0, isDrum: true });

type Row = [pitch: number, start: number, end: number, part?: number];

function piece(rows: readonly Row[], velocity = 70): NoteSequence {
  return {
    ...emptySequence(12),
    parts: PARTS,
    notes: rows.map(([pitch, startTicks, endTicks, part = 0]) => ({
      pitch,
      velocity,
      startTicks,
      endTicks,
      part,
    })),
    tempos: [{ ticks: 0, qpm: 72 }],
    timeSignatures: [{ ticks: 0, numerator: 4, denominator: 4 }],
    totalTicks: 8 * 48,
  };
}

const KEY = { tonic: 2, mode: "minor" } as const;
const LATEST = 8;
/** Notes all over the eight bars. */
const MUSIC = piece(
  Array.from({ length: 64 }, (_, i): Row => [
    [62, 38, 57, 74, 42][i % 5]!,
    6 * i,
    6 * i + 6,
    i % 5,
  ]),
);

Deno.test("arrange() makes a type 1 file with named tracks, one tempo, meter and key", () => {
  const bytes = writeMidi(arrange(MUSIC, { key: KEY }));
  assert.equal(new DataView(bytes.buffer).getUint16(8), 1);
  const { parts, tempos, timeSignatures, keySignatures } = parseMidi(bytes);
  assert.deepEqual(
    parts.map(({ name, program, isDrum }) => [name, program, isDrum]),
    [
      ["Keys", 0, false],
      ["Bass", 33, false],
      ["Pad", 89, false],
      ["Melody", 73, false],
      ["Drums", 0, true],
    ],
  );
  assert.equal(tempos.length, 1);
  assert.deepEqual(timeSignatures, [{
    ticks: 0,
    numerator: 4,
    denominator: 4,
  }]);
  assert.deepEqual(keySignatures, [{ ticks: 0, fifths: -1, mode: "minor" }]);
});

Deno.test("arrange() plays a little late, never early, and within the piece", () => {
  const scale = TICKS_PER_QUARTER / 12;
  const played = arrange(MUSIC, { key: KEY });
  assert.equal(played.totalTicks, MUSIC.totalTicks * scale);
  let uneven = 0;
  played.notes.forEach((note, i) => {
    const late = note.startTicks - MUSIC.notes[i]!.startTicks * scale;
    assert.ok(late >= 0 && late <= LATEST, `${late}`);
    assert.ok(note.endTicks > note.startTicks);
    assert.ok(note.endTicks <= played.totalTicks);
    if (late > 0) uneven++;
  });
  assert.ok(uneven > 16);
  assert.ok(new Set(played.notes.map(({ velocity }) => velocity)).size > 4);
  assert.deepEqual(arrange(MUSIC, { key: KEY }), played);
});

Deno.test("arrange() plays the notes of a chord together, and each chord differently late", () => {
  const chords = Array.from({ length: 16 }, (_, i) => 12 * i);
  const rows = chords.flatMap((start): Row[] =>
    [60, 64, 67].map((pitch) => [pitch, start, start + 12])
  );
  const { notes } = arrange(piece(rows), { key: KEY });
  const starts = chords.map((_, i) =>
    notes.slice(3 * i, 3 * i + 3).map(({ startTicks }) => startTicks)
  );
  for (const [i, three] of starts.entries()) {
    assert.equal(new Set(three).size, 1, `chord ${i}: ${three}`);
  }
  const lateness = starts.map(([start], i) => start! - 480 * i);
  assert.ok(new Set(lateness).size > 3, `${lateness}`);
});

for (
  const [loudness, low, high] of [
    ["soft", 1, 56],
    ["medium", 56, 80],
    ["loud", 80, 127],
  ] as const
) {
  Deno.test(`arrange() plays ${loudness} where it is asked to`, () => {
    for (const velocity of [20, 50, 70, 90, 120]) {
      const notes = piece(
        MUSIC.notes.map((n): Row => [
          n.pitch,
          n.startTicks,
          n.endTicks,
          n.part,
        ]),
        velocity,
      );
      const played = arrange(notes, { key: KEY, loudness }).notes;
      const mean = played.reduce((sum, note) => sum + note.velocity, 0) /
        played.length;
      assert.ok(mean >= low && mean < high, `${velocity} → ${mean}`);
    }
  });
}

Deno.test("arrange() closes on the tonic in the bass, and lets the last notes ring", () => {
  const played = arrange(
    piece([[60, 0, 48], [45, 336, 348, 1], [69, 336, 350], [65, 342, 350], [
      42,
      336,
      337,
      4,
    ]]),
    { key: KEY, closes: true },
  );
  const end = played.totalTicks;
  const last = played.notes.filter(({ startTicks }) => startTicks > 300 * 40);
  const bass = last.find(({ part }) => part === 1)!;
  assert.equal(bass.pitch % 12, 2, "the tonic D");
  assert.equal(bass.endTicks, end);
  assert.equal(last.find(({ pitch }) => pitch === 65)!.endTicks, end);
  assert.ok(last.find(({ pitch }) => pitch === 69)!.endTicks < end);
  assert.ok(last.find(({ part }) => part === 4)!.endTicks < end);
});

Deno.test("arrange() swings off-beats, but not triplets, and not music in eighths", () => {
  const starts = (sequence: NoteSequence, swing?: number) =>
    arrange(sequence, { key: KEY, swing }).notes
      .map(({ startTicks }) => Math.round(startTicks / 40));
  const straight = piece([[60, 0, 6], [62, 6, 12], [64, 12, 18], [65, 18, 24]]);
  assert.deepEqual(starts(straight), [0, 6, 12, 18]);
  assert.deepEqual(starts(straight, 2 / 3), [0, 8, 12, 20]);
  const triplets = piece([[60, 0, 4], [62, 4, 8], [64, 8, 12], [65, 18, 24]]);
  assert.deepEqual(starts(triplets, 2 / 3), [0, 4, 8, 20]);
  assert.deepEqual(starts(triplets, 0.55), [0, 4, 8, 18], "a little swing");
  const compound: NoteSequence = {
    ...straight,
    timeSignatures: [{ ticks: 0, numerator: 6, denominator: 8 }],
  };
  assert.deepEqual(starts(compound, 2 / 3), [0, 6, 12, 18]);
  assert.throws(
    () => arrange(straight, { key: KEY, swing: 1 }),
    /swing must be from 0\.5 to 0\.75, current value is 1/,
  );
});

Deno.test("arrange() keeps the pedal, which swings with the notes, and adds a mix that stays", () => {
  const controls = [0, 24].flatMap((ticks) => [
    { ticks, part: 0, controller: 64, value: 127 },
    { ticks: ticks + 18, part: 0, controller: 64, value: 0 },
  ]);
  const played = (swing?: number) =>
    arrange({ ...MUSIC, controls }, { key: KEY, swing }).controls;
  const pedal = (swing?: number) =>
    played(swing).filter(({ controller }) => controller === 64)
      .map(({ ticks, part, value }) => [ticks / 40, part, value]);
  assert.deepEqual(
    pedal(),
    controls.map(({ ticks, part, value }) => [ticks, part, value]),
  );
  assert.deepEqual(pedal(2 / 3).map(([ticks]) => ticks), [0, 20, 24, 44]);
  const others = played().filter(({ controller }) => controller !== 64);
  assert.equal(others.length, 3 * PARTS.length);
  assert.ok(others.every(({ ticks }) => ticks === 0));
});

Deno.test("arrange() moves no note or pedal to another step, nor a velocity by more than 3", () => {
  for (const swing of [0.5, 0.52]) {
    const played = arrange(MUSIC, { key: KEY, swing, randomSeed: 4 });
    for (const [i, note] of played.notes.entries()) {
      const { startTicks, velocity } = MUSIC.notes[i]!;
      assert.equal(Math.round(note.startTicks / 40), startTicks);
      assert.ok(Math.abs(note.velocity - velocity) <= 3);
    }
  }
});

Deno.test("arrange() leaves a last bar that closes as it is", () => {
  const closing = piece([[60, 0, 48], [38, 336, 348, 1], [69, 336, 350]]);
  const ends = (closes: boolean) =>
    arrange(closing, { key: KEY, closes }).notes.map(({ endTicks }) =>
      endTicks
    );
  assert.deepEqual(ends(true), ends(false));
});

Deno.test("arrange() adds soft drums in the meter, swung with the rest, and stops them at the end", () => {
  const quiet = piece([[60, 0, 48]]);
  const { parts, notes } = arrange(quiet, {
    key: KEY,
    addsDrums: true,
    swing: 2 / 3,
  });
  const drums = notes.filter(({ part }) => parts[part]!.isDrum);
  const bar = 4 * TICKS_PER_QUARTER;
  assert.ok(drums.length > 40);
  assert.ok(drums.every(({ velocity }) => velocity < 70));
  const inBar = (i: number) =>
    drums.filter(({ startTicks }) => Math.floor(startTicks / bar) === i);
  assert.deepEqual(new Set(inBar(0).map(({ pitch }) => pitch)), new Set([42]));
  assert.deepEqual(
    new Set(inBar(3).map(({ pitch }) => pitch)),
    new Set([36, 38, 42]),
  );
  assert.deepEqual(inBar(7).map(({ pitch }) => pitch), [36]);
  const offBeats = drums.filter(({ startTicks }) =>
    startTicks % TICKS_PER_QUARTER > LATEST
  );
  assert.ok(offBeats.length > 10);
  for (const { startTicks } of offBeats) {
    assert.ok(startTicks % TICKS_PER_QUARTER >= 2 / 3 * TICKS_PER_QUARTER);
  }
});

Deno.test("arrange() gives each section its key signature, loudness, line and marker", () => {
  const bar = 48;
  const { keySignatures, markers, notes } = arrange(MUSIC, {
    key: KEY,
    sections: [
      { startTicks: 0, key: KEY, loudness: "soft", name: "A" },
      {
        startTicks: 2 * bar,
        key: { tonic: 5, mode: "major" },
        loudness: "loud",
      },
      { startTicks: 4 * bar, key: KEY, velocity: [100, 40], name: "C" },
    ],
  });
  assert.deepEqual(
    keySignatures.map(({ ticks, fifths, mode }) => [ticks, fifths, mode]),
    [
      [0, -1, "minor"],
      [3840, -1, "major"],
      [7680, -1, "minor"],
    ],
  );
  assert.deepEqual(markers, [{ ticks: 0, text: "A" }, {
    ticks: 7680,
    text: "C",
  }]);
  const mean = (from: number, to: number) => {
    const own = notes.filter(({ startTicks }) =>
      startTicks >= from * 1920 && startTicks < to * 1920
    );
    return own.reduce((sum, { velocity }) => sum + velocity, 0) / own.length;
  };
  assert.ok(mean(0, 2) < 52 && mean(2, 4) > 84);
  assert.ok(Math.abs(mean(4, 5) - 92.5) < 4 && Math.abs(mean(7, 8) - 47.5) < 4);
});

Deno.test("arrange() names each player of a group by what is played", () => {
  const { parts } = arrange({
    ...emptySequence(12),
    parts: [{ name: "", program: 48, isDrum: false }],
    notes: [48, 55, 64, 72].map((pitch) => ({
      pitch,
      velocity: 70,
      startTicks: 0,
      endTicks: 48,
      part: 0,
    })),
    totalTicks: 48,
  }, {
    key: { tonic: 0, mode: "major" },
    partNames: new Map([[48, "strings"]]),
    players: [{ program: 48, programs: [40, 40, 41, 42] }],
  });
  assert.deepEqual(parts.map(({ name }) => name), [
    "Violin",
    "Violin 2",
    "Viola",
    "Cello",
  ]);
});
