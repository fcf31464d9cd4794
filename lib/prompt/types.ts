/** What a prompt asks for, and the phrases and wishes it is read in. */

import type {
  Anchor,
  DrumWish,
  InstrumentName,
  PartWish,
  Period,
  PieceLength,
  PieceSpec,
  ScaleName,
  Swell,
} from "../music/music.ts";

/** A part of a song that is spoken of, and not listed. */
export interface PartReference {
  /** Whether what is said holds nowhere else. */
  readonly isOnly: boolean;
  /** Which of those that have the name, from 1. @default all */
  readonly which?: number | "last";
}

/** What a prompt asks for; its lists are empty where nothing was named. */
export type PromptSpec =
  & PieceSpec
  & Required<
    Pick<PieceSpec, "playing" | "silent" | "moods" | "styles" | "loop">
  >;

/** A phrase of the prompt and what it was taken to mean. */
export interface Understood {
  /** As written. */
  readonly phrase: string;
  /** In the words of this project. */
  readonly meaning: string;
}

/** What a prompt left open and chance decided. */
export interface Choice {
  /** Such as "key". */
  readonly what: string;
  /** What it was chosen from. */
  readonly from: readonly string[];
  /** What was chosen. */
  readonly value: string;
}

/** What a prompt asks that cannot be done. */
export interface Problem {
  /** As written. */
  readonly phrase: string;
  /** A sentence: why not. */
  readonly reason: string;
  /** A sentence: what is done instead. */
  readonly instead: string;
}

/** What a prompt says. */
export interface ParsedPrompt {
  /** What it asks for. */
  readonly request: PromptSpec;
  /** Every phrase that was understood and its meaning, in the order written. */
  readonly understood: readonly Understood[];
  /** Words that were not understood, in the order written. */
  readonly ignored: readonly string[];
  /** Words that ask for nothing, such as "please", in the order written. */
  readonly passedOver: readonly string[];
  /** What chance decided. */
  readonly chosen: readonly Choice[];
  /** All that cannot be done, and what is done instead. */
  readonly problems: readonly Problem[];
}

/** Fields of which a stretch of music has one each. */
export interface Fields {
  readonly tonic: number;
  readonly mode: ScaleName;
  readonly qpm: number;
  readonly tempo: NonNullable<PieceSpec["tempo"]>;
  readonly length: PieceLength;
  readonly meter: string;
  /** The meter of every second bar, where two take turns. */
  readonly secondMeter: string;
  readonly density: NonNullable<PieceSpec["density"]>;
  readonly register: NonNullable<PieceSpec["register"]>;
  readonly loudness: NonNullable<PieceSpec["loudness"]>;
  readonly temperature: number;
  readonly randomSeed: number;
  readonly loop: boolean;
  readonly swing: number;
  readonly close: NonNullable<PieceSpec["close"]>;
  /** Whether only notes of the key's scale sound. */
  readonly scaleOnly: boolean;
  /** Bars that each chord lasts. */
  readonly barsEach: number;
  /** How many times the row of chords is played. */
  readonly rounds: number;
  /** Chord symbols or roman numerals, with blanks between them. */
  readonly progression: string;
}

/** What can grow or lessen; "build" is loudness and density together. */
export type Measure = "tempo" | "loudness" | "density" | "register" | "build";

/** A change of key by semitones, or to the relative or the parallel key. */
export interface Modulation {
  readonly semitones?: number;
  readonly kin?: "relative" | "parallel";
  /** Whether the prompt does not say how far. */
  readonly isUnsaid?: boolean;
}

/** How a part plays. */
export type Manner =
  | "walking"
  | "long"
  | "short"
  | "offbeats"
  | "single"
  | "arpeggio"
  | "drone"
  | "low"
  | "high"
  | "leads";

