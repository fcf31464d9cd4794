/** Dead time cut: silence before the music, after it, and in long gaps. */

import { BarLines } from "./bar_lines.ts";
import { channelsOf } from "./channels.ts";
import { columnsOf, sequenceOf } from "./note_columns.ts";
import type { ControlChange, NoteSequence } from "./note_sequence.ts";
import type { Repair } from "./repair.ts";
import { PEDAL_DOWN, SUSTAIN_PEDAL, sustainedEnds } from "./sustain.ts";

/** What {@linkcode cutSilence} leaves of silence. */
export interface CutSilenceOptions {
  /**
   * Bars left of a longer gap, and the longest that a pedal counts as sound after
   * the last key is up.
   * @default 8
   */
  readonly maxGapBars?: number;
}

const BEFORE = "bars of silence before the first note were cut";
const BETWEEN = "bars of silence in long gaps were cut";
const AFTER = "bars of silence after the last note were cut";
const HELD = "bars in which no note begins were cut out of endless notes";
/** Bars without a new note after which a note that is held is an endless one. */
const MAX_HELD_BARS = 256;
/** A bar or two of rest at the end are usual, and cut without a word. */
const USUAL_BARS_AFTER = 2;

/** A passage of whole bars to cut out. */
interface Passage {
  /** First tick. */
  readonly from: number;
  /** Tick after the last. */
  readonly to: number;
  readonly bars: number;
  readonly reason: string;
}

/**
 * Cuts dead time out of a piece, in whole bars: music begins in the bar of its
 * first note and ends with the bar of its last release, whatever tempi or
 * controllers follow, and more than `maxGapBars` bars of silence become
 * `maxGapBars`. The tempo, meter, key and controllers in force after a cut are
 * those of the piece.
 *
 * A key that is down sounds, and so does what the sustain pedal holds, but not
 * for more than `maxGapBars` bars after the last key is up: a pedal left down for
 * an hour is no music. Nor is a key, where a note-off is lost: of bars in which
 * notes are held and none begins, 256 are left. Of bars shorter than a quarter
 * note as many are left as last that many quarters.
 *
 * @returns The piece, the same object where there is nothing to cut or no note;
 * and the bars cut before, between and after the notes and out of endless ones,
 * each reason once. A bar or two after the last note are cut but not told.
 * @throws {RangeError} If `maxGapBars` is not a whole number from 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { cutSilence, emptySequence } from "immersic/music/music.ts";
 * const { sequence, cuts } = cutSilence({
 *   ...emptySequence(480),
 *   parts: [{ name: "", program: 0, isDrum: false }],
 *   notes: [{ pitch: 60, velocity: 80, startTicks: 4320, endTicks: 4800, part: 0 }],
 *   totalTicks: 4800,
 * });
 * assert.equal(sequence.notes[0]?.startTicks, 480);
 * assert.deepEqual(cuts, [
 *   { reason: "bars of silence before the first note were cut", count: 2 },
 * ]);
 * ```
 */
export function cutSilence(
  sequence: NoteSequence,
  { maxGapBars = 8 }: CutSilenceOptions = {},
): { readonly sequence: NoteSequence; readonly cuts: readonly Repair[] } {
  if (!Number.isInteger(maxGapBars) || maxGapBars < 0) {
    throw new RangeError(
      `Cannot cut silence: maxGapBars must be a whole number from 0, current value is ${maxGapBars}.`,
    );
  }
  const passages = silentPassages(sequence, maxGapBars);
  if (passages.length === 0) return { sequence, cuts: [] };
  const counts = new Map<string, number>();
  for (const { reason, bars } of passages) {
    counts.set(reason, (counts.get(reason) ?? 0) + bars);
  }
  const cuts = [...counts].map(([reason, count]) => ({ reason, count }))
    .filter(({ reason, count }) =>
      reason !== AFTER || count > USUAL_BARS_AFTER
    );
  return { sequence: without(sequence, passages), cuts };
}

/** The passages to cut, in order of time; no note begins in them. */
function silentPassages(
  sequence: NoteSequence,
  maxGapBars: number,
): Passage[] {
  const { totalTicks, ticksPerQuarter } = sequence;
  const { length, startTicks: starts, endTicks: keyUps } = columnsOf(sequence);
  if (length === 0) return [];
  const first = starts[0]!;
  const lines = BarLines.of(sequence);
  const passages: Passage[] = [];
  const cut = (fromBar: number, toBar: number, reason: string) => {
    const [from, to] = [lines.startOf(fromBar), lines.startOf(toBar)];
    if (from < to) passages.push({ from, to, bars: toBar - fromBar, reason });
  };
  /** The bar some bars after another, and as many quarters at least. */
  const later = (bar: number, bars: number) => {
    const ticks = lines.startOf(bar) + bars * ticksPerQuarter;
    return Math.max(bar + bars, lines.barAt(Math.max(0, ticks - 1)) + 1);
  };
  cut(0, lines.barAt(first), BEFORE);
  const ends = sustainedEnds(sequence);
  let started = first, keysUp = 0, ringsUntil = 0;
  /** The first bar after what sounds so far. */
  const silentBar = () => {
    const bar = lines.barAt(keysUp - 1) + 1;
    if (ringsUntil <= keysUp) return bar;
    return Math.min(lines.barAt(ringsUntil - 1) + 1, later(bar, maxGapBars));
  };
  /** The bar in which endless notes end. */
  const heldBar = () => later(lines.barAt(started) + 1, MAX_HELD_BARS);
  for (let i = 0; i < length; i++) {
    const startTicks = starts[i]!, endTicks = keyUps[i]!;
    if (i > 0 && startTicks > keysUp) {
      const silent = later(silentBar(), maxGapBars), held = heldBar();
      const reason = held < silent ? HELD : BETWEEN;
      cut(Math.min(silent, held), lines.barAt(startTicks), reason);
    } else if (startTicks - started > MAX_HELD_BARS) {
      cut(heldBar(), lines.barAt(startTicks), HELD);
    }
    started = startTicks;
    keysUp = Math.max(keysUp, endTicks, startTicks + 1);
    ringsUntil = Math.max(ringsUntil, ends ? ends[i]! : endTicks);
  }
  const silent = silentBar(), held = heldBar();
  const bar = Math.min(silent, held), from = lines.startOf(bar);
  if (from < totalTicks) {
    const reason = held < silent ? HELD : AFTER;
    passages.push({ from, to: Infinity, bars: lines.count - bar, reason });
  }
  return passages;
}

