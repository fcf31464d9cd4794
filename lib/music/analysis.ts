/** Descriptions of pieces in a few numbers, and of corpora as histograms. */

import { BarLines } from "./bar_lines.ts";
import { polyphonyOf, sumsOf } from "./measures.ts";
import {
  DEFAULT_METER,
  firstStatedMeter,
  type Meter,
  meterName,
} from "./meter.ts";
import { noteCount } from "./note_columns.ts";
import type { NoteSums } from "./note_kernels.ts";
import {
  type Note,
  type NotelessPiece,
  type NoteSequence,
  pitchedNotes,
} from "./note_sequence.ts";
import { firstQpm, ticksToSeconds } from "./tempo.ts";
import { nameChord } from "./chords.ts";
import { findKey, type FoundKey } from "./key_finding.ts";
import { programName } from "./nearest_program.ts";
import { keyName, PITCH_CLASS_NAMES } from "./theory.ts";

/** A piece in a few numbers. Drums count as notes, but not in the pitches. */
export interface PieceDescription {
  /** The key the notes are in, whatever the signature; absent without pitches. */
  readonly key?: FoundKey | undefined;
  /** The meter that holds longest. */
  readonly timeSignature: Meter;
  /** Mean tempo, quarter notes a minute. */
  readonly qpm: number;
  /** Bars begun. */
  readonly bars: number;
  /** Length in seconds. */
  readonly durationSeconds: number;
  /** Number of notes. */
  readonly notes: number;
  /** Density. */
  readonly notesPerBar: number;
  /** Register, as a MIDI pitch; absent without pitches. */
  readonly meanPitch?: number | undefined;
  /** Loudness, as a MIDI velocity; absent without notes. */
  readonly meanVelocity?: number | undefined;
  /** Mean number of pitched notes that sound while any does; 0 without any. */
  readonly polyphony: number;
}

/** One bar of a histogram. */
export interface Bin {
  /** What is counted. */
  readonly label: string;
  /** How often it occurs. */
  readonly count: number;
}

/** A corpus as histograms. Bins that count nothing are left out. */
export interface CorpusDescription {
  /** Number of pieces. */
  readonly pieces: number;
  /** Number of notes. */
  readonly notes: number;
  /** Pitch classes, C to B. These and the next three leave drums out. */
  readonly noteNames: readonly Bin[];
  /** Pitches, the lowest first. */
  readonly pitches: readonly Bin[];
  /** Note lengths in quarter notes, to the nearest twelfth, the shortest first. */
  readonly durations: readonly Bin[];
  /** Chord symbols of {@linkcode chordsOf}, the most frequent first. */
  readonly chords: readonly Bin[];
  /** Velocities by eights, the softest first. */
  readonly velocities: readonly Bin[];
  /** Keys of the pieces, the most frequent first. */
  readonly keys: readonly Bin[];
  /** Meters of the pieces, the most frequent first. */
  readonly timeSignatures: readonly Bin[];
  /** Instruments by the pieces that have notes of them, the most frequent first. */
  readonly instruments: readonly Bin[];
  /** Mean tempi of the pieces by tens of qpm, the slowest first. */
  readonly tempos: readonly Bin[];
}

/** Notes that begin within this part of a quarter note are struck together. */
const TOGETHER_QUARTERS = 1 / 8;
/** Fewer pitch classes than this are no chord. */
const CHORD_SIZE = 3;
const DURATION_STEPS = 12;
const VELOCITY_BAND = 8;
const TEMPO_BAND = 10;

/**
 * Describes a piece. The sustain pedal is not heard; apply `applySustain()`
 * first to have it count.
 *
 * @param sequence The piece.
 * @returns Its description.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { describePiece, emptySequence } from "immersic/music/music.ts";
 * const piece = describePiece({ ...emptySequence(480), totalTicks: 3840 });
 * assert(piece.bars === 2 && piece.durationSeconds === 4);
 * ```
 */
