/** Dead time cut: silence before the music, after it, and in long gaps. */

import { BarLines } from "./bar_lines.ts";
import { channelsOf } from "./channels.ts";
import type { ControlChange, NoteSequence } from "./note_sequence.ts";
import type { Repair } from "./repair.ts";
import { applySustain, PEDAL_DOWN, SUSTAIN_PEDAL } from "./sustain.ts";

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
 * an hour is no music.
 *
 * @returns The piece, the same object where there is nothing to cut or no note;
 * and the bars cut before, between and after the notes, each reason once. A bar
 * or two after the last note are cut but not told.
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

/** The passages to cut, in order of time, none with a note in it. */
function silentPassages(
  sequence: NoteSequence,
  maxGapBars: number,
): Passage[] {
  const { notes, totalTicks } = sequence;
  const [first] = notes;
  if (!first) return [];
  const lines = BarLines.of(sequence);
  const passages: Passage[] = [];
  const cut = (fromBar: number, toBar: number, reason: string) => {
    const [from, to] = [lines.startOf(fromBar), lines.startOf(toBar)];
    if (from < to) passages.push({ from, to, bars: toBar - fromBar, reason });
  };
  cut(0, lines.barAt(first.startTicks), BEFORE);
  // Both are in order of their starts, which the pedal does not move.
  const heard = applySustain(sequence).notes;
  let keysUp = 0, silent = 0;
  /** The first bar after what sounds so far. */
  const silentBar = () => {
    const bar = lines.barAt(keysUp - 1) + 1;
    if (silent <= keysUp) return bar;
    return Math.min(lines.barAt(silent - 1) + 1, bar + maxGapBars);
  };
  for (const [i, { startTicks, endTicks }] of notes.entries()) {
    if (i > 0 && startTicks > keysUp) {
      cut(silentBar() + maxGapBars, lines.barAt(startTicks), BETWEEN);
    }
    keysUp = Math.max(keysUp, endTicks, startTicks + 1);
    silent = Math.max(silent, heard[i]!.endTicks);
  }
  const bar = silentBar(), from = lines.startOf(bar);
  if (from < totalTicks) {
    const bars = lines.count - bar;
    passages.push({ from, to: Infinity, bars, reason: AFTER });
  }
  return passages;
}

/** A sequence without some passages; the last one may have no end. */
function without(
  sequence: NoteSequence,
  passages: readonly Passage[],
): NoteSequence {
  const { tempos, timeSignatures, keySignatures, controls } = sequence;
  const channels = channelsOf(sequence.parts);
  let next = 0, shift = 0;
  const notes = sequence.notes.map((note) => {
    for (
      let passage = passages[next];
      passage && passage.to <= note.startTicks;
      passage = passages[++next]
    ) shift += passage.to - passage.from;
    if (shift === 0) return note;
    const { pitch, velocity, startTicks, endTicks, part } = note;
    return {
      pitch,
      velocity,
      startTicks: startTicks - shift,
      endTicks: endTicks - shift,
      part,
    };
  });
  const last = passages[passages.length - 1]!;
  const end = last.to === Infinity ? last.from : sequence.totalTicks;
  const totalTicks = passages.reduce(
    (ticks, { from, to }) => to === Infinity ? ticks : ticks - (to - from),
    end,
  );
  /** Tempi, meters or keys: the last of a passage holds after it. */
  const changes = <T extends { readonly ticks: number }>(all: readonly T[]) =>
    moved(all, passages, (inside) => inside.slice(-1))
      .filter(({ ticks }, i, { [i + 1]: next }) =>
        ticks < totalTicks && ticks !== next?.ticks
      );
  return {
    ...sequence,
    notes,
    tempos: changes(tempos),
    timeSignatures: changes(timeSignatures),
    keySignatures: changes(keySignatures),
    controls: moved(
      controls,
      passages,
      (inside) => lastValues(inside, channels),
    )
      .sort((a, b) => a.ticks - b.ticks || a.part - b.part),
    totalTicks,
  };
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