/** A beat, or a sound of the drum kit. */
export interface DrumAsk {
  /** In the report's words. */
  readonly name: string;
  readonly beat?: NonNullable<DrumWish["beat"]>;
  /** General MIDI percussion to be heard where nothing like it is. */
  readonly sounds?: readonly number[];
  /** All General MIDI percussion of this name. */
  readonly all?: readonly number[];
  /** The style that the phrase names with it. */
  readonly style?: string;
}

/** What a clause says of drums. */
export interface SaidOfDrums {
  readonly wanted: DrumAsk[];
  readonly unwanted: {
    readonly drums: DrumAsk;
    readonly start: number;
    readonly phrase: string;
  }[];
  /** Whether a word such as "drums" or "beat" stands for the whole kit. */
  isWhole: boolean;
  /** Bars from one fill to the next, and the words for it. */
  fills?: { readonly everyBars: number; readonly phrase: string };
}

/** What the notes of a part keep to. */
export type Limit =
  & Pick<
    PartWish,
    | "range"
    | "span"
    | "pitchClasses"
    | "mostLeap"
    | "leastQuarters"
    | "apartQuarters"
  >
  & {
    /** `apartQuarters` in bars or in seconds, before meter and tempo are known. */
    readonly apartBars?: number;
    readonly apartSeconds?: number;
  };

/** What one phrase asks for. */
export type Ask =
  | {
    readonly is: "set";
    readonly fields: Partial<Fields>;
    /** The tempo of a word, where no genre has another. */
    readonly usual?: number;
    /** Whether it is said of the instrument that follows, as "low cello", or before. */
    readonly ofPart?: boolean | "before";
    /** Whether it was so before, as in "it was 96 bpm". */
    readonly isPast?: boolean;
    /** The two ends of a range of tempi. */
    readonly ends?: readonly [number, number];
  }
  | {
    readonly is: "cast";
    readonly name: InstrumentName;
    /** Whether others play beside it, as beside a beat. */
    readonly isOpen?: boolean;
    /** How the drums play, or which of them. */
    readonly drums?: DrumAsk;
    /** How many play it. @default one */
    readonly count?: number;
    /** Who is in a group of them. */
    readonly members?: readonly InstrumentName[];
    /** What it would be if its number were counted from 1. */
    readonly ifFromOne?: InstrumentName;
  }
  | { readonly is: "without"; readonly name: InstrumentName }
  | { readonly is: "mood"; readonly name: string }
  | { readonly is: "genre"; readonly name: string }
  | {
    readonly is: "more";
    readonly of: Measure;
    readonly by: 1 | -1;
    /** By how many quarter notes per minute, at once. */
    readonly qpm?: number;
    /** The words for its two ends, as in "from soft to loud". */
    readonly ends?: readonly [from: string, to: string];
    /** Its two ends in quarter notes per minute. */
    readonly tempi?: readonly [from: number, to: number];
  }
  | { readonly is: "modulate"; readonly to: Modulation }
  /** Loud and soft by turns. */
  | { readonly is: "contrast" }
  /** Louder and softer again and again, little by little. */
  | { readonly is: "swell"; readonly swell: Swell }
  | {
    readonly is: "manner";
    readonly manner: Manner;
    /** Where its instrument stands. @default nearest */
    readonly side?: "before" | "after";
  }
  /** Notes that sound from the beginning to the end. */
  | {
    readonly is: "hold";
    /** Pitch class. @default the key's tonic */
    readonly tonic?: number;
    /** Whether it is a chord, and which. @default a single note */
    readonly mode?: "major" | "minor";
    /** Who holds it. */
    readonly by?: InstrumentName;
    /** Whether they play something else besides. */
    readonly isBeside?: boolean;
    /** Whether it names a style as well, as "drone on A" does. */
    readonly isStyle?: boolean;
  }
  | {
    readonly is: "limit";
    readonly limit: Limit;
    /** Whether the same thought names who keeps to it. */
    readonly isOfPart: boolean;
  }
  /** So many play, as in "trio". */
  | { readonly is: "size"; readonly count: number }
  /** So many lines, each of single notes. */
  | { readonly is: "voices"; readonly count: number }
  | { readonly is: "fills"; readonly everyBars: number }
  /** As in the section before. */
  | { readonly is: "same"; readonly of: "tempo" | "key" | "meter" }
  | { readonly is: "cannot"; readonly reason: string; readonly instead: string }
  | { readonly is: "echo"; readonly meaning: string };

