import assert from "node:assert/strict";
import { emptySequence, type PieceSpec } from "../music/music.ts";
import { repeated, repeatsOf } from "./repeats.ts";
import type { Unit } from "./units.ts";

const unit = (
  bars: number,
  letter: string | undefined,
  asked: PieceSpec = {},
): Unit => ({
  bars,
  spec: {},
  wishes: [{ bars, asked, own: { key: false, playing: false } }],
  ...letter !== undefined && { letter },
});

Deno.test("repeatsOf() samples sections of one letter once, as long as the longest", () => {
  const { sampled, sources } = repeatsOf([
    unit(8, "A"),
    unit(7, "B"),
    unit(9, "A", { loudness: "loud" }),
    unit(4, undefined),
    unit(4, undefined),
  ]);
  assert.deepEqual(sampled.map(({ bars }) => bars), [9, 7, 4, 4]);
  assert.deepEqual(sources.map(({ index }) => index), [0, 1, 0, 2, 3]);
});

Deno.test("repeatsOf() transposes a section that comes again in another key, and no other changes", () => {
  const inC = { key: { tonic: 0, mode: "major" } } as const;
  const { sampled, sources } = repeatsOf([
    unit(8, "chorus", inC),
    unit(8, "chorus", { key: { tonic: 10, mode: "major" } }),
    unit(8, "chorus", { key: { tonic: 0, mode: "minor" } }),
    unit(8, "chorus", { ...inC, playing: ["piano"] }),
  ]);
  assert.equal(sampled.length, 3);
  assert.deepEqual(sources[1], { index: 0, semitones: -2 });
});

Deno.test("repeated() cuts and transposes what was sampled", () => {
  const piece = {
    ...emptySequence(4),
    parts: [{ name: "", program: 0, isDrum: false }],
    timeSignatures: [{ ticks: 0, numerator: 4, denominator: 4 }],
    notes: [0, 16].map((startTicks) => ({
      pitch: 60,
      velocity: 70,
      startTicks,
      endTicks: startTicks + 4,
      part: 0,
    })),
    totalTicks: 32,
  };
  const { notes, totalTicks } = repeated(piece, unit(1, "A"), 2);
  assert.deepEqual(notes.map(({ pitch }) => pitch), [62]);
  assert.equal(totalTicks, 16);
});
