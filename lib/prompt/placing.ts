/** Gives every clause of a timeline its time. */

import { type Anchor, clockTime, type PieceLength } from "../music/music.ts";
import type { Clause } from "./outline.ts";
import type { Happening } from "./happenings.ts";
import type { Report } from "./report.ts";
import type { When } from "./types.ts";

/** A clause and the share of the piece that it covers. */
export interface Placed {
  readonly clause: Clause;
  readonly from: Anchor;
  readonly fromShare: number;
  readonly to?: Anchor;
  /** @default where the next begins */
  readonly toShare?: number;
}

/** Where "at the end" begins, as a share of the piece. */
const END_SHARE = 0.85;
/** The same where the key changes, which takes longer to be heard. */
const KEY_END_SHARE = 0.75;
/** Length by which times are compared where none is asked. */
const USUAL_SECONDS = 120, USUAL_BARS = 32;
/** Where a section can begin at the latest. */
const LATEST_SHARE = 0.98;
/** From here on, times without a unit are minutes. */
const LONG_SECONDS = 600;

/** The length of a piece, as far as it is known. */
export interface Extent {
  readonly seconds?: number;
  readonly bars?: number;
}

/** A piece so short is a jingle: its lines move, and no sections follow each other. */
const SHORT_SECONDS = 8, SHORT_BARS = 2;
/** Whether a piece has no room for sections, as a jingle has not. */
export function isShort({ seconds, bars }: Extent): boolean {
  return (seconds ?? Infinity) <= SHORT_SECONDS ||
    (bars ?? Infinity) <= SHORT_BARS;
}

/** A length as an extent. */
export function extentOf(length: PieceLength | undefined): Extent {
  if (!length || "endless" in length) return {};
  return "bars" in length ? { bars: length.bars } : { seconds: length.seconds };
}

/** A time as PieceSpec writes it. */
export function anchorOf(when: When, extent: Extent): Anchor {
  if (when === "end") return { share: END_SHARE };
  if ("count" in when) {
    const isLong = (extent.seconds ?? 0) >= LONG_SECONDS;
    return { seconds: when.count * (isLong ? 60 : 1) };
  }
  if ("beforeEnd" in when) {
    const { seconds, bars } = extent;
    if (when.isBars) {
      return bars === undefined || bars <= when.beforeEnd
        ? { share: END_SHARE }
        : { bar: bars - when.beforeEnd + 1 };
    }
    return seconds === undefined || seconds <= when.beforeEnd
      ? { share: END_SHARE }
      : { seconds: seconds - when.beforeEnd };
  }
  return when;
}

/** About which share of the piece a time is at. */
export function shareOf(anchor: Anchor, extent: Extent): number {
  if ("share" in anchor) return anchor.share;
  if ("seconds" in anchor) {
    return anchor.seconds / (extent.seconds ?? USUAL_SECONDS);
  }
  return (anchor.bar - 1) / (extent.bars ?? USUAL_BARS);
}

/** The time after a time and a span; undefined where they do not add up. */
function after(from: Anchor, span: PieceLength): Anchor | undefined {
  const isStart = "share" in from && from.share === 0;
  if ("bars" in span) {
    if (isStart) return { bar: 1 + span.bars };
    return "bar" in from ? { bar: from.bar + span.bars } : undefined;
  }
  if (!("seconds" in span)) return undefined;
  if (isStart) return { seconds: span.seconds };
  return "seconds" in from
    ? { seconds: from.seconds + span.seconds }
    : undefined;
}

/** The sum of the spans of clauses one after the other, if there are several. */
export function lengthOfSpans(
  clauses: readonly Clause[],
): PieceLength | undefined {
  const spans = clauses.flatMap(({ span }) => span ? [span] : []);
  if (spans.length < 2) return undefined;
  const bars = spans.map((span) => "bars" in span ? span.bars : NaN);
  const seconds = spans.map((span) => "seconds" in span ? span.seconds : NaN);
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  if (!Number.isNaN(sum(bars))) return { bars: sum(bars) };
  return Number.isNaN(sum(seconds)) ? undefined : { seconds: sum(seconds) };
}

