/** How many lines there are, and how far apart single notes and chords come. */

import {
  type InstrumentName,
  parseMeter,
  quartersPerBar,
} from "../music/music.ts";
import type { Report } from "./report.ts";
import type { Said } from "./said.ts";
import { TEMPI, UNSAID_QPM } from "./tempo_words.ts";
import type { Fields } from "./types.ts";

const UNSAID_METER = "4/4";

/**
 * Turns what comes every so many bars or seconds into quarter notes. Where it counts
 * seconds and no tempo is in numbers, the piece gets one.
 *
 * @param said Changed in place.
 * @param fields The piece's, changed in place.
 */
export function setApart(
  said: readonly Said[],
  fields: { -readonly [F in keyof Fields]?: Fields[F] },
): void {
  for (const { limitsOfNotes } of said) {
    for (const [i, one] of limitsOfNotes.entries()) {
      const { apartBars, apartSeconds, ...limit } = one.limit;
      if (apartBars === undefined && apartSeconds === undefined) continue;
      if (apartSeconds !== undefined) {
        fields.qpm ??= fields.tempo ? TEMPI[fields.tempo] : UNSAID_QPM;
        delete fields.tempo;
      }
      const bar = quartersPerBar(parseMeter(fields.meter ?? UNSAID_METER));
      if (apartBars !== undefined) fields.meter ??= UNSAID_METER;
      const quarters = apartBars !== undefined
        ? apartBars * bar
        : apartSeconds! * fields.qpm! / 60;
      limitsOfNotes[i] = {
        ...one,
        limit: { ...limit, apartQuarters: Math.round(quarters) },
      };
    }
  }
}

/** Tells that lines of a part of the piece alone are not counted. */
export function tellLinesOfParts(
  clauses: readonly Said[],
  report: Report,
): void {
  for (const { phrase } of clauses.flatMap(({ voices }) => voices ?? [])) {
    report.fault({
      phrase,
      reason: "how many lines there are is not chosen for a part of the piece",
      instead: "each plays as it usually does",
    });
  }
}

/**
 * Has as many parts as there are to be lines play one note at a time, or so many
 * players share the only instrument; tells where that cannot be.
 *
 * @param said Of the whole; gets manners of its parts.
 */
export function setLines(
  said: Said,
  playing: readonly InstrumentName[],
  report: Report,
): void {
  if (!said.voices) return;
  const { count, phrase } = said.voices;
  const pitched = playing.filter((name) => name !== "drums");
  if (pitched.length === count) {
    said.manners.push({ manner: "single", start: 0, isOfAll: true });
    return;
  }
  const [only] = pitched;
  if (pitched.length === 1 && only) {
    said.players.set(only, Array<InstrumentName>(count).fill(only));
    return;
  }
  report.fault({
    phrase,
    reason: pitched.length === 0
      ? "how many lines there are is not chosen where no instruments are named"
      : `how many lines one instrument plays is not chosen, and ${pitched.length} play with pitches`,
    instead: "each plays as it usually does",
  });
}
