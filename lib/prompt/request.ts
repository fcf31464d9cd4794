/** What a prompt asks for, once it is understood. */

import type { ATTRIBUTES, ScaleName } from "../music/music.ts";
import type { InstrumentName } from "./instruments.ts";
import type { MoodName, StyleName } from "./moods.ts";

/** How long a piece is to be; one of the three. */
export type RequestedLength =
  | { readonly bars: number }
  | {
    readonly seconds: number;
    /** To the moment, not only to the nearest bar. @default false */
    readonly exact?: boolean;
  }
  /** A stream without an end. */
  | { readonly endless: true };

/** A key, whole or in part. */
export interface RequestedKey {
  /** Pitch class of the tonic, 0–11. @default free */
  readonly tonic?: number;
  /** Scale or mode. @default free */
  readonly mode?: ScaleName;
}

/**
 * What a piece is to be; whatever is left out was not asked for and is free.
 * Plain JSON.
 */
export interface GenerationRequest {
  readonly key?: RequestedKey;
  /** Quarter notes per minute, where a number was said. */
  readonly qpm?: number;
  /** Class of the tempo, where only a word was said. */
  readonly tempo?: (typeof ATTRIBUTES.TempoClass)[number];
  readonly length?: RequestedLength;
  /** For example "3/4". */
  readonly meter?: string;
  /** Instruments and roles named; where there are any, nothing else plays. */
  readonly playing: readonly InstrumentName[];
  /** Instruments and roles that are to be silent. */
  readonly silent: readonly InstrumentName[];
  readonly density?: (typeof ATTRIBUTES.Density)[number];
  readonly register?: (typeof ATTRIBUTES.Register)[number];
  readonly loudness?: (typeof ATTRIBUTES.Loudness)[number];
  /** Moods named; what they stand for is in the fields above already. */
  readonly moods: readonly MoodName[];
  /** Styles named; likewise. */
  readonly styles: readonly StyleName[];
  /** How freely tokens are drawn, above 0. */
  readonly temperature?: number;
  readonly seed?: number;
  /** Whether the end is to lead into the beginning. */
  readonly loop: boolean;
}

/** A prompt that cannot be followed. The message is a sentence for its writer. */
export class PromptError extends Error {
  override readonly name = "PromptError";

  /**
   * @param phrase The words at fault, as written; "" if it is no one phrase.
   * @param reason What is wrong with them, and what to write instead.
   */
  constructor(readonly phrase: string, readonly reason: string) {
    super(`Cannot follow the prompt: ${reason}`);
  }
}
