import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import { sample, Sampler, type SamplingOptions } from "./sampling.ts";

/** Probabilities 0.4, 0.1, 0.3, 0.2 as logits with an offset. */
const LOGITS = Float32Array.from([0.4, 0.1, 0.3, 0.2], (p) => Math.log(p) + 5);

/** How often each token comes in 4000 samples, in percent. */
function shares(options: SamplingOptions, logits = LOGITS): number[] {
  const sampler = new Sampler(logits.length), random = new Random(11);
  const counts = new Array(logits.length).fill(0);
  for (let i = 0; i < 4000; i++) {
    counts[sampler.sample(logits, random, options)]++;
  }
  return counts.map((count) => Math.round(count / 40));
}

const near = (actual: number[], expected: number[]) =>
  actual.forEach((share, i) =>
    assert.ok(
      expected[i] === 0 ? share === 0 : Math.abs(share - expected[i]!) <= 3,
      `${actual} is not near ${expected}`,
    )
  );

Deno.test("sample() samples the same tokens for the same seed", () => {
  const random = new Random(5);
  const ids = Array.from({ length: 12 }, () => sample(LOGITS, random).id);
  assert.deepEqual(ids, [0, 0, 2, 2, 2, 0, 0, 2, 0, 0, 0, 2]);
});

Deno.test("sample() samples tokens as often as the logits say", () => {
  near(shares({}), [40, 10, 30, 20]);
});

Deno.test("sample() reports the model's own nats, whatever the filters", () => {
  const { id, nats } = sample(LOGITS, new Random(1), {
    mask: Uint8Array.of(0, 1, 0, 0),
    temperature: 0.2,
  });
  assert.equal(id, 1);
  assert.ok(Math.abs(nats + Math.log(0.1)) < 1e-6);
});

Deno.test("sample() at temperature 0 takes the likeliest, the first of equals, and no random number", () => {
  const random = new Random(3);
  const state = random.state;
  assert.equal(sample(LOGITS, random, { temperature: 0 }).id, 0);
  const ties = Float32Array.of(1, 7, 7, 2);
  assert.equal(sample(ties, random, { temperature: 0 }).id, 1);
  assert.deepEqual(random.state, state);
});

Deno.test("sample() at temperature 2 takes square roots of probabilities", () => {
  const roots = [0.4, 0.1, 0.3, 0.2].map(Math.sqrt);
  const sum = roots.reduce((a, b) => a + b);
  near(shares({ temperature: 2 }), roots.map((root) => 100 * root / sum));
});

Deno.test("sample() keeps the topK likeliest", () => {
  near(shares({ topK: 2 }), [57, 0, 43, 0]);
  near(shares({ topK: 9 }), [40, 10, 30, 20]);
  assert.deepEqual(shares({ topK: 1 }, Float32Array.of(0, 1, 1)), [0, 100, 0]);
});

Deno.test("sample() keeps the likeliest until they add up to topP", () => {
  near(shares({ topP: 0.65 }), [57, 0, 43, 0]);
  near(shares({ topP: 0.75 }), [44, 0, 33, 22]);
  near(shares({ topP: 1e-9 }), [100, 0, 0, 0]);
});

Deno.test("sample() keeps what is minP times as likely as the likeliest", () => {
  near(shares({ minP: 0.3 }), [44, 0, 33, 22]);
  near(shares({ minP: 1 }), [100, 0, 0, 0]);
});

Deno.test("sample() measures topP against what topK and minP left", () => {
  // 0.4 of 0.7 is 0.571: enough for topP = 0.57, though not of the whole.
  near(shares({ topK: 2, topP: 0.57 }), [100, 0, 0, 0]);
  near(shares({ minP: 0.7, topP: 0.57 }), [100, 0, 0, 0]);
});

Deno.test("sample() agrees with a plain sort on random logits", () => {
  const random = new Random(8), sampler = new Sampler(50);
  for (let round = 0; round < 200; round++) {
    const logits = Float32Array.from({ length: 50 }, () => 2 * random.normal());
    const topK = 1 + random.int(50), topP = 0.05 + 0.95 * random.next();
    const order = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!);
    const weights = order.slice(0, topK).map((id) => Math.exp(logits[id]!));
    const total = weights.reduce((a, b) => a + b);
    let kept = 0;
    for (let sum = 0; kept < topK && sum < topP * total; kept++) {
      sum += weights[kept]!;
    }
    const sampled = new Set<number>();
    for (let i = 0; i < 40; i++) {
      sampled.add(sampler.sample(logits, random, { topK, topP }));
    }
    const allowed = new Set(order.slice(0, kept));
    assert.ok(sampled.isSubsetOf(allowed), `topK ${topK}, topP ${topP}`);
  }
});

Deno.test("sample() never samples what the mask or -Infinity rules out", () => {
  near(shares({ mask: Uint8Array.of(0, 1, 0, 1) }), [0, 33, 0, 67]);
  const logits = Float32Array.of(-Infinity, 0, -Infinity, 0);
  near(shares({}, logits), [0, 50, 0, 50]);
  near(shares({ repetitionPenalty: 2, penalized: [0] }, logits), [
    0,
    50,
    0,
    50,
  ]);
});

Deno.test("sample() copes with logits far apart and a temperature near 0", () => {
  const logits = Float32Array.of(-3e38, 3e38, 0);
  const { id, nats } = sample(logits, new Random(1), { temperature: 1e-30 });
  assert.deepEqual([id, nats], [1, 0]);
});

Deno.test("sample() penalises repeated tokens on either side of zero", () => {
  const logits = Float32Array.of(2, -1, 0.5);
  const options = { repetitionPenalty: 4, penalized: [0, 1, 0] };
  // 2 / 4, −1 · 4, 0.5
  near(shares(options, logits), [50, 0.5, 50]);
  assert.equal(sample(logits, new Random(1), { ...options, topK: 1 }).id, 0);
});

Deno.test("sample() refuses what leaves no token, and says why", () => {
  const random = new Random(1);
  const refuses = (
    logits: Float32Array,
    options: SamplingOptions,
    message: RegExp,
  ) =>
    assert.throws(() => sample(logits, random, options), {
      name: "RangeError",
      message,
    });
  refuses(LOGITS, { mask: new Uint8Array(4) }, /the mask allows none/);
  refuses(
    Float32Array.of(0, -Infinity),
    { mask: Uint8Array.of(0, 1) },
    /every logit that the mask allows is -Infinity/,
  );
  refuses(Float32Array.of(0, NaN), {}, /current value at id 1 is NaN/);
  refuses(Float32Array.of(Infinity), {}, /current value at id 0 is Infinity/);
  refuses(LOGITS, { mask: new Uint8Array(3) }, /mask must have 4 .* is 3/);
  refuses(LOGITS, { temperature: -1 }, /temperature .* is -1/);
  refuses(LOGITS, { topK: 0 }, /topK .* is 0/);
  refuses(LOGITS, { topP: 0 }, /topP .* is 0/);
  refuses(LOGITS, { minP: 1.5 }, /minP .* is 1.5/);
  refuses(LOGITS, { repetitionPenalty: 0 }, /repetitionPenalty .* is 0/);
});
