/**
 * Harmony for the starter corpus: modes, chords and voice leading.
 *
 * Pitch classes are 0–11 (C is 0), pitches are MIDI numbers.
 */

import type { Random } from "../../lib/base/base.ts";

/** Semitones above the tonic of each mode's scale. */
export const SCALES = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
  lydian: [0, 2, 4, 6, 7, 9, 11],
} as const;

/** A church mode of the corpus. */
export type Mode = keyof typeof SCALES;

/** A chord of a progression in a key. */
export interface Chord {
  /** Pitch class of the root. */
  readonly root: number;
  /** Pitch class of the lowest note. */
  readonly bass: number;
  /** Pitch classes, the ones that colour the chord most first. */
  readonly tones: readonly number[];
  /** Pitch classes that a melody may use over it. */
  readonly scale: readonly number[];
}

// Intervals above the root; a voicing of few voices keeps the first ones: third and
// seventh, then colours, then fifth and root.
const QUALITIES: Readonly<Record<string, readonly number[]>> = {
  maj7: [4, 11, 7, 0],
  maj9: [4, 11, 2, 7, 0],
  "6/9": [4, 9, 2, 7, 0],
  add9: [4, 2, 7, 0],
  "maj7#11": [4, 11, 6, 7, 0],
  m7: [3, 10, 7, 0],
  m9: [3, 10, 2, 7, 0],
  m11: [3, 10, 5, 7, 0],
  madd9: [3, 2, 7, 0],
  m6: [3, 9, 7, 0],
  m7b5: [3, 10, 6, 0],
  "7": [4, 10, 7, 0],
  "9": [4, 10, 2, 7, 0],
  "13": [4, 10, 9, 2, 0],
  "9sus": [5, 10, 2, 7, 0],
  "7sus4": [5, 10, 7, 0],
  sus4: [5, 7, 0],
};

// Chords that can replace each other if the mode has all their tones.
const FAMILIES = [
  ["maj7", "maj9", "6/9", "add9", "maj7#11"],
  ["m7", "m9", "m11", "madd9", "m6"],
  ["7", "9", "13", "9sus", "7sus4"],
];

const NUMERALS: Readonly<Record<string, number>> = {
  I: 0,
  II: 2,
  III: 4,
  IV: 5,
  V: 7,
  VI: 9,
  VII: 11,
};

/**
 * The chords of a progression in a key.
 *
 * @param progression Slots as in `PROGRESSIONS`.
 * @param tonic Pitch class of the tonic.
 * @param random Sometimes replaces a chord by another of its family, if the mode
 * allows it; left out, chords stay as written.
 * @returns One or two chords for each slot.
 * @throws {RangeError} If a symbol cannot be read.
 */
export function chordsOf(
  progression: string,
  tonic: number,
  mode: Mode,
  random?: Random,
): Chord[][] {
  return progression.split(" ").map((slot) =>
    slot.split(",").map((symbol) => parseChord(symbol, tonic, mode, random))
  );
}

/** Root, quality and bass of a symbol. */
const SYMBOL =
  /^(b?)(VII|VI|IV|V|III|II|I)(.*?)(?:\/(b?)(VII|VI|IV|V|III|II|I))?$/;

function parseChord(
  symbol: string,
  tonic: number,
  mode: Mode,
  random?: Random,
): Chord {
  const [, flat = "", numeral = "", written = "", bassFlat = "", bassNumeral] =
    SYMBOL.exec(symbol) ?? [];
  if (numeral === "" || !(written in QUALITIES)) {
    throw new RangeError(
      `Cannot read chord: the symbol must be a numeral with a known quality, current value is ${symbol}.`,
    );
  }
  const degree = NUMERALS[numeral]! - flat.length;
  const scale: readonly number[] = SCALES[mode];
  const isDiatonic = (quality: string) =>
    QUALITIES[quality]!.every((tone) => scale.includes((degree + tone) % 12));
  let quality = written;
  const recolour = random !== undefined && random.next() < 0.4;
  if (recolour && isDiatonic(written)) {
    const family = FAMILIES.find((family) => family.includes(written));
    quality = random.pick((family ?? [written]).filter(isDiatonic));
  }
  const toKey = (semitones: number) => (tonic + semitones + 12) % 12;
  const tones = QUALITIES[quality]!.map((tone) => toKey(degree + tone));
  // A tone borrowed from another mode replaces its neighbours in the scale.
  const borrowed = tones.filter((tone) => !scale.map(toKey).includes(tone));
  const kept = scale.map(toKey).filter((pc) =>
    tones.includes(pc) ||
    borrowed.every((tone) => semitonesApart(tone, pc) > 1)
  );
  return {
    root: toKey(degree),
    bass: bassNumeral
      ? toKey(NUMERALS[bassNumeral]! - bassFlat.length)
      : toKey(degree),
    // The first tonic chord stays as written, to establish the key.
    tones: degree === 0 ? tonicFirst(tones, tonic) : tones,
    scale: [...kept, ...borrowed],
  };
}

/** The chord with the tonic in the bass, if they go together. */
export function overDrone(chord: Chord, tonic: number): Chord {
  return chord.tones.includes((tonic + 1) % 12)
    ? chord
    : { ...chord, bass: tonic };
}

/** Third and fifth (or the tones that replace them), colours, root. */
function tonicFirst(tones: readonly number[], tonic: number): number[] {
  const fifth = (tonic + 7) % 12;
  const [third, ...rest] = tones;
  const colours = rest.filter((tone) => tone !== fifth && tone !== tonic);
  return [third!, fifth, ...colours.slice(0, 1), tonic, ...colours.slice(1)];
}

