/** Checks of how loud, how dense, how high and how long notes are. */

import { isWithin } from "./check_time.ts";
import { belongs } from "./families.ts";
import type { Heard, HeardNote } from "./heard.ts";
import { pitchOf } from "./pitches.ts";
import { type Check, rounded, type Verdict, verdict } from "./verdict.ts";

/** The classes of a quantity; they may overlap. */
interface Classes {
  /** Highest value of the lower class. */
  readonly low: number;
  readonly middle: readonly [number, number];
  /** Lowest value of the upper class. */
  readonly high: number;
  /** What is not in the lower class is above this. */
  readonly notLow: number;
  /** What is not in the upper class is below this. */
  readonly notHigh: number;
  /** Names of the three, the lowest first. */
  readonly names: readonly [string, string, string];
}

const LOUDNESS: Classes = {
  low: 66,
  middle: [58, 96],
  high: 88,
  notLow: 54,
  notHigh: 100,
  names: ["soft", "medium", "loud"],
};
const DENSITY: Classes = {
  low: 2.5,
  middle: [2, 6],
  high: 5,
  notLow: 1.5,
  notHigh: 7,
  names: ["sparse", "medium", "dense"],
};
const REGISTER: Classes = {
  low: 57,
  middle: [52, 74],
  high: 69,
  notLow: 50,
  notHigh: 76,
  names: ["low", "middle", "high"],
};

/** Whether a value is in the class asked, or not in the class excluded. */
function inClass(
  found: number,
  { value, not }: { readonly value?: string; readonly not?: string },
  { low, middle, high, notLow, notHigh, names }: Classes,
  unit: string,
): Verdict {
  const text = `${rounded(found)} ${unit}`;
  if (not !== undefined) {
    const met = not === names[0]
      ? found > notLow
      : not === names[2]
      ? found < notHigh
      : !isWithin(found, middle);
    return verdict(met, text, true);
  }
  if (value === names[0]) return verdict(found <= low, text, found >= high);
  if (value === names[2]) return verdict(found >= high, text, found <= low);
  return verdict(isWithin(found, middle), text);
}

/** Notes of a family, or all but drums. */
function notesOf(heard: Heard, family: string | undefined): HeardNote[] {
  return family === undefined
    ? heard.pitched
    : heard.notes.filter((note) => belongs(note, family));
}

/** Onsets a second, all parts together. */
export function densityOf(heard: Heard): number {
  return heard.seconds > 0 ? heard.onsets.length / heard.seconds : 0;
}

/** Mean pitch weighted by duration; NaN without notes. */
export function meanPitchOf(notes: readonly HeardNote[]): number {
  let sum = 0, duration = 0;
  for (const { pitch, start, end } of notes) {
    sum += pitch * (end - start);
    duration += end - start;
  }
  return sum / duration;
}

export const loudness: Check<"loudness"> = (heard, asked) =>
  inClass(heard.loudness, asked, LOUDNESS, "loud");

export const density: Check<"density"> = (heard, asked) =>
  inClass(densityOf(heard), asked, DENSITY, "onsets a second");

export const rate: Check<"rate"> = (heard, { notesPerSecond }) => {
  const found = densityOf(heard);
  const [low, high] = notesPerSecond;
  return verdict(
    isWithin(found, notesPerSecond),
    `${rounded(found)} onsets a second`,
    found < low / 2 || found > high * 2,
  );
};

export const register: Check<"register"> = (heard, asked) =>
  inClass(
    meanPitchOf(notesOf(heard, asked.family)),
    asked,
    REGISTER,
    "mean pitch",
  );

export const range: Check<"range"> = (heard, { low, high, family }) => {
  const pitches = notesOf(heard, family).map(({ pitch }) => pitch);
  const least = Math.min(...pitches), most = Math.max(...pitches);
  return verdict(
    pitches.length > 0 && least >= pitchOf(low) && most <= pitchOf(high),
    `pitches ${least} to ${most}`,
  );
};

const LONG_SECONDS = 1.5;
const SHORT_SECONDS = 0.25;
/** A note that lasts at most this share of the step to the next one is short. */
const SHORT_SHARE = 0.5;

export const notes: Check<"notes"> = (heard, { length, family }) => {
  const all = notesOf(heard, family);
  const median = medianOf(all.map(({ start, release }) => release - start));
  const text = `median length ${rounded(median)} s`;
  if (length === "long") {
    return verdict(median >= LONG_SECONDS, text, median <= SHORT_SECONDS);
  }
  const shares = stepsOf(all).map(({ note, step }) =>
    (note.end - note.start) / step
  );
  return verdict(
    median <= SHORT_SECONDS || medianOf(shares) <= SHORT_SHARE,
    text,
    median >= LONG_SECONDS,
  );
};

/** Each note with the time up to the next onset of its part. */
function stepsOf(notes: readonly HeardNote[]) {
  const steps: { note: HeardNote; step: number }[] = [];
  for (const part of Map.groupBy(notes, ({ channel }) => channel).values()) {
    let next = Infinity, last = Infinity;
    for (const note of part.toReversed()) {
      if (last - note.start > 0.03) next = last;
      last = Math.min(last, note.start);
      if (next < Infinity) steps.push({ note, step: next - note.start });
    }
  }
  return steps;
}

/** The middle value; NaN of none. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return (sorted[Math.floor(at)]! + sorted[Math.ceil(at)]!) / 2;
}

const NOTE_QUARTERS: Readonly<Record<string, number>> = {
  whole: 4,
  half: 2,
  quarter: 1,
  eighth: 0.5,
  sixteenth: 0.25,
};

export const shortest: Check<"shortest"> = (heard, { note }) => {
  const least = NOTE_QUARTERS[note] ?? NaN;
  const steps = stepsOf(heard.notes).map(({ note, step }) =>
    heard.quartersAt(note.start + step) - heard.quartersAt(note.start)
  );
  const found = steps.reduce((a, b) => Math.min(a, b), Infinity);
  return verdict(
    found >= least * 0.95,
    `a step of ${rounded(found)} quarters`,
  );
};
