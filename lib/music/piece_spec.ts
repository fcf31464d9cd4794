/**
 * All that is asked of a piece. A prompt, a seed, a training piece's profile and
 * chance fill it in, one after the other; generation, arrangement and the report
 * of what was delivered read it.
 */

import type { Attributes } from "./attributes.ts";
import type { BarsAs } from "./bars_as.ts";
import type {
  Anchor,
  ChordProgression,
  Curve,
  DrumWish,
  HeldNotes,
  PartWish,
  PieceEvent,
  Players,
} from "./brief.ts";
import type { InstrumentName } from "./instruments.ts";
import type { Key, ScaleName } from "./theory.ts";

/** From `low`, included, to `high`, excluded. */
export type Range = readonly [low: number, high: number];

/** A key, whole or in part. */
export interface PartialKey {
  /** Pitch class of the tonic, 0–11. @default any */
  readonly tonic?: number;
  /** Scale or mode. @default any */
  readonly mode?: ScaleName;
}

/** How long a piece is to be: bars, seconds, or without end. */
export type PieceLength =
  | { readonly bars: number }
  | {
    readonly seconds: number;
    /** Exactly, not only to the nearest bar. @default false */
    readonly exact?: boolean;
  }
  | { readonly endless: true };

/** What every sampled token must keep to; a field left out is free. */
export interface PieceConstraints {
  /** Quarter notes per minute throughout, one of the vocabulary's tempi. */
  readonly qpm?: number;
  /** Meter throughout, such as "3/4", one of the vocabulary's. */
  readonly meter?: string;
  /** General MIDI programs that may play. */
  readonly programs?: readonly number[];
  /** Drum kits that may play; [] means no drums. */
  readonly kits?: readonly number[];
  /** Pitch classes that may sound, 0–11, drums aside. */
  readonly pitchClasses?: readonly number[];
  /** Lowest and highest MIDI pitch, both included, by program. */
  readonly ranges?: Readonly<Record<number, readonly [number, number]>>;
}

/** What sampling leads the whole piece towards; a field left out is free. */
export interface PieceTargets {
  /** Pitched notes per quarter note, all parts together. */
  readonly density?: Range;
  /** Mean MIDI pitch. */
  readonly register?: Range;
  /** The key that a key finder is to hear. */
  readonly key?: Key;
  /** Programs that are all to be heard. */
  readonly programs?: readonly number[];
  /** Drum kits that are all to be heard. */
  readonly kits?: readonly number[];
  /** Quarter notes by which they are to be heard. @default 3 */
  readonly entryQuarters?: number;
  /** Programs that are to play one note at a time. */
  readonly monophonic?: readonly number[];
  /** Whether chords are to sound without a seventh or ninth that is not asked. */
  readonly plainChords?: boolean;
}

/** All that is asked of a piece; a field left out was not asked and is free. */
export interface PieceSpec {
  // In a listener's words.
  /** Tonic, scale or both. */
  readonly key?: PartialKey;
  /** Whether only notes of the key's scale sound. @default false */
  readonly scaleOnly?: boolean;
  /** Tempo of the finished piece, in quarter notes per minute. */
  readonly qpm?: number;
  /** Tempo, where it was a word and not a number. */
  readonly tempo?: NonNullable<Attributes["TempoClass"]>;
  /** Length of the finished piece. */
  readonly length?: PieceLength;
  /** Such as "3/4". */
  readonly meter?: string;
  /** Meter of every second bar, where two take turns. @default `meter` */
  readonly secondMeter?: string;
  /** Instruments and roles that play; if any, nothing else does. */
  readonly playing?: readonly InstrumentName[];
  /** Instruments and roles that are to be silent. */
  readonly silent?: readonly InstrumentName[];
  /** How many notes. */
  readonly density?: NonNullable<Attributes["Density"]>;
  /** Onsets a second at least, where many notes are asked outright. */
  readonly onsetsPerSecond?: number;
  /** How high. */
  readonly register?: NonNullable<Attributes["Register"]>;
  /** How loud. */
  readonly loudness?: NonNullable<Attributes["Loudness"]>;
  /** Moods named; what they ask for is in the fields above. */
  readonly moods?: readonly string[];
  /** Styles named; what they ask for is in the fields above. */
  readonly styles?: readonly string[];
  /** Whether the end leads back into the beginning. @default false */
  readonly loop?: boolean;
  /**
   * How the last chord closes: on the tonic, on its major chord, or open, on the
   * dominant. @default on the tonic, where the piece closes at all
   */
  readonly close?: "tonic" | "major tonic" | "open";
  /** Whether its last notes are short, as where it stops at once. @default false */
  readonly cutsOff?: boolean;
  /** Sections in order of time; none: the whole piece is one. */
  readonly sections?: readonly SectionWish[];
  /** What happens at one time, in order of time. */
  readonly events?: readonly PieceEvent[];
  /** Chords to play throughout, where a section has none of its own. */
  readonly chords?: ChordProgression;
  /** Where the off-beat eighth lies in the beat, 0.5 straight. @default 0.5 */
  readonly swing?: number;
  /** How its drums play. */
  readonly drums?: DrumWish;
  /** What sounds from the beginning to the end, as a drone does. */
  readonly held?: HeldNotes;
  /** Instruments of which several play, each player with a part. */
  readonly players?: readonly Players[];
  /** How some of the parts are to play. */
  readonly partWishes?: readonly PartWish[];

