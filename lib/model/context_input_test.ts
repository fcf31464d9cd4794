import assert from "node:assert/strict";
import { planOf } from "../context/context.ts";
import {
  batches,
  beginningOf,
  makeWindows,
  statefulBatches,
} from "../corpus/corpus.ts";
import type { SparseRows } from "../lstm/lstm.ts";
import { attributeTokens } from "../music/music.ts";
import { RemiAlphabet } from "../tokens/remi/remi.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { ContextInput } from "./context_input.ts";

const bar = (...pitches: number[]) =>
  pitches.flatMap((pitch, i) => [
    `Position_${12 * i}`,
    ...i === 0 ? ["Program_0"] : [],
    ...[`Pitch_${pitch}`, "Velocity_68", "Duration_12"],
  ]);
const TOKENS = [
  ...attributeTokens({ Key: "C", Mode: "minor" }),
  ...["Bar", "TimeSignature_4/4", "Tempo_70", ...bar(60, 63, 67, 63)],
  ...["Bar", ...bar(60, 63, 68, 63), "Bar", ...bar(58, 62, 67), "End"],
];
const VOCABULARY = Vocabulary.fromTokens(TOKENS);
const PIECE = Int32Array.from(VOCABULARY.encode(TOKENS));

/** What next() shows at each place of a piece. */
function shown(piece: Int32Array): string[] {
  const input = new ContextInput(VOCABULARY);
  input.reset(planOf(piece, RemiAlphabet.of(VOCABULARY)));
  return Array.from(piece, (id) => {
    const step = input.next(id);
    return `${Array.from(step.input as Int32Array)} ${
      Array.from(step.relations!)
    }`;
  });
}

const rowOf = ({ offsets, values }: SparseRows, row: number) =>
  Array.from(values.subarray(offsets[row], offsets[row + 1]));

Deno.test("ContextInput.batch() shows what next() does, in windows and in carried rows", () => {
  const expected = shown(PIECE);
  const windows = makeWindows([PIECE], { sequenceLength: 7 });
  const input = new ContextInput(VOCABULARY);
  for (
    const source of [
      batches(windows, { batchSize: 3 }),
      statefulBatches([PIECE, PIECE], { sequenceLength: 7, batchSize: 2 }),
    ]
  ) {
    let seen = 0;
    for (const batch of source) {
      const { inputs, relations } = input.batch(batch);
      for (let row = 0; row < batch.size; row++) {
        for (let t = 0; batch.pieces[row] && t < batch.steps; t++) {
          const place = batch.starts[row]! + t, at = row * batch.steps + t;
          if (place >= PIECE.length) continue;
          assert.equal(
            `${rowOf(inputs as SparseRows, at)} ${rowOf(relations!, at)}`,
            expected[place],
          );
          seen++;
        }
      }
    }
    assert.ok(seen >= PIECE.length - 1);
  }
});

Deno.test("ContextInput.batch() plans a beginning as the piece that it begins", () => {
  const beginning = beginningOf(PIECE, 30), expected = shown(PIECE);
  const input = new ContextInput(VOCABULARY);
  const [batch] = batches(makeWindows([beginning], { sequenceLength: 30 }), {
    batchSize: 1,
  });
  const { inputs, relations } = input.batch(batch!);
  for (let t = 0; t < 29; t++) {
    assert.equal(
      `${rowOf(inputs as SparseRows, t)} ${rowOf(relations!, t)}`,
      expected[t],
    );
  }
});

Deno.test("ContextInput.state returns to what was read", () => {
  const input = new ContextInput(VOCABULARY), expected = shown(PIECE);
  input.reset(planOf(PIECE, RemiAlphabet.of(VOCABULARY)));
  for (const id of PIECE.subarray(0, 25)) input.next(id);
  const { state } = input;
  for (const id of PIECE.subarray(3, 20)) input.next(id);
  input.state = state;
  for (let i = 25; i < PIECE.length; i++) {
    const step = input.next(PIECE[i]!);
    assert.equal(
      `${Array.from(step.input as Int32Array)} ${Array.from(step.relations!)}`,
      expected[i],
    );
  }
});
