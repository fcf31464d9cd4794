import assert from "node:assert/strict";
import {
  type Batch,
  batches,
  type BatchOptions,
  epochRandom,
  flattenPieces,
  makeWindows,
  statefulBatches,
  type WindowOptions,
} from "./batches.ts";
import { Random } from "../base/base.ts";

const PIECES = [
  Int32Array.of(10, 11, 12, 13, 14, 15),
  Int32Array.of(20, 21),
  Int32Array.of(30),
  Int32Array.of(40, 41, 42, 43),
];

/** Batches as text: a row is "inputs>targets", "." a padded or ignored place. */
function show(all: Iterable<Batch>): string[] {
  return Array.from(all, ({ steps, size, inputs, targets, resets }) => {
    const rows = inputs.length / steps;
    const part = (array: Int32Array, row: number) =>
      Array.from(
        array.subarray(
          row * array.length / rows,
          (row + 1) * array.length / rows,
        ),
        (id) => id > 0 ? id : ".",
      ).join(" ");
    const lines = Array.from(
      { length: rows },
      (_, row) =>
        `${resets?.[row] ? "|" : ""}${part(inputs, row)}>${part(targets, row)}`,
    );
    return `${size}: ${lines.join("  ")}`;
  });
}

function shown(options: WindowOptions & BatchOptions, pieces = PIECES) {
  return show(batches(makeWindows(pieces, options), options));
}

Deno.test("makeWindows() with every makes each token but a piece's first a target once", () => {
  assert.deepEqual(shown({ sequenceLength: 3, batchSize: 2 }), [
    "2: 10 11 12>11 12 13  13 14 15>14 15 .",
    "2: 20 21 .>21 . .  40 41 42>41 42 43",
  ]);
});

Deno.test("makeWindows() with every ends with the window that reaches the end", () => {
  assert.deepEqual(
    shown({ sequenceLength: 3, stride: 2, batchSize: 3 }, PIECES.slice(0, 1)),
    ["2: 10 11 12>11 12 13  12 13 14>13 14 15  . . .>. . ."],
  );
});

Deno.test("makeWindows() with last predicts the token after the window, and pads short pieces at their start", () => {
  assert.deepEqual(
    shown({ sequenceLength: 3, objective: "last", batchSize: 3 }),
    [
      "3: 10 11 12>13  11 12 13>14  12 13 14>15",
      "2: . . 20>21  40 41 42>43  . . .>.",
    ],
  );
  assert.deepEqual(
    shown({ sequenceLength: 3, objective: "last", stride: 2, batchSize: 1 }, [
      PIECES[0]!,
    ]),
    ["1: 10 11 12>13", "1: 12 13 14>15"],
  );
});

Deno.test("makeWindows() works with windows of one token", () => {
  for (const objective of ["last", "every"] as const) {
    assert.deepEqual(
      shown({ sequenceLength: 1, objective, batchSize: 3 }, PIECES.slice(3, 4)),
      ["3: 40>41  41>42  42>43"],
    );
  }
});

Deno.test("flattenPieces() lets windows run from piece to piece", () => {
  const flat = flattenPieces(PIECES);
  assert.equal(flat.length, 13);
  const windows = makeWindows([flat], { sequenceLength: 4, objective: "last" });
  assert.equal(windows.count, 13 - 4);
  const all = show(batches(windows, { batchSize: 1 }));
  assert.equal(all[3], "1: 13 14 15 20>21");
});

Deno.test("makeWindows() refuses lengths and strides that leave tokens out", () => {
  const bad: [WindowOptions, RegExp][] = [
    [{ sequenceLength: 0 }, /sequenceLength .* current value is 0/],
    [{ sequenceLength: 1.5 }, /sequenceLength .* current value is 1.5/],
    [{ sequenceLength: 4, stride: 0 }, /stride .* current value is 0/],
    [{ sequenceLength: 4, stride: 5 }, /at most sequenceLength \(4\).* is 5/],
  ];
  for (const [options, message] of bad) {
    assert.throws(() => makeWindows(PIECES, options), {
      name: "RangeError",
      message,
    });
  }
  assert.equal(
    makeWindows(PIECES, { sequenceLength: 4, stride: 5, objective: "last" })
      .count,
    3,
  );
  assert.throws(() => shown({ sequenceLength: 4, batchSize: 0 }), {
    name: "RangeError",
    message: /batchSize .* current value is 0/,
  });
});

