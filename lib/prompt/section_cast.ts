/** Which clauses hold in a stretch of the piece, and who plays in it. */

import type {
  Anchor,
  ChordProgression,
  InstrumentName,
  PartWish,
  SectionWish,
} from "../music/music.ts";
import { isLeftOut } from "./cast.ts";
import { genreOf } from "./genres.ts";
import type { KeyMove } from "./modulations.ts";
import type { Clause } from "./outline.ts";
import type { Extent, Placed } from "./placing.ts";
import type { Settled } from "./resolve.ts";
import type { Said } from "./said.ts";

/** A clause with what it says. */
export interface ReadClause {
  readonly clause: Clause;
  readonly said: Said;
  readonly settled: Settled;
}

/** What the whole piece asks for, as the sections need it. */
export interface Whole {
  readonly said: Said;
  readonly fields: Settled["fields"];
  readonly playing: readonly InstrumentName[];
  /** How parts play, where a section does not say otherwise. */
  readonly partWishes: readonly PartWish[];
  readonly extent: Extent;
  /** The chords of the whole. */
  readonly chords: ChordProgression | undefined;
}

/** A stretch of the piece, with its ends as shares of the whole. */
export interface Stretch {
  readonly from: Anchor;
  readonly at: number;
  readonly upTo: number;
}
/** All that sections are made of. */
export interface Context {
  readonly placed: readonly Placed[];
  readonly byClause: ReadonlyMap<Clause, ReadClause>;
  readonly whole: Whole;
  /** Keys of the clauses that change it by distance. */
  readonly keys: ReadonlyMap<Clause, KeyMove>;
}

/** Whether a clause holds in a stretch: up to its end, or the next of its kind. */
export function holds(
  { clause, fromShare, toShare }: Placed,
  { at }: Stretch,
  placed: readonly Placed[],
): boolean {
  const isStep = clause.how === "then" || clause.how === "part";
  const next = isStep
    ? placed.find((other) =>
      other.fromShare > fromShare + 1e-9 && other.clause.how === clause.how
    )?.fromShare
    : undefined;
  const isOpening = clause.how === "at" && fromShare === 0;
  const second = isOpening
    ? placed.find((other) => other.fromShare > 1e-9)?.fromShare
    : undefined;
  const end = toShare ?? next ?? second ?? 1;
  return fromShare <= at + 1e-9 && at < end - 1e-9;
}

/** Whether only a beat is named of drums that a genre brings anyway. */
function isBeatOfGenre(name: InstrumentName, said: Said, whole: Said): boolean {
  return said.open.has(name) && !said.closed.has(name) &&
    whole.genres.some(({ name: genre }) =>
      genreOf(genre).cast?.includes(name) ?? false
    );
}

/** Whether a part that is over is the one that someone is said not to play in. */
function isMissingOnce(
  name: InstrumentName,
  stretch: Stretch,
  { placed, byClause }: Pick<Context, "placed" | "byClause">,
): boolean {
  return placed.some((one) =>
    one.clause.how === "part" && one.fromShare < stretch.at - 1e-9 &&
    byClause.get(one.clause)!.said.without.has(name) &&
    !holds(one, stretch, placed)
  );
}

/**
 * Whether a stretch with both its ends names all who play in it: it names again
 * someone who has been there.
 */
function listsAll(
  { clause }: Placed,
  names: readonly InstrumentName[],
  present: ReadonlySet<InstrumentName>,
): boolean {
  const { from, to, isUntil = false, enters, returns } = clause;
  return typeof from === "object" && to !== undefined && !isUntil &&
    enters.length + returns.length === 0 && clause.how === "at" &&
    clause.leaves.length === 0 &&
    [...present].some((name) => !names.includes(name)) &&
    names.some((name) => present.has(name));
}

