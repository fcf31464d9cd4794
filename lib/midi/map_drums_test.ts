import assert from "node:assert/strict";
import { emptySequence } from "../music/music.ts";
import { mapDrums } from "./map_drums.ts";
import { parseMidi } from "./read.ts";
import { writeMidi } from "./write.ts";

/** A bar of drums and of a piano, both of the same pitches. */
const BYTES = writeMidi({
  ...emptySequence(480),
  parts: [
    { name: "Kit", program: 0, isDrum: true },
    { name: "Piano", program: 0, isDrum: false },
  ],
  notes: [22, 36, 22].flatMap((pitch, i) =>
    [0, 1].map((part) => ({
      ...{ pitch, velocity: 80, part },
      ...{ startTicks: 480 * i, endTicks: 480 * i + 120 },
    }))
  ),
  timeSignatures: [{ ticks: 0, numerator: 6, denominator: 8 }],
  totalTicks: 1440,
});

const pitches = (bytes: Uint8Array, part: number) =>
  parseMidi(bytes).notes.filter((note) => note.part === part)
    .map(({ pitch }) => pitch);

Deno.test("mapDrums() changes drums alone, and says the meter", () => {
  const mapped = mapDrums(BYTES, new Map([[22, 42]]))!;
  assert.deepEqual(pitches(mapped.bytes, 0), [42, 36, 42]);
  assert.deepEqual(pitches(mapped.bytes, 1), [22, 36, 22]);
  assert.equal(mapped.count, 2);
  assert.deepEqual(mapped.meter, [6, 8]);
  assert.equal(mapped.bytes.length, BYTES.length);
});

Deno.test("mapDrums() gives the file as it is where nothing changes", () => {
  assert.equal(mapDrums(BYTES, new Map([[99, 42]]))?.bytes, BYTES);
});

Deno.test("mapDrums() leaves files with faults to those who read them", () => {
  assert.equal(mapDrums(BYTES.subarray(0, -2), new Map()), undefined);
  assert.equal(
    mapDrums(new TextEncoder().encode("no music"), new Map()),
    undefined,
  );
});
