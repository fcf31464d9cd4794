/** The keys of sections that change it by distance, and their chords. */

import type { SectionWish } from "../music/music.ts";
import { shiftChords } from "./chord_shift.ts";
import { keyAfter, type KeyMove, type KnownKey } from "./modulations.ts";
import type { Clause } from "./outline.ts";
import { chordsIn } from "./parts.ts";
import type { Placed } from "./placing.ts";
import type { ReadClause, Whole } from "./section_cast.ts";
import type { Fields } from "./types.ts";

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** The keys of clauses that change it by distance, each from the key before it. */
export function keysOf(
  placed: readonly Placed[],
  byClause: ReadonlyMap<Clause, ReadClause>,
  { fields }: Whole,
): Map<Clause, KeyMove> {
  const keys = new Map<Clause, KeyMove>();
  const ofKey = ({ tonic, mode }: Partial<Fields>): KnownKey => ({
    ...tonic !== undefined && { tonic },
    ...mode !== undefined && { mode },
  });
  let now = ofKey(fields);
  for (
    const { clause } of placed.toSorted((a, b) => a.fromShare - b.fromShare)
  ) {
    const { said, settled } = byClause.get(clause)!;
    const { key = {} } = chordsIn(settled.fields, fields);
    now = { ...now, ...ofKey(settled.fields), ...key };
    const modulation = said.modulations.findLast(({ isUnsaid }) => !isUnsaid) ??
      said.modulations.at(-1);
    // "Up a whole step to D major" names the key.
    if (!modulation || settled.fields.tonic !== undefined) continue;
    const before = now;
    now = keyAfter(now, modulation);
    const semitones = (now.tonic! - (before.tonic ?? 0) + 18) % 12 - 6;
    const isSame = now.mode === (before.mode ?? "major");
    keys.set(clause, { key: now, ...isSame && { semitones } });
  }
  return keys;
}

/** Puts a section into its key; chords that are written move with it. */
export function moveKey(
  spec: Open<SectionWish["spec"]>,
  { key, semitones }: KeyMove,
  { chords }: Whole,
): void {
  spec.key = key;
  const own = spec.chords ?? chords;
  if (own && semitones !== undefined) spec.chords = shiftChords(own, semitones);
}
