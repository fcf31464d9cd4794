import assert from "node:assert/strict";
import { LimitError } from "../../base/base.ts";
import { MAX_BARS } from "../../music/music.ts";
import { layOutBars } from "./bar_layout.ts";

/** Meters by the step they hold from. */
type MeterRow = [ticks: number, numerator: number, denominator: number];

/** The bars of a piece of 12 steps to the quarter, as words: start, count, meter. */
function layout(meters: MeterRow[], totalTicks: number, lastStart = 0) {
  const { spans, end, rounded } = layOutBars(
    {
      lastStart,
      timeSignatures: meters.map(([ticks, numerator, denominator]) => (
        { ticks, numerator, denominator }
      )),
      totalTicks,
    },
    12,
  );
  return {
    bars: spans.map(({ start, bars, meter }) => `${start} ${bars}x${meter}`)
      .join(", "),
    end,
    rounded,
  };
}

Deno.test("layOutBars() gives a bar that a change cuts short a signature of its length", () => {
  const cases: [MeterRow[], string][] = [
    [[[30, 3, 4]], "0 1x5/8, 30 2x3/4"],
    [[[24, 3, 4]], "0 1x2/4, 24 2x3/4"],
    [[[3, 3, 4]], "0 1x1/16, 3 3x3/4"],
    [[[0, 12, 8], [36, 3, 4]], "0 1x6/8, 36 2x3/4"],
    // Two in the bar, then a restart of the same meter.
    [[[0, 2, 2], [24, 2, 2]], "0 1x2/4, 24 2x2/2"],
  ];
  for (const [meters, bars] of cases) {
    assert.deepEqual(layout(meters, 96).bars, bars);
    assert.equal(layout(meters, 96).rounded, 0);
  }
});

Deno.test("layOutBars() moves a change next to a bar line to it, and counts that", () => {
  assert.deepEqual(layout([[49, 3, 4]], 84), {
    bars: "0 1x4/4, 48 1x3/4",
    end: 84,
    rounded: 1,
  });
  assert.deepEqual(layout([[47, 3, 4]], 84), {
    bars: "0 1x4/4, 48 1x3/4",
    end: 84,
    rounded: 1,
  });
  // A sixteenth is three steps.
  assert.deepEqual(layout([[50, 3, 4]], 87), {
    bars: "0 1x4/4, 48 1x1/16, 51 1x3/4",
    end: 87,
    rounded: 1,
  });
});

Deno.test("layOutBars() gives meters that are not whole steps the nearest", () => {
  assert.deepEqual(layout([[0, 13, 32]], 60), {
    bars: "0 3x13/32",
    end: 60,
    rounded: 3,
  });
  assert.deepEqual(layout([[0, 1, 64]], 5), {
    bars: "0 5x1/64",
    end: 5,
    rounded: 5,
  });
  assert.equal(layout([[0, 255, 128]], 96).rounded, 1);
});

Deno.test("layOutBars() says meters that no token can in sixteenths", () => {
  assert.equal(layout([[0, 4, 3]], 64).bars, "0 1x21/16");
  assert.equal(layout([[0, 1, 2 ** 60]], 9).bars, "0 3x1/16");
  assert.equal(layout([[0, 0, 4]], 6).bars, "0 2x1/16");
  assert.equal(layout([[0, 300, 4]], 48).bars, "0 1x150/2");
  assert.equal(layout([[0, 5, 0]], 48).bars, "0 1x255/1");
});

Deno.test("layOutBars() lets a change after the music alone", () => {
  assert.equal(layout([[96, 3, 4]], 96).bars, "0 2x4/4");
  assert.equal(layout([[60, 3, 4]], 50, 20).bars, "0 1x4/4");
});

Deno.test("layOutBars() refuses too many bars without writing them", () => {
  assert.equal(layout([], 48 * MAX_BARS).end, 48 * MAX_BARS);
  assert.throws(
    () => layout([], 2 ** 40),
    (error) =>
      error instanceof LimitError &&
      error.reason === "the piece has too many bars",
  );
});
