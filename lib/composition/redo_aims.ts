/** What is asked of bars made anew, as ranges that their notes can be held to. */

import {
  type Band,
  DENSITY_BANDS,
  findKey,
  type Key,
  keyName,
  largest,
  LOUDNESS_BANDS,
  majorOrMinor,
  mean,
  type Note,
  type NoteSequence,
  type PartialKey,
  type PieceSpec,
  PITCH_CLASS_NAMES,
  pitchName,
  type Range,
  REGISTER_BANDS,
  type ScaleName,
  scalePitchClasses,
  smallest,
} from "../music/music.ts";
import type { Delivered } from "./delivered.ts";

/** A step up or down from what the bars have now. */
export type Step = -1 | 1;

/** What is asked of the notes made anew; a field left out is free. */
export interface RedoWishes extends
  Pick<
    PieceSpec,
    | "key"
    | "density"
    | "register"
    | "loudness"
    | "temperature"
    | "chords"
    | "partWishes"
    | "drums"
  > {
  /** Lowest and highest MIDI pitch, both included. */
  readonly range?: readonly [low: number, high: number];
  /** More or less than the bars have now. */
  readonly than?: Partial<
    Readonly<Record<"density" | "register" | "loudness", Step>>
  >;
}

/** A stretch of a piece, and the parts of it that are made anew. */
export interface Stretch {
  /** First tick. */
  readonly from: number;
  /** Tick after the last. */
  readonly to: number;
  /** Indexes of its parts. */
  readonly parts: ReadonlySet<number>;
}

/** A quantity of the new notes, and the range asked of it. */
export interface Aim {
  readonly what:
    | "density"
    | "register"
    | "loudness"
    | "range"
    | "key"
    | "chords"
    | "manner"
    | "drums";
  /** In words, for the report. */
  readonly asked: string;
  /** From the first, included, to the second, excluded. */
  readonly range: Range;
  /** Measures new notes; NaN where they say nothing. */
  readonly measure: (notes: readonly Note[]) => number;
  /** A measure in words. */
  readonly tell: (notes: readonly Note[]) => string;
}

/** Steps up or down: factors of density, semitones, velocities. */
const DENSER = 1.2, SPARSER = 0.8, HIGHER = 3, LOUDER = 10;
/** A band within so many semitones of a part can be asked of it; else a shift. */
const REACH = 12;
/** How far beyond its old mean pitch a part goes that cannot reach a band. */
const SHIFT = 5;
/** A mean velocity beyond these is not asked for. */
const LEAST_LOUD = 24, MOST_LOUD = 110;
/** Fewer pitch classes fit several keys. */
const KEY_CLASSES = 5;

/** The aims of new notes of some parts in a stretch. */
export function aimsOf(
  piece: NoteSequence,
  stretch: Stretch,
  wishes: RedoWishes,
): Aim[] {
  const now = measuresOf(piece, stretch);
  const { density, register, loudness, than = {}, range, key } = wishes;
  const quarters = (stretch.to - stretch.from) / piece.ticksPerQuarter;
  // Drums have neither pitch nor, beside others, a say in how dense it is.
  const counted = (notes: readonly Note[]) =>
    now.hasPitch
      ? notes.filter(({ part }) => !piece.parts[part]!.isDrum)
      : notes;
  const aims: (Aim | undefined)[] = [
    stepAim("density", density ?? than.density, {
      ...DENSITY_WORDS,
      now: now.density,
      range: (asked) =>
        typeof asked === "number"
          ? denserRange(now, asked)
          : densityRange(now, asked),
      measure: (notes) => counted(notes).length / quarters,
    }),
    stepAim("register", now.hasPitch ? register ?? than.register : undefined, {
      ...REGISTER_WORDS,
      now: now.pitch,
      range: (asked) =>
        typeof asked === "number"
          ? higherRange(now, asked)
          : registerRange(now, asked),
      measure: (notes) => mean(counted(notes).map(({ pitch }) => pitch)),
    }),
    range && now.hasPitch ? rangeAim(range, counted) : undefined,
    key && now.hasPitch
      ? keyAim(piece, stretch, { key: wholeKey(piece, key), counted })
      : undefined,
    stepAim("loudness", loudness ?? than.loudness, {
      ...LOUDNESS_WORDS,
      now: now.velocity,
      range: (asked) =>
        typeof asked === "number"
          ? louderRange(now, asked)
          : loudnessRange(asked),
      measure: (notes) => mean(notes.map(({ velocity }) => velocity)),
    }),
  ];
  return aims.filter((aim) => aim !== undefined);
}

