import assert from "node:assert/strict";
import { instrumentOf } from "./instruments.ts";

Deno.test("instrumentOf() has an instrument for every program of the families", () => {
  const names = [0, 4, 11, 12, 24, 33, 48, 52, 73, 80, 88, 105, 127].map(
    (program) => instrumentOf(program).name,
  );
  assert.deepEqual(names, [
    "Felt piano",
    "Electric piano",
    "Vibraphone",
    "Mallets",
    "Nylon guitar",
    "Soft bass",
    "Strings",
    "Warm pad",
    "Soft flute",
    "Soft flute",
    "Warm pad",
    "Nylon guitar",
    "Warm pad",
  ]);
  for (const program of [-1, 128, 1.5, NaN]) {
    assert.throws(() => instrumentOf(program), {
      name: "RangeError",
      message: new RegExp(`current value is ${program}\\.$`),
    });
  }
});
