/** How parts play in one stretch of the piece. */

import {
  type InstrumentName,
  INSTRUMENTS,
  type PartWish,
  type SectionWish,
} from "../music/music.ts";
import { addLimits, isBass, MANNERS, nearestTo } from "./parts.ts";
import type { Said } from "./said.ts";

/** What is known of the whole piece. */
interface WholeParts {
  readonly said: Said;
  readonly playing: readonly InstrumentName[];
  readonly partWishes: readonly PartWish[];
}

/** How parts play in a stretch. */
interface SectionParts {
  /** All wishes that hold in it. */
  readonly partWishes: readonly PartWish[];
  /** Whether a register that is named is of one of several parts. */
  readonly isRegisterOfPart: boolean;
}

/**
 * How parts play where a clause holds: as it says, or else as in the whole piece.
 *
 * @returns Undefined where the clause says nothing of it.
 */
function partsIn(
  clause: Said,
  { said, playing, partWishes }: WholeParts,
): SectionParts | undefined {
  const own = new Map<number | undefined, PartWish>();
  const pitched: InstrumentName[] = playing.filter((name) => name !== "drums");
  let isRegisterOfPart = false;
  for (const one of clause.manners) {
    const { manner } = one;
    const isRegister = manner === "low" || manner === "high";
    const nearest = nearestTo(one, clause) ?? nearestTo(one, said);
    isRegisterOfPart ||= isRegister && pitched.length > 1;
    const names = manner === "walking"
      ? pitched.filter(isBass)
      : isRegister && pitched.length < 2
      ? []
      : nearest && !one.isOfAll && pitched.includes(nearest)
      ? [nearest]
      : pitched;
    for (const name of names) {
      const [program] = INSTRUMENTS[name].programs;
      if (program === undefined) continue;
      own.set(program, { ...own.get(program), ...MANNERS[manner], program });
    }
  }
  addLimits(own, clause, pitched);
  if (own.size === 0) return undefined;
  const others = partWishes.filter(({ program }) => !own.has(program));
  return { partWishes: [...others, ...own.values()], isRegisterOfPart };
}

/**
 * Sets how parts play in a section, as a clause that holds in it says.
 *
 * @param spec Changed in place.
 */
export function setParts(
  spec: { -readonly [K in keyof SectionWish["spec"]]: SectionWish["spec"][K] },
  clause: Said,
  whole: WholeParts,
): void {
  const parts = partsIn(clause, whole);
  if (!parts) return;
  spec.partWishes = parts.partWishes;
  if (parts.isRegisterOfPart) delete spec.register;
}
