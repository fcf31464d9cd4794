/**
 * How music21 divides chords into bars: chords that overlap inside a bar are
 * assigned to voices, and a chord that sounds across a barline is cut there, so
 * that it counts once in each bar. See `reading.ts`.
 *
 * Times are twelfths of a quarter note. Bars are made one after another, and
 * only two are held at a time.
 */

import { type Chord, chordEnd, sortChords } from "./timed_chords.ts";
import { assignVoices, type Voice } from "./voices.ts";
import type { WorkLimits } from "./work_limits.ts";

/** The length of bars from `start` on. */
export interface BarLength {
  readonly start: number;
  readonly barLength: number;
}

/** A bar and the chords in it, cut at its barlines. Silent bars are left out. */
export interface Bar {
  /** Its start according to the meters. */
  readonly start: number;
  /** How much longer music21 makes it than its meter says. */
  readonly excess: number;
  /** Their starts in the bar; in the order in which music21 visits them. */
  readonly chords: Chord[];
}

/** A track to be divided into bars. */
export interface TrackChords {
  /** Sorted, with their starts in the track; they are put in bars and cut. */
  readonly chords: readonly Chord[];
  /** Sorted, the first from 0 on. */
  readonly meters: readonly BarLength[];
  /** Where the track has events that are not notes: lists of sorted times. */
  readonly marks: readonly (readonly number[])[];
  /** Whether chords that overlap go to voices. */
  readonly useVoices: boolean;
}

/** A bar while chords are still assigned and cut. */
interface OpenBar {
  readonly start: number;
  readonly length: number;
  extent: number;
  /** Empty unless chords overlap. */
  voices: Voice[];
  /** The chords in no voice. */
  loose: Voice;
}

/**
 * The bars of a track in their order, its chords cut at the barlines.
 *
 * @throws {LimitError} If there are more bars or cuts than `limits` allows.
 */
export function* cutAtBarlines(
  track: TrackChords,
  limits: WorkLimits,
): Generator<Bar> {
  let bar: OpenBar | undefined;
  for (const next of openBars(track, limits)) {
    if (track.useVoices) {
      const end = next.start + next.length;
      const hasMark = () =>
        track.marks.some((times) => anyInside(times, next.start, end));
      const voices = assignVoices(next.loose.chords, hasMark);
      if (voices !== undefined) {
        next.voices = voices;
        next.loose = { chords: [], isMeasured: false };
      }
    }
    if (bar !== undefined) yield closeBar(bar, next, limits);
    bar = next;
  }
  if (bar !== undefined) yield closeBar(bar, undefined, limits);
}

/** The bars in which chords begin or sound. */
function* openBars(
  { chords, meters, marks }: TrackChords,
  limits: WorkLimits,
): Generator<OpenBar> {
  const lastMark = Math.max(0, ...marks.map((times) => times.at(-1) ?? 0));
  const lastEnd = Math.max(lastMark, end(chords));
  // To place an event on the last barline music21 finds the ends of all bars.
  const isMeasured = marks.some((times) => times.length > 0) &&
    lastMark === lastEnd && (chords.at(-1)?.start ?? 0) < lastEnd &&
    isBarline(lastEnd, meters);
  limits.countBars(meters.length);
  let start = 0, meter = 0, next = 0, soundsUntil = 0;
  while (start < lastEnd || next < chords.length) {
    limits.countBars(1);
    while ((meters[meter + 1]?.start ?? Infinity) <= start) meter++;
    const length = meters[meter]!.barLength;
    const idleUntil = Math.min(
      chords[next]?.start ?? lastEnd,
      meters[meter + 1]?.start ?? Infinity,
    );
    if (soundsUntil <= start && idleUntil >= start + length) {
      start += length * Math.floor((idleUntil - start) / length);
      continue;
    }
    const loose: Voice = { chords: [], isMeasured };
    for (; next < chords.length; next++) {
      const chord = chords[next]!;
      if (chord.start >= start + length) break;
      soundsUntil = Math.max(soundsUntil, chordEnd(chord));
      chord.start -= start;
      loose.chords.push(chord);
    }
    yield { start, length, extent: length, voices: [], loose };
    start += length;
  }
}

