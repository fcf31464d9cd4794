/** The tempo that a change of tempo begins with. */

import type { Happening } from "./happenings.ts";
import type { Context, ReadClause } from "./section_cast.ts";
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

/** How much faster or slower a change of tempo is in all. */
const CHANGE = 1.4;
/** Longest period, in seconds, of what comes on the beats of a piece. */
const MOST_ON_BEATS = 4;

/**
 * Gives a piece without a tempo one on whose beats something comes that comes every
 * few seconds, such as a tick.
 *
 * @param fields The piece's, changed in place.
 */
export function setTempoTo(
  happenings: readonly Happening[],
  fields: { -readonly [F in keyof Fields]?: Fields[F] },
): void {
  const every = happenings.find((one) => one.every)?.every;
  const isOpen = every && "seconds" in every &&
    every.seconds <= MOST_ON_BEATS && fields.qpm === undefined;
  if (!isOpen) return;
  const wanted = TEMPI[fields.tempo ?? "moderate"];
  const beats = Math.max(1, Math.round(wanted * every.seconds / 60));
  fields.qpm = Math.round(60 * beats / every.seconds);
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
    said.qpms.length === 0 && said.fields.qpm === undefined;
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

/** The first and the last tempo of a change. */
export function tempiOf(
  { qpms }: Said,
  fields: Partial<Fields>,
  by: 1 | -1,
): [number, number] {
  const numbers = qpms.map(({ qpm }) => qpm);
  const base = fields.qpm ?? (fields.tempo && TEMPI[fields.tempo]) ??
    UNSAID_QPM;
  const first = numbers.length > 1 ? numbers[0]! : base;
  const last = numbers.length > 1
    ? numbers.at(-1)!
    : numbers.length === 1 && numbers[0] !== base
    ? numbers[0]!
    : Math.round(by > 0 ? base * CHANGE : base / CHANGE);
  return [first, last];
}

/** The tempo in numbers that the last clause before a place has of its own. */
export function qpmBefore(
  place: number,
  { placed, byClause }: Context,
): number | undefined {
  return placed.filter(({ fromShare, clause }) =>
    fromShare < place - 1e-9 &&
    byClause.get(clause)!.said.fields.qpm !== undefined
  ).toSorted((a, b) => a.fromShare - b.fromShare)
    .map(({ clause }) => byClause.get(clause)!.said.fields.qpm).at(-1);
}
