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
import type { Said } from "./wishes.ts";

/** Shortest notes, in quarter notes. */
const LONG_QUARTERS = 2, DRONE_QUARTERS = 4;

const MANNERS: Readonly<Record<Manner, Omit<PartWish, "program">>> = {
  walking: { positions: "beats", isMonophonic: true },
  long: { leastQuarters: LONG_QUARTERS },
  drone: { leastQuarters: DRONE_QUARTERS },
  offbeats: { positions: "offbeats" },
  single: { isMonophonic: true },
  short: {},
  arpeggio: {},
};

const isBass = (name: InstrumentName) => INSTRUMENTS[name].role === "bass";

/** How parts play: each manner is of the instrument named nearest to it. */
export function partWishesOf(
  { manners, named }: Said,
  { kinds }: Settled,
  playing: readonly InstrumentName[],
): PartWish[] {
  const wishes = new Map<number, PartWish>();
  const add = (name: InstrumentName | undefined, manner: Manner) => {
    const program = name && INSTRUMENTS[name].programs[0];
    const wish = MANNERS[manner];
    if (program === undefined || Object.keys(wish).length === 0) return;
    wishes.set(program, { ...wishes.get(program), ...wish, program });
  };
  for (const { manner, start } of manners) {
    const able = [...named].filter(([name]) =>
      manner === "walking" ? isBass(name) : name !== "drums"
    ).toSorted(([, a], [, b]) => Math.abs(a - start) - Math.abs(b - start));
    const pitched = playing.filter((name) => name !== "drums");
    if (able[0]) add(able[0][0], manner);
    else for (const name of pitched) add(name, manner);
  }
  if (kinds.some(({ walking }) => walking)) {
    add(playing.find(isBass), "walking");
  }
  if (kinds.some(({ drone }) => drone)) {
    for (const name of playing) add(name, "drone");
  }
  return [...wishes.values()];
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
