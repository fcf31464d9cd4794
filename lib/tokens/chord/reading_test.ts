// The expected values are the output of music21 10.5.1 for the same events.

import assert from "node:assert/strict";
import { LimitError } from "../../base/base.ts";
import { readChords } from "./reading.ts";
import type {
  InstrumentEvent,
  KeyEvent,
  TrackEvents,
} from "../../midi/midi.ts";

/** Start and end in ticks, 480 to the quarter; pitch; channel. */
type Row = readonly [number, number, number, number?];

function track(rows: readonly Row[], more: Partial<TrackEvents> = {}) {
  const keys = rows.flatMap(([start, end, pitch, channel = 0]): KeyEvent[] => [
    { ticks: start, channel, isDrum: channel === 9, pitch, velocity: 80 },
    { ticks: end, channel, isDrum: channel === 9, pitch, velocity: 0 },
  ]);
  return {
    keys: keys.sort((a, b) => a.ticks - b.ticks || a.velocity - b.velocity),
    instruments: [],
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
    ...more,
  };
}

const program = (ticks: number, program: number): InstrumentEvent => (
  { ticks, channel: 0, program }
);

function meter(ticks: number, numerator: number, denominator: number) {
  return { timeSignatures: [{ ticks, numerator, denominator }] };
}

/** Pitches that sound together joined by "+". */
const read = (...tracks: TrackEvents[]) =>
  readChords(tracks, 480).map(({ pitches }) => pitches.join("+")).join(" ");

/** Keys of channel 0 from rows of ticks, pitch and velocity. */
const keysOf = (rows: readonly (readonly [number, number, number])[]) =>
  rows.map(([ticks, pitch, velocity]) => (
    { ticks, channel: 0, isDrum: false, pitch, velocity }
  ));

Deno.test("readChords() joins notes that begin and end together", () => {
  const notes = track([[0, 480, 60], [0, 480, 64], [0, 480, 67], [
    480,
    960,
    72,
  ]]);
  assert.equal(read(notes), "60+64+67 72");
});

Deno.test("readChords() joins notes less than a sixteenth apart", () => {
  const notes = track([
    [0, 480, 60],
    [119, 400, 64],
    [120, 480, 67],
    [480, 960, 62],
    [490, 600, 65],
  ]);
  assert.equal(read(notes), "60+64 67 62 65");
});

Deno.test("readChords() puts a note into every chord that it ends with", () => {
  assert.equal(
    read(track([[0, 100, 60], [0, 300, 62], [0, 200, 64]])),
    "60+64 62+64",
  );
});

Deno.test("readChords() counts what sounds across a barline in each bar", () => {
  assert.equal(
    read(track([[960, 2880, 60], [960, 2880, 64], [2880, 3840, 67]])),
    "60+64 60+64 67",
  );
  assert.equal(read(track([[960, 5760, 60]])), "60 60 60");
});

Deno.test("readChords() cuts a chord only once if it sounds from a bar with voices into another", () => {
  const notes = track([
    [0, 5760, 48],
    [0, 480, 60],
    [480, 960, 62],
    [1920, 2400, 64],
    [1930, 3840, 65],
    [3840, 4320, 66],
    [3850, 5760, 67],
  ]);
  assert.equal(read(notes), "48 60 62 64 65 48 66 67");
});

Deno.test("readChords() ends notes of one key at the same release", () => {
  const keys = keysOf([
    [0, 60, 80],
    [240, 60, 80],
    [480, 60, 0],
    [960, 62, 80],
  ]);
  // The last key is never released, so it gives no note.
  assert.equal(read(track([], { keys })), "60 60");
});

Deno.test("readChords() puts notes of no length before others", () => {
  const keys = keysOf([
    [0, 60, 80],
    [480, 60, 0],
    [480, 64, 80],
    [480, 62, 80],
    [480, 62, 0],
    [960, 64, 0],
  ]);
  assert.equal(read(track([], { keys })), "60 62 64");
});

Deno.test("readChords() leaves percussion out", () => {
  const notes = track([[0, 480, 36, 9], [0, 480, 38, 9], [480, 960, 60]]);
  assert.equal(read(notes), "60");
});

Deno.test("readChords() takes for percussion what the file does, on any channel", () => {
  const { keys, ...rest } = track([[0, 480, 36, 10], [480, 960, 60, 9]]);
  const switched = keys.map((key) => ({ ...key, isDrum: key.channel === 10 }));
  assert.equal(read({ ...rest, keys: switched }), "60");
});

Deno.test("readChords() takes the meter from tracks without notes before", () => {
  const notes = track([[960, 1920, 60]]);
  assert.equal(read(track([], meter(0, 3, 4)), notes), "60 60");
  assert.equal(read(notes, track([], meter(0, 3, 4))), "60");
  assert.equal(read(notes, track([[960, 1920, 60]], meter(0, 3, 4))), "60");
});

Deno.test("readChords() changes the meter at the next bar", () => {
  const notes = track([[0, 1920, 60], [1920, 3840, 62]], {
    timeSignatures: [
      { ticks: 0, numerator: 3, denominator: 4 },
      { ticks: 1440, numerator: 4, denominator: 4 },
    ],
  });
  assert.equal(read(notes), "60 60 62 62");
});

Deno.test("readChords() merges the tracks of the first instrument", () => {
  assert.equal(
    read(
      track([[0, 480, 60], [960, 1440, 62]], { instruments: [program(0, 0)] }),
      track([[480, 960, 48], [960, 1440, 50]], {
        instruments: [program(0, 1)],
      }),
      track([[0, 480, 90]], { instruments: [program(0, 40)] }),
    ),
    "60 48 62 50",
  );
});

