/**
 * All that is asked of a piece. A prompt, a seed, a training piece's profile or
 * chance fill it in, one after the other; generation, arrangement and the report
 * of what was delivered read it.
 */

import type { Attributes } from "./attributes.ts";
import type { InstrumentName } from "./instruments.ts";
import type { Key, ScaleName } from "./theory.ts";

/** From `low`, inclusive, to `high`, exclusive. */
export type Range = readonly [low: number, high: number];

/** A key, whole or in part. */
export interface PartialKey {
  /** Pitch class of the tonic, 0–11. @default any */
  readonly tonic?: number;
  /** Scale or mode. @default any */
  readonly mode?: ScaleName;
}

/** How long a piece is to be. */
export type PieceLength =
  | { readonly bars: number }
  | {
    readonly seconds: number;
    /** To the moment, not only to the nearest bar. @default false */
    readonly exact?: boolean;
  }
  /** A stream without an end. */
  | { readonly endless: true };

/** What every token that is sampled must keep to; a field left out is free. */
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
  /** Lowest and highest MIDI pitch, both inclusive, by program. */
  readonly ranges?: Readonly<Record<number, readonly [number, number]>>;
}

/** What a piece as a whole is led towards; a field left out is free. */
export interface PieceTargets {
  /** Pitched notes per quarter note, all parts together. */
  readonly density?: Range;
  /** Mean MIDI pitch. */
  readonly register?: Range;
  readonly key?: Key;
  /** Programs that are all to be heard. */
  readonly programs?: readonly number[];
  /** Drum kits that are all to be heard. */
  readonly kits?: readonly number[];
}

/** A section of a form. */
export interface FormSection {
  /** A letter, with a prime where it is a variation: "A", "A′", "B". */
  readonly name: string;
  readonly bars: number;
  /** Index of the section that it repeats. @default none, it is new */
  readonly repeats?: number;
  /** Share of the repeated notes that are sampled anew, 0–1. @default 0 */
  readonly distance?: number;
}

/** All that is asked of a piece; a field left out was not asked and is free. */
export interface PieceSpec {
  // In a listener's words.
  readonly key?: PartialKey;
  /** Quarter notes per minute that the finished piece has. */
  readonly qpm?: number;
  /** Class of the tempo, where only a word says it. */
  readonly tempo?: NonNullable<Attributes["TempoClass"]>;
  readonly length?: PieceLength;
  /** Such as "3/4". */
  readonly meter?: string;
  /** Instruments and roles named; where there are any, nothing else plays. */
  readonly playing?: readonly InstrumentName[];
  /** Instruments and roles that are to be silent. */
  readonly silent?: readonly InstrumentName[];
  readonly density?: NonNullable<Attributes["Density"]>;
  readonly register?: NonNullable<Attributes["Register"]>;
  readonly loudness?: NonNullable<Attributes["Loudness"]>;
  /** Moods named; the fields above hold what they stand for. */
  readonly moods?: readonly string[];
  /** Styles named; likewise. */
  readonly styles?: readonly string[];
  /** Whether the end leads into the beginning. @default false */
  readonly loop?: boolean;

  // Chance.
  /** Decides every choice. @default 1 */
  readonly randomSeed?: number;
  /** How freely tokens are sampled, above 0. @default 1 */
  readonly temperature?: number;
  /** Only the so many likeliest tokens are sampled. @default all */
  readonly topK?: number;
  /** Only the likeliest tokens that make up this probability. @default 1 */
  readonly topP?: number;
  /** Only tokens this probable, beside the likeliest. @default 0 */
  readonly minP?: number;

  // As a model is told it.
  /** Tokens to go on from; REMI's begin with their attributes. */
  readonly seed?: readonly string[];
  /** What stands at the head of the tokens. */
  readonly attributes?: Attributes;
  readonly constraints?: PieceConstraints;
  readonly targets?: PieceTargets;
  /** Length in bars, the seed included; of chord tokens, about so many. */
  readonly bars?: number;
  /** Sections, `bars` long together; the first one has the seed in it. */
  readonly form?: readonly FormSection[];
  /**
   * How the last bar ends: as it comes, closing on the tonic, or leading back
   * into the first.
   * @default "open"
   */
  readonly ending?: "open" | "closed" | "loop";
  /** How many drafts of each section are made, of which one is kept. @default 1 */
  readonly attempts?: number;

  // Where the model can only come near.
  /** By program that the model plays: the one that sounds in its place. */
  readonly soundingPrograms?: ReadonlyMap<number, number>;
  /** The finished piece is cut to this length. */
  readonly exactSeconds?: number;
  /** Sentences for the user on what can only nearly be met. */
  readonly notes?: readonly string[];
}
