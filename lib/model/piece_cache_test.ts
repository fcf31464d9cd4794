import assert from "node:assert/strict";
import { PieceCache } from "./piece_cache.ts";
import { Random } from "../base/base.ts";

const close = (a: number, b: number) =>
  assert.ok(Math.abs(a - b) < 1e-12, `${a} is not ${b}`);

function heard(ids: readonly number[], strength: number, size = 4): PieceCache {
  const cache = new PieceCache(size, { strength });
  ids.forEach((id) => cache.push(id));
  return cache;
}

/** The definition, computed by searching for each length of context. */
function byDefinition(
  ids: readonly number[],
  strength: number,
  id: number,
  ofNetwork: number,
  shortest: number,
): number {
  let p = ofNetwork;
  for (let k = shortest; k <= 12; k++) {
    const context = ids.slice(-k).join();
    let times = 0, followed = 0;
    for (let i = 0; i + k < ids.length; i++) {
      if (ids.slice(i, i + k).join() !== context) continue;
      times++;
      if (ids[i + k] === id) followed++;
    }
    p = (followed + strength / k * p) / (times + strength / k);
  }
  return p;
}

Deno.test("PieceCache leaves the network's prediction unchanged where the last token is new", () => {
  for (const ids of [[], [0], [0, 1, 2], [3, 3, 1]]) {
    assert.equal(heard(ids, 2).probability(1, 0.3), 0.3);
  }
});

Deno.test("PieceCache counts what followed the same context, the longest most", () => {
  // After 1 came 2 and 3; after 0, 1 came 3 alone.
  const cache = heard([1, 2, 0, 1, 3, 0, 1], 2);
  const ofTwo = (1 + 2 * 0.25) / (2 + 2), ofThree = (1 + 2 * 0.25) / (2 + 2);
  close(cache.probability(2, 0.25), ofTwo / (1 + 1));
  close(cache.probability(3, 0.25), (1 + ofThree) / (1 + 1));
  close(cache.probability(0, 0.25), 2 * 0.25 / 4 / 2);
});

Deno.test("PieceCache agrees with its definition, at every token of random pieces", () => {
  const random = new Random(3);
  const ids = Array.from({ length: 300 }, () => random.int(3));
  // Themes come back whole, longer than any context.
  ids.splice(100, 40, ...ids.slice(10, 50));
  ids.splice(200, 60, ...ids.slice(90, 150));
  for (const shortest of [1, 4]) {
    const cache = new PieceCache(4, { strength: 5, shortest });
    ids.forEach((id, i) => {
      cache.push(id);
      for (const next of [0, 1, 2, 3]) {
        const p = (next + 1) / 10, before = ids.slice(0, i + 1);
        const expected = byDefinition(before, 5, next, p, shortest);
        close(cache.probability(next, p), expected);
      }
    });
  }
});

Deno.test("PieceCache gives probabilities that sum to one, as numbers and as logarithms", () => {
  const random = new Random(4);
  const logits = Float32Array.from({ length: 6 }, () => 3 * random.normal());
  const weights = Array.from(logits, Math.exp);
  const total = weights.reduce((a, b) => a + b);
  const cache = new PieceCache(6, { strength: 3 });
  const mixed = new Float32Array(6);
  for (let i = 0; i < 100; i++) {
    cache.push(random.int(6));
    const all = weights.map((w, id) => cache.probability(id, w / total));
    close(all.reduce((a, b) => a + b), 1);
    cache.mix(logits, mixed);
    all.forEach((p, id) =>
      assert.ok(Math.abs(Math.exp(mixed[id]!) - p) < 1e-6)
    );
  }
});

Deno.test("PieceCache.mix() gives no probability to tokens that network and piece rule out", () => {
  const cache = heard([0, 1, 0], 1);
  const mixed = new Float32Array(4);
  cache.mix(Float32Array.of(-Infinity, -Infinity, 0, 0), mixed);
  assert.equal(mixed[0], -Infinity);
  assert.ok(Math.abs(mixed[1]! - Math.log(0.5)) < 1e-6);
});

Deno.test("PieceCache depends neither on later tokens nor on the previous piece", () => {
  const ids = [0, 1, 2, 0, 1, 2, 0, 1];
  const at = (rest: number[]) => {
    const cache = new PieceCache(4, { strength: 4 });
    const seen = [...ids, ...rest].map((id) => {
      cache.push(id);
      return [0, 1, 2, 3].map((next) => cache.probability(next, 0.25));
    });
    return seen.slice(0, ids.length);
  };
  assert.deepEqual(at([2, 0, 1, 2]), at([3, 3, 3, 0]));
  const used = heard([2, 1, 3, 3, 1], 4);
  used.reset();
  ids.forEach((id) => used.push(id));
  const fresh = heard(ids, 4);
  for (const id of [0, 1, 2, 3]) {
    assert.equal(used.probability(id, 0.25), fresh.probability(id, 0.25));
  }
});

Deno.test("PieceCache restores a state as if it had read no token since", () => {
  const cache = heard([0, 1, 2, 0, 1], 4);
  const { state } = cache;
  const other = heard([0, 1, 2, 0, 1], 4);
  [3, 3, 0, 1, 1, 1].forEach((id) => cache.push(id));
  cache.state = state;
  for (const id of [2, 0, 1, 2, 3, 3]) {
    assert.equal(cache.probability(id, 0.5), other.probability(id, 0.5));
    cache.push(id);
    other.push(id);
  }
});

Deno.test("PieceCache forgets tokens that it read thousands of tokens ago", () => {
  const theme = [0, 1, 2];
  const cache = heard(theme, 1);
  for (let i = 0; i < 4096; i++) cache.push(3);
  cache.push(0);
  assert.equal(cache.probability(1, 0.1), 0.1);
  theme.slice(1).forEach((id) => cache.push(id));
  cache.push(0);
  assert.ok(cache.probability(1, 0.1) > 0.5);
});

Deno.test("PieceCache refuses a strength or a shortest context out of range", () => {
  const wrong = [{ strength: 0 }, { shortest: 0 }, { shortest: 13 }];
  for (const options of wrong) {
    assert.throws(
      () => new PieceCache(4, options),
      new RegExp(
        `^RangeError: Cannot make a piece's cache: .* current value is ${
          Object.values(options)[0]
        }\\.`,
      ),
    );
  }
});
