// Bars of a piece, as bar_lines.ts in lib/music/ and bar_layout.ts in lib/tokens/remi/
// have them. Meters are three numbers of 32 bits each: tick, numerator, denominator.

import { long, take } from "../../music/assembly/memory";

/** Bytes of a meter, and of a span of bars on the grid. */
export const METER_BYTES: usize = 12, SPAN_BYTES: usize = 20;
const MAX_BARS: i32 = 16384;
const MAX_NUMERATOR: i32 = 255;

@inline
export function rounded(x: f64): f64 {
  const up = ceil(x);
  return up - 0.5 > x ? up - 1 : up;
}

// Stretches of one meter: first tick, its bar, and ticks to the bar.
let lines: usize = 0;
let lineCount: i32 = 0;

function begin(meter: usize, ticks: f64, bar: f64, ticksPerQuarter: f64): void {
  const at = lines + <usize> lineCount * 24;
  const numerator = meter == 0 ? 4 : load<i32>(meter, 4);
  const denominator = meter == 0 ? 4 : load<i32>(meter, 8);
  store<f64>(at, ticks);
  store<f64>(at, bar, 8);
  store<f64>(
    at,
    max<f64>(1, <f64> numerator * 4 * ticksPerQuarter / <f64> denominator),
    16,
  );
  lineCount++;
}

/** Finds bar lines; what is below is about them. */
export function findLines(
  meters: usize,
  count: i32,
  ticksPerQuarter: f64,
): void {
  lines = take(<usize> (count + 1) * 24);
  lineCount = 0;
  begin(0, 0, 0, ticksPerQuarter);
  for (let i = 0; i < count; i++) {
    const meter = meters + <usize> i * METER_BYTES;
    const ticks = <f64> load<i32>(meter);
    const last = lines + <usize> (lineCount - 1) * 24;
    const before = load<f64>(last);
    const bar = ticks <= before ? load<f64>(last, 8) : barIn(last, ticks - 1) + 1;
    if (ticks <= before) lineCount--;
    begin(meter, max(ticks, before), bar, ticksPerQuarter);
  }
}

function startIn(line: usize, bar: f64): f64 {
  return rounded(
    load<f64>(line) + (bar - load<f64>(line, 8)) * load<f64>(line, 16),
  );
}

function barIn(line: usize, ticks: f64): f64 {
  const bar = load<f64>(line, 8) +
    floor((ticks - load<f64>(line)) / load<f64>(line, 16));
  if (startIn(line, bar + 1) <= ticks) return bar + 1;
  return startIn(line, bar) > ticks ? bar - 1 : bar;
}

/** The last stretch that begins by a tick, or by a bar. */
function lineAt(place: f64, field: usize): usize {
  let line = lines + <usize> (lineCount - 1) * 24;
  while (line > lines && load<f64>(line + field) > place) line -= 24;
  return line;
}

export function barAt(ticks: f64): f64 {
  return barIn(lineAt(ticks, 0), ticks);
}

export function startOfBar(bar: f64): f64 {
  return startIn(lineAt(bar, 8), bar);
}

// Spans of bars on the grid: first step, how many, steps in each, and their meter.
export let spans: usize = 0;
export let spanCount: i32 = 0;
/** Step after the last bar. */
export let lastStep: i32 = 0;
/** Bars whose length in the music is not that in steps. */
export let inexact: i32 = 0;

let bars: i32 = 0;

// A meter on the grid.
let numerator: i32 = 0, denominator: i32 = 0, steps: i32 = 0;
let isExact: bool = false;

function setMeter(n: i32, d: i32, stepsPerQuarter: i32): void {
  numerator = n;
  denominator = d;
  steps = stepsOf(n, d, stepsPerQuarter);
  isExact = <f64> (4 * steps) ==
    <f64> (16 * n) / <f64> d * <f64> stepsPerQuarter;
}

function stepsOf(n: i32, d: i32, stepsPerQuarter: i32): i32 {
  return max(
    1,
    <i32> rounded(<f64> n * 4 * <f64> stepsPerQuarter / <f64> d),
  );
}

function addSpan(count: i32): void {
  if (count <= 0) return;
  const at = spans + <usize> (spanCount++) * SPAN_BYTES;
  store<i32>(at, lastStep);
  store<i32>(at, count, 4);
  store<i32>(at, steps, 8);
  store<i32>(at, numerator, 12);
  store<i32>(at, denominator, 16);
  lastStep += count * steps;
  bars += count;
  if (!isExact) inexact += count;
}

/** Lays out bars on the grid. Gives whether there are not too many. */
export function layOut(
  meters: usize,
  meterCount: i32,
  stepsPerQuarter: i32,
  lastStart: i32,
  totalSteps: i32,
): bool {
  const slack = stepsPerQuarter / 6;
  const musicEnd = max(lastStart + 1, totalSteps);
  spans = take(<usize> (2 * meterCount + 1) * SPAN_BYTES);
  spanCount = lastStep = inexact = bars = 0;
  setMeter(4, 4, stepsPerQuarter);
  for (let i = 0; i < meterCount; i++) {
    const change = meters + <usize> i * METER_BYTES, at = load<i32>(change);
    if (at >= musicEnd) break;
    const early = at < lastStep;
    const room = max(0, at - lastStep), rest = room % steps;
    let whole = (room - rest) / steps, short = 0, shortMeter = 0, shortLike = 0;
    let shortIsExact = false, isMoved = early;
    if (rest > 0) {
      const sixteenths = <i32> rounded(4 * <f64> rest / <f64> stepsPerQuarter);
      setSixteenths(sixteenths, denominator);
      short = sixteenths > 0 ? stepsOf(found, foundLike, stepsPerQuarter) : 0;
      shortMeter = found;
      shortLike = foundLike;
      const moved = abs(rest - short);
      shortIsExact = moved == 0;
      if (steps - rest <= moved) {
        whole++;
        short = 0;
        isMoved = true;
      } else if (short == 0) isMoved = true;
    }
    addSpan(whole);
    if (short > 0) {
      numerator = shortMeter;
      denominator = shortLike;
      steps = short;
      isExact = shortIsExact;
      addSpan(1);
    } else if (isMoved) inexact++;
    setMeter(load<i32>(change, 4), load<i32>(change, 8), stepsPerQuarter);
    if (bars > MAX_BARS) return false;
  }
  const perBar = <f64> steps;
  const ofNotes = lastStart < lastStep ? 0 : (lastStart - lastStep) / steps + 1;
  const all = max(
    floor(<f64> (totalSteps - lastStep) / perBar),
    ceil(<f64> (totalSteps - slack - lastStep) / perBar),
  );
  addSpan(max(ofNotes, <i32> all));
  return bars <= MAX_BARS;
}

let found: i32 = 0, foundLike: i32 = 0;

/** The time signature of a length, as `meterOfSixteenths` has it. */
function setSixteenths(sixteenths: i32, like: i32): void {
  found = max(1, sixteenths);
  foundLike = 16;
  const coarsest = like > 4 ? 8 : 4;
  while (foundLike > coarsest && found % 2 == 0) {
    found >>= 1;
    foundLike >>= 1;
  }
  while (foundLike > 1 && found > MAX_NUMERATOR) {
    found = (found + 1) >> 1;
    foundLike >>= 1;
  }
  found = min(found, MAX_NUMERATOR);
}
