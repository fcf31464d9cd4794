/** The tokens of a piece, taken apart. */

import type { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";

/** Ids of the attributes, and of each bar, without `Bar` or `End`. */
export function splitBars(
  vocabulary: Vocabulary,
  tokens: readonly string[],
): [number[], number[][]] {
  const bar = vocabulary.id("Bar"), end = vocabulary.id("End");
  const head: number[] = [], bars: number[][] = [];
  for (const id of vocabulary.encode(tokens)) {
    if (id === bar) bars.push([]);
    else if (id !== end) (bars.at(-1) ?? head).push(id);
  }
  return [head, bars];
}
