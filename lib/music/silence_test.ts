import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import type { NoteSequence } from "./note_sequence.ts";
import { cutSilence } from "./silence.ts";
import { applySustain } from "./sustain.ts";
import { type NoteRow, pedal, piece, rowsOf } from "./testing.ts";

/** Ticks to a bar of 4/4. */
const BAR = 1920;

/** What is left, and the bars cut before, between and after the notes. */
function cut(sequence: NoteSequence, maxGapBars?: number) {
  const { sequence: left, cuts } = maxGapBars === undefined
    ? cutSilence(sequence)
    : cutSilence(sequence, { maxGapBars });
  const told = (words: string) =>
    cuts.find(({ reason }) => reason.includes(words))?.count ?? 0;
  return {
    left,
    rows: rowsOf(left),
    bars: left.totalTicks / BAR,
    told: [told("before"), told("gaps"), told("after")],
  };
}

Deno.test("cutSilence() lets music begin in the bar of its first note", () => {
  const { rows, bars, told } = cut(
    piece([[60, 3 * BAR + 480, 3 * BAR + 960, 0]], { totalTicks: 4 * BAR }),
  );
  assert.deepEqual(rows, [[60, 480, 960, 0]]);
  assert.deepEqual([bars, told], [1, [3, 0, 0]]);
});

Deno.test("cutSilence() gives back a piece without dead time as it is", () => {
  const whole = piece([[60, 480, 960, 0]], { totalTicks: BAR });
  assert.equal(cutSilence(whole).sequence, whole);
  const silent = piece([], { totalTicks: 100 * BAR });
  assert.equal(cutSilence(silent).sequence, silent);
  // It is no longer than it was, though its last bar is not full.
  const short = piece([[60, 480, 960, 0]]);
  assert.equal(cutSilence(short).sequence, short);
});

Deno.test("cutSilence() ends with the bar of the last release, whatever tempi follow", () => {
  const tempos = Array.from(
    { length: 100 },
    (_, i) => ({ ticks: i * BAR, qpm: 60 + i }),
  );
  const { left, bars, told } = cut(
    piece([[60, 0, BAR, 0]], { tempos, totalTicks: 99 * BAR }),
  );
  assert.deepEqual([bars, told], [1, [0, 0, 98]]);
  assert.deepEqual(left.tempos, [{ ticks: 0, qpm: 60 }]);
});

Deno.test("cutSilence() cuts a bar or two at the end without a word", () => {
  for (const [rest, told] of [[1, 0], [2, 0], [3, 3]] as const) {
    const rested = cut(
      piece([[60, 0, BAR, 0]], { totalTicks: (1 + rest) * BAR }),
    );
    assert.deepEqual([rested.bars, rested.told], [1, [0, 0, told]]);
  }
});

Deno.test("cutSilence() leaves eight bars of a longer gap, or as many as asked", () => {
  const gap = (bars: number) =>
    piece([[60, 0, BAR, 0], [62, (1 + bars) * BAR + 480, (2 + bars) * BAR, 0]]);
  assert.equal(cut(gap(8)).bars, 10);
  const long = cut(gap(20));
  assert.deepEqual([long.bars, long.told], [10, [0, 12, 0]]);
  assert.deepEqual(long.rows, [
    [60, 0, BAR, 0],
    [62, 9 * BAR + 480, 10 * BAR, 0],
  ]);
  assert.equal(cut(gap(20), 2).bars, 4);
  assert.equal(cut(gap(20), 0).bars, 2);
});

Deno.test("cutSilence() tells nothing silent while a long note sounds", () => {
  const drone = piece([[60, 0, 30 * BAR, 0], [62, 0, 480, 0], [
    64,
    29 * BAR,
    30 * BAR,
    0,
  ]]);
  assert.equal(cutSilence(drone).sequence, drone);
});

Deno.test("cutSilence() keeps the bars, tempo, key and controllers after a cut", () => {
  const { left } = cut(
    piece(
      [[60, 0, BAR, 0], [62, 10 * BAR + 1440, 10 * BAR + 2880, 0]],
      {
        // 4/4 for ten bars, then 3/4.
        timeSignatures: [
          { ticks: 0, numerator: 4, denominator: 4 },
          { ticks: 10 * BAR, numerator: 3, denominator: 4 },
        ],
        tempos: [{ ticks: 0, qpm: 70 }, { ticks: 5 * BAR, qpm: 80 }, {
          ticks: 6 * BAR,
          qpm: 90,
        }],
        keySignatures: [{ ticks: 7 * BAR, fifths: 2, mode: "major" }],
        controls: [5, 6, 7].map((bar) => (
          { ticks: bar * BAR, part: 0, controller: 7, value: 10 * bar }
        )),
        totalTicks: 10 * BAR + 2880,
      },
    ),
    2,
  );
  // Bars 3 to 9 are cut, and the first bar of 3/4.
  assert.deepEqual(rowsOf(left), [[60, 0, BAR, 0], [
    62,
    3 * BAR,
    3 * BAR + 1440,
    0,
  ]]);
  assert.deepEqual(left.timeSignatures.map(({ ticks }) => ticks), [0, 3 * BAR]);
  assert.deepEqual(left.tempos, [{ ticks: 0, qpm: 70 }, {
    ticks: 3 * BAR,
    qpm: 90,
  }]);
  assert.deepEqual(left.keySignatures.map(({ ticks }) => ticks), [3 * BAR]);
  assert.deepEqual(left.controls, [
    { ticks: 3 * BAR, part: 0, controller: 7, value: 70 },
  ]);
  assert.equal(left.totalTicks, 3 * BAR + 1440);
});

