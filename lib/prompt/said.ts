/** What the wishes of a clause say. */

import type { InstrumentName, Swell } from "../music/music.ts";
import { FULLNESS } from "./lexicon.ts";
import type { Entry } from "./report.ts";
import type {
  Fields,
  Hold,
  Limit,
  Manner,
  Measure,
  Modulation,
  SaidOfDrums,
} from "./types.ts";

/** A name of a mood or a genre, and its entry of the report. */
export interface Named {
  readonly name: string;
  readonly entry: Entry;
  /** How much of it, 1 by default. */
  readonly share: number;
}

/** What the wishes of a clause say. */
export interface Said {
  readonly fields: { -readonly [F in keyof Fields]?: Fields[F] };
  /** By field: the phrase that set it. */
  readonly phrases: Map<keyof Fields, string>;
  readonly moods: Named[];
  readonly genres: Named[];
  /** Instruments named, and where. */
  readonly named: Map<InstrumentName, number>;
  /** Every place where one is named. */
  readonly mentions: (readonly [name: InstrumentName, start: number])[];
  readonly without: Map<InstrumentName, number>;
  /** By instrument: what was told of the last phrases that want it and do not. */
  readonly words: Map<
    InstrumentName,
    { readonly yes?: Entry; readonly no?: Entry }
  >;
  /** Those named only by words that leave room for others, such as "beat". */
  readonly open: Set<InstrumentName>;
  readonly closed: Set<InstrumentName>;
  readonly manners: {
    readonly manner: Manner;
    readonly start: number;
    /** Whether its instrument is the one named before it, or after it. */
    readonly isBefore?: boolean;
    readonly isAfter?: boolean;
    /** Whether all parts play so. */
    readonly isOfAll?: boolean;
  }[];
  /** What notes keep to, of one part or of all. */
  readonly limitsOfNotes: {
    readonly limit: Limit;
    readonly start: number;
    readonly isOfPart: boolean;
  }[];
  /** What sounds throughout. */
  hold?: Hold;
  mores: {
    readonly of: Measure;
    readonly by: 1 | -1;
    readonly start: number;
    /** Whether it only compares, as "a bit slower" does. */
    readonly isPlain: boolean;
    /** By how many quarter notes per minute, or how many times, at once. */
    readonly qpm?: number;
    readonly times?: number;
    /** The words for its two ends. */
    readonly ends?: readonly [from: string, to: string];
  }[];
  /** Comparisons that are of the whole piece. */
  plain?: Said["mores"];
  /** Changes of key by distance. */
  readonly modulations: Modulation[];
  /** How its loudness rises and falls again and again. */
  swell?: Swell;
  /** Whether it is loud and soft by turns. */
  hasContrast?: boolean;
  /** Tempi in the order written, for those that change. */
  readonly qpms: { readonly qpm: number; readonly start: number }[];
  /** Values to keep away from: "not in D minor", "not too fast". */
  readonly limits: {
    readonly fields: Partial<Fields>;
    readonly entry: Entry;
    readonly isCap: boolean;
  }[];
  readonly unwanted: { readonly mood: string; readonly isCap: boolean }[];
  /** Keys of no stated mode. */
  readonly tonics: Entry[];
  readonly drums: SaidOfDrums;
  /** By instrument of which several play: who each of them is. */
  readonly players: Map<InstrumentName, readonly InstrumentName[]>;
  /** How many play, and the words for it. */
  size?: { readonly count: number; readonly phrase: string };
  /** How many lines of single notes, and the words for it. */
  voices?: { readonly count: number; readonly phrase: string };
  /** What is as in the section before. */
  readonly sames: Set<"tempo" | "key" | "meter">;
  /** The tempo of a word, where no genre has another. */
  usualQpm?: number;
  /** Whether a tempo in numbers is that of something before. */
  isTempoPast?: boolean;
  /** Whether it is of the beginning of the piece. */
  isOpening?: boolean;
  /** Instruments that only a part of the piece names. */
  late?: readonly InstrumentName[];
}

/** Onsets a second of music that is busy: sixteenths at 75. */
const BUSY_ONSETS = 5;

/** How much is to move in a clause that asks outright for many notes. */
export function onsetsOf(
  { fields: { density }, phrases }: Said,
): number | undefined {
  const isBusy = density === "dense" &&
    !FULLNESS.test(phrases.get("density") ?? "");
  return isBusy ? BUSY_ONSETS : undefined;
}

/** Nothing said yet. */
export function newSaid(): Said {
  return {
    fields: {},
    phrases: new Map(),
    moods: [],
    genres: [],
    named: new Map(),
    mentions: [],
    words: new Map(),
    without: new Map(),
    open: new Set(),
    closed: new Set(),
    manners: [],
    limitsOfNotes: [],
    mores: [],
    modulations: [],
    qpms: [],
    limits: [],
    unwanted: [],
    tonics: [],
    players: new Map(),
    sames: new Set(),
    drums: { wanted: [], unwanted: [], isWhole: false },
  };
}
