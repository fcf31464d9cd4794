import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { KEYS, readFrames, type Roll } from "./frames.ts";

/** The pitches that sound in each frame. */
const pitches = (roll: Roll) =>
  Array.from(
    { length: roll.length / KEYS },
    (_, t) =>
      [...roll.keys()].filter((i) => roll[i] && (i / KEYS | 0) === t)
        .map((i) => 21 + i % KEYS),
  );
const one = (frames: number[][]) =>
  readFrames({ train: [frames], valid: [], test: [] }).train[0]!;

Deno.test("readFrames() sets a key for each pitch, rests included", () => {
  const frames = [[21, 60, 108], [], [64]];
  assert.deepEqual(pitches(one(frames)), frames);
});

Deno.test("readFrames() keeps the splits apart", () => {
  const corpus = readFrames({ train: [[[60]], [[61]]], valid: [], test: [[]] });
  assert.equal(corpus.train.length, 2);
  assert.equal(corpus.valid.length, 0);
  assert.equal(corpus.test[0]!.length, 0);
});

Deno.test("readFrames() says where the form is wrong", () => {
  const split = { train: [], valid: [], test: [] };
  assert.throws(
    () => readFrames({ train: [], valid: [] }),
    /^TypeError: Cannot read frames: test must be a list/,
  );
  assert.throws(() => readFrames(null), /train must be a list/);
  assert.throws(
    () => readFrames({ ...split, valid: [[60]] }),
    /valid\[0\]\[0\] must be a list, current value is 60/,
  );
  for (const pitch of [20, 109, 60.5, "60"]) {
    assert.throws(
      () => readFrames({ ...split, test: [[], [[60], [pitch]]] }),
      /^RangeError: .*from 21 to 108, current value is .* at test\[1\]\[1\]/,
    );
  }
});

const BENCHMARK =
  new URL("../../../../shared/data/jsb-chorales-quarter.json", import.meta.url)
    .pathname;

Deno.test({
  name: existsSync(BENCHMARK)
    ? "readFrames() reads the Bach chorales"
    : "readFrames() reads the Bach chorales (skipped: ../shared/data is not there)",
  ignore: !existsSync(BENCHMARK),
  fn() {
    const corpus = readFrames(JSON.parse(readFileSync(BENCHMARK, "utf8")));
    const frames = (rolls: readonly Roll[]) =>
      rolls.reduce((sum, roll) => sum + roll.length / KEYS, 0);
    assert.equal(corpus.train.length, 229);
    assert.equal(frames(corpus.train), 13807);
    assert.equal(frames(corpus.valid), 4602);
    assert.equal(frames(corpus.test), 4725);
    assert.deepEqual(pitches(corpus.test[0]!)[1], [72, 76, 79, 84]);
  },
});