const DENSITY_WORDS = { words: ["sparser", "denser"], unit: "notes a beat" };
const REGISTER_WORDS = { words: ["lower", "higher"], unit: "mean pitch" };
const LOUDNESS_WORDS = { words: ["softer", "louder"], unit: "velocity" };

/** The aim of a quantity of which a class or a step is asked. */
function stepAim<T extends string>(
  what: Aim["what"],
  asked: T | Step | undefined,
  { words, now, unit, range, measure }: {
    readonly words: readonly string[];
    /** What the notes have that are made anew. */
    readonly now: number;
    readonly unit: string;
    readonly range: (asked: T | Step) => Range;
    readonly measure: Aim["measure"];
  },
): Aim | undefined {
  if (asked === undefined) return undefined;
  return {
    what,
    asked: typeof asked === "number"
      ? `${words[asked === 1 ? 1 : 0]} than ${now.toFixed(1)}`
      : asked,
    range: range(asked),
    measure,
    tell: (notes) => `${measure(notes).toFixed(1)} ${unit}`,
  };
}

/** That all pitches are within a range. */
function rangeAim(
  [low, high]: readonly [number, number],
  counted: (notes: readonly Note[]) => readonly Note[],
): Aim {
  return {
    what: "range",
    asked: `${pitchName(low)} to ${pitchName(high)}`,
    range: [1, Infinity],
    measure: (notes) =>
      mean(
        counted(notes).map(({ pitch }) =>
          pitch >= low && pitch <= high ? 1 : 0
        ),
      ),
    tell: (notes) => {
      const pitches = counted(notes).map(({ pitch }) => pitch);
      return `${pitchName(smallest(pitches))} to ${
        pitchName(largest(pitches))
      }`;
    },
  };
}

/** The rows of a report. */
export function rowsOf(
  aims: readonly Aim[],
  notes: readonly Note[],
): Delivered[] {
  return aims.map((aim) => ({
    what: aim.what,
    asked: aim.asked,
    delivered: notes.length === 0 ? "no notes" : aim.tell(notes),
    met: isMet(aim, notes),
  }));
}

/** Whether new notes are in the range of an aim. */
export function isMet(
  { range: [low, high], measure }: Aim,
  notes: readonly Note[],
): boolean {
  const value = measure(notes);
  return value >= low && value < high;
}

/** A whole key, and its scale. */
export interface AskedKey extends Key {
  readonly scale: ScaleName;
}

/** The key asked; what it leaves open is the piece's. */
export function wholeKey(
  piece: NoteSequence,
  { tonic, mode }: PartialKey,
): AskedKey {
  const own = findKey(piece);
  return {
    tonic: tonic ?? own.tonic,
    mode: mode ? majorOrMinor(mode) : own.mode,
    scale: mode ?? own.mode,
  };
}

/** Pitch classes of a key; of minor with the leading note. */
export function classesOf({ tonic, scale }: AskedKey): number[] {
  const classes = scalePitchClasses(tonic, scale);
  return scale === "minor" ? [...classes, (tonic + 11) % 12] : classes;
}

/** What the stretch, or else the piece, has now. */
interface Measures {
  /** Notes a quarter in the stretch, or else in the piece. */
  readonly density: number;
  /** Share of the piece's pitched notes that the parts play. */
  readonly share: number;
  readonly pitch: number;
  readonly velocity: number;
  /** Fewest notes a quarter that are not none. */
  readonly oneNote: number;
  readonly hasPitch: boolean;
}

