/** When the sections of a piece begin and how many bars each has. */

import {
  type Anchor,
  parseMeter,
  type PieceEvent,
  type PieceLength,
  quartersPerBar,
} from "../music/music.ts";

/** What is known of a section before its length is. */
export interface TimedSection {
  readonly from: Anchor;
  readonly meter: string;
  /** Quarter notes per minute at its beginning and at its end. */
  readonly qpm: readonly [from: number, to: number];
  /** Whether the tempo may be moved a little, so that an event falls on a beat. */
  readonly isTempoFree: boolean;
  /** Sections of one letter have as many bars, where they would within one. */
  readonly letter?: string | undefined;
}

/** A section in time. */
export interface SectionTime {
  /** Index of the section. */
  readonly index: number;
  readonly bars: number;
  readonly qpm: readonly [from: number, to: number];
  /** When it begins. */
  readonly startSeconds: number;
}

/** How long a piece is to be. */
export interface WholeLength {
  readonly length: PieceLength | undefined;
  /** Bars where no length is asked. */
  readonly usualBars: number;
}

/** Bars after the last time that is named, where no length is asked. */
const LAST_BARS = 4;
/** Tempi are moved by at most so much, in so many steps either way. */
const MOST_MOVED = 0.03, STEPS = 30;
/** By so much of its length in seconds may a piece be off, see {@linkcode planTime}. */
export const MOST_OFF = 0.04;
/** Free tempi become at most so many times as fast or as slow to meet a length. */
const MOST_FITTED = 1.25;
/** What a section a bar from its time counts, beside a hit a quarter from its beat. */
const BORDER_WEIGHT = 0.25;
/** Share of a changing tempo at either end in which it is steady. */
const STEADY = 0.1;
/** Parts into which a changing tempo is cut when its seconds are counted. */
const SLICES = 64;

/**
 * Where a changing tempo is: it leaves the first and reaches the last one gently, so
 * that both are heard.
 *
 * @param share Of the section's quarter notes, 0–1.
 */
export function qpmAt([from, to]: readonly [number, number], share: number) {
  const moved = Math.min(1, Math.max(0, (share - STEADY) / (1 - 2 * STEADY)));
  const eased = moved ** 3 * (10 - 15 * moved + 6 * moved ** 2);
  return from + (to - from) * eased;
}

/** Seconds that a quarter note lasts on average. */
function secondsPerQuarter(qpm: readonly [number, number]): number {
  if (qpm[0] === qpm[1]) return 60 / qpm[0];
  let sum = 0;
  for (let i = 0; i < SLICES; i++) sum += 60 / qpmAt(qpm, (i + 0.5) / SLICES);
  return sum / SLICES;
}

/**
 * Counts out sections in bars: each begins at the bar line nearest to its time. A
 * tempo that is free is moved by at most 3 %, so that hits fall on beats, and sections
 * begin near their times. A section
 * that would begin after the end is left out.
 *
 * @param sections At least one, in order of time.
 * @param notes Gets a sentence for what is left out.
 */
export function timeSections(
  sections: readonly TimedSection[],
  whole: WholeLength,
  events: readonly PieceEvent[],
  notes: string[],
): SectionTime[] {
  const hits = events.filter(({ what }) => what === "hit");
  const isFree = sections.some(({ isTempoFree }) => isTempoFree);
  const hasTimes = hits.length > 0 ||
    sections.some(({ from }) => "seconds" in from && from.seconds > 0);
  const steps = hasTimes && isFree ? STEPS : 0;
  let best: SectionTime[] = [], least = Infinity;
  for (let step = -steps; step <= steps; step++) {
    const factor = 1 + MOST_MOVED * step / STEPS;
    const moved = sections.map((section) =>
      section.isTempoFree
        ? {
          ...section,
          qpm: [section.qpm[0] * factor, section.qpm[1] * factor] as const,
        }
        : section
    );
    const timed = countOut(moved, whole, events);
    const missed = hits.reduce(
      (sum, hit) => sum + beatsOff(hit, moved, timed),
      // Of tempi as good, the one that is moved least.
      Math.abs(step) / 1000 + bordersOff(moved, timed),
    );
    if (missed < least) [best, least] = [timed, missed];
  }
  best = fitted(best, sections, whole, events);
  const kept = best.filter(({ bars }) => bars > 0);
  for (const { index } of best) {
    if (kept.some((one) => one.index === index)) continue;
    notes.push(
      `Section ${
        index + 1
      } would begin after the end of the piece; it is left out.`,
    );
  }
  return kept;
}

/** Seconds that sections take. */
function secondsOf(
  timed: readonly SectionTime[],
  sections: readonly TimedSection[],
): number {
  return timed.reduce(
    (sum, { index, bars, qpm }) =>
      sum + bars * quartersPerBar(parseMeter(sections[index]!.meter)) *
        secondsPerQuarter(qpm),
    0,
  );
}

/**
 * Sections of which whole bars would miss a length in seconds by much: tempi that are
 * free are moved so that they come out, or else there are bars enough, of which the
 * last is cut.
 */