/** Whether a bar begins at a time, if bars go on until then. */
function isBarline(time: number, meters: readonly BarLength[]): boolean {
  let start = 0;
  for (const [index, { barLength }] of meters.entries()) {
    const until = Math.min(meters[index + 1]?.start ?? Infinity, time);
    if (start < until) {
      start += barLength * Math.ceil((until - start) / barLength);
    }
    if (start >= time) break;
  }
  return start === time;
}

/** Whether any of some sorted times lies between two others. */
function anyInside(
  times: readonly number[],
  after: number,
  before: number,
): boolean {
  let low = 0, high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! > after) high = middle;
    else low = middle + 1;
  }
  return low < times.length && times[low]! < before;
}

/** A bar of which nothing changes any more, what sounds on moved to the next. */
function closeBar(
  bar: OpenBar,
  following: OpenBar | undefined,
  limits: WorkLimits,
): Bar {
  cutOff(bar, following, limits);
  const chords = bar.voices.length === 0
    ? bar.loose.chords
    : [...bar.voices, bar.loose].flatMap((voice) => voice.chords);
  const excess = Math.max(bar.extent, end(chords)) - bar.length;
  return { start: bar.start, excess, chords };
}

const end = (chords: readonly Chord[]) =>
  chords.reduce((last, chord) => Math.max(last, chordEnd(chord)), 0);

/**
 * Cuts the chords of a bar at its end and moves their second parts to the start of
 * the next bar. In a bar with voices, loose chords are not cut again.
 */
function cutOff(
  bar: OpenBar,
  following: OpenBar | undefined,
  limits: WorkLimits,
): void {
  const hasVoices = bar.voices.length > 0;
  let target: Voice | undefined;
  for (const voice of hasVoices ? bar.voices : [bar.loose]) {
    sortChords(voice.chords);
    let gapless: boolean | undefined;
    for (const chord of voice.chords) {
      const left = chordEnd(chord) - bar.length;
      if (left <= 0) continue;
      limits.countCut();
      // Cutting a note clears its voice's cached end, cutting a chord does not;
      // filling a gap with a rest does, too.
      if (
        voice.isMeasured && chord.pitches.length > 1 && !chord.isDrum &&
        (gapless ??= isGapless(voice.chords))
      ) {
        bar.extent = Math.max(bar.extent, chordEnd(chord));
      }
      // No chord sounds beyond the last bar.
      target ??= targetOfCuts(hasVoices, following!);
      target.chords.push({ ...chord, start: 0, duration: left });
      chord.duration -= left;
    }
  }
}

/**
 * Where the second parts of cut chords go. If neither bar has voices, or both
 * have, these are the next bar's loose chords. If only one bar has voices, they go
 * to the next bar's first voice; where it has none, one is made of all its chords.
 */
function targetOfCuts(hasVoices: boolean, next: OpenBar): Voice {
  const nextHasVoices = next.voices.length > 0;
  if (hasVoices && !nextHasVoices) {
    next.voices = [next.loose];
    next.loose = { chords: [], isMeasured: false };
  }
  let target = next.loose;
  if (hasVoices !== nextHasVoices) target = next.voices[0]!;
  // Adding a chord beside voices makes music21 cache their ends.
  else for (const voice of next.voices) voice.isMeasured = true;
  target.isMeasured = false;
  return target;
}

/** Whether sorted chords sound without a break from 0 on. */
function isGapless(chords: readonly Chord[]): boolean {
  let end = 0;
  return chords.every((chord) => {
    const joins = chord.start <= end;
    end = Math.max(end, chordEnd(chord));
    return joins;
  });
}
