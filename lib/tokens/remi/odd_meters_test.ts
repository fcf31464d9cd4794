import assert from "node:assert/strict";
import { Random } from "../../base/base.ts";
import type { NoteSequence } from "../../music/music.ts";
import { RemiAugmenter } from "./augmentation.ts";
import { RemiDecoder } from "./decoder.ts";
import { RemiGrammar } from "./grammar.ts";
import { profilesOf } from "./testing.ts";
import { piece, type QuantizedRow } from "./testing.ts";
import { RemiTokenizer } from "./tokenizer.ts";
import { closedVocabulary } from "./tokens.ts";
import { TonicFrame } from "./tonic_frame.ts";
import { Vocabulary } from "../vocabulary/vocabulary.ts";

/** A piece of one meter that gives way to another inside a bar. */
function changing(
  [first, second]: readonly (readonly number[])[],
): NoteSequence {
  const meter = (
    ticks: number,
    [numerator = 4, denominator = 4]: readonly number[] = [],
  ) => (
    { ticks, numerator, denominator }
  );
  const rows = Array.from(
    { length: 40 },
    (_, i): QuantizedRow => [55 + (i * 5) % 17, 60 + i, 7 * i, 7 * i + 5],
  );
  return piece(rows, { timeSignatures: [meter(0, first), meter(100, second)] });
}

const METERS = [
  [[31, 16], [4, 4]],
  [[13, 32], [7, 8]],
  [[1, 64], [3, 4]],
  [[255, 128], [1, 64]],
  [[5, 8], [31, 16]],
];
const tokenizer = new RemiTokenizer();
const TOKENS = METERS.map((meters) => tokenizer.encode(changing(meters)));
const VOCABULARY = Vocabulary.fromTokens(closedVocabulary(TOKENS.flat()));
const PIECES = TOKENS.map((tokens) => VOCABULARY.encode(tokens));

Deno.test("RemiAugmenter and TonicFrame keep pieces of odd meters readable", () => {
  const augmenter = new RemiAugmenter(VOCABULARY);
  const frame = new TonicFrame(VOCABULARY);
  const decoder = new RemiDecoder(VOCABULARY);
  const random = new Random(1);
  for (const ids of PIECES) {
    const { timeSignatures, notes } = decoder.decode(ids);
    for (let round = 0; round < 10; round++) {
      const varied = augmenter.random(ids, random);
      const music = decoder.decode(frame.inC(varied));
      assert.deepEqual(music.timeSignatures, timeSignatures);
      assert.equal(music.notes.length, notes.length);
      assert.equal(augmenter.relabel(varied, random).length, ids.length);
    }
  }
});

Deno.test("profileSteps() tells the first meter of pieces of odd meters", () => {
  const profiles = profilesOf(PIECES, VOCABULARY);
  assert(profiles.length > 0);
  for (const { constraints } of profiles) {
    assert(VOCABULARY.has(`TimeSignature_${constraints.meter}`));
  }
});

Deno.test("RemiGrammar leads to an end in every meter, in a fixed number of bars", () => {
  const random = new Random(5);
  const decoder = new RemiDecoder(VOCABULARY);
  const end = VOCABULARY.id("End");
  const mask = new Uint8Array(VOCABULARY.size);
  for (const meter of ["31/16", "13/32", "1/64", "255/128", "5/8"]) {
    for (const bars of [5, 6, 11]) {
      const grammar = new RemiGrammar(VOCABULARY, {}, { meter, bars });
      for (let round = 0; round < 10; round++) {
        grammar.restart(bars);
        const ids: number[] = [];
        while (!grammar.ended) {
          grammar.mask(mask);
          const open = [...mask.keys()].filter((id) => mask[id] === 1);
          assert(open.length > 0, `${meter}, ${bars} bars: nothing may come`);
          const id = open.includes(end) ? end : random.pick(open);
          grammar.push(id);
          ids.push(id);
        }
        assert(decoder.decode(ids).notes.length > 0);
      }
    }
  }
});

Deno.test("RemiGrammar refuses a length in which no note fits", () => {
  assert.throws(
    () => new RemiGrammar(VOCABULARY, {}, { meter: "1/64", bars: 3 }),
    /its length of 3 bars is 3 steps at most, and the shortest note .* is 5 steps/,
  );
  const grammar = new RemiGrammar(VOCABULARY, {}, { meter: "1/64" });
  assert.throws(() => grammar.restart(4), RangeError);
  grammar.restart(5);
});
