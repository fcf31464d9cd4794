/** The tempo that a change of tempo begins with. */

import type { ReadClause } from "./section_cast.ts";
import { TEMPI, UNSAID_QPM } from "./tempo_words.ts";
import type { Said } from "./said.ts";
import type { Fields } from "./types.ts";

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

/**
 * "Starts at 100 bpm and ends at 50" is one line, where no other part has a tempo.
 *
 * @param clauses Changed in place.
 * @param said What is said of the whole, and its fields: changed in place.
 */
export function joinTempi(
  clauses: readonly ReadClause[],
  said: Said,
  fields: { -readonly [F in keyof Fields]?: Fields[F] },
): void {
  const timed = clauses.filter((one) => one.said.fields.qpm !== undefined);
  const [first, last] = timed;
  const { from } = first?.clause ?? {};
  const isStart = from === undefined ||
    typeof from === "object" && "share" in from && from.share === 0;
  const isLine = timed.length === 2 && isStart && last!.clause.from === "end" &&
    said.qpms.length === 0 && fields.qpm === undefined;
  if (!isLine) return;
  for (const one of timed) {
    const qpm = one.said.fields.qpm!;
    said.qpms.push({ qpm, start: one.clause.start });
    delete one.settled.fields.qpm;
    delete one.said.fields.qpm;
  }
  const [low, high] = said.qpms.map(({ qpm }) => qpm);
  fields.qpm = low!;
  delete fields.tempo;
  const by = high! > low! ? 1 : -1;
  said.mores.push({
    of: "tempo",
    by,
    start: first!.clause.start,
    isPlain: false,
  });
}
