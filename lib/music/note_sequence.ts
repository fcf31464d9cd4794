/**
 * The music representation that every module shares: notes in ticks, with the
 * parts, tempi, meters and keys that give the ticks their meaning.
 *
 * All times are integer ticks; {@linkcode NoteSequence.ticksPerQuarter} of them
 * make a quarter note. A `NoteSequence` is immutable: functions return new ones.
 */

/** A sounding note. `endTicks` is the key release, the pedal is not applied. */
export interface Note {
  /** MIDI pitch, 0–127; 60 is middle C. */
  readonly pitch: number;
  /** MIDI velocity, 1–127. */
  readonly velocity: number;
  /** When the note begins. */
  readonly startTicks: number;
  /** After `startTicks`, or equal to it for a note of no length. */
  readonly endTicks: number;
  /** Index into {@linkcode NoteSequence.parts}. */
  readonly part: number;
}

/** One instrument line: the notes of one track, channel, bank and program. */
export interface Part {
  /** Track name, "" where the file gives none. */
  readonly name: string;
  /** General MIDI program, 0–127. */
  readonly program: number;
  /**
   * Bank of the program, 0–16383: 128 × bank select MSB + LSB.
   * @default 0
   */
  readonly bank?: number;
  /** True for percussion, where pitches name drums. */
  readonly isDrum: boolean;
  /**
   * Which channel the part is on: parts of one number share its controllers, such
   * as the sustain pedal. Numbered from 0 in the order of the parts. A part
   * without it has a channel of its own.
   */
  readonly channel?: number;
  /**
   * Index of the source file's track the part was read from, the tempo track
   * counted. Absent where the part was made rather than read.
   */
  readonly track?: number;
}

/** A tempo that holds from `ticks` on. */
export interface TempoChange {
  /** When it begins to hold. */
  readonly ticks: number;
  /** Quarter notes per minute. */
  readonly qpm: number;
}

/** A meter that holds from `ticks` on. */
export interface TimeSignature {
  /** When it begins to hold. */
  readonly ticks: number;
  /** Beats to the bar. */
  readonly numerator: number;
  /** 1, 2, 4, 8, 16, … */
  readonly denominator: number;
}

/** Times, tempi and meters of a piece, whatever its notes. */
export type NotelessPiece = Pick<
  NoteSequence,
  "ticksPerQuarter" | "totalTicks" | "tempos" | "timeSignatures"
>;

/** Major or minor. */
export type Mode = "major" | "minor";

/** A key signature that holds from `ticks` on. */
export interface KeySignature {
  /** When it begins to hold. */
  readonly ticks: number;
  /** Sharps (positive) or flats (negative), −7 to 7. */
  readonly fifths: number;
  /** Major or minor. */
  readonly mode: Mode;
}

/** A controller value from `ticks` on, for example 64, the sustain pedal. */
export interface ControlChange {
  /** When it begins to hold. */
  readonly ticks: number;
  /**
   * Index into {@linkcode NoteSequence.parts}; the change holds for all parts on
   * the channel of this one.
   */
  readonly part: number;
  /** MIDI controller number, 0–127; not 0 or 32, see {@linkcode Part.bank}. */
  readonly controller: number;
  /** 0–127. */
  readonly value: number;
}

/** A text at a time, such as the name of the section that begins there. */
export interface Marker {
  /** When it is. */
  readonly ticks: number;
  /** What it says. */
  readonly text: string;
}

/** A piece of music, or a passage of one. */
export interface NoteSequence {
  /** Ticks to a quarter note. */
  readonly ticksPerQuarter: number;
  /** The instrument lines; notes and controls name them by index. */
  readonly parts: readonly Part[];
  /** Sorted by `startTicks`, then `part`, `pitch` and `endTicks`. */
  readonly notes: readonly Note[];
  /** Sorted by `ticks`. Empty means 120 qpm throughout. */
  readonly tempos: readonly TempoChange[];
  /** Sorted by `ticks`. Empty means 4/4 throughout. */
  readonly timeSignatures: readonly TimeSignature[];
  /** Sorted by `ticks`. */
  readonly keySignatures: readonly KeySignature[];
  /** Sorted by `ticks`, then `part`. */
  readonly controls: readonly ControlChange[];
  /** Sorted by `ticks`. @default none */
  readonly markers?: readonly Marker[];
  /** At least the last `endTicks`. */
  readonly totalTicks: number;
}

/**
 * A sequence of no notes and no length.
 *
 * @param ticksPerQuarter Ticks to a quarter note, a positive integer.
 * @returns The empty sequence.
 * @throws {RangeError} If `ticksPerQuarter` is not a positive integer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence } from "immersic/music/music.ts";
 * assert(emptySequence(480).notes.length === 0);
 * ```
 */
export function emptySequence(ticksPerQuarter: number): NoteSequence {
  if (!Number.isSafeInteger(ticksPerQuarter) || ticksPerQuarter < 1) {
    throw new RangeError(
      `Cannot make a sequence: ticksPerQuarter must be a positive integer, current value is ${ticksPerQuarter}.`,
    );
  }
  return {
    ticksPerQuarter,
    parts: [],
    notes: [],
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
    controls: [],
    totalTicks: 0,
  };
}

/**
 * The notes of a piece that have a pitch: those of all parts but drums.
 *
 * @example
 * ```ts
 * import { emptySequence, pitchedNotes } from "immersic/music/music.ts";
 * const note = { pitch: 36, velocity: 80, startTicks: 0, endTicks: 480 };
 * const piece = {
 *   ...emptySequence(480),
 *   parts: [false, true].map((isDrum) => ({ name: "", program: 0, isDrum })),
 *   notes: [{ ...note, part: 0 }, { ...note, part: 1 }],
 * };
 * console.assert(pitchedNotes(piece)[0]?.part === 0);
 * console.assert(pitchedNotes(piece).length === 1);
 * ```
 */
export function pitchedNotes({ notes, parts }: NoteSequence): Note[] {
  return notes.filter(({ part }) => !parts[part]!.isDrum);
}
