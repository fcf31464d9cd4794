/**
 * The rhythms and velocities that chord tokens lack. {@linkcode styleSteps}
 * counts them in training pieces, and decoding samples them from the counts.
 *
 * Times are twelfths of a quarter note, the grid on which chords are read.
 */

import { TWELFTHS } from "./grid.ts";
import type { ReadChord } from "./reading.ts";
import { chordsOf } from "./sequence_chords.ts";
import {
  DEFAULT_METER,
  firstStatedMeter,
  firstStatedQpm,
  type Meter,
  meterName,
  type NoteSequence,
  parseMeter,
  ticksPerBar,
} from "../../music/music.ts";
import { LimitError, type Random } from "../../base/base.ts";

/** A rhythm at a position in the bar, and how often it occurred there. */
export interface Rhythm {
  /** Place in the bar. */
  readonly position: number;
  /** Time to the next chord or note; 0 if they begin together. */
  readonly interval: number;
  /** How long the chord or note sounds. */
  readonly duration: number;
  /** How often it occurred. */
  readonly weight: number;
}

/** Rhythms and velocities of chords, or of single notes. */
export interface EventStyle {
  /** The most frequent first. */
  readonly rhythms: readonly Rhythm[];
  /** MIDI velocities and how often each occurred, the most frequent first. */
  readonly velocities: readonly (readonly [velocity: number, weight: number])[];
}

/** How pieces of a corpus are played. Plain data, fit for JSON. */
export interface ChordStyle {
  /** Quarter notes per minute. */
  readonly qpm: number;
  /** General MIDI program, 0–127. */
  readonly program: number;
  /** Of the meter. */
  readonly numerator: number;
  /** Of the meter. */
  readonly denominator: number;
  /** Rhythms and velocities of chords. */
  readonly chords: EventStyle;
  /** Rhythms and velocities of single notes. */
  readonly notes: EventStyle;
}

/** Rhythms kept for each kind of event, so that a style stays small. */
const MAX_RHYTHMS = 400;
/** Longer silences are not counted. */
const MAX_INTERVAL_BARS = 2;

/** Events of equal length on each beat of a 4/4 bar. */
const onBeats = (durations: readonly number[]): EventStyle => ({
  rhythms: durations.map((duration, beat) => (
    { position: beat * TWELFTHS, interval: duration, duration, weight: 1 }
  )),
  velocities: [[56, 1], [64, 2], [72, 1]],
});

/** A slow ballad in 4/4, for tokens that come without a style. */
export const DEFAULT_CHORD_STYLE: ChordStyle = {
  qpm: 75,
  program: 0,
  ...DEFAULT_METER,
  chords: onBeats([24, 12, 24, 12]),
  notes: onBeats([12, 12, 12, 12]),
};

/** How one piece is played: what {@linkcode styleSteps} adds up. Fit for JSON. */
export interface PieceStyle {
  /** Quarter notes per minute at its start. */
  readonly qpm: number;
  /** Meter at its start, such as "3/4". */
  readonly meter: string;
  /** Programs, and how many notes each plays. */
  readonly programs: Counts<number>;
  /** Rhythms and velocities of its chords. */
  readonly chords: EventCounts;
  /** Rhythms and velocities of its single notes. */
  readonly notes: EventCounts;
}

/** Values and how often each occurred, in the order in which they first did. */
export type Counts<T> = readonly (readonly [T, number])[];

/** How often each rhythm (position, interval, duration) and velocity occurred. */
export interface EventCounts {
  /** Rhythms. */
  readonly rhythms: Counts<string>;
  /** Velocities. */
  readonly velocities: Counts<number>;
}

/**
 * Counts how the chords and notes of one piece are played.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { atOnce } from "immersic/base/base.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * import { pieceStyle, styleSteps } from "immersic/tokens/chord/chord.ts";
 * const slow = { ...emptySequence(480), tempos: [{ ticks: 0, qpm: 50 }] };
 * assert.equal(atOnce(styleSteps([pieceStyle(slow)])).qpm, 50);
 * ```
 */
export function pieceStyle(sequence: NoteSequence): PieceStyle {
  const meter = firstStatedMeter(sequence);
  const programs = new CountMap<number>();
  for (const note of sequence.notes) {
    const part = sequence.parts[note.part]!;
    if (!part.isDrum) programs.add(part.program);
  }
  const kinds = { chords: new KindCounts(), notes: new KindCounts() };
  const barLength = barTwelfths(meter);
  const chords = readableChords(sequence);
  for (const [index, { position, start, ...chord }] of chords.entries()) {
    // The last one is followed by the next barline.
    const end = position + Math.max(chord.duration, 1);
    const rest = Math.ceil(end / barLength) * barLength - position;
    const interval = (chords[index + 1]?.start ?? start + rest) - start;
    const counts = kinds[chord.pitches.length > 1 ? "chords" : "notes"];
    counts.velocities.add(chord.velocity);
    if (interval > MAX_INTERVAL_BARS * barLength) continue;
    const duration = Math.max(chord.duration, 1);
    counts.rhythms.add(`${position} ${interval} ${duration}`);
  }
  return {
    qpm: firstStatedQpm(sequence),
    meter: meterName(meter),
    programs: [...programs],
    chords: kinds.chords.counts(),
    notes: kinds.notes.counts(),
  };
}