/** Where ticks go when passages are cut out; a tick in one goes to its place. */
function placesWithout(
  passages: readonly Passage[],
): (ticks: number) => number {
  /** Ticks cut before each passage. */
  const cutBefore: number[] = [];
  let sum = 0;
  for (const { from, to } of passages) {
    cutBefore.push(sum);
    sum += to - from;
  }
  return (ticks) => {
    let low = 0, high = passages.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (passages[middle]!.from <= ticks) low = middle + 1;
      else high = middle;
    }
    const passage = passages[low - 1];
    if (!passage) return ticks;
    const { from, to } = passage, before = cutBefore[low - 1]!;
    return ticks < to ? from - before : ticks - before - (to - from);
  };
}

/** A sequence without some passages; the last one may have no end. */
function without(
  sequence: NoteSequence,
  passages: readonly Passage[],
): NoteSequence {
  const { tempos, timeSignatures, keySignatures, controls } = sequence;
  const channels = channelsOf(sequence.parts);
  const placeOf = placesWithout(passages);
  const firstCut = passages[0]!.from;
  const columns = columnsOf(sequence), { length } = columns;
  const starts = new Float64Array(length), ends = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const start = columns.startTicks[i]!, end = columns.endTicks[i]!;
    starts[i] = start < firstCut ? start : placeOf(start);
    ends[i] = end <= firstCut ? end : placeOf(end);
  }
  const totalTicks = placeOf(sequence.totalTicks);
  /** Tempi, meters or keys: the last of a passage holds after it. */
  const changes = <T extends { readonly ticks: number }>(all: readonly T[]) =>
    moved(all, passages, (inside) => inside.slice(-1))
      .filter(({ ticks }, i, { [i + 1]: next }) =>
        ticks < totalTicks && ticks !== next?.ticks
      );
  const { ticksPerQuarter, parts, markers } = sequence;
  return sequenceOf({
    ticksPerQuarter,
    parts,
    tempos: changes(tempos),
    timeSignatures: changes(timeSignatures),
    keySignatures: changes(keySignatures),
    controls: moved(
      controls,
      passages,
      (inside) => lastValues(inside, channels),
    )
      .sort((a, b) => a.ticks - b.ticks || a.part - b.part),
    ...markers && { markers: changes(markers) },
    totalTicks,
  }, columns.withTimes(starts, ends));
}

/**
 * Events without the passages.
 *
 * @param left What is left of the events in a passage, to come at its place.
 */
function moved<T extends { readonly ticks: number }>(
  events: readonly T[],
  passages: readonly Passage[],
  left: (inside: readonly T[]) => readonly T[],
): T[] {
  const result: T[] = [];
  let next = 0, shift = 0, inside: T[] = [];
  const leave = ({ from, to }: Passage) => {
    for (const event of left(inside)) {
      result.push({ ...event, ticks: from - shift });
    }
    inside = [];
    shift += to - from;
    next++;
  };
  for (const event of events) {
    let passage = passages[next];
    for (; passage && event.ticks >= passage.to; passage = passages[next]) {
      leave(passage);
    }
    if (passage && event.ticks >= passage.from) inside.push(event);
    else if (shift === 0) result.push(event);
    else result.push({ ...event, ticks: event.ticks - shift });
  }
  const passage = passages[next];
  if (passage) leave(passage);
  return result;
}

/**
 * The last value of each controller of each channel, and that the pedal was
 * lifted, where it was, so that nothing it held before rings on.
 */
function lastValues(
  changes: readonly ControlChange[],
  channels: readonly number[],
): ControlChange[] {
  const last = new Map<number, ControlChange>();
  const lifts = new Map<number, ControlChange>();
  for (const change of changes) {
    const key = 128 * channels[change.part]! + change.controller;
    last.set(key, change);
    if (change.controller === SUSTAIN_PEDAL && change.value < PEDAL_DOWN) {
      lifts.set(key, change);
    }
  }
  return [...last].flatMap(([key, change]) => {
    const lift = lifts.get(key);
    return lift && lift !== change
      ? [{ ...lift, part: change.part }, change]
      : [change];
  });
}
