import assert from "node:assert/strict";
import { Vocabulary } from "./vocabulary.ts";

Deno.test("Vocabulary.fromTokens() numbers sorted tokens from 0, each once", () => {
  const vocabulary = Vocabulary.fromTokens(["G4", "4.7", "C4", "G4", "4.7"]);
  assert.deepEqual(vocabulary.toJSON(), ["4.7", "C4", "G4"]);
  assert.equal(vocabulary.size, 3);
  assert.equal(vocabulary.id("C4"), 1);
  assert.equal(vocabulary.token(2), "G4");
  assert.equal(vocabulary.has("G4"), true);
  assert.equal(vocabulary.has("A4"), false);
});

Deno.test("Vocabulary.encode() and decode() are inverses", () => {
  const vocabulary = Vocabulary.fromTokens(["a", "b", "c"]);
  const ids = vocabulary.encode(["c", "a", "c"]);
  assert.deepEqual(ids, Int32Array.of(2, 0, 2));
  assert.deepEqual(vocabulary.decode(ids), ["c", "a", "c"]);
});

Deno.test("Vocabulary.id() and token() refuse what they do not know", () => {
  const vocabulary = Vocabulary.fromTokens(["a", "b"]);
  assert.throws(() => vocabulary.id("z"), {
    name: "RangeError",
    message: /token "z".*2 tokens/,
  });
  for (const id of [2, -1, 0.5, NaN]) {
    assert.throws(() => vocabulary.token(id), {
      name: "RangeError",
      message: new RegExp(`below 2, current value is ${id}`),
    });
  }
});

Deno.test("Vocabulary.fromJSON() keeps the ids it is given", () => {
  const vocabulary = Vocabulary.fromJSON(["b", "a"]);
  assert.equal(vocabulary.id("b"), 0);
  const copy = Vocabulary.fromJSON(JSON.parse(JSON.stringify(vocabulary)));
  assert.deepEqual(copy.toJSON(), ["b", "a"]);
  assert.equal(copy.hash, vocabulary.hash);
});

Deno.test("Vocabulary.fromJSON() refuses anything but distinct strings", () => {
  const bad: [unknown, RegExp][] = [
    [{ a: 1 }, /object/],
    [["a", 1], /something else/],
    [["a", "b", "a"], /"a" occurs again/],
  ];
  for (const [json, message] of bad) {
    assert.throws(() => Vocabulary.fromJSON(json), {
      name: "TypeError",
      message,
    });
  }
});

Deno.test("Vocabulary.hash is the SHA-256 of the token list", () => {
  assert.equal(
    Vocabulary.fromTokens(["b", "a"]).hash,
    // printf '["a","b"]' | sha256sum
    "0473ef2dc0d324ab659d3580c1134e9d812035905c4781fdd6d529b0c6860e13",
  );
  assert.notEqual(
    Vocabulary.fromJSON(["b", "a"]).hash,
    Vocabulary.fromJSON(["a", "b"]).hash,
  );
});
