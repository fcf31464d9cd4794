/** Tempi of words, and the tempo that a change of tempo begins with. */

import type { ReadClause } from "./section_cast.ts";
import type { Fields } from "./types.ts";

/** Quarter notes per minute by a word. */
export const TEMPI: Readonly<Record<Fields["tempo"], number>> = {
  largo: 54,
  slow: 68,
  moderate: 84,
  lively: 100,
  fast: 120,
};
/** The same where nothing is said. */
export const UNSAID_QPM = 84;

/**
 * Gives a piece whose tempo changes by a word in one of its parts ("faster at 0:30")
 * a tempo in numbers, so that the change is one from what is before it.
 *
 * @param fields The piece's, changed in place.
 */
export function setTempoToChange(
  clauses: readonly ReadClause[],
  fields: { -readonly [F in keyof Fields]?: Fields[F] },
): void {
  const changes = clauses.some(({ said }) =>
    said.mores.some(({ of }) => of === "tempo")
  );
  if (!changes || fields.qpm !== undefined) return;
  fields.qpm = fields.tempo === undefined ? UNSAID_QPM : TEMPI[fields.tempo];
  delete fields.tempo;
}