function fitted(
  timed: SectionTime[],
  sections: readonly TimedSection[],
  whole: WholeLength,
  events: readonly PieceEvent[],
): SectionTime[] {
  const { length } = whole;
  if (!length || !("seconds" in length) || length.exact) return timed;
  const factor = secondsOf(timed, sections) / length.seconds;
  if (Math.abs(factor - 1) <= MOST_OFF) return timed;
  const isFree = sections.every(({ isTempoFree }) => isTempoFree);
  if (!isFree || Math.abs(Math.log(factor)) > Math.log(MOST_FITTED)) {
    const cut = { ...whole, length: { ...length, exact: true } };
    return countOut(sections, cut, events);
  }
  return timed.map((one) => ({
    ...one,
    qpm: [one.qpm[0] * factor, one.qpm[1] * factor] as const,
    startSeconds: one.startSeconds / factor,
  }));
}

/** Lengths in bars at given tempi; 0 of a section that has no room. */
function countOut(
  sections: readonly TimedSection[],
  { length, usualBars }: WholeLength,
  events: readonly PieceEvent[],
): SectionTime[] {
  const barSeconds = sections.map(({ meter, qpm }) =>
    quartersPerBar(parseMeter(meter)) * secondsPerQuarter(qpm)
  );
  const endSeconds = length && "seconds" in length ? length.seconds : undefined;
  const anchors = [
    ...sections.map(({ from }) => from),
    ...events.map((e) => e.at),
  ];
  const endBars = length && "bars" in length
    ? length.bars
    : endSeconds === undefined
    ? Math.max(usualBars, ...anchors.map((one) => barsAt(one, barSeconds)))
    : undefined;
  const timed: SectionTime[] = [];
  let seconds = 0, barsSoFar = 0;
  const ofLetter = new Map<string, number>();
  for (const [index, { qpm, letter = "" }] of sections.entries()) {
    const own = barSeconds[index]!;
    const end: Anchor = sections[index + 1]?.from ?? { share: 1 };
    const isLast = index === sections.length - 1;
    const wanted = "bar" in end
      ? end.bar - 1 - barsSoFar
      : "seconds" in end
      ? (end.seconds - seconds) / own
      : endSeconds !== undefined
      ? (end.share * endSeconds - seconds) / own
      : end.share * endBars! - barsSoFar;
    const left = endSeconds !== undefined
      ? (endSeconds - seconds) / own
      : endBars! - barsSoFar;
    // A piece that is cut to its length must not be too short.
    const isCut = isLast && length && "seconds" in length && length.exact;
    const round = isCut ? Math.ceil : Math.round;
    const most = isLast ? round(left - 1e-6) : Math.round(left);
    const counted = index > 0 && left < 0.5
      ? 0
      : Math.max(1, Math.min(round(wanted - 1e-6), Math.max(1, most)));
    const first = letter === "" ? counted : ofLetter.get(letter) ?? counted;
    // A length in bars is kept to, and one in seconds to the nearest bar.
    const fits = endSeconds !== undefined || first <= left;
    const isAlike = !isCut && counted > 0 && fits &&
      Math.abs(first - counted) <= 1;
    const bars = isAlike ? first : counted;
    if (!ofLetter.has(letter)) ofLetter.set(letter, bars);
    timed.push({ index, bars, qpm, startSeconds: seconds });
    seconds += bars * own;
    barsSoFar += bars;
  }
  return timed;
}

/** Bars that a piece needs for a time to be in it; 0 for a share. */
function barsAt(anchor: Anchor, barSeconds: readonly number[]): number {
  const shortest = Math.min(...barSeconds);
  return "bar" in anchor
    ? anchor.bar - 1 + LAST_BARS
    : "seconds" in anchor
    ? Math.ceil(anchor.seconds / shortest) + LAST_BARS
    : 0;
}

/** How far sections begin from their times in all, in bars, a little of it. */
function bordersOff(
  sections: readonly TimedSection[],
  timed: readonly SectionTime[],
): number {
  return timed.reduce((sum, { index, bars, startSeconds }) => {
    const { from, meter, qpm } = sections[index]!;
    if (!("seconds" in from) || bars === 0) return sum;
    const bar = quartersPerBar(parseMeter(meter)) * secondsPerQuarter(qpm);
    return sum + BORDER_WEIGHT * Math.abs(startSeconds - from.seconds) / bar;
  }, 0);
}

/** How far a hit is from a beat, in quarters; 0 where it is not told in seconds. */
function beatsOff(
  { at }: PieceEvent,
  sections: readonly TimedSection[],
  timed: readonly SectionTime[],
): number {
  if (!("seconds" in at)) return 0;
  const inside = timed.findLast(({ bars, startSeconds }) =>
    bars > 0 && startSeconds <= at.seconds
  );
  if (!inside) return 0;
  const { qpm } = sections[inside.index]!;
  if (qpm[0] !== qpm[1]) return 0;
  const quarters = (at.seconds - inside.startSeconds) * qpm[0] / 60;
  return Math.abs(quarters - Math.round(quarters));
}