/**
 * Adds up how the chords and notes of pieces are played, a step for each piece.
 *
 * @param pieces The training pieces, as {@linkcode pieceStyle} gives them.
 * @returns The median tempo and the commonest meter at the start of pieces, the
 * program of most notes, and the counts of rhythms and velocities. Anything that
 * no piece shows comes from {@linkcode DEFAULT_CHORD_STYLE}. A piece with too many
 * bars for its chords to be read shows only its tempo, meter and programs.
 */
export function* styleSteps(
  pieces: Iterable<PieceStyle>,
): Generator<void, ChordStyle> {
  const tempos: number[] = [];
  const meters = new CountMap<string>();
  const programs = new CountMap<number>();
  const kinds = { chords: new KindCounts(), notes: new KindCounts() };
  for (const piece of pieces) {
    tempos.push(piece.qpm);
    meters.add(piece.meter);
    programs.addAll(piece.programs);
    for (const kind of ["chords", "notes"] as const) {
      kinds[kind].rhythms.addAll(piece[kind].rhythms);
      kinds[kind].velocities.addAll(piece[kind].velocities);
    }
    yield;
  }
  const meter = meters.mostFrequent();
  return {
    qpm: tempos.sort((a, b) => a - b)[tempos.length >> 1] ??
      DEFAULT_CHORD_STYLE.qpm,
    program: programs.mostFrequent() ?? DEFAULT_CHORD_STYLE.program,
    ...meter === undefined ? DEFAULT_METER : parseMeter(meter),
    chords: kinds.chords.style() ?? DEFAULT_CHORD_STYLE.chords,
    notes: kinds.notes.style() ?? DEFAULT_CHORD_STYLE.notes,
  };
}

/** The chords of a piece, none if they are too many bars. */
function readableChords(sequence: NoteSequence): readonly ReadChord[] {
  try {
    return chordsOf(sequence);
  } catch (error) {
    if (error instanceof LimitError) return [];
    throw error;
  }
}

/** Twelfths of a quarter in a bar. */
export function barTwelfths(meter: Meter): number {
  return ticksPerBar(meter, TWELFTHS);
}

/**
 * Samples the rhythm of an event at a position in the bar. If the style has none
 * for the position, the event lasts until the next beat.
 *
 * @param position Twelfths of a quarter from the start of the bar.
 * @param mayCoincide Whether the next event may begin with this one.
 */
export function sampleRhythm(
  { rhythms }: EventStyle,
  position: number,
  mayCoincide: boolean,
  random: Random,
): Rhythm {
  const possible = rhythms.filter((rhythm) =>
    rhythm.position === position && (mayCoincide || rhythm.interval > 0)
  );
  const toBeat = TWELFTHS - position % TWELFTHS;
  return possible.length > 0
    ? possible[sampleIndex(possible.map(({ weight }) => weight), random)]!
    : { position, interval: toBeat, duration: toBeat, weight: 1 };
}

/** Samples a MIDI velocity. */
export function sampleVelocity(
  { velocities }: EventStyle,
  random: Random,
): number {
  return velocities[sampleIndex(velocities.map(([, w]) => w), random)]![0];
}

/** Samples the index of a weight, in proportion to the weights. */
function sampleIndex(weights: readonly number[], random: Random): number {
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  const index = weights.findIndex((weight) => (left -= weight) < 0);
  return index < 0 ? weights.length - 1 : index;
}

/** Counts how often each value occurs. */
class CountMap<T> extends Map<T, number> {
  add(value: T, count = 1): void {
    this.set(value, (this.get(value) ?? 0) + count);
  }

  addAll(counts: Counts<T>): void {
    for (const [value, count] of counts) this.add(value, count);
  }

  /** The most frequent first; among equally frequent values, the earlier counted. */
  ranked(): [T, number][] {
    return [...this].sort((a, b) => b[1] - a[1]);
  }

  mostFrequent(): T | undefined {
    return this.ranked()[0]?.[0];
  }
}

/** Counts of chords, or of single notes. */
class KindCounts {
  readonly rhythms = new CountMap<string>();
  readonly velocities = new CountMap<number>();

  counts(): EventCounts {
    return { rhythms: [...this.rhythms], velocities: [...this.velocities] };
  }

  /** Undefined where nothing was counted. */
  style(): EventStyle | undefined {
    if (this.rhythms.size === 0) return undefined;
    return {
      rhythms: this.rhythms.ranked().slice(0, MAX_RHYTHMS).map(
        ([key, weight]) => {
          const [position, interval, duration] = key.split(" ")
            .map(Number) as [number, number, number];
          return { position, interval, duration, weight };
        },
      ),
      velocities: this.velocities.ranked(),
    };
  }
}

/**
 * How many chords and notes a bar has on average.
 *
 * @param style Default: a slow ballad's.
 */
export function tokensPerBar(
  style: ChordStyle = DEFAULT_CHORD_STYLE,
): number {
  let time = 0, events = 0;
  for (const { rhythms } of [style.chords, style.notes]) {
    for (const { interval, weight } of rhythms) {
      time += interval * weight;
      events += weight;
    }
  }
  return barTwelfths(style) * events / Math.max(time, 1);
}
