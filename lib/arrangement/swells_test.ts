import assert from "node:assert/strict";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import { mix } from "./controls.ts";
import { shareOfSwells, swellSection } from "./swells.ts";

/** 16 seconds of one held note, and of quarter notes beside it. */
function piece(): NoteSequence {
  const empty = emptySequence(480);
  const parts = [0, 1].map((i) => ({
    name: `${i}`,
    program: 89,
    isDrum: false,
  }));
  const made = {
    ...empty,
    parts,
    tempos: [{ ticks: 0, qpm: 60 }],
    notes: [
      { pitch: 48, velocity: 60, startTicks: 0, endTicks: 16 * 480, part: 0 },
      ...Array.from({ length: 16 }, (_, i) => ({
        pitch: 60,
        velocity: 60,
        startTicks: i * 480,
        endTicks: (i + 1) * 480,
        part: 1,
      })),
    ],
    totalTicks: 16 * 480,
  };
  return { ...made, controls: mix(made) };
}

const whole = {
  startTicks: 0,
  endTicks: 16 * 480,
  key: { tonic: 0, mode: "major" },
} as const;

Deno.test("swellSection() has notes and held notes rise and fall in each period", () => {
  const swell = { period: { seconds: 4 } } as const;
  const made = swellSection(piece(), { ...whole, swell });
  const own = made.notes.filter(({ part }) => part === 1)
    .map(({ velocity }) => velocity);
  assert.deepEqual(own.slice(0, 4), own.slice(4, 8));
  assert(own[2]! > own[1]! && own[1]! > own[0]!);
  const held = made.controls.filter(({ part, controller }) =>
    part === 0 && controller === 11
  );
  const at = (ticks: number) =>
    held.findLast((one) => one.ticks <= ticks)!.value;
  assert.deepEqual([0, 4, 8].map((s) => at(s * 480)), [64, 64, 64]);
  assert.deepEqual([2, 6, 10].map((s) => at(s * 480)), [127, 127, 127]);
  assert.equal(shareOfSwells(made, whole, swell), 1);
  assert.equal(shareOfSwells(piece(), whole, swell), 0);
});

Deno.test("swellSection() swells by bars, by shares of the section, and unevenly", () => {
  for (
    const swell of [
      { period: { bars: 1 } },
      { period: { share: 0.25 }, rise: 0.75 },
    ] as const
  ) {
    const made = swellSection(piece(), { ...whole, swell });
    assert.equal(shareOfSwells(made, whole, swell), 1);
  }
});

Deno.test("swellSection() leaves what follows the section at its own level", () => {
  const endTicks = 8 * 480, swell = { period: { seconds: 4 } } as const;
  const made = swellSection(piece(), { ...whole, endTicks, swell });
  const last = made.controls.findLast(({ part, controller }) =>
    part === 0 && controller === 11
  );
  assert.deepEqual([last?.ticks, last?.value], [endTicks, 127]);
  assert.deepEqual(made.notes.slice(-8), piece().notes.slice(-8));
});
