/** Dead time cut: silence before the music, after it, and in long gaps. */

import { BarLines } from "./bar_lines.ts";
import { channelsOf } from "./channels.ts";
import { ControlColumns } from "./control_columns.ts";
import { columnsOf, controlsOf, sequenceOf } from "./note_columns.ts";
import { cutColumns, findSilences, type Silence } from "./note_kernels.ts";
import type { NoteSequence } from "./note_sequence.ts";
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

/** What is told of passages, by where they are. */
export const SILENCES = [
  "bars of silence before the first note were cut",
  "bars of silence in long gaps were cut",
  "bars of silence after the last note were cut",
  "bars in which no note begins were cut out of endless notes",
] as const;
const [BEFORE, BETWEEN, AFTER, HELD] = SILENCES;
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
  const cuts = toldCuts(counts);
  return { sequence: without(sequence, passages), cuts };
}

/** What is told of bars that were cut, by the reason. */
export function toldCuts(
  counts: Iterable<readonly [reason: string, bars: number]>,
): Repair[] {
  return Array.from(counts, ([reason, count]) => ({ reason, count }))
    .filter(({ reason, count }) =>
      reason !== AFTER || count > USUAL_BARS_AFTER
    );
}

/** The passages to cut, in order of time; no note begins in them. */
function silentPassages(
  sequence: NoteSequence,
  maxGapBars: number,
): Passage[] {
  const { totalTicks, ticksPerQuarter } = sequence;
  const notes = columnsOf(sequence);
  if (notes.length === 0) return [];
  const first = notes.startTicks[0]!;
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
  /** The first bar after what sounds before a silence. */
  const silentBar = ({ keysUp, ringsUntil }: Silence) => {
    const bar = lines.barAt(keysUp - 1) + 1;
    if (ringsUntil <= keysUp) return bar;
    return Math.min(lines.barAt(ringsUntil - 1) + 1, later(bar, maxGapBars));
  };
  /** The bar in which endless notes end. */
  const heldBar = ({ started }: Silence) =>
    later(lines.barAt(started) + 1, MAX_HELD_BARS);
  // A bar counts as a quarter at least, so that shorter silences are never cut.
  const silences = findSilences(
    notes,
    sustainedEnds(sequence),
    maxGapBars * ticksPerQuarter,
    MAX_HELD_BARS * ticksPerQuarter,
  );
  const last = silences.pop()!;
  for (const silence of silences) {
    const bar = lines.barAt(silence.start), held = heldBar(silence);
    if (silence.start > silence.keysUp) {
      const silent = later(silentBar(silence), maxGapBars);
      cut(Math.min(silent, held), bar, held < silent ? HELD : BETWEEN);
    } else cut(held, bar, HELD);
  }
  const silent = silentBar(last), held = heldBar(last);
  const bar = Math.min(silent, held), from = lines.startOf(bar);
  if (from < totalTicks) {
    const reason = held < silent ? HELD : AFTER;
    passages.push({ from, to: Infinity, bars: lines.count - bar, reason });
  }
  return passages;
}

/** A sequence without some passages; the last one may have no end. */
function without(
  sequence: NoteSequence,
  passages: readonly Passage[],
): NoteSequence {
  const { ticksPerQuarter, parts, markers } = sequence;
  let sum = 0;
  const numbers = passages.flatMap(({ from, to }) => {
    const before = sum;
    sum += to - from;
    return [from, to, before];
  });
  const totalTicks = moved([sequence.totalTicks], passages, (all) => all)
    .ticks[0]!;
  /** Tempi, meters or keys: the last of a passage holds after it. */
  const changes = <T extends { readonly ticks: number }>(all: readonly T[]) => {
    const { places, ticks } = moved(
      all.map(({ ticks }) => ticks),
      passages,
      (inside) => inside.slice(-1),
    );
    return places.map((place, i): T => ({ ...all[place]!, ticks: ticks[i]! }))
      .filter(({ ticks }, i, { [i + 1]: next }) =>
        ticks < totalTicks && ticks !== next?.ticks
      );
  };
  return sequenceOf({
    ticksPerQuarter,
    parts,
    tempos: changes(sequence.tempos),
    timeSignatures: changes(sequence.timeSignatures),
    keySignatures: changes(sequence.keySignatures),
    controls: cutControls(sequence, passages),
    ...markers && { markers: changes(markers) },
    totalTicks,
  }, cutColumns(columnsOf(sequence), numbers));
}

/**
 * Times without the passages.
 *
 * @param times Rising.
 * @param left What is left of the times in a passage, by their places, to come at its
 * place.
 * @returns Which times there are, by their places, and when.
 */
function moved(
  times: ArrayLike<number>,
  passages: readonly Passage[],
  left: (inside: readonly number[]) => readonly number[],
): { places: number[]; ticks: number[] } {
  const places: number[] = [], ticks: number[] = [];
  let next = 0, shift = 0, inside: number[] = [];
  const leave = ({ from, to }: Passage) => {
    for (const place of left(inside)) {
      places.push(place);
      ticks.push(from - shift);
    }
    inside = [];
    shift += to - from;
    next++;
  };
  for (let i = 0; i < times.length; i++) {
    const time = times[i]!;
    let passage = passages[next];
    for (; passage && time >= passage.to; passage = passages[next]) {
      leave(passage);
    }
    if (passage && time >= passage.from) inside.push(i);
    else {
      places.push(i);
      ticks.push(time - shift);
    }
  }
  const passage = passages[next];
  if (passage) leave(passage);
  return { places, ticks };
}

/** The controllers of a sequence without the passages. */
function cutControls(
  sequence: NoteSequence,
  passages: readonly Passage[],
): ControlColumns {
  const all = controlsOf(sequence), channels = channelsOf(sequence.parts);
  /** The other part of a channel, by place, that a change is given. */
  const newParts = new Map<number, number>();
  const { places, ticks } = moved(
    all.ticks,
    passages,
    (inside) => lastValues(inside, all, channels, newParts),
  );
  const partOf = (place: number) => newParts.get(place) ?? all.part[place]!;
  const order = [...places.keys()].sort((a, b) =>
    ticks[a]! - ticks[b]! || partOf(places[a]!) - partOf(places[b]!)
  );
  return ControlColumns.from(order.length, (i) => {
    const place = places[order[i]!]!;
    return {
      ticks: ticks[order[i]!]!,
      part: partOf(place),
      controller: all.controller[place]!,
      value: all.value[place]!,
    };
  });
}

/**
 * The last value of each controller of each channel, and that the pedal was
 * lifted, where it was, so that nothing it held before rings on; by their places.
 */
function lastValues(
  inside: readonly number[],
  { controller, value, part }: ControlColumns,
  channels: readonly number[],
  newParts: Map<number, number>,
): number[] {
  const last = new Map<number, number>(), lifts = new Map<number, number>();
  for (const place of inside) {
    const key = 128 * channels[part[place]!]! + controller[place]!;
    last.set(key, place);
    if (controller[place] === SUSTAIN_PEDAL && value[place]! < PEDAL_DOWN) {
      lifts.set(key, place);
    }
  }
  return [...last].flatMap(([key, place]) => {
    const lift = lifts.get(key);
    if (lift === undefined || lift === place) return [place];
    newParts.set(lift, part[place]!);
    return [lift, place];
  });
}
