import assert from "node:assert/strict";
import { namesInstrument, programInstrument } from "./instruments.ts";

Deno.test("programInstrument() gives related programs one name", () => {
  assert.equal(programInstrument(0, false), "Piano");
  assert.equal(programInstrument(1, false), "Piano");
  assert.equal(programInstrument(4, false), "Electric Piano");
  assert.equal(programInstrument(39, false), "Electric Bass");
  assert.equal(programInstrument(127, false), "Sampler");
  assert.equal(programInstrument(0, true), "Percussion");
});

Deno.test("namesInstrument() finds instruments among other words", () => {
  const instruments = [
    "Piano (hi)",
    "1st Violin",
    "Violino II.",
    "bass:",
    "Das wohltemperierte Klavier I",
    "Snare Drum",
  ];
  assert.deepEqual(instruments.filter((name) => !namesInstrument(name)), []);
  const others = ["", "Melody", "Drums", "Rachel_piano", "Gtr.", "Drum Snare"];
  assert.deepEqual(others.filter(namesInstrument), []);
});
