import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import type { NoteSequence } from "../music/music.ts";
import { piece, type SpanRow } from "./testing.ts";
import {
  areaUnderCurve,
  likelyMade,
  toldApart,
  toldApartFloor,
} from "./told_apart.ts";

/** Pieces of random notes of a scale that move by at most so many of its steps. */
function pieces(
  count: number,
  { most, seed }: { most: number; seed: number },
): NoteSequence[] {
  const random = new Random(seed), scale = [0, 2, 4, 5, 7, 9, 11];
  return Array.from({ length: count }, () => {
    let degree = 14;
    const rows = Array.from({ length: 64 }, (_, i): SpanRow => {
      degree = Math.min(
        28,
        Math.max(0, degree + random.int(2 * most + 1) - most),
      );
      const pitch = 36 + 12 * Math.floor(degree / 7) + scale[degree % 7]!;
      return [pitch, 2 * i, 2 * i + 1 + random.int(2)];
    });
    return piece([rows]);
  });
}

Deno.test("toldApart() of two halves of one distribution is a guess", async () => {
  const one = pieces(40, { most: 2, seed: 1 });
  const other = pieces(40, { most: 2, seed: 2 });
  const { auc, pieces: compared } = await toldApart(one, other);
  assert(auc > 0.3 && auc < 0.7, `${auc}`);
  assert.equal(compared, 40);
});

Deno.test("toldApart() of different sets is certain, and says by what", async () => {
  const made = pieces(30, { most: 12, seed: 1 });
  const reference = pieces(45, { most: 2, seed: 2 });
  const { auc, pieces: compared, figures } = await toldApart(made, reference);
  assert(auc > 0.99, `${auc}`);
  assert.equal(compared, 30);
  const interval = figures.find(({ figure }) => figure === "meanInterval")!;
  assert.equal(interval.auc, 1);
  assert(interval.made > interval.reference);
  const areas = figures.map(({ auc }) => auc);
  assert.deepEqual(areas, areas.toSorted((a, b) => b - a));
});

Deno.test("toldApart() and toldApartFloor() are the same each time", async () => {
  const made = pieces(10, { most: 3, seed: 1 });
  const reference = pieces(20, { most: 2, seed: 2 });
  assert.deepEqual(
    await toldApart(made, reference),
    await toldApart(made, reference),
  );
  const floor = await toldApartFloor(reference);
  assert.equal(await toldApartFloor(reference), floor);
  assert(floor > 0.2 && floor < 0.8, `${floor}`);
});

Deno.test("toldApart() refuses too few pieces", async () => {
  const few = pieces(9, { most: 2, seed: 1 });
  const enough = pieces(10, { most: 2, seed: 2 });
  await assert.rejects(
    () => toldApart(few, enough),
    /at least 10 .* current value is 9/,
  );
  await assert.rejects(() => toldApartFloor(enough), /current value is 5/);
});

Deno.test("areaUnderCurve() counts the pairs in order, ties by half", () => {
  assert.equal(areaUnderCurve([3, 1], [2, 1]), (1 + 1 + 0 + 0.5) / 4);
});

Deno.test("toldApart() leaves the program's error handling as it was", async () => {
  const { default: process } = await import("node:process");
  const count = () => process.listenerCount("uncaughtException");
  const before = count();
  await toldApart(
    pieces(10, { most: 2, seed: 1 }),
    pieces(10, { most: 2, seed: 2 }),
  );
  assert.equal(count(), before);
});

Deno.test("likelyMade() is higher of pieces that are as the made ones", async () => {
  const made = pieces(20, { most: 5, seed: 3 });
  const reference = pieces(20, { most: 1, seed: 4 });
  const judged = await likelyMade(
    [...pieces(3, { most: 5, seed: 5 }), ...pieces(3, { most: 1, seed: 6 })],
    made,
    reference,
  );
  assert(Math.min(...judged.slice(0, 3)) > Math.max(...judged.slice(3)));
  await assert.rejects(
    likelyMade(made, made.slice(1, 5), reference),
    /at least 10 are needed on each side, current value is 4/,
  );
});
