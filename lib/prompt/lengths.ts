/** The length that a prompt's sections and events give a piece. */

import type { PieceLength } from "../music/music.ts";
import type { Happening } from "./happenings.ts";
import type { Clause, Outline } from "./outline.ts";
import { lengthOfSpans } from "./placing.ts";

/** Seconds of the silence that a piece ends with. */
const END_SILENCE = 3;

/** The length that a timeline has, where none is asked for the whole. */
export function lengthOf(
  { clauses, happenings }: Outline,
): PieceLength | undefined {
  const steps = clauses.filter(({ how }) => how === "then" || how === "part");
  const spans = lengthOfSpans(steps) ?? growthOf(clauses);
  if (spans) return spans;
  const silence = happenings.at(-1);
  if (
    silence?.what === "silence" && silence.isDerived && isLast(silence, clauses)
  ) {
    // "A hit at 0:25, then silence" ends so.
    const [time] = silence.times;
    if (typeof time === "object" && "seconds" in time) {
      return { seconds: time.seconds + END_SILENCE };
    }
  }
  const stop = stopOf(clauses, happenings);
  if (stop !== undefined) return { seconds: stop };
  const closing = closingOf(clauses);
  if (closing) return closing;
  const ends = clauses.flatMap(({ to, isUntil }) =>
    !isUntil && typeof to === "object" && "seconds" in to ? [to.seconds] : []
  );
  const last = clauses.at(-1)?.to;
  if (ends.length < 2) {
    const latest = Math.max(
      ...clauses.flatMap(({ to }) =>
        typeof to === "object" && "seconds" in to ? [to.seconds] : []
      ),
    );
    const isEnd = clauses.length > 1 && typeof last === "object" &&
      "seconds" in last && !clauses.some(({ from }) =>
        typeof from === "object" && "seconds" in from && from.seconds >= latest
      );
    return isEnd ? { seconds: latest } : undefined;
  }
  const fades = happenings.flatMap(({ what, times: [time], seconds = 0 }) =>
    what === "fadeOut" && typeof time === "object" && "seconds" in time
      ? [time.seconds + seconds]
      : []
  );
  return { seconds: Math.max(...ends, ...fades) };
}

/** The length of "grows for two minutes", where nothing else is said of times. */
function growthOf(clauses: readonly Clause[]): PieceLength | undefined {
  const [first, ...others] = clauses;
  const isStart = typeof first?.from === "object" && "share" in first.from &&
    first.from.share === 0;
  const isGrowth = isStart && others.every(({ from }) => from === "end") &&
    first!.wishes.some(({ ask }) => ask.is === "more");
  return isGrowth ? first!.span : undefined;
}

/** When everything stops, where that is the last that is said. */
function stopOf(
  clauses: readonly Clause[],
  happenings: readonly Happening[],
): number | undefined {
  const last = happenings.at(-1);
  const [time] = last?.times ?? [];
  const isStop = last?.what === "silence" && last.times.length === 1 &&
    last.seconds === undefined &&
    /\bstops?\b/i.test(last.phrase) && isLast(last, clauses);
  return isStop && typeof time === "object" && "seconds" in time
    ? time.seconds
    : undefined;
}

/** Whether nothing is said after something that happens. */
function isLast({ start }: Happening, clauses: readonly Clause[]): boolean {
  return clauses.every((clause) => clause.start < start);
}

/** The length of "first 30 seconds …, next 30 seconds …, last 30 seconds …". */
function closingOf(clauses: readonly Clause[]): PieceLength | undefined {
  let seconds = 0;
  for (const { from, to, span } of clauses) {
    if (span && "seconds" in span) seconds += span.seconds;
    else if (typeof to === "object" && "seconds" in to) seconds = to.seconds;
    else if (typeof from === "object" && "beforeEnd" in from && !from.isBars) {
      return seconds > 0 ? { seconds: seconds + from.beforeEnd } : undefined;
    } else return undefined;
  }
  return undefined;
}