/** Distance of two pitch classes on the circle, 0–6. */
function semitonesApart(a: number, b: number): number {
  const up = (((a - b) % 12) + 12) % 12;
  return Math.min(up, 12 - up);
}

/** The chord with root and fifth before its colours, for an accompanying part. */
export function plainly(chord: Chord): Chord {
  const fifth = (chord.root + 7) % 12;
  const [third, ...rest] = chord.tones;
  const isPlain = (tone: number) => tone === chord.root || tone === fifth;
  return {
    ...chord,
    tones: [
      third!,
      ...rest.filter(isPlain).reverse(),
      ...rest.filter((tone) => !isPlain(tone)),
    ],
  };
}

/** Constraints of {@linkcode voiceChord}. */
export interface VoicingOptions {
  /** Most voices. */
  readonly voices: number;
  /** Lowest pitch. */
  readonly low: number;
  /** Highest pitch, at least 12 above `low`. */
  readonly high: number;
  /** The previous voicing, to move from as little as possible. */
  readonly previous?: readonly number[] | undefined;
  /** Pitches that sound with it. */
  readonly against?: readonly number[];
  /** Whether the voicing must hold the bass, because no other part plays it. */
  readonly needsBass?: boolean;
}

/**
 * The best-sounding voicing of a chord: little movement, no clusters, wide
 * spacing low down, no semitones or minor ninths against other parts.
 *
 * @returns Pitches, ascending.
 */
export function voiceChord(chord: Chord, options: VoicingOptions): number[] {
  const { voices, low, high, previous, against = [] } = options;
  const tones = options.needsBass
    ? [chord.bass, ...chord.tones.filter((tone) => tone !== chord.bass)]
    : chord.tones;
  let candidates: number[][] = [[]];
  for (const tone of tones.slice(0, voices)) {
    const lowest = low + (((tone - low) % 12) + 12) % 12;
    const octaves: number[] = [];
    for (let pitch = lowest; pitch <= high; pitch += 12) octaves.push(pitch);
    candidates = candidates.flatMap((candidate) =>
      octaves.map((pitch) => [...candidate, pitch])
    );
  }
  let best: number[] = [], bestCost = Infinity;
  for (const candidate of candidates) {
    candidate.sort((a, b) => a - b);
    const isInverted = options.needsBass && candidate[0]! % 12 !== chord.bass;
    let cost = (isInverted ? 12 : 0) + spacingCost(candidate) +
      8 * clashes(candidate, against);
    // Costs only grow, so that the rest of a candidate behind the best is spared.
    if (cost >= bestCost) continue;
    cost = cost + (previous ? movement(previous, candidate) : 0) +
      0.4 * Math.abs(mean(candidate) - (low + high) / 2);
    if (cost < bestCost) [best, bestCost] = [candidate, cost];
  }
  return best;
}

/** Largest span, in semitones, that is comfortable for a hand. */
const MOST_COMFORTABLE_SPAN = 16;

function spacingCost(pitches: readonly number[]): number {
  let cost = 0;
  for (let i = 1; i < pitches.length; i++) {
    const pitch = pitches[i]!, below = pitches[i - 1]!;
    const interval = pitch - below;
    if (interval === 1) cost += 14;
    if (interval > 9) cost += 3;
    // Close intervals sound muddy in the bass.
    if (below < 48 && interval < 7) cost += 6;
    else if (below < 54 && interval < 4) cost += 4;
    if (i > 1 && pitch - pitches[i - 2]! < 4) cost += 4;
  }
  const span = (pitches.at(-1) ?? 0) - (pitches[0] ?? 0);
  if (span === 13) cost += 4;
  return cost + 2 * Math.max(0, span - MOST_COMFORTABLE_SPAN);
}

/** Semitones and minor ninths between two sets of pitches. */
export function clashes(a: readonly number[], b: readonly number[]): number {
  let count = 0;
  for (const p of a) count += clashesOf(p, b);
  return count;
}

/** Semitones and minor ninths between a pitch and others. */
export function clashesOf(pitch: number, others: readonly number[]): number {
  let count = 0;
  for (const other of others) {
    const interval = Math.abs(pitch - other);
    if (interval === 1 || interval === 13) count++;
  }
  return count;
}

/** By pitch, its {@linkcode clashesOf} with some pitches. */
export function clashesByPitch(pitches: readonly number[]): Uint8Array {
  const counts = new Uint8Array(128);
  for (const pitch of pitches) {
    for (const interval of [-13, -1, 1, 13]) counts[pitch + interval]! += 1;
  }
  return counts;
}

/**
 * Mean semitones between two voicings, from each voice to the nearest of the other
 * voicing, in both directions.
 */
export function movement(
  from: readonly number[],
  to: readonly number[],
): number {
  return (oneWay(from, to) + oneWay(to, from)) / 2;
}

/** Semitones from each voice to the nearest of the other voicing, added up. */
function oneWay(from: readonly number[], to: readonly number[]): number {
  let sum = 0;
  for (const pitch of from) {
    let nearest = Infinity;
    for (const other of to) {
      nearest = Math.min(nearest, Math.abs(pitch - other));
    }
    sum += nearest;
  }
  return sum;
}

/** Arithmetic mean; 0 for an empty list. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / Math.max(values.length, 1);
}