  // How it is sampled.
  /** Seed of every random choice. @default 1; a new one each time of `compose` */
  readonly randomSeed?: number;
  /** Above 0; the higher, the freer. @default 1 */
  readonly temperature?: number;
  /** Only so many tokens, the likeliest, are sampled. @default all */
  readonly topK?: number;
  /** Only the likeliest tokens that add up to this probability. @default 1 */
  readonly topP?: number;
  /**
   * Only tokens at least so many times as likely as the likeliest.
   * @default 0.05 of REMI, 0 of chords
   */
  readonly minP?: number;

  // For the model.
  /** Tokens to go on from; those of REMI begin with their attributes. */
  readonly seed?: readonly string[];
  /** Attributes, which the model reads before the first bar. */
  readonly attributes?: Attributes;
  /** Limits on every token. */
  readonly constraints?: PieceConstraints;
  /** Aims for the whole. */
  readonly targets?: PieceTargets;
  /** Length in bars, the seed included; approximate with chord tokens. */
  readonly bars?: number;
  /** How the last bar ends: as it may, or leading back into the first. @default "open" */
  readonly ending?: "open" | "loop";

  // For finishing, where the model can only approximate.
  /** How its bars become those of a meter that the model does not know. */
  readonly barsAs?: BarsAs;
  /** The finished piece has so many bars, where they are made of others. */
  readonly finishedBars?: number;
  /** By program of the tokens: the one that sounds in its place. */
  readonly soundingPrograms?: ReadonlyMap<number, number>;
  /** By program that sounds: others that play the same notes. */
  readonly doubledBy?: ReadonlyMap<number, readonly number[]>;
  /** By program that sounds: what the user calls it. */
  readonly partNames?: ReadonlyMap<number, string>;
  /** The finished piece is cut to this length. */
  readonly exactSeconds?: number;
  /** Sentences for the user on what can only be met approximately. */
  readonly notes?: readonly string[];
}

/** A section of a piece, up to where the next one begins. */
export interface SectionWish {
  /** Where it begins; the first section at `{ share: 0 }`. */
  readonly from: Anchor;
  /** What differs from the piece's own wishes; it keeps to those left out. */
  readonly spec: Partial<
    Pick<
      PieceSpec,
      | "key"
      | "qpm"
      | "tempo"
      | "meter"
      | "playing"
      | "silent"
      | "density"
      | "onsetsPerSecond"
      | "register"
      | "loudness"
      | "moods"
      | "chords"
      | "partWishes"
    >
  >;
  /** What moves from its beginning to its end. */
  readonly curve?: Curve;
  /**
   * Sections of one letter are the same music, as far as they are to be alike.
   * @default music of its own
   */
  readonly letter?: string;
  /** In the prompt's words, for the report and the section's marker. */
  readonly name?: string;
}
