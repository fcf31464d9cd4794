import assert from "node:assert/strict";
import { Generator, readVariation } from "../generation/generation.ts";
import { music, untrainedRemi } from "../generation/testing.ts";
import { writeMidi } from "../midi/midi.ts";
import type { NoteSequence } from "../music/music.ts";
import { compose } from "./compose.ts";
import { checkVariation } from "./testing.ts";

/** A guitar that rings over its next notes, far above the model, and drums. */
const ringing: NoteSequence = {
  ...music,
  parts: [
    { name: "Guitar", program: 25, isDrum: false, bank: 130 },
    { name: "", program: 0, isDrum: true },
  ],
  notes: music.notes.flatMap((note, i) => [
    {
      ...note,
      pitch: 90 + 7 * i % 20,
      startTicks: note.startTicks + i % 5,
      endTicks: note.startTicks + 900,
    },
    { ...note, startTicks: note.startTicks + i % 5, pitch: 42, part: 1 },
  ]),
  timeSignatures: [
    { ticks: 0, numerator: 7, denominator: 8 },
    { ticks: 1680, numerator: 2, denominator: 4 },
  ],
  tempos: [{ ticks: 0, qpm: 200 }, { ticks: 960, qpm: 20 }],
  controls: [{ ticks: 100, part: 0, controller: 64, value: 127 }],
  totalTicks: 64 * 240 + 900,
};

Deno.test("compose() varies nothing but pitches, and at distance 0 nothing", async () => {
  using generator = await Generator.open(untrainedRemi());
  const file = { name: "ringing", bytes: writeMidi(ringing) };
  assert.equal((await checkVariation(generator, file, 0))?.share, 0);
  const some = await checkVariation(generator, file, 0.3);
  assert.ok(some!.share > 0.1 && some!.share < 0.5, `${some!.share}`);
});

Deno.test("compose() varies music that the model cannot hear by leaving it as it is", async () => {
  const checkpoint = untrainedRemi();
  using generator = await Generator.open(checkpoint);
  const drums = {
    ...ringing,
    notes: ringing.notes.filter(({ part }) => part === 1),
  };
  const file = { name: "drums", bytes: writeMidi(drums) };
  await checkVariation(generator, file, 1);
  const { notes } = await compose(generator, "", {
    randomSeed: 1,
    variation: { of: readVariation(checkpoint, writeMidi(drums)), distance: 1 },
  });
  assert.ok(
    notes.includes("The model never heard drums; they stay as they are."),
  );
});

Deno.test("compose() gives a variation the tempo, instruments and loudness that are asked", async () => {
  const checkpoint = untrainedRemi();
  using generator = await Generator.open(checkpoint);
  const { sequence } = await compose(
    generator,
    "soft piano, no drums, 72 bpm",
    {
      randomSeed: 1,
      variation: {
        of: readVariation(checkpoint, writeMidi(ringing)),
        distance: 0.2,
      },
    },
  );
  assert.deepEqual(sequence.tempos, [{ ticks: 0, qpm: 72 }]);
  assert.equal(sequence.parts[0]?.program, 0);
  assert.equal(sequence.notes.length, 64);
  assert.ok(sequence.notes.every(({ velocity }) => velocity < 70));
});