export function describePiece(sequence: NoteSequence): PieceDescription {
  return describeSums(sequence, {
    ...sumsOf(sequence),
    notes: noteCount(sequence),
    // Parts are counted as they are written, in unison or not.
    polyphony: polyphonyOf(sequence, { countsUnisons: true }).polyphony,
  });
}

/** What notes come to for a description. */
export interface DescribedNotes
  extends Omit<NoteSums, "notesOfPart">, Pick<PieceDescription, "notes"> {
  /** Mean number of pitched notes that sound while any does, NaN without any. */
  readonly polyphony: number;
}

/**
 * As {@linkcode describePiece}, of a piece whose notes are summed.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { describeSums, emptySequence } from "immersic/music/music.ts";
 * const none = { notes: 0, pitched: 0, pitches: 0, velocities: 0, polyphony: NaN };
 * const piece = { ...emptySequence(480), totalTicks: 3840 };
 * assert(describeSums(piece, { ...none, pitchClassTicks: [] }).bars === 2);
 * ```
 */
export function describeSums(
  piece: NotelessPiece,
  sums: DescribedNotes,
): PieceDescription {
  const { notes, pitched, pitches, velocities, polyphony } = sums;
  const isPitched = pitched > 0;
  const bars = BarLines.of(piece).count;
  const durationSeconds = ticksToSeconds(piece, piece.totalTicks);
  return {
    key: isPitched ? findKey(sums.pitchClassTicks) : undefined,
    timeSignature: longestMeter(piece),
    qpm: meanQpm(piece, durationSeconds),
    bars,
    durationSeconds,
    notes,
    notesPerBar: bars > 0 ? notes / bars : 0,
    meanPitch: isPitched ? pitches / pitched : undefined,
    meanVelocity: notes > 0 ? velocities / notes : undefined,
    polyphony: Number.isNaN(polyphony) ? 0 : polyphony,
  };
}

function longestMeter({ timeSignatures, totalTicks }: NotelessPiece): Meter {
  const ticksOf = new Map<string, number>();
  // A piece of no length still has the meter it states.
  let longest = firstStatedMeter({ timeSignatures }), most = 0;
  const meters = [{ ticks: 0, ...DEFAULT_METER }, ...timeSignatures];
  for (const [i, { ticks, numerator, denominator }] of meters.entries()) {
    const meter = { numerator, denominator };
    const end = Math.min(meters[i + 1]?.ticks ?? totalTicks, totalTicks);
    const name = meterName(meter);
    const held = (ticksOf.get(name) ?? 0) + Math.max(0, end - ticks);
    ticksOf.set(name, held);
    if (held > most) [longest, most] = [meter, held];
  }
  return { numerator: longest.numerator, denominator: longest.denominator };
}

function meanQpm(sequence: NotelessPiece, durationSeconds: number): number {
  const { tempos, totalTicks, ticksPerQuarter } = sequence;
  const first = firstQpm(sequence);
  // Exact where there is only one, which is the common case.
  if (durationSeconds === 0 || tempos.every(({ qpm }) => qpm === first)) {
    return first;
  }
  return totalTicks / ticksPerQuarter * 60 / durationSeconds;
}

/**
 * The chords struck in a piece: pitched notes of any part that begin within a
 * thirty-second note of the first of them, if they have three pitch classes or
 * more.
 *
 * @param sequence The piece.
 * @returns Chord symbols of `nameChord()` in order, "other" for chords it has no
 * name for.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { chordsOf, emptySequence } from "immersic/music/music.ts";
 * const chords = chordsOf({
 *   ...emptySequence(480),
 *   parts: [{ name: "", program: 0, isDrum: false }],
 *   notes: [57, 60, 64].map((pitch) => (
 *     { pitch, velocity: 80, startTicks: 0, endTicks: 480, part: 0 }
 *   )),
 *   totalTicks: 480,
 * });
 * assert(chords.join() === "Am");
 * ```
 */
