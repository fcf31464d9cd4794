/** How much is to move in a piece, by what is asked of it. */

import type { Motion } from "../arrangement/arrangement.ts";
import type { PartWish, PieceSpec } from "../music/music.ts";

/** Whether a part is to play so that a figure would break what is asked of it. */
function isStill(
  { leastQuarters, apartQuarters, positions, isBroken }: PartWish,
): boolean {
  return (leastQuarters ?? apartQuarters ?? positions ?? isBroken) !==
    undefined;
}

/**
 * How much is to move where many notes are asked outright; undefined where they are
 * not, or where all parts are to keep still.
 */
export function motionOf(
  { onsetsPerSecond = 0, partWishes = [] }: PieceSpec,
): Motion | undefined {
  const still = partWishes.filter(isStill);
  const isAll = still.some(({ program }) => program === undefined);
  return onsetsPerSecond === 0 || isAll ? undefined : {
    onsetsPerSecond,
    still: still.flatMap(({ program }) => program ?? []),
  };
}
