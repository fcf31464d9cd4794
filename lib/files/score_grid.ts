/** Played music on the grid of a score: bars, and notes that begin and end where notation can say. */

import {
  BarLines,
  type Meter,
  type NoteSequence,
  requireMaxBars,
  rescaleSequence,
} from "../music/music.ts";

/** Steps of the grid to a quarter note: 64ths and triplets of 32nds are whole. */
export const DIVISIONS = 48;

/** A bar of a score. */
export interface ScoreBar {
  /** Where it begins, in steps of the grid. */
  readonly start: number;
  /** Where the next one begins. */
  readonly end: number;
  readonly meter: Meter;
}

/** A note of a score; times are steps of the grid. */
export interface ScoreNote {
  readonly pitch: number;
  readonly start: number;
  /** After `start`. */
  readonly end: number;
}

/**
 * Grids that a quarter note may be written in, the usual ones first, by the steps
 * between two places: sixteenths, triplets of eighths and sixteenths, 32nds, triplets
 * of 32nds, 64ths.
 */
const GRIDS = [12, 16, 8, 6, 4, 3];
/** How far from their places the notes of a grid may begin: a twentieth of a quarter. */
const LATEST_START = DIVISIONS / 20;
/** How far from their places they may end. */
const LATEST_END = DIVISIONS / 10;

/** The bars of a piece, the last one whole. */
export function scoreBars(sequence: NoteSequence): ScoreBar[] {
  const onGrid = rescaleSequence(sequence, DIVISIONS);
  const lines = BarLines.of(onGrid);
  const count = Math.max(1, lines.count);
  requireMaxBars(count, "write a score");
  return Array.from({ length: count }, (_, bar) => ({
    start: lines.startOf(bar),
    end: lines.startOf(bar + 1),
    meter: lines.meterOf(bar),
  }));
}

/**
 * The notes of a part where a score has them: each quarter note in the plainest grid
 * that fits its notes.
 *
 * @param sequence The music as it is played.
 * @param part Index of the part.
 * @param bars Of the piece.
 */
export function scoreNotes(
  sequence: NoteSequence,
  part: number,
  bars: readonly ScoreBar[],
): ScoreNote[] {
  const scale = DIVISIONS / sequence.ticksPerQuarter;
  const played = sequence.notes.filter((note) => note.part === part)
    .map(({ pitch, startTicks, endTicks }) => ({
      pitch,
      start: startTicks * scale,
      end: endTicks * scale,
    }));
  const grid = new Grid(bars, played);
  return played.map(({ pitch, start, end }) => {
    const first = grid.nearest(start);
    const least = first + grid.stepAt(first);
    return { pitch, start: first, end: Math.max(least, grid.nearest(end)) };
  });
}

/** The grid of each quarter note of a part. */
class Grid {
  readonly #bars: readonly ScoreBar[];
  /** Steps between two places, by where the quarter note begins. */
  readonly #steps = new Map<number, number>();

  constructor(
    bars: readonly ScoreBar[],
    notes: readonly { start: number; end: number }[],
  ) {
    this.#bars = bars;
    const starts = new Map<number, number[]>(), ends = new Map(starts);
    const add = (map: Map<number, number[]>, time: number) => {
      const quarter = this.#quarterAt(time);
      const times = map.get(quarter);
      if (times) times.push(time - quarter);
      else map.set(quarter, [time - quarter]);
    };
    for (const { start, end } of notes) {
      add(starts, start);
      add(ends, end);
    }
    for (const quarter of new Set([...starts.keys(), ...ends.keys()])) {
      this.#steps.set(
        quarter,
        gridOf(starts.get(quarter) ?? [], ends.get(quarter) ?? []),
      );
    }
  }

  /** The place of the grid nearest to a time. */
  nearest(time: number): number {
    const quarter = this.#quarterAt(time);
    const step = this.#steps.get(quarter) ?? GRIDS[0]!;
    const place = quarter + Math.round((time - quarter) / step) * step;
    const bar = this.#bars[this.#barAt(time)]!;
    return Math.min(place, quarter + DIVISIONS, bar.end);
  }

  /** Steps between two places at a time. */
  stepAt(time: number): number {
    return this.#steps.get(this.#quarterAt(time)) ?? GRIDS[0]!;
  }

  /** Where the quarter note begins that holds a time, counted from the bar line. */
  #quarterAt(time: number): number {
    const { start } = this.#bars[this.#barAt(time)]!;
    return start + Math.floor((time - start) / DIVISIONS) * DIVISIONS;
  }

  #barAt(time: number): number {
    let low = 0, high = this.#bars.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#bars[middle]!.start <= time) low = middle;
      else high = middle;
    }
    return low;
  }
}

/** The first grid that fits all times, or at least the starts; the finest in need. */
function gridOf(starts: readonly number[], ends: readonly number[]): number {
  const fits = (times: readonly number[], latest: number) => (step: number) =>
    times.every((time) =>
      Math.abs(time - Math.round(time / step) * step) <= latest
    );
  const fitting = GRIDS.filter(fits(starts, LATEST_START));
  return fitting.find(fits(ends, LATEST_END)) ?? fitting[0] ?? GRIDS[4]!;
}
