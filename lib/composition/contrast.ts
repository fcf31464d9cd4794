/** What sections that leave something open are to be, so that others differ. */

import type { PieceSpec, SectionWish } from "../music/music.ts";

/** The middle of each quantity that has classes. */
const MIDDLE = {
  loudness: "medium",
  density: "medium",
  register: "middle",
  tempo: "moderate",
} as const;

/**
 * Wishes of all sections, with a middle way where a section leaves open what another
 * asks for: where one is to be loud, the others are not loud by chance.
 *
 * @param wanted Of each section: the piece's wishes and its own.
 */
export function withContrast(
  wanted: readonly PieceSpec[],
  wishes: readonly SectionWish[],
): PieceSpec[] {
  const fields = Object.keys(MIDDLE) as (keyof typeof MIDDLE)[];
  const asked = fields.filter((field) =>
    wishes.some(({ spec }) =>
      spec[field] !== undefined && spec[field] !== MIDDLE[field]
    )
  );
  return wanted.map((spec, i) => {
    const { curve = {} } = wishes[i]!;
    const hasLine = {
      loudness: curve.velocity !== undefined,
      density: curve.density !== undefined,
      register: curve.register !== undefined,
      tempo: curve.qpm !== undefined || spec.qpm !== undefined,
    };
    const open = asked.filter((field) =>
      spec[field] === undefined && !hasLine[field]
    );
    return {
      ...spec,
      ...Object.fromEntries(open.map((field) => [field, MIDDLE[field]])),
    };
  });
}
