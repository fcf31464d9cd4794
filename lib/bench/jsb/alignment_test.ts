import assert from "node:assert/strict";
import { readFrames } from "./frames.ts";
import { type Followed, Places } from "./alignment.ts";
import { readPiece } from "./piece.ts";

const pieceOf = (frames: number[][]) =>
  readPiece(readFrames({ train: [frames], valid: [], test: [] }).train[0]!);
const tune = (...pitches: number[]) => pitches.map((pitch) => [pitch]);

const FOLLOWING = { jump: 0.1, agrees: [3, 1, 1, 1] };

/** The likeliest pitch after each frame, 0 where there is no prediction. */
const likeliest = (followed: Followed[]) =>
  followed.map(({ probabilities }) => {
    const most = Math.max(...probabilities);
    return most === 0 ? 0 : probabilities.indexOf(most) + 21;
  });

Deno.test("Places.followAmongOthers() keeps its position, in the piece's key, past a note that differs", () => {
  const known = pieceOf(tune(60, 64, 62, 67, 65, 71, 60));
  const other = pieceOf(tune(60, 61, 60, 61, 60, 61, 60));
  const piece = pieceOf(tune(63, 67, 65, 50, 68, 74, 63));
  const followed = new Places([known, other])
    .followAmongOthers(piece, FOLLOWING);
  assert.deepEqual(likeliest(followed).slice(1, 3), [65, 70]);
  assert.deepEqual(likeliest(followed).slice(4), [74, 63]);
  assert.ok(followed[5]!.certainty > 0.5);
});

Deno.test("Places.followAmongOthers() does not align a known piece with itself", () => {
  const piece = pieceOf(tune(60, 62, 64)), other = pieceOf(tune(50, 52, 51));
  const followed = new Places([piece, other])
    .followAmongOthers(piece, FOLLOWING);
  assert.equal(likeliest(followed)[1], 61);
  const alone = new Places([piece]).followAmongOthers(piece, FOLLOWING);
  assert.deepEqual(likeliest(alone), [0, 0]);
  assert.equal(alone[0]!.certainty, 0);
});

Deno.test("Places.followItself() uses only earlier frames", () => {
  const piece = pieceOf(tune(60, 62, 67, 60, 62, 50));
  const longer = pieceOf(tune(60, 62, 67, 60, 62, 70, 60, 62));
  const followed = Places.followItself(piece, FOLLOWING);
  assert.equal(likeliest(followed)[4], 67);
  assert.equal(likeliest(followed)[0], 0);
  assert.deepEqual(
    Places.followItself(longer, FOLLOWING).slice(0, 5),
    followed,
  );
});
