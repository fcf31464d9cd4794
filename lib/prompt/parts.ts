/** How some of the parts play, and on which chords. */

import type { Random } from "../base/base.ts";
import {
  type ChordProgression,
  type InstrumentName,
  INSTRUMENTS,
  type Key,
  keyName,
  keyOfChords,
  majorOrMinor,
  type PartWish,
  PITCH_CLASS_NAMES,
} from "../music/music.ts";
import { needsKey, progressionOf } from "./chord_symbols.ts";
import type { Report } from "./report.ts";
import type { Settled } from "./resolve.ts";
import type { Fields, Manner } from "./types.ts";
import type { Said } from "./said.ts";

/** Shortest notes, in quarter notes. */
const LONG_QUARTERS = 2, DRONE_QUARTERS = 4;
/** Longest of those that are short. */
const SHORT_QUARTERS = 0.25;
/** The highest pitch of a part that is low, and the lowest of one that is high. */
const LOW_TOP = 59, HIGH_BOTTOM = 69;

/** What each manner wants of a part. */
export const MANNERS: Readonly<Record<Manner, Omit<PartWish, "program">>> = {
  walking: { positions: "beats", isMonophonic: true },
  long: { leastQuarters: LONG_QUARTERS },
  drone: { leastQuarters: DRONE_QUARTERS },
  offbeats: { positions: "offbeats" },
  single: { isMonophonic: true },
  short: { mostQuarters: SHORT_QUARTERS },
  // A note held would leave the chord unbroken.
  arpeggio: { isMonophonic: true, isBroken: true, mostQuarters: 1 },
  low: { range: [0, LOW_TOP] },
  high: { range: [HIGH_BOTTOM, 127] },
  leads: { isOnTop: true },
};

/** Whether an instrument plays the bass. */
export const isBass = (name: InstrumentName) =>
  INSTRUMENTS[name].role === "bass";

const PIZZICATO = "pizzicato strings";

/**
 * How parts play: each manner is of the instrument named nearest to it. A part of the
 * piece has its say on instruments that nothing else names.
 *
 * @param settled Its register is left out where it is of one of several parts.
 */
export function partWishesOf(
  said: Said,
  clauses: readonly Said[],
  { kinds, fields }: Settled,
  playing: readonly InstrumentName[],
): PartWish[] {
  const wishes = new Map<number | undefined, PartWish>();
  const add = (name: InstrumentName | undefined, manner: Manner) => {
    const program = name && INSTRUMENTS[name].programs[0];
    const wish = MANNERS[manner];
    if (program === undefined) return;
    wishes.set(program, { ...wishes.get(program), ...wish, program });
  };
  const all = [said, ...clauses];
  const pitched = playing.filter((name) => name !== "drums");
  const isMoving = all.some(({ mores }) =>
    mores.some(({ of }) => of === "register")
  );
  if (all.some(({ named }) => named.has(PIZZICATO))) add(PIZZICATO, "short");
  for (const one of said.manners) {
    const { manner } = one;
    const nearest = nearestTo(one, said);
    // Who plays alone leads anyway.
    if (manner === "leads" && (!nearest || pitched.length < 2)) continue;
    if (isRegister(manner)) {
      if (isMoving || !nearest) continue;
      // The register of the only part is that of the piece too.
      const isOne = pitched.length < 2;
      if (manner === fields.register && !isOne) delete fields.register;
    }
    // Pizzicato is short anyway: more than that is said of all.
    const isOfAll = one.isOfAll ||
      manner === "short" && nearest === PIZZICATO;
    if (nearest && !isOfAll) add(nearest, manner);
    else if (manner === "arpeggio") {
      add(pitched.find((name) => !isBass(name)), manner);
    } else for (const name of pitched) add(name, manner);
  }
  for (const clause of clauses) {
    if (clause.isOpening) continue;
    for (const one of clause.manners) {
      const nearest = nearestTo(one, clause);
      if (!nearest || isMoving && isRegister(one.manner)) continue;
      const times = all.filter(({ named }) => named.has(nearest)).length;
      if (times === 1) add(nearest, one.manner);
    }
  }
  addLimits(wishes, said, pitched);
  if (kinds.some(({ walking }) => walking)) {
    add(playing.find(isBass), "walking");
  }
  if (kinds.some(({ drone }) => drone)) {
    addDrone(wishes, pitched, {
      tonic: fields.tonic,
      isAlone: playing.length < 2,
    });
  }
  return [...wishes.values()];
}

/**
 * Adds limits on notes: of the instrument named nearest in the same thought, or of
 * all that play.
 */