Deno.test("cutSilence() hears the pedal, but no pedal left down for an hour", () => {
  const held = (lift: number) =>
    piece([[60, 0, 480, 0]], {
      controls: pedal([[0, 127], [lift, 0]]),
      totalTicks: Math.max(lift, BAR),
    });
  assert.equal(cut(held(3 * BAR)).bars, 3);
  const hour = cut(held(900 * BAR));
  assert.deepEqual([hour.bars, hour.told], [9, [0, 0, 891]]);
  assert.equal(applySustain(hour.left).totalTicks, 9 * BAR);
});

Deno.test("cutSilence() keeps a lift of the pedal that falls into a cut", () => {
  const { left } = cut(piece([[60, 0, 480, 0], [64, 40 * BAR, 41 * BAR, 0]], {
    controls: pedal([[0, 127], [30 * BAR, 0], [39 * BAR, 127]]),
  }));
  // Eight bars of ringing, eight of rest; then the pedal lifts and is pressed.
  assert.deepEqual(rowsOf(applySustain(left)), [
    [60, 0, 17 * BAR, 0],
    [64, 17 * BAR, 18 * BAR, 0],
  ]);
});

Deno.test("cutSilence() cuts endless notes short, where no other note begins", () => {
  const stuck = cutSilence(piece([[36, 0, 5000 * BAR, 0], [60, 0, 480, 0]]));
  assert.deepEqual(rowsOf(stuck.sequence), [
    [36, 0, 257 * BAR, 0],
    [60, 0, 480, 0],
  ]);
  assert.deepEqual(stuck.cuts, [{
    reason: "bars in which no note begins were cut out of endless notes",
    count: 4743,
  }]);
  // Another note begins late; the long one still ends after it.
  const { left } = cut(
    piece([[36, 0, 5000 * BAR, 0], [60, 4000 * BAR, 4001 * BAR, 0]]),
  );
  assert.deepEqual(rowsOf(left), [
    [36, 0, (257 + 257) * BAR, 0],
    [60, 257 * BAR, 258 * BAR, 0],
  ]);
  const late = cut(piece([[36, 600 * BAR, 601 * BAR, 0]]));
  assert.deepEqual([late.bars, late.told], [1, [600, 0, 0]]);
  const drone = piece([[36, 0, 256 * BAR, 0]]);
  assert.equal(cutSilence(drone).sequence, drone);
});

Deno.test("cutSilence() takes bars of a 64th for no more than they last", () => {
  const timeSignatures = [{ ticks: 0, numerator: 1, denominator: 64 }];
  // A rest of seven quarters, and a note of a hundred.
  const short = piece([[60, 0, 480, 0], [62, 8 * 480, 108 * 480, 0]], {
    timeSignatures,
  });
  assert.equal(cutSilence(short).sequence, short);
  const gap = piece([[60, 0, 480, 0], [62, 480 * 480, 481 * 480, 0]], {
    timeSignatures,
  });
  assert.deepEqual(rowsOf(cutSilence(gap).sequence), [
    [60, 0, 480, 0],
    [62, 9 * 480, 10 * 480, 0],
  ]);
});

Deno.test("cutSilence() changes nothing the second time", () => {
  const random = new Random(4);
  for (let round = 0; round < 300; round++) {
    const long = [10, 2000, 40 * BAR, 900 * BAR];
    let ticks = random.int(random.pick(long));
    const notes = Array.from({ length: 1 + random.int(9) }, (): NoteRow => {
      const start = ticks;
      ticks += random.int(random.pick(long));
      return [60, start, start + random.int(random.pick(long)), 0];
    });
    const wild = piece(notes, {
      controls: pedal([[random.int(BAR), 127], [
        random.int(ticks + 1) + BAR,
        0,
      ]]),
      timeSignatures: [{
        ticks: random.int(3 * BAR),
        numerator: 1 + random.int(9),
        denominator: random.pick([2, 4, 8, 64]),
      }],
    });
    const once = cutSilence(wild).sequence;
    assert.deepEqual(cutSilence(once).cuts, []);
    assert.equal(cutSilence(once).sequence, once);
    assert.equal(once.notes.length, wild.notes.length);
  }
});

Deno.test("cutSilence() costs nothing for a day of empty bars", () => {
  const long = piece([[60, 2 ** 28, 2 ** 28 + 1, 0]], {
    ticksPerQuarter: 1,
    totalTicks: 2 ** 29,
  });
  const { sequence, cuts } = cutSilence(long);
  assert.deepEqual(rowsOf(sequence), [[60, 0, 1, 0]]);
  assert.equal(sequence.totalTicks, 4);
  assert.deepEqual(cuts.map(({ count }) => count), [2 ** 26, 2 ** 26 - 1]);
});

Deno.test("cutSilence() refuses a gap that is no number of bars", () => {
  assert.throws(() => cutSilence(piece([]), { maxGapBars: -1 }), RangeError);
  assert.throws(() => cutSilence(piece([]), { maxGapBars: 1.5 }), RangeError);
});
