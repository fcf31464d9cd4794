/** The options and the result of a generator. */

import type { NoteSequence, PieceSpec, Range } from "../music/music.ts";

/** What is asked of a piece, and how the generator goes about it. */
export interface GenerationOptions extends PieceSpec {
  /**
   * Strength of a `PieceCache`, with which a piece returns to what it played
   * before, the lower the more; 0 for none.
   * @default 0
   */
  readonly cache?: number | undefined;
  /**
   * Most tokens sampled.
   * @default 200 of chords; of REMI, 6000 where no length is set
   */
  readonly maxTokens?: number | undefined;
  /** Called several times a second with the tokens and bars made so far. */
  readonly onProgress?: ((tokens: number, bars: number) => void) | undefined;
}

/** How the generator varies a piece. */
export interface VariationOptions extends GenerationOptions {
  /**
   * Whether a note may strike a pitch that another one, sampled anew, still holds.
   * Else it is sampled anew as well, which under a pedal makes many more of them.
   * @default false
   */
  readonly mayRestrike?: boolean | undefined;
}

/** What one section of a piece is to be. */
export interface SectionDrafts {
  /** Its length. */
  readonly bars: number;
  /** What to sample it for, one draft after the other until one will do. */
  readonly drafts: readonly SectionDraft[];
}

/** What one draft of a section is sampled for; drafts differ in their targets. */
export interface SectionDraft {
  /** How it is sampled. */
  readonly spec: PieceSpec;
  /**
   * Whether the network hears the bars before the section. It goes on from them,
   * and is slower to do something else.
   */
  readonly hears: boolean;
}

/** A piece of several sections. */
export interface SectionedOptions {
  /** In order of time. */
  readonly sections: readonly SectionDrafts[];
  /** Seed of every random choice. @default 1 */
  readonly randomSeed?: number | undefined;
  /** How the last section ends. @default "open" */
  readonly ending?: PieceSpec["ending"];
  /**
   * Most tokens sampled for all drafts together, shared out by bars; each section
   * has one draft at least.
   * @default Infinity
   */
  readonly draftTokens?: number | undefined;
  /**
   * How badly section `index` misses its wishes, after the section before it; at 0
   * no other draft is sampled. Ticks are steps.
   * @default none
   */
  readonly missed?: (
    sequence: NoteSequence,
    index: number,
    before: NoteSequence | undefined,
  ) => number;
  /** Called several times a second with the tokens and bars made so far. */
  readonly onProgress?: ((tokens: number, bars: number) => void) | undefined;
}

/** A section that was made. */
export interface GeneratedSection {
  /** Its notes; ticks are steps. */
  readonly sequence: NoteSequence;
  /** Its tokens, a piece by itself. */
  readonly tokens: readonly string[];
}

/** The sections of a piece, one after the other. */
export interface GeneratedSections
  extends Pick<GeneratedPiece, "natsPerToken" | "tokensPerSecond"> {
  /** In order of time. */
  readonly sections: readonly GeneratedSection[];
}

/** How the generator fills bars between others. */
export interface InfillOptions extends GenerationOptions {
  /** Programs, and 128 + kits, whose notes are sampled. */
  readonly instruments: ReadonlySet<number>;
  /** By program: lowest and highest pitch of the first notes, both included. */
  readonly near: ReadonlyMap<number, Range>;
  /** Whether the bars have no notes of others. */
  readonly areAlone: boolean;
  /** How many drafts. */
  readonly attempts: number;
}

/** A generated piece. */
export interface GeneratedPiece {
  /** Its notes. */
  readonly sequence: NoteSequence;
  /** Its tokens, those of the seed or the attributes first. */
  readonly tokens: readonly string[];
  /** How many of them are the seed's or the attributes'. */
  readonly seedLength: number;
  /** Mean nats of the sampled tokens that were kept, by the model's own distribution. */
  readonly natsPerToken: number;
  /** Speed of generation. */
  readonly tokensPerSecond: number;
}

/** @throws {RangeError} If an option is given that is no positive integer. */
export function requirePositive(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value > 0)) return;
  throw new RangeError(
    `Cannot generate a piece: ${name} must be a positive integer, current value is ${value}.`,
  );
}
