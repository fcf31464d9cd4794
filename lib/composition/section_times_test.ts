import assert from "node:assert/strict";
import { qpmAt, type TimedSection, timeSections } from "./section_times.ts";

const section = (
  from: TimedSection["from"],
  qpm: number | readonly [number, number],
  other: Partial<TimedSection> = {},
): TimedSection => ({
  from,
  meter: "4/4",
  qpm: typeof qpm === "number" ? [qpm, qpm] : qpm,
  isTempoFree: false,
  ...other,
});
const START = { share: 0 };

Deno.test("timeSections() counts each section out at its own tempo and meter", () => {
  const timed = timeSections(
    [
      section(START, 60),
      section({ seconds: 20 }, 120),
      section({ seconds: 40 }, 90, { meter: "3/4" }),
    ],
    { length: { seconds: 60 }, usualBars: 16 },
    [],
    [],
  );
  // Bars of 4, 2 and 2 seconds.
  assert.deepEqual(
    timed.map(({ bars, startSeconds }) => [bars, startSeconds]),
    [[5, 0], [10, 20], [10, 40]],
  );
});

Deno.test("timeSections() puts borders within half a bar of their times, and errors do not add up", () => {
  const borders = [13, 22, 31, 47, 58];
  const timed = timeSections(
    [section(START, 70), ...borders.map((seconds) => section({ seconds }, 83))],
    { length: { seconds: 75 }, usualBars: 16 },
    [],
    [],
  );
  for (const [i, seconds] of borders.entries()) {
    const bar = 240 / (i === 0 ? 70 : 83);
    assert.ok(Math.abs(timed[i + 1]!.startSeconds - seconds) <= bar / 2 + 1e-9);
  }
});

Deno.test("timeSections() takes bars and shares, and makes room for what is named", () => {
  const bars = (
    sections: TimedSection[],
    length?: { bars: number },
  ) =>
    timeSections(sections, { length, usualBars: 16 }, [], [])
      .map(({ bars }) => bars);
  assert.deepEqual(
    bars([section(START, 80), section({ bar: 9 }, 80)], { bars: 20 }),
    [8, 12],
  );
  assert.deepEqual(
    bars([section(START, 80), section({ share: 0.25 }, 80)]),
    [4, 12],
  );
  assert.deepEqual(
    bars([section(START, 60), section({ seconds: 80 }, 60)]),
    [20, 4],
  );
});

Deno.test("timeSections() leaves out what would begin after the end, and says so", () => {
  const notes: string[] = [];
  const timed = timeSections(
    [section(START, 60), section({ seconds: 60 }, 60)],
    { length: { seconds: 40 }, usualBars: 16 },
    [],
    notes,
  );
  assert.deepEqual(timed.map(({ bars }) => bars), [10]);
  assert.match(notes[0]!, /Section 2 would begin after the end/);
});

Deno.test("timeSections() moves a free tempo by at most 3 %, so that hits fall on beats", () => {
  const hits = [{ at: { seconds: 12.3 }, what: "hit" as const }];
  const qpmOf = (isTempoFree: boolean) =>
    timeSections(
      [section(START, 72, { isTempoFree })],
      { length: { seconds: 30 }, usualBars: 16 },
      hits,
      [],
    )[0]!.qpm[0];
  assert.equal(qpmOf(false), 72);
  const qpm = qpmOf(true);
  assert.ok(Math.abs(qpm / 72 - 1) <= 0.0301);
  const beats = 12.3 * qpm / 60;
  assert.ok(Math.abs(beats - Math.round(beats)) < 0.02);
});

Deno.test("qpmAt() leaves the first tempo and reaches the last one gently", () => {
  assert.equal(qpmAt([100, 140], 0), 100);
  assert.equal(qpmAt([100, 140], 0.5), 120);
  assert.equal(qpmAt([100, 140], 1), 140);
  assert.ok(qpmAt([100, 140], 0.25) < 105);
});

Deno.test("timeSections() gives sections of one letter as many bars", () => {
  const bars = (letters: string, seconds: number) =>
    timeSections(
      [...letters].map((letter, i) =>
        section({ share: i / letters.length }, 89, { letter })
      ),
      { length: { seconds }, usualBars: 16 },
      [],
      [],
    ).map(({ bars }) => bars);
  assert.deepEqual(bars("ABACA", 120), [9, 9, 9, 9, 9]);
  assert.deepEqual(bars("ABCDE", 120), [9, 9, 9, 9, 8]);
});