/** What is asked to sound from the beginning to the end. */
export type Hold = Extract<Ask, { readonly is: "hold" }>;

/**
 * A time; "end" lies before the end of the piece. A count has no unit: it is of
 * minutes in a long piece, or else of seconds.
 */
export type When =
  | Anchor
  | { readonly beforeEnd: number; readonly isBars?: true }
  | { readonly count: number }
  | "end";

/** What a phrase is to the sentence around it. */
export type Sense =
  | { readonly is: "ask"; readonly ask: Ask }
  | {
    readonly is:
      | "not"
      | "denied"
      | "only"
      | "or"
      | "and"
      | "but"
      | "with"
      | "for"
      | "too"
      | "little"
      | "then"
      | "until"
      | "by"
      | "enter"
      | "leave"
      | "hit"
      | "fadeOut"
      | "fadeIn"
      | "abrupt"
      | "stay"
      | "all"
      | "return"
      | "reprise"
      | "small"
      | "unknown";
  }
  /** Nothing sounds, perhaps for so long. */
  | { readonly is: "silence"; readonly seconds?: number }
  /** A time, or a stretch of time. */
  | {
    readonly is: "at";
    readonly from: When;
    readonly to?: When;
    /** Whether it counts from the last time named. */
    readonly isLater?: boolean;
    /** Whether it is before or after the last time named. */
    readonly relation?: "before" | "after";
    /** How long it lasts, where it begins at the end of the one before. */
    readonly span?: PieceLength;
  }
  /** How often something comes. */
  | {
    readonly is: "every";
    readonly period: Period;
    /** Whether only "now and then". */
    readonly isLoose?: boolean;
  }
  /** A named part of a song, and where it lies if nothing else says so. */
  | {
    readonly is: "part";
    readonly name: string;
    readonly from?: When;
    /** Which sections it speaks of, where those are listed elsewhere. */
    readonly ref?: PartReference;
  }
  /** So many sections, each as long, which are listed next. */
  | {
    readonly is: "sections";
    readonly count: number;
    readonly span: { readonly bars: number } | { readonly seconds: number };
  }
  /** The sections of the piece in order, by letters. */
  | { readonly is: "form"; readonly letters: readonly string[] }
  /** Punctuation; a hard break ends a thought. */
  | {
    readonly is: "break";
    readonly hard: boolean;
    /** Whether it begins or ends what is in parentheses. */
    readonly edge?: "open" | "close";
  }
  /** Someone whose manner is not known. */
  | { readonly is: "name"; readonly name: string };

/** A phrase of a prompt, as far as it can be told without its neighbours. */
export interface Phrase {
  /** First character. */
  readonly start: number;
  /** After the last character. */
  readonly end: number;
  /** As written. */
  readonly written: string;
  readonly sense: Sense;
  /** The word it was taken for, where it was misspelt. */
  readonly takenAs?: string;
}

/** How a wish is meant. */
export type Polarity = "yes" | "no" | "most" | "little";

/** Something asked, with its phrase. */
export interface Wish {
  readonly ask: Ask;
  readonly polarity: Polarity;
  /** As written, with a negation before it. */
  readonly phrase: string;
  /** Its first character. */
  readonly start: number;
  /** The others it was an alternative to, itself included. */
  readonly options?: readonly Ask[];
  /** The word it was taken for, where it was misspelt. */
  readonly takenAs?: string;
}
