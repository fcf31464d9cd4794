/** What a generator is told, and what it gives back. */

import type { NoteSequence, PieceSpec } from "../music/music.ts";

/** What is asked of a piece, and how the generator goes about it. */
export interface GenerationOptions extends PieceSpec {
  /**
   * Strength of a `PieceCache`, with which a piece takes up what it has played
   * before; less strength hears more in it. 0 for none.
   * @default 0
   */
  readonly cache?: number | undefined;
  /** Most tokens sampled. @default 200 of chords, 6000 of REMI of no set length */
  readonly maxTokens?: number | undefined;
  /** Told now and then how far generation is. */
  readonly onProgress?: ((tokens: number, bars: number) => void) | undefined;
}

/** What was made. */
export interface GeneratedPiece {
  readonly sequence: NoteSequence;
  readonly tokens: readonly string[];
  /** Tokens at the front that were the seed's or the attributes'. */
  readonly seedLength: number;
  /** Mean nats of the tokens sampled and kept, by the model's own distribution. */
  readonly natsPerToken: number;
  readonly tokensPerSecond: number;
}
