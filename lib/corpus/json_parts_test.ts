import assert from "node:assert/strict";
import { jsonParts } from "./json_parts.ts";

const shown = (value: unknown) => [...jsonParts(value)].join("");

Deno.test("jsonParts() writes what JSON.stringify() does", () => {
  const values = [
    [],
    {},
    { a: [], b: {}, c: undefined, d: null },
    [[[[[1, { a: [2, "line\nbreak"] }]]]]],
    { 'quote"': { reason: [{ file: "a.mid", count: 2 }], other: [] } },
    "text",
    3,
    null,
  ];
  for (const value of values) {
    assert.equal(shown(value), JSON.stringify(value, null, 1));
  }
});

Deno.test("jsonParts() goes through what is no array", () => {
  function* squares() {
    for (let i = 0; i < 3; i++) yield { square: i * i };
  }
  assert.equal(
    shown({ list: squares() }),
    JSON.stringify({ list: [...squares()] }, null, 1),
  );
});
