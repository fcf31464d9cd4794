import assert from "node:assert/strict";
import { KEYS, readFrames } from "./frames.ts";
import { ContinuationTable } from "./continuations.ts";
import { readPiece } from "./piece.ts";

const pieces = (...train: number[][][]) =>
  readFrames({ train, valid: [], test: [] }).train.map(readPiece);

/** Pitches that are likelier than not. */
const likely = (probabilities: Float32Array) =>
  [...probabilities.keys()].filter((key) => probabilities[key]! > 0.5)
    .map((key) => key + 21);

Deno.test("readPiece() counts voices from above and from below", () => {
  const [piece] = pieces([[48, 55, 64, 72], [48, 60, 67], [50, 62], [40], []]);
  assert.deepEqual(
    piece!.voices.map((voices) => voices.map((key) => key + 21)),
    [
      [72, 64, 55, 48],
      [67, 60, 60, 48],
      [62, 50, 62, 50],
      [40, 40, 40, 40],
      [40, 40, 40, 40],
    ],
  );
});

Deno.test("readPiece() gives lines in intervals, the same in every key", () => {
  const [piece, higher] = pieces(
    [[60, 64], [62, 65], [60], []],
    [[67, 71], [69, 72], [67], []],
  );
  assert.deepEqual(piece!.lines.top.symbols, ["first", "1", "-5", "silent 0"]);
  assert.deepEqual(piece!.lines.chords.symbols, [
    "4,0 first",
    "3,0 1",
    "0 -5",
    " 0",
  ]);
  for (const line of ["chords", "harmonies", "outer", "top"] as const) {
    assert.deepEqual(higher!.lines[line].symbols, piece!.lines[line].symbols);
  }
});

Deno.test("ContinuationTable gives the longest context the most weight, in any key", () => {
  const [down, up, other] = pieces(
    [[60], [62], [64], [62]],
    [[50], [60], [62], [64], [65]],
    [[57], [67], [69], [71]],
  );
  const table = new ContinuationTable("top", 4);
  table.add(down!, 2);
  table.add(up!, 3);
  // Both have gone up twice by two; only one came from a leap.
  const { probabilities, order } = table.after(other!, 3);
  assert.equal(order, 4);
  assert.deepEqual(likely(probabilities), [72]);
  assert.ok(probabilities[69 - 21]! > 0.05, "the shorter context counts");
  const short = new ContinuationTable("top", 1);
  short.add(down!, 2);
  assert.equal(short.after(other!, 3).order, 1);
});

Deno.test("ContinuationTable leaves a piece's own occurrences out of its predictions", () => {
  const [piece, twin] = pieces([[60], [62], [64]], [[60], [62], [64]]);
  const table = new ContinuationTable("chords", 3);
  table.add(piece!, 1);
  assert.equal(table.after(piece!, 1, piece).order, 0);
  assert.equal(table.after(twin!, 1, twin).order, 2);
});

Deno.test("ContinuationTable predicts only keys of the piano", () => {
  const [low, high] = pieces([[60], [62], [64, 90]], [[105], [107], [108]]);
  const table = new ContinuationTable("top", 3);
  table.add(low!, 1);
  const { probabilities } = table.after(high!, 1);
  assert.equal(probabilities.length, KEYS);
  assert.deepEqual(likely(probabilities), []);
});
