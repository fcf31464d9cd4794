/** Refuses names of options and settings that do not exist. */

import { spellingDistance } from "./spelling_distance.ts";

/** From this share of its letters on, a name is no misspelling of another. */
const FAR = 0.5;

/**
 * The known name that a name is nearest to; undefined where none is near.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { nearestName } from "immersic/base/base.ts";
 * assert.equal(nearestName("epoch", ["run", "epochs"]), "epochs");
 * ```
 */
export function nearestName(
  name: string,
  known: Iterable<string>,
): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_ ]/g, "");
  let nearest: string | undefined;
  let least = Math.ceil(FAR * plain(name).length);
  for (const candidate of known) {
    const distance = spellingDistance(plain(name), plain(candidate), least);
    if (distance >= least) continue;
    least = distance;
    nearest = candidate;
  }
  return nearest;
}

/**
 * Makes sure that an object has known names only: a misspelt option would do nothing
 * otherwise.
 *
 * @param what What has the names, such as "parameters of Immersic.ipynb".
 * @throws {RangeError} If a name is unknown; the message says which was meant.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { requireKnownNames } from "immersic/base/base.ts";
 * assert.throws(() => requireKnownNames("options of play", ["loop"], ["lop"]), {
 *   message: 'Cannot set options of play: there is no "lop". Did you mean "loop"?',
 * });
 * ```
 */
export function requireKnownNames(
  what: string,
  known: readonly string[],
  given: Iterable<string>,
): void {
  for (const name of given) {
    if (known.includes(name)) continue;
    const meant = nearestName(name, known);
    const advice = meant
      ? `Did you mean "${meant}"?`
      : `There are ${known.toSorted().join(", ")}.`;
    throw new RangeError(
      `Cannot set ${what}: there is no "${name}". ${advice}`,
    );
  }
}

/**
 * Makes sure that a value is one of a few words: notebooks have no types, and another
 * word would be taken for the default.
 *
 * @param what What is set, such as "the engine".
 * @throws {RangeError} If it is none of them; the message says which was meant.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { requireOneOf } from "immersic/base/base.ts";
 * assert.throws(() => requireOneOf("the tokenizer", ["remi", "chord"], "rem"), {
 *   message: 'Cannot set the tokenizer to "rem". Did you mean "remi"?',
 * });
 * ```
 */
export function requireOneOf(
  what: string,
  known: readonly string[],
  value: unknown,
): void {
  if (typeof value === "string" && known.includes(value)) return;
  const meant = nearestName(String(value), known);
  const advice = meant
    ? `Did you mean "${meant}"?`
    : `It may be ${
      new Intl.ListFormat("en", { type: "disjunction" }).format(known)
    }.`;
  throw new RangeError(
    `Cannot set ${what} to ${JSON.stringify(value)}. ${advice}`,
  );
}
