/** Compares how drums play with what was asked of them. */

import {
  BarLines,
  type DrumWish,
  type Note,
  type NoteSequence,
} from "../music/music.ts";
import type { Delivered } from "./delivered_row.ts";

/** General MIDI percussion. */
const KICKS = [35, 36], ANSWERS = [38, 39, 40];
/** Strokes so near to a beat, in quarters, are on it. */
const NEAR = 1 / 8;
/** Share of the bars with drums that are to have the beat. */
const LEAST = 0.9;

/** What beats are called. */
const BEATS = {
  "four-on-the-floor": "four on the floor",
  "backbeat": "a backbeat",
  "half-time": "half time",
} as const;

/** The row of the beat and of the drums that are asked for, or not wanted. */
export function drumsRow(
  { beat, sounds = [], without = [], fillEvery }: DrumWish,
  sequence: NoteSequence,
): Delivered {
  const drums = sequence.notes.filter(({ part }) =>
    sequence.parts[part]!.isDrum
  );
  const heard = new Set(drums.map(({ pitch }) => pitch));
  const missing = sounds.filter((sound) => !heard.has(sound));
  const left = without.filter((sound) => heard.has(sound));
  const share = beat === undefined ? 1 : shareOf(beat, drums, sequence);
  const fills = fillEvery === undefined
    ? undefined
    : fillsOf(fillEvery, drums, sequence);
  const list = (words: string, pitches: readonly number[]) =>
    pitches.length > 0 ? [`${words} ${pitches.join(", ")}`] : [];
  return {
    what: "drums",
    asked: [
      ...beat ? [BEATS[beat]] : [],
      ...fillEvery === undefined ? [] : [`a fill every ${fillEvery} bars`],
      ...list("with drum", sounds),
      ...list("without drum", without),
    ].join(", "),
    delivered: drums.length === 0 ? "none" : [
      ...beat ? [`${BEATS[beat]} in ${Math.round(100 * share)} % of bars`] : [],
      ...fills ? [`${fills.had} of ${fills.all} fills`] : [],
      ...list("without drum", missing),
      ...list("with drum", left),
    ].join(", ") || "as asked",
    met: drums.length > 0 && share >= LEAST &&
      (!fills || fills.had === fills.all && fills.all > 0) &&
      missing.length + left.length === 0,
  };
}

/** Strokes of a fill at least, in its last half bar. */
const FILL_STROKES = 4;

/** How many of the bars that are to end with a fill have one. */
function fillsOf(
  every: number,
  drums: readonly Note[],
  sequence: NoteSequence,
): { readonly had: number; readonly all: number } {
  const lines = BarLines.of(sequence);
  const byBar = Map.groupBy(drums, ({ startTicks }) => lines.barAt(startTicks));
  let had = 0, all = 0;
  for (const [bar, own] of byBar) {
    if ((bar + 1) % every !== 0) continue;
    all++;
    const start = lines.startOf(bar), end = lines.startOf(bar + 1);
    const last = own.filter(({ startTicks }) =>
      startTicks >= (start + end) / 2
    );
    if (
      new Set(last.map(({ startTicks }) => startTicks)).size >= FILL_STROKES
    ) {
      had++;
    }
  }
  return { had, all };
}

/** Share of the bars with drums that have a beat. */
function shareOf(
  beat: NonNullable<DrumWish["beat"]>,
  drums: readonly Note[],
  sequence: NoteSequence,
): number {
  const lines = BarLines.of(sequence);
  const quarter = sequence.ticksPerQuarter;
  const byBar = Map.groupBy(drums, ({ startTicks }) =>
    // A stroke is a little late, never early.
    lines.barAt(startTicks));
  let having = 0;
  for (const [bar, own] of byBar) {
    const start = lines.startOf(bar), end = lines.startOf(bar + 1);
    const has = (pitches: readonly number[], place: number) =>
      own.some(({ pitch, startTicks }) =>
        pitches.includes(pitch) &&
        Math.abs(startTicks - start - place * quarter) <= NEAR * quarter
      );
    const quarters = Array.from(
      { length: Math.floor((end - start) / quarter) },
      (_, i) => i,
    );
    const answers = quarters.filter((place) => has(ANSWERS, place));
    const isHad = beat === "four-on-the-floor"
      ? quarters.every((place) => has(KICKS, place))
      : beat === "backbeat"
      ? quarters.every((place) => place % 2 === 0 || answers.includes(place))
      : answers.join() === "2";
    if (isHad) having++;
  }
  return having / Math.max(1, byBar.size);
}
