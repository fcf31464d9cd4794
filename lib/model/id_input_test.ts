import assert from "node:assert/strict";
import { ATTRIBUTE_NAMES } from "../music/music.ts";
import { batches, makeWindows, statefulBatches } from "../corpus/corpus.ts";
import { IdInput, type IdInputSource } from "./id_input.ts";

const H = ATTRIBUTE_NAMES.length;
const V = H + 6;
/** Attributes 0 … H − 1, then notes. */
const PIECE = Int32Array.from([
  ...Array(H).keys(),
  H + 2,
  H + 1,
  H + 5,
  H + 2,
  H + 3,
]);
const source = (
  input: IdInputSource["config"]["input"],
  tokenizer: "chord" | "remi" = "remi",
): IdInputSource => ({ config: { input }, tokenizer, vocabulary: { size: V } });

/** Ids whose input is not 0, the loud one marked. */
function shown(values: ArrayLike<number>): string {
  return Array.from(
    values,
    (value, id) => value === 1 ? `[${id}]` : value > 0 ? `${id}` : "",
  ).filter((x) => x).join(
    " ",
  );
}

Deno.test("IdInput.next() shows a token beside the attributes read so far", () => {
  const input = new IdInput(source("attributes"));
  const steps = Array.from(
    PIECE,
    (id) => shown(input.next(id).input as Float32Array),
  );
  assert.equal(steps[0], "[0]");
  assert.equal(steps[2], "0 1 [2]");
  const head = [...Array(H).keys()].join(" ");
  assert.equal(steps[H], `${head} [${H + 2}]`);
  assert.equal(steps[H + 2], `${head} [${H + 5}]`);
  input.reset();
  assert.equal(shown(input.next(3).input as Float32Array), "[3]");
});

Deno.test("IdInput.next() of chord tokens adds no attributes", () => {
  const input = new IdInput(source("attributes", "chord"));
  input.next(1);
  assert.equal(shown(input.next(2).input as Float32Array), "[2]");
});

Deno.test("IdInput.batch() shows what next() does, in windows and in carried rows", () => {
  const steps = new Map<number, string>();
  const next = new IdInput(source("attributes"));
  PIECE.forEach((id, place) => {
    steps.set(place, shown(next.next(id).input as Float32Array));
  });
  const input = new IdInput(source("attributes"));
  const windows = makeWindows([PIECE], { sequenceLength: 4 });
  for (
    const source of [
      batches(windows, { batchSize: 3 }),
      statefulBatches([PIECE], { sequenceLength: 4, batchSize: 2 }),
    ]
  ) {
    const seen = new Map<number, string>();
    for (const batch of source) {
      const inputs = input.batch(batch).inputs as Float32Array;
      for (let row = 0; row < batch.size; row++) {
        for (let t = 0; t < 4; t++) {
          const at = (4 * row + t) * V;
          const step = shown(inputs.subarray(at, at + V));
          if (step !== "") seen.set(batch.starts[row]! + t, step);
        }
      }
    }
    // The last token is only a target, unless its window has room for it.
    for (const [place, step] of seen) assert.equal(step, steps.get(place));
    assert.ok(seen.size >= PIECE.length - 1);
  }
});

Deno.test("IdInput gives ids as they are, or as numbers below 1, where it is told so", () => {
  const windows = makeWindows([Int32Array.of(3, V - 1, 0)], {
    sequenceLength: 2,
  });
  const of = (kind: IdInputSource["config"]["input"]) => {
    const [batch] = [...batches(windows, { batchSize: 1 })];
    const input = new IdInput(source(kind));
    const inputs = input.batch(batch!).inputs as Float32Array;
    return [input.next(3).input, ...inputs];
  };
  assert.deepEqual(of("onehot"), [3, 3, V - 1]);
  const [least, most] = [3 / V, (V - 1) / V].map(Math.fround);
  assert.deepEqual(of("scalar"), [3 / V, least, most]);
});