Deno.test("batches() counts the targets and pads the last batch", () => {
  const windows = makeWindows(PIECES, { sequenceLength: 3 });
  const counts = Array.from(
    batches(windows, { batchSize: 3 }),
    ({ size, targetCount, targets }) => {
      assert.equal(targets.filter((id) => id >= 0).length, targetCount);
      return [size, targetCount];
    },
  );
  assert.deepEqual(counts, [[3, 6], [1, 3]]);
});

Deno.test("batches() shuffles by seed and epoch alone", () => {
  const windows = makeWindows([
    Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9),
  ], {
    sequenceLength: 1,
  });
  const order = (seed: number, epoch: number) =>
    Array.from(
      batches(windows, { batchSize: 3, random: epochRandom(seed, epoch) }),
      ({ inputs }) => inputs.join(" "),
    ).join(", ");
  assert.equal(order(7, 1), "3 4 7, 6 8 1, 5 2 0");
  assert.equal(order(7, 2), "6 1 2, 3 8 5, 4 7 0");
  assert.notEqual(order(8, 1), order(7, 1));
});

Deno.test("batches() reuses its arrays", () => {
  const windows = makeWindows(PIECES, { sequenceLength: 3 });
  const [first, second] = batches(windows, { batchSize: 2 });
  assert.equal(first!.inputs, second!.inputs);
});

Deno.test("batches() of no windows gives no batches", () => {
  assert.deepEqual(shown({ sequenceLength: 3, batchSize: 2 }, []), []);
});

Deno.test("statefulBatches() keeps a piece in its row and marks where the next begins", () => {
  assert.deepEqual(
    show(statefulBatches(PIECES, { sequenceLength: 2, batchSize: 2 })),
    [
      "2: |10 11>11 12  |20 21>21 .",
      "2: 12 13>13 14  |40 41>41 42",
      "2: 14 15>15 .  42 43>43 .",
    ],
  );
});

Deno.test("statefulBatches() pads rows that have no piece left", () => {
  assert.deepEqual(
    show(
      statefulBatches(PIECES.slice(0, 2), {
        sequenceLength: 4,
        batchSize: 3,
      }),
    ),
    [
      "3: |10 11 12 13>11 12 13 14  |20 21 . .>21 . . .  |. . . .>. . . .",
      "3: 14 15 . .>15 . . .  |. . . .>. . . .  |. . . .>. . . .",
    ],
  );
});

Deno.test("statefulBatches() gives every target once, whatever the order", () => {
  const pieces = Array.from(
    { length: 23 },
    (_, p) => Int32Array.from({ length: 1 + p % 9 }, (_, i) => 100 * p + i),
  );
  const seen: number[] = [];
  for (
    const { targets } of statefulBatches(pieces, {
      sequenceLength: 3,
      batchSize: 4,
      random: epochRandom(1, 1),
    })
  ) seen.push(...targets.filter((id) => id >= 0));
  const expected = pieces.flatMap((piece) => [...piece.subarray(1)]);
  assert.deepEqual(seen.sort((a, b) => a - b), expected);
});

Deno.test("statefulBatches() distributes pieces so that rows end at nearly the same step", () => {
  const pieces = [90, 10, 12, 30, 31, 29, 33, 25].map((length) =>
    new Int32Array(length)
  );
  const batch = { sequenceLength: 10, batchSize: 3, random: new Random(1) };
  // 28 windows in 3 rows need at least 10 steps.
  assert.equal([...statefulBatches(pieces, batch)].length, 10);
});
