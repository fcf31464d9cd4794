import assert from "node:assert/strict";
import { piece, rowsOf } from "./testing.ts";
import { transposeSequence } from "./transpose.ts";

Deno.test("transposeSequence() moves pitches and keys, and leaves drums", () => {
  const sequence = piece([[60, 0, 480, 0], [36, 0, 480, 1]], {
    keySignatures: [-7, -5, 0, 3, 6, 7].map((fifths) => ({
      ticks: 0,
      fifths,
      mode: "minor",
    })),
  });
  const up = transposeSequence(sequence, 1);
  assert.deepEqual(rowsOf(up), [[61, 0, 480, 0], [36, 0, 480, 1]]);
  assert.deepEqual(
    up.keySignatures.map((key) => key.fifths),
    [0, 2, -5, -2, 1, 2],
  );
  const octave = transposeSequence(sequence, -12);
  assert.deepEqual(
    octave.keySignatures.map((key) => key.fifths),
    [5, -5, 0, 3, 6, -5],
  );
});

Deno.test("transposeSequence() refuses to leave the pitches of MIDI", () => {
  const sequence = piece([[120, 0, 480, 0]]);
  assert.equal(transposeSequence(sequence, 7).notes[0]!.pitch, 127);
  assert.throws(
    () => transposeSequence(sequence, 8),
    /pitch 120 .* current value is 128/,
  );
  assert.throws(() => transposeSequence(sequence, 0.5), RangeError);
});
