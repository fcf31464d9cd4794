import assert from "node:assert/strict";
import { isBass } from "./families.ts";
import { nearestProgram, programName } from "./nearest_program.ts";

/** Programs of a small model: piano, electric piano, vibraphone, guitar, … */
const KNOWN = [0, 4, 11, 24, 32, 33, 48, 73, 88, 89];

/** By program that stands in: the programs for which it does. */
// deno-fmt-ignore
const STANDS_FOR: Readonly<Record<number, readonly number[]>> = {
  0: [0, 1, 2],
  4: [3, 4, 5, 6, 7],
  11: [8, 9, 10, 11, 12, 13, 14, 47, 55, 108, 112, 113, 114, 115, 116, 117, 118, 119],
  24: [15, 24, 25, 26, 27, 28, 29, 30, 31, 45, 46, 104, 105, 106, 107],
  32: [32],
  33: [33, 34, 35, 36, 37, 38, 39],
  48: [40, 41, 42, 43, 44, 48, 49, 50, 51, 52, 53, 54, 57, 58, 60, 61, 62, 63, 66, 67, 70, 110],
  73: [22, 56, 59, 64, 65, 68, 69, 71, 72, 73, 74, 75, 76, 77, 78, 79, 109, 111],
  88: [16, 17, 18, 19, 20, 21, 23, 80, 81, 82, 83, 84, 85, 86, 87, 88],
  89: [89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 120, 121, 122, 123, 124, 125, 126, 127],
};

Deno.test("nearestProgram() finds for each program one that sounds alike", () => {
  const found = Map.groupBy(
    Array.from({ length: 128 }, (_, program) => program),
    (program) => nearestProgram(program, KNOWN),
  );
  assert.deepEqual(Object.fromEntries(found), STANDS_FOR);
});

Deno.test("nearestProgram() makes basses of basses alone, and of them nothing else", () => {
  for (let program = 0; program < 128; program++) {
    for (const pitch of [30, 50, 70, 90]) {
      const found = nearestProgram(program, KNOWN, pitch)!;
      assert.equal(isBass(found), isBass(program), `${program} at ${pitch}`);
    }
  }
  // Without a bass, the one that usually plays lowest.
  assert.equal(nearestProgram(33, [40, 42, 73]), 42);
  assert.equal(nearestProgram(40, [33]), 33, "where all are basses");
  assert.equal(nearestProgram(40, []), undefined);
});

Deno.test("nearestProgram() of programs that sound alike takes the one of the part's register", () => {
  const violin = 40, cello = 42, viola = 41;
  assert.equal(nearestProgram(viola, [violin, cello], 78), violin);
  assert.equal(nearestProgram(viola, [violin, cello], 50), cello);
  const trombone = 57, flute = 73, strings = 48;
  assert.equal(nearestProgram(trombone, [flute, strings], 50), strings);
  assert.equal(nearestProgram(trombone, [flute, strings], 80), flute);
});

Deno.test("programName() says the name that few programs share", () => {
  assert.equal(programName(40), "violin");
  assert.equal(programName(48), "strings");
  assert.equal(programName(127), "program 127");
});
