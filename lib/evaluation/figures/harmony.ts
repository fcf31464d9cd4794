/** Figures of harmony: what sounds together, and how chords follow each other. */

import { CHORDS, findKey, type Note } from "../../music/music.ts";
import {
  entropyOf,
  meanOf,
  neighbours,
  ratio,
  returningShare,
  shareOf,
} from "./counting.ts";
import type { GridPiece, Sounding } from "./grid_piece.ts";

/** Chords of at most so many pitch classes count as one chord. */
const MOST_IN_CHORD = 5;
/** Chords that no altered note makes: triads, sixths, sevenths, ninths, suspensions. */
const CHORD_TEMPLATES: readonly Template[] = [...CHORDS]
  .filter(([suffix, tones]) =>
    tones.length >= 3 && tones.length <= MOST_IN_CHORD && !/[b#]\d/.test(suffix)
  )
  .flatMap(([, tones]) =>
    Array.from({ length: 12 }, (_, root) => ({
      root,
      tones: tones.map((tone) => (root + tone) % 12),
    }))
  );
/** Major (and natural minor), and harmonic minor, in semitones above the tonic. */
const SCALES = [[0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 8, 11]];
/** Semitones above the lowest note that are consonant with it. */
const CONSONANT = [0, 3, 4, 7, 8, 9];

interface Template {
  /** Pitch class. */
  readonly root: number;
  /** Pitch classes. */
  readonly tones: readonly number[];
}

/**
 * The chords that account best for a bar: of those that fit equally, the ones of the
 * fewest pitch classes. There can be several, as Am7 is C6.
 */
interface ChordOfBar {
  /** Share of the sounding time that is in the chord, 0–1. */
  readonly fit: number;
  /** Pitch classes of the first of the best chords, as twelve bits. */
  readonly tones: number;
  /** Whether the lowest note is the root of one of them. */
  readonly isBassRoot: boolean;
}

/** See the labels in figures.ts; all are of pitched notes. */
export function harmonyFigures(piece: GridPiece) {
  const bars = piece.soundingByBar.filter((notes) => notes.length > 0);
  const chords = bars.map(chordOf);
  const fits = chords.map(({ fit }) => fit).toSorted((a, b) => a - b);
  const time = timeByPitchClass(bars.flat());
  const total = time.reduce((sum, steps) => sum + steps, 0);
  const pairs = pairsOf(piece.pitched);
  return {
    chordFit: meanOf(fits),
    chordFitWorstTenth: meanOf(fits.slice(0, Math.ceil(fits.length / 10))),
    pitchClassesPerBar: meanOf(
      bars.map((notes) => new Set(notes.map(({ pitch }) => pitch % 12)).size),
    ),
    scaleFit: ratio(bestScaleTime(time), total),
    keyClarity: total === 0 ? 0 : findKey(time).correlation,
    pitchClassEntropy: entropyOf(piece.pitched.map(({ pitch }) => pitch % 12)),
    chordChanges: shareOf(neighbours(chords), ([a, b]) => a.tones !== b.tones),
    chordsReturning: returningShare(
      neighbours(chords).map(([a, b]) => `${a.tones} ${b.tones}`),
    ),
    bassOnRoot: shareOf(chords, ({ isBassRoot }) => isBassRoot),
    semitoneRubs: shareOf(pairs, ([a, b]) => Math.abs(a.pitch - b.pitch) === 1),
    consonantWithLowest: shareOf(
      pairs.filter(([, , isLowest]) => isLowest),
      ([a, b]) => CONSONANT.includes(Math.abs(a.pitch - b.pitch) % 12),
    ),
  };
}

/** The chord that accounts best for what sounds in a bar. */
function chordOf(notes: readonly Sounding[]): ChordOfBar {
  const time = timeByPitchClass(notes);
  const total = time.reduce((sum, steps) => sum + steps, 0);
  const lowest = notes.reduce((low, { pitch }) => Math.min(low, pitch), 127);
  let best = -1, size = Infinity, tones = 0, isBassRoot = false;
  for (const template of CHORD_TEMPLATES) {
    const fit = template.tones.reduce((sum, tone) => sum + time[tone]!, 0);
    const isBetter = fit > best ||
      fit === best && template.tones.length < size;
    if (isBetter) {
      best = fit;
      size = template.tones.length;
      tones = template.tones.reduce((bits, tone) => bits | 1 << tone, 0);
      isBassRoot = false;
    } else if (fit < best || template.tones.length > size) continue;
    isBassRoot ||= template.root === lowest % 12;
  }
  return { fit: ratio(best, total), tones, isBassRoot };
}

/** Steps for which each pitch class sounds. [12] */
function timeByPitchClass(notes: readonly Sounding[]): number[] {
  const time = new Array<number>(12).fill(0);
  for (const { pitch, length } of notes) time[pitch % 12]! += length;
  return time;
}

function bestScaleTime(time: readonly number[]): number {
  return Math.max(
    ...SCALES.flatMap((scale) =>
      time.map((_, tonic) =>
        scale.reduce((sum, tone) => sum + time[(tonic + tone) % 12]!, 0)
      )
    ),
  );
}

/**
 * Each note that begins with each other that sounds then, and whether the other is
 * the lowest that sounds.
 */
function pairsOf(notes: readonly Note[]): [Note, Note, boolean][] {
  const pairs: [Note, Note, boolean][] = [];
  let held: Note[] = [];
  const upwards = notes.toSorted((a, b) =>
    a.startTicks - b.startTicks || a.pitch - b.pitch
  );
  for (const note of upwards) {
    held = held.filter(({ endTicks }) => endTicks > note.startTicks);
    const lowest = held.reduce((low, { pitch }) => Math.min(low, pitch), 128);
    for (const other of held) {
      const isLowest = other.pitch === lowest && other.pitch <= note.pitch;
      pairs.push([note, other, isLowest]);
    }
    held.push(note);
  }
  return pairs;
}