export function chordsOf(sequence: NoteSequence): string[] {
  const together = sequence.ticksPerQuarter * TOGETHER_QUARTERS;
  const strikes: Note[][] = [];
  for (const note of pitchedNotes(sequence)) {
    const strike = strikes.at(-1);
    if (strike && note.startTicks - strike[0]!.startTicks < together) {
      strike.push(note);
    } else strikes.push([note]);
  }
  return strikes
    .map((strike) => {
      const pitches = strike.map((note) => note.pitch).sort((a, b) => a - b);
      return [...new Set(pitches.map((pitch) => pitch % 12))];
    })
    .filter((pitchClasses) => pitchClasses.length >= CHORD_SIZE)
    .map((pitchClasses) => nameChord(pitchClasses) ?? "other");
}

/**
 * Describes a corpus.
 *
 * @param sequences Its pieces.
 * @returns The distributions over all their notes, and over the pieces.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { describeCorpus, emptySequence } from "immersic/music/music.ts";
 * const corpus = describeCorpus([emptySequence(480)]);
 * assert(corpus.timeSignatures[0]?.label === "4/4");
 * ```
 */
export function describeCorpus(
  sequences: Iterable<NoteSequence>,
): CorpusDescription {
  const noteNames = new Counter<number>();
  const pitches = new Counter<number>();
  const durations = new Counter<number>();
  const velocities = new Counter<number>();
  const chords = new Counter<string>();
  const keys = new Counter<string>();
  const meters = new Counter<string>();
  const instruments = new Counter<string>();
  const tempos = new Counter<number>();
  let pieces = 0, notes = 0;
  for (const sequence of sequences) {
    const piece = describePiece(sequence);
    pieces++;
    notes += piece.notes;
    for (const { velocity } of sequence.notes) {
      velocities.add(Math.floor(velocity / VELOCITY_BAND));
    }
    for (const { pitch, startTicks, endTicks } of pitchedNotes(sequence)) {
      const quarters = (endTicks - startTicks) / sequence.ticksPerQuarter;
      noteNames.add(pitch % 12);
      pitches.add(pitch);
      durations.add(Math.round(quarters * DURATION_STEPS));
    }
    for (const chord of chordsOf(sequence)) chords.add(chord);
    for (const name of instrumentsOf(sequence)) instruments.add(name);
    if (piece.key) keys.add(keyName(piece.key));
    meters.add(meterName(piece.timeSignature));
    tempos.add(Math.floor(piece.qpm / TEMPO_BAND));
  }
  const band = (width: number) => (index: number) =>
    `${index * width}–${index * width + width - 1}`;
  return {
    pieces,
    notes,
    noteNames: noteNames.ascending((i) => PITCH_CLASS_NAMES[i]!),
    pitches: pitches.ascending((pitch) =>
      `${PITCH_CLASS_NAMES[pitch % 12]}${Math.floor(pitch / 12) - 1}`
    ),
    durations: durations.ascending((steps) =>
      String(Number((steps / DURATION_STEPS).toFixed(2)))
    ),
    chords: chords.byFrequency(),
    velocities: velocities.ascending(band(VELOCITY_BAND)),
    keys: keys.byFrequency(),
    timeSignatures: meters.byFrequency(),
    instruments: instruments.byFrequency(),
    tempos: tempos.ascending(band(TEMPO_BAND)),
  };
}

/** Names of the instruments that play in a piece, each once. */
function instrumentsOf({ notes, parts }: NoteSequence): Set<string> {
  const played = new Set(notes.map(({ part }) => part));
  return new Set(
    [...played].map((part) => {
      const { program, isDrum } = parts[part]!;
      return isDrum ? "drums" : programName(program);
    }),
  );
}

/** Counts values, for a histogram. */
class Counter<T extends number | string> {
  readonly #counts = new Map<T, number>();

  add(value: T): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  /** Bins by value, for numbers. */
  ascending(this: Counter<number>, labelOf: (value: number) => string): Bin[] {
    return [...this.#counts]
      .sort(([a], [b]) => a - b)
      .map(([value, count]) => ({ label: labelOf(value), count }));
  }

  /** Bins by count, those of one count by label. */
  byFrequency(): Bin[] {
    return [...this.#counts]
      .map(([value, count]) => ({ label: String(value), count }))
      .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
  }
}
