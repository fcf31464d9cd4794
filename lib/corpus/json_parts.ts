/** JSON in parts, so that a long list need not be in memory. */

/** Levels that are written in parts. What is deeper is small, as are objects in lists. */
const LEVELS = 3;

/**
 * A value as `JSON.stringify(value, null, 1)` writes it, in parts. In place of an
 * array, anything that can be gone through may stand.
 *
 * @param value Plain data, and no `undefined` but as the value of a field.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { jsonParts } from "immersic/corpus/json_parts.ts";
 * const value = { a: [1, { b: "c" }], d: {} };
 * assert.equal([...jsonParts(value)].join(""), JSON.stringify(value, null, 1));
 * assert.equal([...jsonParts(new Set([1]))].join(""), "[\n 1\n]");
 * ```
 */
export function jsonParts(value: unknown): Generator<string> {
  return parts(value, "\n", LEVELS);
}

function* parts(
  value: unknown,
  margin: string,
  levels: number,
): Generator<string> {
  const inner = `${margin} `;
  let before = inner;
  const isPart = levels > 0 && typeof value === "object" && value !== null;
  const isList = isPart && Symbol.iterator in value;
  if (!isPart || levels === 1 && !isList) {
    yield JSON.stringify(value, null, 1).replaceAll("\n", margin);
  } else if (isList) {
    yield "[";
    for (const item of value as Iterable<unknown>) {
      yield before;
      yield* parts(item, inner, levels - 1);
      before = `,${inner}`;
    }
    yield before === inner ? "]" : `${margin}]`;
  } else {
    yield "{";
    for (const [name, item] of Object.entries(value)) {
      if (item === undefined) continue;
      yield `${before}${JSON.stringify(name)}: `;
      yield* parts(item, inner, levels - 1);
      before = `,${inner}`;
    }
    yield before === inner ? "}" : `${margin}}`;
  }
}
