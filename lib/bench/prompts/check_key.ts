/** Checks of keys, scales and single tones. */

import type { Heard, HeardNote } from "./heard.ts";
import { pitchClassOf, scaleOf } from "./pitches.ts";
import type { AskedKey, Requirement } from "./requirement.ts";
import {
  type Check,
  type CheckContext,
  type FoundKey,
  rounded,
  verdict,
} from "./verdict.ts";

/** Modes that a major or minor key of a key finder meets. */
const LIKE_MAJOR = [
  "major",
  "ionian",
  "lydian",
  "mixolydian",
  "major pentatonic",
];
const LIKE_MINOR = [
  "minor",
  "aeolian",
  "harmonic minor",
  "melodic minor",
  "dorian",
  "phrygian",
  "minor pentatonic",
];
/** Share of the notes by duration that a mode by name asks for in its scale. */
const SCALE_SHARE = 0.9;
const NAMES = "C C# D Eb E F F# G Ab A Bb B".split(" ");

/** Name of a key, such as "Eb major", and of those by other profiles that differ. */
export function nameOfKey({ tonic, mode, others = [] }: FoundKey): string {
  const name = `${NAMES[tonic]} ${mode}`;
  const otherNames = new Set(others.map((one) => nameOfKey(one)));
  otherNames.delete(name);
  return otherNames.size === 0
    ? name
    : `${name} (by others ${[...otherNames].join(", ")})`;
}

/** Seconds of sound by pitch class, drums left out. */
function pitchClassSeconds(notes: readonly HeardNote[]): number[] {
  const seconds = Array<number>(12).fill(0);
  for (const { pitch, isDrum, start, end } of notes) {
    if (!isDrum) seconds[pitch % 12]! += end - start;
  }
  return seconds;
}

/** The key of what is heard. */
export function keyOf(heard: Heard, { findKey }: CheckContext): FoundKey {
  return findKey(pitchClassSeconds(heard.notes));
}

function shareIn(seconds: readonly number[], classes: readonly number[]) {
  const total = seconds.reduce((sum, one) => sum + one, 0);
  const inside = seconds.reduce(
    (sum, one, i) => classes.includes(i) ? sum + one : sum,
    0,
  );
  return total > 0 ? inside / total : 0;
}

/** Whether what is heard is in a key that is asked. */
function agrees(
  seconds: readonly number[],
  found: FoundKey,
  { tonic, mode }: AskedKey,
): boolean {
  const asked = tonic === undefined ? undefined : pitchClassOf(tonic);
  if (mode === undefined || mode === "major" || mode === "minor") {
    return (asked === undefined || found.tonic === asked) &&
      (mode === undefined || found.mode === mode);
  }
  const tonics = asked === undefined ? NAMES.keys() : [asked];
  return [...tonics].some((one) =>
    shareIn(seconds, scaleOf(one, mode)) >= SCALE_SHARE
  );
}

/**
 * Whether a found key is no neighbour of what is asked: the modes differ, or more
 * than one tone does. Of keys with nearly the same tones, as relatives are, finders
 * take one for the other.
 */
function isFar(found: FoundKey, { tonic, mode }: AskedKey): boolean {
  const isMinor = mode !== undefined && LIKE_MINOR.includes(mode);
  const isMajor = mode !== undefined && LIKE_MAJOR.includes(mode);
  if (tonic === undefined) {
    return isMinor && found.mode === "major" ||
      isMajor && found.mode === "minor";
  }
  const tones = scaleOf(found.tonic, found.mode);
  const modes = mode === undefined ? ["major", "minor"] : [mode];
  return modes.every((one) => {
    const asked = scaleOf(pitchClassOf(tonic), one);
    return asked.filter((tone) => tones.includes(tone)).length <
      asked.length - 1;
  });
}

export const key: Check<"key"> = (heard, asked, context) => {
  const seconds = pitchClassSeconds(heard.notes);
  const found = context.findKey(seconds);
  const text = nameOfKey(found);
  if (asked.not) {
    return verdict(
      !asked.not.some((one) => agrees(seconds, found, one)),
      text,
      true,
    );
  }
  const options = asked.any ?? [asked];
  return verdict(
    options.some((one) => agrees(seconds, found, one)),
    text,
    options.every((one) => isFar(found, one)),
  );
};

export const modeNot: Check<"mode-not"> = (heard, { mode }, context) => {
  const found = keyOf(heard, context);
  return verdict(found.mode !== mode, nameOfKey(found), true);
};

/** The keys that a prompt asks for somewhere, those of its end first. */
export function askedKeys(require: readonly Requirement[]): AskedKey[] {
  return require.filter((one) => one.is === "key")
    .toSorted((a, b) => Number(b.in === "end") - Number(a.in === "end"))
    .flatMap((one) => one.any ?? [one])
    .filter(({ tonic }) => tonic !== undefined);
}

export const inScale: Check<"in-scale"> = (heard, _, context) => {
  const classes = new Set(heard.pitched.map(({ pitch }) => pitch % 12));
  const asked = askedKeys(context.require);
  const found = keyOf(heard, context);
  const scales = asked.length > 0
    ? asked.map(({ tonic = "C", mode = found.mode }) =>
      scaleOf(pitchClassOf(tonic), mode)
    )
    : [scaleOf(found.tonic, found.mode)];
  const fits = (scale: readonly number[]) =>
    [...classes].every((one) => scale.includes(one));
  return verdict(
    classes.size > 0 && scales.some(fits),
    `pitch classes ${
      [...classes].sort((a, b) => a - b).map((one) => NAMES[one]).join(" ")
    }`,
  );
};

export const drone: Check<"drone"> = (heard, { tonic }) => {
  const asked = tonic === undefined
    ? NAMES.map((_, pitchClass) => pitchClass)
    : [pitchClassOf(tonic)];
  const longest = Math.max(...asked.map((one) => shareOf(heard, one)));
  return verdict(longest >= 0.8, `for ${rounded(100 * longest)} % of the time`);
};

/** The share of the time in which a pitch class sounds. */
function shareOf(
  { pitched, from, seconds }: Heard,
  pitchClass: number,
): number {
  let sounding = 0, upTo = from;
  for (const { pitch, start, release } of pitched) {
    if (pitch % 12 !== pitchClass) continue;
    sounding += Math.max(0, release - Math.max(start, upTo));
    upTo = Math.max(upTo, release);
  }
  return sounding / seconds;
}

export const starts: Check<"starts"> = ({ pitched: [first] }, { on }) =>
  verdict(
    first !== undefined && first.pitch % 12 === pitchClassOf(on),
    first ? `on ${NAMES[first.pitch % 12]}` : "nothing",
  );
