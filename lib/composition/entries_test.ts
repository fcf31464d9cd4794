import assert from "node:assert/strict";
import { emptySequence, type Note } from "../music/music.ts";
import { enterOnTime } from "./entries.ts";

const BAR = 1920;
const note = (part: number, pitch: number, from: number, to: number): Note => ({
  pitch,
  velocity: 80,
  startTicks: from,
  endTicks: to,
  part,
});

/** Four bars of a held C and E, and a second part from some time on. */
function piece(from: number) {
  return {
    ...emptySequence(480),
    parts: [0, 73].map((program) => ({ name: "", program, isDrum: false })),
    notes: [
      note(0, 60, 0, 4 * BAR),
      note(0, 64, 0, 4 * BAR),
      note(1, 74, from, from + 480),
    ],
    totalTicks: 4 * BAR,
  };
}

Deno.test("enterOnTime() has a part that is late enter with its section", () => {
  const { notes } = enterOnTime(piece(3.5 * BAR), [0, 2 * BAR]);
  const [first] = notes.filter(({ part }) => part === 1);
  assert.deepEqual(first, note(1, 72, 2 * BAR, 3 * BAR));
});

Deno.test("enterOnTime() leaves parts that are on time, or of another section", () => {
  for (const from of [2 * BAR, 2.5 * BAR, BAR]) {
    const own = piece(from);
    assert.equal(enterOnTime(own, [0, 2 * BAR]), own);
  }
});

Deno.test("enterOnTime() has drums begin with their first bar", () => {
  const own = piece(3 * BAR);
  const drums = {
    ...own,
    parts: [own.parts[0]!, { name: "", program: 0, isDrum: true }],
    notes: [...own.notes, note(1, 38, 3.5 * BAR, 3.5 * BAR + 120)],
  };
  const { notes } = enterOnTime(drums, [0, 2 * BAR]);
  assert.deepEqual(
    notes.filter(({ part }) => part === 1).map(({ pitch, startTicks }) => [
      pitch,
      startTicks / BAR,
    ]),
    [[74, 2], [38, 2.5], [74, 3], [38, 3.5]],
  );
});
