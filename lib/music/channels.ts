/** Channels: what the parts that share controllers are on. */

import type { Part } from "./note_sequence.ts";

/**
 * The channel of each part, whose controllers it obeys.
 *
 * @param parts The parts of a piece.
 * @returns A number for each part: the same for parts of one
 * {@linkcode Part.channel}, a number of its own for each part without it. They
 * count from 0 in the order of the parts.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { channelsOf } from "immersic/music/music.ts";
 * const part = { name: "", program: 0, isDrum: false };
 * const shared = { ...part, channel: 3 };
 * assert.deepEqual(channelsOf([shared, part, shared, part]), [0, 1, 0, 2]);
 * ```
 */
export function channelsOf(parts: readonly Part[]): number[] {
  const numbers = new Map<number, number>();
  let next = 0;
  return parts.map(({ channel }) => {
    const known = channel === undefined ? undefined : numbers.get(channel);
    if (known !== undefined) return known;
    if (channel !== undefined) numbers.set(channel, next);
    return next++;
  });
}