Deno.test("readChords() follows the first instrument through a track", () => {
  const notes: Row[] = [
    [0, 480, 60],
    [480, 960, 62],
    [960, 1440, 64],
    [1920, 2400, 65],
  ];
  const changes = [program(0, 0), program(960, 40), program(1920, 0)];
  assert.equal(read(track(notes, { instruments: changes })), "60 62 65");
  assert.equal(
    read(track(notes.slice(0, 2), { instruments: [program(480, 0)] })),
    "62",
  );
});

Deno.test("readChords() finds nothing where the track name contradicts the program", () => {
  const right = [{ ticks: 0, trackName: "Piano right" }, program(0, 0)];
  const left = [{ ticks: 0, trackName: "Piano left" }];
  assert.equal(
    read(
      track([[0, 480, 60]], { instruments: right }),
      track([[0, 480, 48]], { instruments: left }),
    ),
    "",
  );
});

Deno.test("readChords() takes tracks with unknown names for one instrument", () => {
  const named = (trackName: string, pitch: number) =>
    track([[0, 480, pitch]], { instruments: [{ ticks: 0, trackName }] });
  assert.equal(
    read(named("Melody", 60), named("Chords", 48), named("Flute", 72)),
    "60 48",
  );
});

Deno.test("readChords() delays all bars after one that is too long", () => {
  const first: Row[] = [
    [0, 2400, 60],
    [0, 2400, 64],
    [10, 480, 67],
    [1920, 2400, 72],
    [2400, 3840, 71],
  ];
  const second: Row[] = [[480, 960, 50], [1920, 2400, 52], [2400, 2880, 53]];
  const instruments = [program(0, 0)];
  assert.equal(
    read(track(first, { instruments }), track(second, { instruments })),
    "60+64 67 50 52 72 60+64 53 71",
  );
});

Deno.test("readChords() gives positions and durations in twelfths of a quarter", () => {
  const chords = readChords([
    track([[0, 170, 60], [480, 640, 62], [2080, 2200, 64]]),
  ], 480);
  assert.deepEqual(
    chords.map(({ start, position, duration }) => [start, position, duration]),
    // 170 ticks are nearest to a triplet eighth, but a sixteenth leaves no gap.
    [[0, 0, 3], [12, 12, 4], [52, 4, 3]],
  );
});

Deno.test("readChords() skips silence however long", () => {
  const far = 480 * 4 * 1_000_000;
  const notes = track([[0, 480, 60], [far, far + 480, 62]]);
  assert.equal(read(notes), "60 62");
});

Deno.test("readChords() finds no chords in a file without notes", () => {
  assert.equal(read(), "");
  assert.equal(read(track([])), "");
  const held = keysOf([[0, 60, 80]]);
  assert.equal(read(track([], { keys: held })), "");
});

Deno.test("readChords() joins notes of 20,000 different lengths at one tick", () => {
  const rows = Array.from({ length: 20_000 }, (_, i): Row => [0, 1 + i, 60]);
  const instruments = [program(0, 0)];
  const keys = keysOf([
    ...rows.map(([start, , pitch]) => [start, pitch, 80] as const),
    ...rows.map(([, end, pitch]) => [end, pitch, 0] as const),
  ]);
  // One release ends all notes of the key.
  assert.equal(read(track([], { keys })), rows.map(() => 60).join("+"));
  const channels = rows.map(([start, end], i) =>
    [start, end, i % 100, Math.floor(i / 100) % 9] as const
  );
  const chords = readChords([track(channels, { instruments })], 480);
  assert.ok(chords.length < 1000);
});

Deno.test("readChords() reads 20,000 instruments, meters and bars in time", () => {
  const rows = Array.from(
    { length: 20_000 },
    (_, i): Row => [i * 1920, i * 1920 + 480, 60 + i % 2],
  );
  const instruments = rows.map(([start], i) => program(start, i % 2 * 40));
  const timeSignatures = rows.map(([ticks], i) => (
    { ticks, numerator: 3 + i % 2, denominator: 4 }
  ));
  const notes = track(rows, { instruments, timeSignatures });
  const started = performance.now();
  assert.equal(readChords([notes], 480).length, 10_000);
  assert.ok(performance.now() - started < 2000);
});

Deno.test("readChords() refuses a note that sounds across millions of barlines", () => {
  const notes = track([[0, 2 ** 28, 60]]);
  assert.throws(() => readChords([notes], 1), (error: unknown) => {
    assert(error instanceof LimitError);
    assert.equal(error.reason, "its notes sound across too many barlines");
    return true;
  });
});

Deno.test("readChords() refuses changes of meter for thousands of tracks", () => {
  const ticks = Array.from({ length: 2000 }, (_, i) => i * 480);
  const conductor = track([], {
    timeSignatures: ticks.map((ticks) => (
      { ticks, numerator: 1, denominator: 4 }
    )),
  });
  const one = track([[0, 480, 60]], { instruments: [program(0, 0)] });
  const some = Array.from({ length: 100 }, () => ({ ...one }));
  assert.equal(readChords([conductor, ...some], 480).length, 100);
  const many = Array.from({ length: 2000 }, () => ({ ...one }));
  assert.throws(() => readChords([conductor, ...many], 480), LimitError);
});

Deno.test("readChords() gives each note the first free of a thousand voices", () => {
  // Each begins after the one before, and all end together: a voice for each.
  const rows = Array.from(
    { length: 1000 },
    (_, i): Row => [i * 120, 480 * 1000, i % 128],
  );
  const chords = readChords([track(rows)], 480);
  assert.deepEqual(chords.slice(0, 3).map(({ pitches }) => pitches), [
    [0],
    [1],
    [2],
  ]);
});
