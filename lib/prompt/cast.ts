/** Who plays: the instruments named, those of a genre, and those left out. */

import { type InstrumentName, INSTRUMENTS } from "../music/music.ts";
import type { Genre } from "./genres.ts";
import { familyOfName } from "./lexicon.ts";

/** What is said of who plays. */
export interface CastWishes {
  /** Named, in the order written. */
  readonly named: readonly InstrumentName[];
  /** Left out. */
  readonly without: readonly InstrumentName[];
  /** Whether nothing else plays than what is named. */
  readonly isOnly: boolean;
  /** Whether those named leave room for others, as a beat does. */
  readonly isOpen: boolean;
  /** How many play, where a word such as "trio" says so. */
  readonly size?: number | undefined;
  /** Kinds of music named, in the order written. */
  readonly genres: readonly Genre[];
}

/** Who plays and who does not. */
export interface Cast {
  readonly playing: readonly InstrumentName[];
  readonly silent: readonly InstrumentName[];
  /** Those whom nobody named, but the genre or the scene. */
  readonly brought: readonly InstrumentName[];
}

/** Who plays beside a beat of no genre. */
const BAND: readonly InstrumentName[] = ["keys", "bass", "drums"];

/** Who plays where only their number is said. */
const FEW: readonly InstrumentName[] = [
  "piano",
  "strings",
  "flute",
  "acoustic bass",
  "harp",
  "clarinet",
];

/**
 * Decides who plays. Leaving out an instrument leaves out its family, but for
 * members that are named. Named instruments take their places in a genre's
 * ensemble; the other places stay. A scene or a composer has an ensemble only for
 * a prompt that names no instruments, or none but drums and bass.
 */
export function castOf(wishes: CastWishes): Cast {
  const { without, isOnly, isOpen, size, genres } = wishes;
  const named = wishes.named.filter((name) =>
    !wishes.named.some((other) => fillsRole(other, name))
  );
  const silent = [
    ...new Set(
      without.flatMap((name) =>
        familyOfName(name).filter((one) =>
          one === name || !named.some((other) => isOfRole(one, other))
        )
      ),
    ),
  ];
  const isRhythm = named.every((name) =>
    ["drums", "bass"].includes(INSTRUMENTS[name].role)
  );
  // A bass alone is rarely meant of a scene.
  const isBass = genres.length > 0 && named.length > 0 &&
    named.every((name) =>
      INSTRUMENTS[name].role === "bass" &&
      INSTRUMENTS.bass.programs.includes(INSTRUMENTS[name].programs[0]!)
    );
  const ensemble = isOnly
    ? []
    : genres.find(({ kind, cast }) => kind === "genre" && cast)?.cast ??
      (isRhythm ? genres.find(({ cast }) => cast)?.cast : undefined) ??
      (isOpen || isBass ? BAND : []);
  // "Two instruments" of no kind.
  if (size !== undefined && named.length + ensemble.length === 0) {
    const few = FEW.filter((name) => !isExcluded(name, silent)).slice(0, size);
    return { playing: few, silent, brought: few };
  }
  const most = size === undefined ? Infinity : size - named.length;
  const brought = ensemble.filter((name) =>
    !isExcluded(name, silent) &&
    !named.some((other) => takesPlace(other, name))
  ).slice(0, Math.max(0, most));
  return { playing: [...named, ...brought], silent, brought };
}

/** Drums that have pitches. */
const PERCUSSIVE: readonly InstrumentName[] = [
  "timpani",
  "taiko",
  "melodic tom",
  "synth drum",
];

/** Whether an instrument plays what a role named beside it asks for. */
function fillsRole(name: InstrumentName, role: InstrumentName): boolean {
  const a = INSTRUMENTS[name], b = INSTRUMENTS[role];
  if (a.isRole || !b.isRole) return false;
  return role === "melody"
    ? a.role === "melody" || a.role === "keys"
    // A kettledrum or a taiko is low, and no bass.
    : role === a.role && role !== "pad" && role !== "drums" &&
      !(role === "bass" && !b.programs.includes(a.programs[0]!) &&
        PERCUSSIVE.includes(name));
}

/** Whether an instrument is another, or can take the role that the other is. */
function isOfRole(name: InstrumentName, other: InstrumentName): boolean {
  const { programs, isRole } = INSTRUMENTS[other];
  return name === other ||
    isRole === true && programs.includes(INSTRUMENTS[name].programs[0] ?? -1);
}

/** Whether an instrument is left out where others of its family or role are. */
export function isLeftOut(
  name: InstrumentName,
  without: readonly InstrumentName[],
): boolean {
  const family = without.flatMap(familyOfName);
  return isExcluded(name, family) ||
    without.some((other) => isOfRole(name, other));
}

/** Whether an instrument is one of those left out. */
function isExcluded(
  name: InstrumentName,
  silent: readonly InstrumentName[],
): boolean {
  const { programs } = INSTRUMENTS[name];
  return silent.some((other) =>
    other === name ||
    programs.length > 0 && INSTRUMENTS[other].programs.includes(programs[0]!)
  );
}

/** Groups of eight programs whose members are not alike. */
const SOLO_STRINGS = 5, ENSEMBLES = 6;

/** Whether a named instrument plays in place of one of an ensemble. */
export function takesPlace(
  named: InstrumentName,
  other: InstrumentName,
): boolean {
  if (named === other) return true;
  const a = INSTRUMENTS[named], b = INSTRUMENTS[other];
  const [first] = a.programs, [second] = b.programs;
  if (first === undefined || second === undefined) return false;
  if (a.programs.includes(second) || b.programs.includes(first)) return true;
  // General MIDI lists its instruments in groups of eight that sound alike, but
  // for solo strings, and choirs beside string sections.
  const group = Math.floor(first / 8);
  return group === Math.floor(second / 8) && a.role === b.role &&
    group !== SOLO_STRINGS && group !== ENSEMBLES;
}