export function addLimits(
  wishes: Map<number | undefined, PartWish>,
  said: Said,
  pitched: readonly InstrumentName[],
): void {
  for (const { limit, start, isOfPart } of said.limitsOfNotes) {
    // A "melody" beside a recorder is the recorder's.
    const named = new Map([...said.named].flatMap(([name, start]) => {
      const player = pitched.includes(name)
        ? name
        : pitched.find((one) => INSTRUMENTS[one].role === name);
      return player ? [[player, start] as const] : [];
    }));
    const name = isOfPart && pitched.length > 1
      ? nearestTo({ manner: "long", start }, { named })
      : undefined;
    const program = name && INSTRUMENTS[name].programs[0];
    const before = wishes.get(program);
    const [low, high] = limit.range ?? [0, 127];
    const [least, most] = before?.range ?? [0, 127];
    // Both limits hold: "above C3, not above C5".
    const range = [Math.max(low, least), Math.min(high, most)] as const;
    const hasRange = limit.range !== undefined && range[0] < range[1];
    wishes.set(program, {
      ...before,
      ...limit,
      ...hasRange && { range },
      ...program !== undefined && { program },
    });
  }
}

/**
 * Has parts play long notes: all but those that carry melodies, where there are
 * others. Beside others, one holds the tonic.
 */
function addDrone(
  wishes: Map<number | undefined, PartWish>,
  pitched: readonly InstrumentName[],
  { tonic, isAlone }: {
    readonly tonic: number | undefined;
    readonly isAlone: boolean;
  },
): void {
  const able = pitched.filter((name) => INSTRUMENTS[name].role !== "melody");
  const pads = able.filter((name) => INSTRUMENTS[name].role === "pad");
  // A genre's own pad comes last.
  const first = pads.at(-1) ?? able.at(-1);
  for (const name of able.length > 0 ? able : pitched) {
    const [program] = INSTRUMENTS[name].programs;
    if (program === undefined) continue;
    const holds = name === first && !isAlone && tonic !== undefined;
    wishes.set(program, {
      ...wishes.get(program),
      ...MANNERS.drone,
      ...holds && { pitchClasses: [tonic] },
      program,
    });
  }
}

const isRegister = (manner: Manner) => manner === "low" || manner === "high";

/** The instrument named nearest to a manner that can play so. */
export function nearestTo(
  { manner, start, isBefore, isAfter }: Said["manners"][number],
  { named, mentions = [] }:
    & Pick<Said, "named">
    & Partial<Pick<Said, "mentions">>,
): InstrumentName | undefined {
  const again = mentions.filter(([name]) => named.has(name));
  const able = [...named, ...again].filter(([name, at]) =>
    (manner === "walking" ? isBass(name) : name !== "drums") &&
    (!isBefore || at < start) && (!isAfter || at > start)
  ).toSorted(([, a], [, b]) => Math.abs(a - start) - Math.abs(b - start));
  return able[0]?.[0];
}

/** Tonics to choose from where chords need one. */
const TONICS = [0, 2, 3, 5, 7, 9, 10];

/**
 * The chords that were said, or that a genre brings. Symbols give a key where none
 * was said; numerals choose one.
 *
 * @param fields Gets the key.
 */
export function chordsOf(
  { fields, kinds }: Pick<Settled, "fields" | "kinds">,
  report: Report,
  random: Random,
): ChordProgression | undefined {
  const isMinor = fields.mode !== undefined &&
    majorOrMinor(fields.mode) === "minor";
  const written = fields.progression ??
    kinds.find(({ progression }) =>
      progression && isMinor === /^i(?![iv])/.test(progression)
    )?.progression;
  if (written === undefined) return undefined;
  const isOfKey = needsKey(written);
  if (isOfKey && fields.tonic === undefined) {
    fields.tonic = random.pick(TONICS);
    report.choose({
      what: "key",
      from: TONICS.map((tonic) => PITCH_CLASS_NAMES[tonic]!),
      value: PITCH_CLASS_NAMES[fields.tonic]!,
    });
  }
  const isMinorRow = isMinor || /^i(?![iv])/.test(written);
  if (isOfKey) fields.mode ??= isMinorRow ? "minor" : "major";
  const progression = progressionOf(written, {
    tonic: fields.tonic ?? 0,
    isMinor: isMinorRow,
  });
  if (progression && fields.tonic === undefined) {
    // The chords that are written decide the mode, whatever the mood.
    const key = keyOfChords(progression, fields);
    fields.tonic = key.tonic;
    if (!fields.mode || majorOrMinor(fields.mode) !== key.mode) {
      fields.mode = key.mode;
    }
    const name = keyName(key);
    report.choose({
      what: "key, found by the chords",
      from: [name],
      value: name,
    });
  }
  return progression;
}

/**
 * The chords that a clause writes, and their key where it names none.
 *
 * @param whole What is asked of the whole piece.
 */
export function chordsIn(
  { progression: written, tonic, mode }: Partial<Fields>,
  whole: Partial<Fields>,
): { readonly chords?: ChordProgression; readonly key?: Key } {
  const ofMode = mode ?? whole.mode;
  const progression = written === undefined
    ? undefined
    : progressionOf(written, {
      tonic: tonic ?? whole.tonic ?? 0,
      isMinor: ofMode !== undefined && majorOrMinor(ofMode) === "minor",
    });
  if (!written || !progression) return {};
  return {
    chords: progression,
    ...tonic === undefined && !needsKey(written) &&
      { key: keyOfChords(progression) },
  };
}