/** Who is silent in a stretch because the next section has them come back. */
function absentBefore(
  stretch: Stretch,
  placed: readonly Placed[],
): readonly InstrumentName[] {
  const next = placed.find(({ fromShare }) => fromShare > stretch.at + 1e-9);
  const isLater = placed.some(({ fromShare }) =>
    fromShare > 1e-9 && fromShare <= stretch.at + 1e-9
  );
  return isLater ? next?.clause.returns ?? [] : [];
}

/** Whether nobody else plays: "A in C with flute, B in A minor with strings". */
function isOwnCast({ name, enters }: Clause): boolean {
  return /^[A-E]$/.test(name ?? "") && enters.length === 0;
}

/** Who plays in a stretch; nothing where it is as in the whole piece. */
export function castAt(
  stretch: Stretch,
  { placed, byClause, whole, keys }: Context,
): Pick<SectionWish["spec"], "playing" | "silent"> {
  const { playing, said: wholeSaid } = whole;
  const like = placed.findLast((one) =>
    one.clause.like !== undefined && holds(one, stretch, placed)
  )?.clause.like;
  const first = placed.find(({ clause }) => clause === like);
  // A section that comes again is played by those who played it first.
  if (first && first.fromShare < stretch.at - 1e-9) {
    const at = first.fromShare;
    return castAt({ ...stretch, at }, { placed, byClause, whole, keys });
  }
  const now = new Set(playing);
  const silent = new Set<InstrumentName>();
  const present = new Set<InstrumentName>();
  let only: readonly InstrumentName[] | undefined;
  for (const one of placed) {
    const { clause } = one;
    const { said } = byClause.get(clause)!;
    const names = [...said.named.keys()];
    const isNow = one.fromShare <= stretch.at + 1e-9;
    const until = clause.isUntil ? [...said.without.keys()] : [];
    const entering = names.filter((name) =>
      !clause.leaves.includes(name) && !isBeatOfGenre(name, said, wholeSaid) &&
      (!wholeSaid.named.has(name) || clause.enters.includes(name))
    );
    const isList = listsAll(one, names, present);
    for (const name of isNow ? entering : []) present.add(name);
    for (const name of entering) {
      if (isNow || present.has(name)) continue;
      // "Intro without drums": who is missing there plays elsewhere.
      if (isMissingOnce(name, stretch, { placed, byClause })) continue;
      now.delete(name);
      if (playing.length === 0) silent.add(name);
    }
    const isHeld = holds(one, stretch, placed);
    // Who leaves for a stretch comes back after it.
    const isGone = isNow && (isHeld || one.toShare === undefined);
    for (const name of isGone ? clause.leaves : []) {
      now.delete(name);
      present.delete(name);
    }
    if (!isHeld) continue;
    if (isList) only = names;
    const gone = [...said.without.keys(), ...until];
    for (const name of gone) silent.add(name);
    for (const name of [...now]) if (isLeftOut(name, gone)) now.delete(name);
    if (clause.isAll) {
      only = undefined;
      silent.clear();
      for (const name of playing) present.add(name);
    } else if ((clause.isOnly || isOwnCast(clause)) && names.length > 0) {
      only = names;
    } else if (only) only = [...only, ...names];
  }
  for (const name of absentBefore(stretch, placed)) {
    present.delete(name);
    now.delete(name);
  }
  for (const name of present) if (!silent.has(name)) now.add(name);
  const owners = placed.filter(({ clause }) => clause.own);
  const here = owners.filter((one) => holds(one, stretch, placed))
    .flatMap(({ clause }) => clause.own!);
  const cast = [...new Set(only ?? now)].filter((name) =>
    here.includes(name) ||
    !owners.some(({ clause }) => clause.own!.includes(name))
  );
  const isSame = cast.length === playing.length &&
    playing.every((name) => cast.includes(name));
  return {
    ...!isSame && cast.length > 0 && { playing: cast },
    ...playing.length === 0 && silent.size > 0 && { silent: [...silent] },
  };
}
