/** What was asked of one thing, and what came out. */

/** A row of the comparison. */
export interface Delivered {
  /** For instance "key". */
  readonly what: string;
  /** "" where nothing was asked. */
  readonly asked: string;
  /** What the piece has. */
  readonly delivered: string;
  /** Whether the piece has what was asked; true where nothing was. */
  readonly met: boolean;
  /** Share of it that is missing, 0 to 1, where that can be told. */
  readonly missing?: number;
}
