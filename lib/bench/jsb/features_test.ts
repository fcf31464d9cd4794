import assert from "node:assert/strict";
import { readFrames } from "./frames.ts";
import { Random } from "../../base/base.ts";
import { FEATURES, Listener, writeFeatures } from "./features.ts";
import { type Piece, readPiece } from "./piece.ts";

const pieces = (...train: number[][][]) =>
  readFrames({ train, valid: [], test: [] }).train.map(readPiece);

/** Chords of up to five notes that sometimes stay or come again. */
function noise(frames: number, seed: number): number[][] {
  const random = new Random(seed);
  const chords = Array.from(
    { length: 5 },
    () => Array.from({ length: random.int(6) }, () => 50 + random.int(20)),
  );
  return Array.from({ length: frames }, () => random.pick(chords));
}

function features(listener: Listener, piece: Piece, t: number, key: number) {
  const out = new Float32Array(FEATURES + 2).fill(-7);
  writeFeatures(listener.hear(piece), t, key, out, 1);
  assert.deepEqual([out[0], out.at(-1)], [-7, -7], "keeps to its place");
  return out.slice(1, -1);
}

Deno.test("writeFeatures() does not depend on later frames", () => {
  const known = pieces(noise(40, 1), noise(30, 2));
  const listener = new Listener(known);
  const frames = noise(24, 3), changed = 12;
  const [piece, ...others] = pieces(
    frames,
    frames.map((frame, t) => t === changed ? [55, 61] : frame),
    [...frames.slice(0, changed), ...noise(30, 4)],
  );
  for (const other of others) {
    for (const key of [30, 40]) {
      for (let t = 0; t < changed; t++) {
        assert.deepEqual(
          features(listener, other, t, key),
          features(listener, piece!, t, key),
          `frame ${t}`,
        );
      }
      assert.notDeepEqual(
        features(listener, other, changed, key),
        features(listener, piece!, changed, key),
      );
    }
  }
});

Deno.test("writeFeatures() of a training piece does not depend on the piece being among them", () => {
  const all = pieces(noise(40, 1), noise(30, 2), noise(20, 3));
  const [piece, ...others] = all;
  for (const t of [0, 1, 17, 38]) {
    assert.deepEqual(
      features(new Listener(all), piece!, t, 40),
      features(new Listener(others), piece!, t, 40),
    );
  }
});

Deno.test("writeFeatures() gives the same features in every key, except the pitch itself", () => {
  const known = pieces(noise(40, 1));
  const listener = new Listener(known);
  const frames = noise(24, 5);
  const up = frames.map((pitches) => pitches.map((pitch) => pitch + 5));
  const [piece, moved] = pieces(frames, up);
  for (const t of [0, 3, 20]) {
    const at = features(listener, piece!, t, 41);
    const higher = features(listener, moved!, t, 46);
    const apart = [...at.keys()].filter((i) => at[i] !== higher[i]);
    // The two nearest points encode the pitch.
    assert.ok(apart.length > 0 && apart.length <= 4, `${apart}`);
  }
});
