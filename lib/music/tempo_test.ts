import assert from "node:assert/strict";
import { emptySequence } from "./note_sequence.ts";
import {
  firstQpm,
  firstStatedQpm,
  secondsToTicks,
  ticksToSeconds,
} from "./tempo.ts";

const TEMPI = {
  ...emptySequence(480),
  tempos: [{ ticks: 480, qpm: 60 }, { ticks: 1440, qpm: 240 }],
};

Deno.test("firstQpm() is the tempo of tick 0, firstStatedQpm() the first at any tick", () => {
  const late = { tempos: [{ ticks: 480, qpm: 60 }] };
  assert.equal(firstQpm(late), 120);
  assert.equal(firstStatedQpm(late), 60);
  const early = { tempos: [{ ticks: 0, qpm: 72 }, { ticks: 9, qpm: 60 }] };
  assert.equal(firstQpm(early), 72);
  assert.equal(firstStatedQpm(early), 72);
  assert.equal(firstStatedQpm({ tempos: [] }), 120);
});

Deno.test("ticksToSeconds() follows the tempo changes, 120 qpm before the first", () => {
  const seconds = [0, 240, 480, 960, 1440, 1920].map((ticks) =>
    ticksToSeconds(TEMPI, ticks)
  );
  assert.deepEqual(seconds, [0, 0.25, 0.5, 1.5, 2.5, 2.75]);
});

Deno.test("secondsToTicks() undoes ticksToSeconds()", () => {
  for (let ticks = 0; ticks < 3000; ticks += 7) {
    assert.equal(secondsToTicks(TEMPI, ticksToSeconds(TEMPI, ticks)), ticks);
  }
});

Deno.test("ticksToSeconds() and secondsToTicks() refuse times that are none", () => {
  for (const time of [-1, NaN, Infinity]) {
    assert.throws(() => ticksToSeconds(TEMPI, time), RangeError);
    assert.throws(() => secondsToTicks(TEMPI, time), RangeError);
  }
});
