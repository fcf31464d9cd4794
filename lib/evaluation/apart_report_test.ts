import assert from "node:assert/strict";
import { judgeApart } from "./apart_report.ts";
import { piece, STROKES, TUNE, WALTZ } from "./testing.ts";

const some = (count: number) => new Array(count).fill(piece([TUNE]));

Deno.test("judgeApart() leaves out what there are too few pieces for, and says so", async () => {
  const report = await judgeApart({
    unprompted: some(9),
    prompted: [],
    training: some(30),
  });
  assert.deepEqual(Object.keys(report), ["missing"]);
  assert.deepEqual(report.missing, [
    "Pieces made without a prompt are not told apart: 10 of them and as many training pieces are needed, and there are 9 and 30.",
    "Pieces made from prompts are not told apart: 10 of them and as many training pieces are needed, and there are 0 and 30.",
  ]);
});

Deno.test("judgeApart() tells both kinds of pieces apart, drums alone too", async () => {
  const drums = new Array(10).fill(piece([], { drums: STROKES }));
  const { unprompted, prompted, floor, missing } = await judgeApart({
    unprompted: new Array(10).fill(piece([WALTZ])),
    prompted: drums,
    training: new Array(20).fill(piece([], { drums: STROKES })),
  });
  assert.equal(unprompted?.auc, 1);
  assert.equal(unprompted.pieces, 10);
  assert.equal(prompted?.auc, 0.5);
  assert.equal(floor, 0.5);
  assert.deepEqual(missing, []);
});
