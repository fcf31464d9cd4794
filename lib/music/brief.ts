/**
 * Parts of what is asked of a piece: times, lines that values follow, events,
 * chords, and how a part plays.
 */

import type { InstrumentName } from "./instruments.ts";

/** A time in a piece: seconds, a bar from 1, or a share of the whole, 0–1. */
export type Anchor =
  | { readonly seconds: number }
  | { readonly bar: number }
  | { readonly share: number };

/** What moves in a straight line through a section; a field left out stays. */
export interface Curve {
  /** Mean MIDI velocity at the beginning and at the end. */
  readonly velocity?: readonly [from: number, to: number];
  /**
   * Quarter notes per minute at the beginning and at the end, which the tempo leaves
   * and reaches gently.
   */
  readonly qpm?: readonly [from: number, to: number];
  /** Pitched notes per quarter note at the beginning and at the end. */
  readonly density?: readonly [from: number, to: number];
  /** Mean MIDI pitch at the beginning and at the end. */
  readonly register?: readonly [from: number, to: number];
  /**
   * Lines that rise, 1, or fall, −1, note by note, as in a jingle.
   * @default they go as they may
   */
  readonly contour?: 1 | -1;
  /** Loudness that rises and falls about its line again and again. */
  readonly swell?: Swell;
}

/** What rises and falls again and again, as breath and waves do. */
export interface Swell {
  /** From one trough to the next; a share is of the section. */
  readonly period: Period | { readonly share: number };
  /** Share of it in which it rises, above 0 and below 1. @default 0.5 */
  readonly rise?: number;
}

/** What happens at one time of a piece. */
export interface PieceEvent {
  /** When it is, or begins. */
  readonly at: Anchor;
  /** Its kind. */
  readonly what: "hit" | "silence" | "fadeIn" | "fadeOut";
  /**
   * Who strikes a hit alone: an instrument, or a sound of General MIDI percussion.
   * @default all who play
   */
  readonly by?: InstrumentName | number;
  /**
   * How long a silence or a fade lasts; a fade out at the end leads up to it.
   * @default a bar; a fade four bars, or to the next section
   */
  readonly seconds?: number;
  /** After how long it comes again, up to the end. @default it comes once */
  readonly every?: Period;
}

/** How often something comes: seconds or bars from one time to the next. */
export type Period = { readonly seconds: number } | { readonly bars: number };

/** A chord by pitch classes. */
export interface Chord {
  /** Such as "F#m7" or "C/E". */
  readonly symbol: string;
  /** Pitch class of the root, 0–11. */
  readonly root: number;
  /** Semitones above the root, rising from 0. */
  readonly intervals: readonly number[];
  /** Pitch class of the lowest note. @default the root */
  readonly bass?: number;
}

/** Chords one after the other, round and round. */
export interface ChordProgression {
  /** At least one. */
  readonly chords: readonly Chord[];
  /** Bars that each chord lasts, such as 1 or 0.5. */
  readonly barsEach: number;
}

/** A chord where it begins in a piece. */
export interface PlacedChord {
  /** When, in ticks of the piece. */
  readonly ticks: number;
  /** The chord. */
  readonly chord: Chord;
}

/** How one part is to play, or each of them. */
export interface PartWish {
  /** General MIDI program of the part. @default every pitched part */
  readonly program?: number;
  /** Where in the beat its notes begin. @default anywhere */
  readonly positions?: "beats" | "offbeats";
  /** Its shortest note, in quarter notes. @default any */
  readonly leastQuarters?: number;
  /** Its longest note, in quarter notes. @default any */
  readonly mostQuarters?: number;
  /** One note at a time. @default false */
  readonly isMonophonic?: boolean;
  /** Above what the others play, but for drums. @default false */
  readonly isOnTop?: boolean;
  /** Broken chords: from note to note a third or more. @default false */
  readonly isBroken?: boolean;
  /** Lowest and highest MIDI pitch, both included. @default its usual ones */
  readonly range?: readonly [number, number];
  /** Quarter notes from one of its onsets to the next, at least. @default any */
  readonly apartQuarters?: number;
  /** Pitch classes that it plays, 0–11. @default any */
  readonly pitchClasses?: readonly number[];
  /** Semitones from its lowest to its highest pitch, at most. @default any */
  readonly span?: number;
  /** Semitones from one of its notes to the next, at most. @default any */
  readonly mostLeap?: number;
}

/** Several players of one instrument, such as two violins. */
export interface Players {
  /** General MIDI program of the instrument. */
  readonly program: number;
  /** By player, the highest first: the program of each, at least two. */
  readonly programs: readonly number[];
}

/** What one part holds from the beginning to the end. */
export interface HeldNotes {
  /** General MIDI program of the part. */
  readonly program: number;
  /** Pitch classes, the lowest first. @default the tonic */
  readonly pitchClasses?: readonly number[];
  /** Whether it plays something else besides. @default it holds these alone */
  readonly isBeside?: boolean;
}

/** How drums keep the beat, and which of them play. */
export interface DrumWish {
  /**
   * Kicks on every quarter, snares on two and four, or snares on three alone.
   * @default as the model plays them
   */
  readonly beat?: "four-on-the-floor" | "backbeat" | "half-time";
  /** General MIDI percussion that is to be heard, such as 39, claps. */
  readonly sounds?: readonly number[];
  /** General MIDI percussion that is not to be heard. */
  readonly without?: readonly number[];
  /** Quarter notes of the grid from the bar line that strokes keep to. @default any */
  readonly gridQuarters?: number;
  /** Bars from one fill to the next; the last bar of so many has it. @default none */
  readonly fillEvery?: number;
}