function measuresOf(
  { notes, parts, totalTicks, ticksPerQuarter }: NoteSequence,
  { from, to, parts: redone }: Stretch,
): Measures {
  const hasPitch = [...redone].some((part) => !parts[part]!.isDrum);
  const counts = ({ part }: Note) => !hasPitch || !parts[part]!.isDrum;
  const own = notes.filter((note) => redone.has(note.part) && counts(note));
  const here = own.filter(({ startTicks }) =>
    startTicks >= from && startTicks < to
  );
  const [known, ticks] = here.length > 0 ? [here, to - from] : [
    own,
    totalTicks,
  ];
  const all = notes.filter(counts).length;
  return {
    density: known.length * ticksPerQuarter / Math.max(1, ticks),
    share: all === 0 ? 1 : own.length / all,
    pitch: known.length === 0 ? 60 : mean(known.map(({ pitch }) => pitch)),
    velocity: known.length === 0
      ? 64
      : mean(known.map(({ velocity }) => velocity)),
    oneNote: ticksPerQuarter / (to - from),
    hasPitch,
  };
}

/** A class of density, of the share of the notes that the parts play. */
function densityRange(
  { share, oneNote }: Measures,
  density: NonNullable<RedoWishes["density"]>,
): Range {
  const [low, high] = bandRange(DENSITY_BANDS, density);
  return [low * share, Math.max(high * share, 1.5 * oneNote)];
}

function higherRange({ pitch }: Measures, step: Step): Range {
  return step === 1
    ? [pitch + HIGHER, pitch + 4 * HIGHER]
    : [pitch - 4 * HIGHER, pitch - HIGHER];
}

function louderRange({ velocity }: Measures, step: Step): Range {
  return step === 1
    ? [Math.min(velocity + LOUDER, MOST_LOUD), 128]
    : [1, Math.max(velocity - LOUDER, LEAST_LOUD)];
}

function denserRange({ density, oneNote }: Measures, step: Step): Range {
  return step === 1
    ? [Math.max(DENSER * density, oneNote), Infinity]
    : [0, Math.max(SPARSER * density, 1.5 * oneNote)];
}

/** A class of register where the parts can reach it, or else a shift towards it. */
function registerRange(
  { pitch }: Measures,
  register: NonNullable<RedoWishes["register"]>,
): Range {
  const [low, high] = bandRange(REGISTER_BANDS, register);
  if (pitch >= low - REACH && pitch < high + REACH) return [low, high];
  return pitch < low
    ? [pitch + SHIFT, pitch + 4 * SHIFT]
    : [pitch - 4 * SHIFT, pitch - SHIFT];
}

function loudnessRange(
  loudness: NonNullable<RedoWishes["loudness"]>,
): Range {
  const [low, high] = bandRange(LOUDNESS_BANDS, loudness);
  return [low, Math.min(high, 128)];
}

function bandRange(bands: readonly Band[], name: string): Range {
  const index = bands.findIndex((band) => band.name === name);
  return [bands[index]!.from, bands[index + 1]?.from ?? Infinity];
}

/**
 * All parts: the key that is heard. Some, or too few pitch classes to tell a key:
 * that they keep to its notes.
 */
function keyAim(
  { parts, notes: all }: NoteSequence,
  { parts: redone }: Stretch,
  { key, counted }: {
    readonly key: AskedKey;
    readonly counted: (notes: readonly Note[]) => readonly Note[];
  },
): Aim {
  const classes = classesOf(key);
  const areAll = all.every(({ part }) =>
    redone.has(part) || parts[part]!.isDrum
  );
  const inScale = (notes: readonly Note[]) =>
    mean(
      counted(notes).map(({ pitch }) => classes.includes(pitch % 12) ? 1 : 0),
    );
  const tellsKey = (notes: readonly Note[]) =>
    areAll &&
    new Set(counted(notes).map(({ pitch }) => pitch % 12)).size >= KEY_CLASSES;
  const heard = (notes: readonly Note[]) => {
    const weights = new Array<number>(12).fill(0);
    for (const { pitch, startTicks, endTicks } of counted(notes)) {
      weights[pitch % 12]! += endTicks - startTicks;
    }
    return findKey(weights);
  };
  return {
    what: "key",
    asked: `${PITCH_CLASS_NAMES[key.tonic]} ${key.scale}`,
    range: [1, Infinity],
    measure: (notes) => {
      if (!tellsKey(notes)) return inScale(notes);
      const { tonic, mode } = heard(notes);
      return tonic === key.tonic && mode === key.mode ? 1 : 0;
    },
    tell: (notes) =>
      tellsKey(notes)
        ? keyName(heard(notes))
        : `${Math.round(100 * inScale(notes))} % in its scale`,
  };
}
