/** Repetition of bars inside a piece. */

import { barStarts, type NoteSequence, quantize } from "../music/music.ts";

/** How a piece repeats its bars. */
export interface Repetition {
  /** Bars in which a note starts. */
  readonly bars: number;
  /** Length of the longest run of equal bars: 1 if none repeats, 0 if no note starts. */
  readonly longestRun: number;
  /** Share of the bars that equal an earlier bar. */
  readonly repeatedShare: number;
}

/** Options of {@linkcode barRepetition}. */
export interface RepetitionOptions {
  /**
   * Grid that times are rounded to, in steps per quarter note.
   * @default 4
   */
  readonly stepsPerQuarter?: number;
}

/**
 * How often bars repeat. Two bars are equal if the notes that start in them have the
 * same steps, lengths, pitches and parts; velocities do not matter. A bar in which
 * no note starts is not counted and ends a run.
 *
 * @example
 * ```ts
 * import { barRepetition } from "immersic/evaluation/repetition.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const bar = (pitch: number, index: number) => ({
 *   pitch, velocity: 80, startTicks: 16 * index, endTicks: 16 * index + 16, part: 0,
 * });
 * const piece = {
 *   ...emptySequence(4),
 *   parts: [{ name: "", program: 0, isDrum: false }],
 *   notes: [60, 60, 60, 62].map(bar), totalTicks: 64,
 * };
 * const { longestRun, repeatedShare } = barRepetition(piece);
 * console.assert(longestRun === 3 && repeatedShare === 0.5);
 * ```
 */
export function barRepetition(
  sequence: NoteSequence,
  options: RepetitionOptions = {},
): Repetition {
  const grid = quantize(sequence, options.stepsPerQuarter ?? 4);
  const starts = barStarts(grid);
  const contents = starts.map((): string[] => []);
  let bar = 0;
  for (const note of grid.notes) {
    while (note.startTicks >= (starts[bar + 1] ?? Infinity)) bar++;
    const { startTicks, endTicks, pitch, part } = note;
    contents[bar]!.push(
      `${startTicks - starts[bar]!} ${endTicks - startTicks} ${pitch} ${part}`,
    );
  }
  const seen = new Set<string>();
  let [bars, repeated, longestRun, run] = [0, 0, 0, 0];
  let before = "";
  for (const notes of contents) {
    const content = notes.join();
    run = content === "" ? 0 : content === before ? run + 1 : 1;
    before = content;
    if (content === "") continue;
    bars++;
    if (seen.has(content)) repeated++;
    seen.add(content);
    longestRun = Math.max(longestRun, run);
  }
  return { bars, longestRun, repeatedShare: bars === 0 ? 0 : repeated / bars };
}
