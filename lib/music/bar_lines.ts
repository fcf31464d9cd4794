/** The bars of a piece, counted and found without a list of them. */

import { LimitError } from "../base/base.ts";
import { DEFAULT_METER, type Meter, ticksPerBar } from "./meter.ts";
import type { NotelessPiece, NoteSequence } from "./note_sequence.ts";

/** The most bars that a piece can have: nine hours of 4/4 at 120 qpm. */
export const MAX_BARS = 16_384;

/**
 * Refuses more bars than {@linkcode MAX_BARS}.
 *
 * @param task What cannot be done with them, such as "list bars".
 * @throws {LimitError} If there are more.
 */
export function requireMaxBars(bars: number, task: string): void {
  if (bars <= MAX_BARS) return;
  throw new LimitError(
    task,
    "the piece has too many bars",
    `${bars}, at most ${MAX_BARS}; cut its silence with cutSilence(), or take a passage with sliceSequence()`,
  );
}

/** A stretch of one meter. */
interface MeterSpan {
  /** Where its first bar begins. */
  readonly ticks: number;
  /** Number of that bar. */
  readonly bar: number;
  /** Ticks to a bar, at least 1; may be a fraction. */
  readonly length: number;
  readonly meter: Meter;
}

// Sequences are immutable, so their bar lines stay true as long as they live.
const LINES = new WeakMap<BarredPiece, BarLines>();

/** What bar lines depend on. */
type BarredPiece = Omit<NotelessPiece, "tempos">;

/**
 * Where the bars of a piece begin. A time signature always begins a bar, so the
 * bar before it is cut short when the change comes early; 4/4 before the first
 * signature. Bars are numbered from 0, and those of the last meter go on without
 * end.
 *
 * It keeps one entry for each meter, none for each bar, so that an hour of
 * silence costs no more than a bar of it.
 *
 * @example
 * ```ts
 * import { BarLines, emptySequence } from "immersic/music/music.ts";
 * const lines = BarLines.of({ ...emptySequence(480), totalTicks: 4000 });
 * console.assert(lines.count === 3);
 * console.assert(lines.barAt(1919) === 0 && lines.barAt(1920) === 1);
 * console.assert(lines.startOf(2) === 3840);
 * ```
 */
export class BarLines {
  /** In order of time; the first begins at tick 0. */
  readonly #spans: readonly MeterSpan[];
  /** Bars that begin before the end of the piece. */
  readonly count: number;

  private constructor(
    { timeSignatures, ticksPerQuarter, totalTicks }: BarredPiece,
  ) {
    const spans: MeterSpan[] = [];
    const begin = (meter: Meter, ticks: number, bar: number) =>
      spans.push({
        ticks,
        bar,
        // A bar shorter than a tick would never end; it is drawn out to one.
        length: Math.max(1, ticksPerBar(meter, ticksPerQuarter)),
        meter,
      });
    begin(DEFAULT_METER, 0, 0);
    for (const meter of timeSignatures) {
      const last = spans[spans.length - 1]!;
      // Of two meters at one tick the later holds.
      if (meter.ticks <= last.ticks) spans.pop();
      const bar = meter.ticks <= last.ticks
        ? last.bar
        : barIn(last, meter.ticks - 1) + 1;
      begin(meter, Math.max(meter.ticks, last.ticks), bar);
    }
    this.#spans = spans;
    this.count = totalTicks > 0 ? this.barAt(totalTicks - 1) + 1 : 0;
  }

  /** The bar lines of a piece, the same object each time. */
  static of(piece: Omit<NotelessPiece, "tempos">): BarLines {
    let lines = LINES.get(piece);
    if (!lines) {
      lines = new BarLines(piece);
      LINES.set(piece, lines);
    }
    return lines;
  }

  /**
   * The number of the bar that holds a tick.
   *
   * @param ticks From 0 on; may be past the end of the piece.
   */
  barAt(ticks: number): number {
    return barIn(this.#spanAt("ticks", ticks), ticks);
  }

  /**
   * The first tick of a bar, always whole.
   *
   * @param bar From 0 on; may be past the end of the piece.
   */
  startOf(bar: number): number {
    return startIn(this.#spanAt("bar", bar), bar);
  }

  /**
   * The meter of a bar; a bar that the next meter cuts short has the meter it
   * begins with.
   */
  meterOf(bar: number): Meter {
    return this.#spanAt("bar", bar).meter;
  }

  /** The last span that begins by a tick or bar. */
  #spanAt(unit: "ticks" | "bar", place: number): MeterSpan {
    const spans = this.#spans;
    let low = 0, high = spans.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (spans[middle]![unit] <= place) low = middle;
      else high = middle;
    }
    return spans[low]!;
  }
}

/** Where a bar of a span begins. A bar line between ticks goes to the nearest. */
function startIn(span: MeterSpan, bar: number): number {
  return Math.round(span.ticks + (bar - span.bar) * span.length);
}

/** The last bar of a span that begins by a tick. */
function barIn(span: MeterSpan, ticks: number): number {
  const bar = span.bar + Math.floor((ticks - span.ticks) / span.length);
  // The line after it may have been rounded down to this tick, or its own up.
  if (startIn(span, bar + 1) <= ticks) return bar + 1;
  return startIn(span, bar) > ticks ? bar - 1 : bar;
}

/**
 * Where the bars of a piece begin, as {@linkcode BarLines} has them, in a list.
 *
 * @param sequence The sequence to divide into bars.
 * @returns Start ticks of the bars that begin before `totalTicks`, ascending;
 * empty for a sequence of no length.
 * @throws {LimitError} If there are more than {@linkcode MAX_BARS}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { barStarts, emptySequence } from "immersic/music/music.ts";
 * const sequence = { ...emptySequence(480), totalTicks: 4000 };
 * assert(barStarts(sequence).join() === "0,1920,3840");
 * ```
 */
export function barStarts(sequence: NoteSequence): number[] {
  const lines = BarLines.of(sequence);
  requireMaxBars(lines.count, "list bars");
  return Array.from({ length: lines.count }, (_, bar) => lines.startOf(bar));
}
