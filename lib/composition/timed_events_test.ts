import assert from "node:assert/strict";
import { emptySequence } from "../music/music.ts";
import { timeEvents } from "./timed_events.ts";

/** Eight bars of 4/4 at 60 quarter notes per minute: 32 seconds. */
const piece = {
  ...emptySequence(480),
  tempos: [{ ticks: 0, qpm: 60 }],
  timeSignatures: [{ ticks: 0, numerator: 4, denominator: 4 }],
  totalTicks: 32 * 480,
};
const key = { tonic: 2, mode: "minor" } as const;
const times = (every: { seconds: number } | { bars: number }) => {
  const at = "bars" in every ? { bar: 3 } : every;
  const notes: string[] = [];
  const events = timeEvents(
    [{ at, what: "hit", by: "bells", every }],
    piece,
    [0],
    key,
    notes,
  );
  assert.deepEqual(notes, []);
  return events;
};

Deno.test("timeEvents() has an event come again after each period, up to the end", () => {
  const events = times({ seconds: 10 });
  assert.deepEqual(events.map(({ seconds }) => seconds), [10, 20, 30]);
  assert.deepEqual(events.map(({ isAgain }) => isAgain), [
    undefined,
    true,
    true,
  ]);
  assert(events.every(({ stroke }) => stroke?.program === 14));
  assert.deepEqual(
    times({ bars: 2 }).map(({ seconds }) => seconds),
    [8, 16, 24],
  );
});

Deno.test("timeEvents() leads a last fade out up to the end of a long piece", () => {
  const long = { ...piece, totalTicks: 400 * 480 };
  const fade = (at: { share: number } | { seconds: number }, starts = [0]) =>
    timeEvents([{ at, what: "fadeOut" }], long, starts, key, [])
      .map(({ seconds, forSeconds }) => [seconds, forSeconds]);
  assert.deepEqual(fade({ share: 0.88 }), [[352, 48]]);
  assert.deepEqual(fade({ seconds: 360 }), [[360, 40]]);
  // Far from the end, and before another section, it has its usual length.
  assert.deepEqual(fade({ seconds: 100 }), [[100, 16]]);
  assert.deepEqual(fade({ seconds: 350 }, [0, 380 * 480]), [[350, 30]]);
});
