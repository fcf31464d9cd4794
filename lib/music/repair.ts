/** What was put right in a piece, to be told and counted. */

/** Something wrong in a file or a piece that was passed over or put right. */
export interface Repair {
  /** What was wrong and what was done, the same words for every file. */
  readonly reason: string;
  /** How often. */
  readonly count: number;
}
