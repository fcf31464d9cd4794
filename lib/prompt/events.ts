/** Makes events of what happens at one time: hits, silences, fades. */

import type { Anchor, Period, PieceEvent } from "../music/music.ts";
import type { Happening } from "./happenings.ts";
import { anchorOf, type Extent, shareOf, timeName } from "./placing.ts";
import type { Report } from "./report.ts";

/** Where a fade to the end begins, as a share of the piece. */
const FADE_SHARE = 0.88;
/** A last hit is so far on, in the last bar of all. */
const LAST_HIT_SHARE = 0.97;
/** A silence that begins so many seconds before the end lasts to the end. */
const LAST_SECONDS = 6;

/** The events that happenings ask for, in order of time. */
export function eventsOf(
  happenings: readonly Happening[],
  extent: Extent,
  report: Report,
): PieceEvent[] {
  const events: PieceEvent[] = [];
  for (const happening of happenings) {
    const { what, times, seconds, by, every, phrase, start } = happening;
    if (what === "abrupt") {
      report.happen(start, phrase, "it ends at once, without a fade");
      continue;
    }
    const whens = times.length > 0
      ? times.map((time) =>
        what === "hit" && time === "end"
          ? { share: LAST_HIT_SHARE }
          : anchorOf(time, extent)
      )
      : [unsaid(what, seconds, extent)];
    const at = whens.map(timeName).join(", ");
    const who = by === undefined ? "" : ` of ${strikerName(by)}`;
    const when = every ? often(every) : `at ${at}`;
    report.happen(start, phrase, `${NAMES[what]}${who} ${when}`);
    for (const one of whens) {
      // Silence from its end on is what every piece has.
      if (what === "silence" && shareOf(one, extent) >= 1) continue;
      const lasts = seconds ??
        (what === "silence" ? restOf(one, extent) : undefined);
      events.push({
        at: one,
        what,
        ...by !== undefined && { by },
        ...every && { every },
        ...lasts !== undefined && { seconds: lasts },
      });
    }
  }
  return events.toSorted((a, b) =>
    shareOf(a.at, extent) - shareOf(b.at, extent)
  );
}

const NAMES = {
  hit: "a hit",
  silence: "silence",
  fadeIn: "a fade in",
  fadeOut: "a fade out",
} as const;

/** How often, in words. */
function often(every: Period): string {
  const [count, unit] = "bars" in every
    ? [every.bars, "bar"]
    : [every.seconds, "second"];
  return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`;
}

/** Who strikes, in words. */
function strikerName(by: NonNullable<PieceEvent["by"]>): string {
  return typeof by === "string" ? by : "the drums alone";
}

/** The rest of a piece in seconds, where a silence so near the end is its end. */
function restOf(at: Anchor, { seconds }: Extent): number | undefined {
  const rest = seconds !== undefined && "seconds" in at
    ? seconds - at.seconds
    : Infinity;
  return rest > 0 && rest <= LAST_SECONDS ? rest : undefined;
}

/** Where a fade without a time is. */
function unsaid(
  what: string,
  seconds: number | undefined,
  extent: Extent,
): Anchor {
  if (what === "fadeIn") return { share: 0 };
  return seconds !== undefined && extent.seconds !== undefined
    ? { seconds: extent.seconds - seconds }
    : { share: FADE_SHARE };
}
