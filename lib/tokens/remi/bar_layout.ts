/** The bars of a piece on the grid of steps, whatever its meters. */

import {
  DEFAULT_METER,
  type Meter,
  meterName,
  type NoteSequence,
  requireMaxBars,
} from "../../music/music.ts";
import { isWritable, stepsPerBar } from "./resolution.ts";

/** Bars of one meter that follow one another. */
export interface BarSpan {
  /** First step, from the start of the piece. */
  readonly start: number;
  /** How many. */
  readonly bars: number;
  /** Steps in each. */
  readonly steps: number;
  /** Their time signature as tokens say it, for example "3/4". */
  readonly meter: string;
}

/** The bars of a piece. */
export interface BarLayout {
  /** In order, each beginning where the one before ends. */
  readonly spans: readonly BarSpan[];
  /** Step after the last bar, 0 without bars. */
  readonly end: number;
  /** Bars whose length in the music is not that in steps. */
  readonly rounded: number;
}

/** What the bars of a piece depend on. */
export interface GridTimes
  extends Pick<NoteSequence, "timeSignatures" | "totalTicks"> {
  /** Step at which the last note begins, −1 without notes. */
  readonly lastStart: number;
}

/** The largest numerator that a MIDI file can say. */
const MAX_NUMERATOR = 255;

/**
 * The bars that a piece on the grid needs.
 *
 * A meter change begins a bar. The bar that it cuts short has a time signature of
 * its own length, to the nearest sixteenth; a change within a step or so of a bar
 * line moves to it. A meter whose bars are not whole steps, such as 13/32, has
 * bars of the nearest whole number, at least one. The piece ends on a bar line; a
 * release up to a sixth of a quarter later needs no further bar.
 *
 * @param onGrid Times of a piece whose ticks are steps.
 * @throws {LimitError} If there are more than `MAX_BARS`.
 */
export function layOutBars(
  { lastStart, timeSignatures, totalTicks }: GridTimes,
  stepsPerQuarter: number,
): BarLayout {
  const slack = Math.floor(stepsPerQuarter / 6);
  const musicEnd = Math.max(lastStart + 1, totalTicks);
  const spans: BarSpan[] = [];
  let start = 0, count = 0, rounded = 0;
  const add = (bars: number, { meter, steps, isExact }: GridMeter) => {
    if (bars <= 0) return;
    spans.push({ start, bars, steps, meter: meterName(meter) });
    start += bars * steps;
    count += bars;
    if (!isExact) rounded += bars;
  };
  let meter = gridMeter(DEFAULT_METER, stepsPerQuarter);
  for (const change of timeSignatures) {
    if (change.ticks >= musicEnd) break;
    const room = Math.max(0, change.ticks - start);
    const rest = room % meter.steps;
    const short = cutMeter(rest, meter, stepsPerQuarter);
    add((room - rest) / meter.steps + (short === meter ? 1 : 0), meter);
    if (short && short !== meter) add(1, short);
    // The change moves to the nearest bar line.
    else if (rest > 0 || change.ticks < start) rounded++;
    meter = gridMeter(change, stepsPerQuarter);
    requireMaxBars(count, "write a piece as tokens");
  }
  const { steps } = meter;
  add(
    Math.max(
      lastStart < start ? 0 : Math.floor((lastStart - start) / steps) + 1,
      Math.floor((totalTicks - start) / steps),
      Math.ceil((totalTicks - slack - start) / steps),
    ),
    meter,
  );
  requireMaxBars(count, "write a piece as tokens");
  return { spans, end: start, rounded };
}

/** A meter as tokens say it. */
interface GridMeter {
  readonly meter: Meter;
  /** Steps in a bar, at least 1. */
  readonly steps: number;
  /** Whether a bar of the music has just as many. */
  readonly isExact: boolean;
}

/** A meter of a piece; one that no token can say becomes sixteenths. */
function gridMeter(
  { numerator, denominator }: Meter,
  stepsPerQuarter: number,
): GridMeter {
  const sixteenths = 16 * numerator / denominator;
  const meter = isWritable({ numerator, denominator })
    ? { numerator, denominator }
    : meterOfSixteenths(Math.round(sixteenths) || 1, 16);
  const steps = stepsPerBar(meter, stepsPerQuarter);
  return { meter, steps, isExact: 4 * steps === sixteenths * stepsPerQuarter };
}

/**
 * The meter of a bar that a change cuts short.
 *
 * @param rest Steps from its bar line to the change, 0 where it is not cut.
 * @param whole Its meter otherwise.
 * @returns `whole` where the bar is as good as whole, undefined where it is as
 * good as none.
 */
function cutMeter(
  rest: number,
  whole: GridMeter,
  stepsPerQuarter: number,
): GridMeter | undefined {
  if (rest === 0) return undefined;
  const sixteenths = Math.round(4 * rest / stepsPerQuarter);
  const meter = meterOfSixteenths(sixteenths, whole.meter.denominator);
  const steps = sixteenths > 0 ? stepsPerBar(meter, stepsPerQuarter) : 0;
  const moved = Math.abs(rest - steps);
  if (whole.steps - rest <= moved) return whole;
  return steps > 0 ? { meter, steps, isExact: moved === 0 } : undefined;
}

/**
 * The time signature of a length: in quarters where that can be said, or in
 * eighths where the meter counts them; at most {@linkcode MAX_NUMERATOR}.
 */
function meterOfSixteenths(sixteenths: number, like: number): Meter {
  let numerator = Math.max(1, sixteenths), denominator = 16;
  const coarsest = like > 4 ? 8 : 4;
  while (denominator > coarsest && numerator % 2 === 0) {
    [numerator, denominator] = [numerator / 2, denominator / 2];
  }
  while (denominator > 1 && numerator > MAX_NUMERATOR) {
    [numerator, denominator] = [Math.round(numerator / 2), denominator / 2];
  }
  return { numerator: Math.min(numerator, MAX_NUMERATOR), denominator };
}