/** Places clauses: by their times, after each other's spans, or evenly. */
export function placeClauses(
  clauses: readonly Clause[],
  happenings: readonly Happening[],
  extent: Extent,
  report: Report,
): Placed[] {
  const times = clauses.map((clause) => timeOf(clause, extent, report));
  for (const [i, clause] of clauses.entries()) {
    times[i] = followed(times[i], i, {
      clauses,
      times,
      happenings,
      clause,
      extent,
    });
  }
  spread(times, extent);
  return clauses.map((clause, i) => {
    const from = times[i]!;
    const to = clause.to === undefined
      ? clause.span && after(from, clause.span)
      : anchorOf(clause.to, extent);
    return {
      clause,
      from,
      // Of an unknown length all is within.
      fromShare: Math.min(shareOf(from, extent), LATEST_SHARE),
      ...to && { to, toShare: shareOf(to, extent) },
    };
  });
}

/** A clause's own time. One after the end of the piece is put in its middle. */
function timeOf(
  { from, isLater = false, phrase, wishes }: Clause,
  extent: Extent,
  report: Report,
): Anchor | undefined {
  if (from === undefined || isLater) return undefined;
  const isOfKey = wishes.some(({ ask }) =>
    ask.is === "modulate" ||
    ask.is === "set" && (ask.fields.tonic ?? ask.fields.mode) !== undefined
  );
  if (from === "end" && isOfKey) return { share: KEY_END_SHARE };
  const anchor = anchorOf(from, extent);
  const isKnown = "seconds" in anchor
    ? extent.seconds !== undefined
    : "bar" in anchor && extent.bars !== undefined;
  if (!isKnown || shareOf(anchor, extent) < 1) return anchor;
  report.fault({
    phrase,
    reason: `"${phrase}" lies after the end of the piece`,
    instead: "it comes in the middle of the piece",
  });
  return { share: 0.5 };
}

/** The time of a clause that follows another, where that is known. */
function followed(
  time: Anchor | undefined,
  i: number,
  { clauses, times, happenings, clause, extent }: {
    readonly clauses: readonly Clause[];
    readonly times: readonly (Anchor | undefined)[];
    readonly happenings: readonly Happening[];
    readonly clause: Clause;
    readonly extent: Extent;
  },
): Anchor | undefined {
  if (time) return time;
  const happening = happenings.findLast(({ start, what }) =>
    start < clause.start && (what === "hit" || what === "silence")
  );
  const last = happening?.times.at(-1);
  if (clause.how === "then" && typeof last === "object" && "seconds" in last) {
    return { seconds: last.seconds + (happening?.seconds ?? 1) };
  }
  if (i === 0) {
    return clause.how === "then" && !clause.span ? undefined : { share: 0 };
  }
  const before = times[i - 1], { span, to } = clauses[i - 1]!;
  if (!before) return undefined;
  if (clause.isLater && clause.from && typeof clause.from === "object") {
    const { from } = clause;
    if ("bar" in from) return after(before, { bars: from.bar - 1 });
    if ("seconds" in from) return after(before, { seconds: from.seconds });
  }
  if (to !== undefined) return anchorOf(to, extent);
  if (span) return after(before, span);
  // Where others say how long they last, one that does not takes no time.
  return lengthOfSpans(clauses) ? before : undefined;
}

/** Spreads clauses without a time evenly between their neighbours. */
function spread(times: (Anchor | undefined)[], extent: Extent): void {
  for (let i = 0; i < times.length; i++) {
    if (times[i]) continue;
    let next = i;
    while (next < times.length && !times[next]) next++;
    const from = i === 0 ? 0 : shareOf(times[i - 1]!, extent);
    const to = next === times.length ? 1 : shareOf(times[next]!, extent);
    // A stretch begins with the clause before it.
    const count = next - i + 1;
    for (let j = i; j < next; j++) {
      times[j] = { share: from + (to - from) * (j - i + 1) / count };
    }
  }
}

/** Whether a time is the end, or counts from it. */
export function isAtEnd(when: When | undefined): boolean {
  return when === "end" || typeof when === "object" && "beforeEnd" in when;
}

/** A time in words. */
export function timeName(anchor: Anchor): string {
  if ("bar" in anchor) return `bar ${anchor.bar}`;
  if ("seconds" in anchor) return clockTime(anchor.seconds);
  const { share } = anchor;
  if (share === 0) return "the beginning";
  return share === 0.5
    ? "the middle"
    : `${Math.round(100 * share)} % of the piece`;
}
