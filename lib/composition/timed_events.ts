/** When the events of a finished piece are, and for how long. */

import type { Stroke, TimedEvent } from "../arrangement/arrangement.ts";
import {
  type Anchor,
  BarLines,
  clockTime,
  type InstrumentName,
  INSTRUMENTS,
  type Key,
  type NoteSequence,
  type PieceEvent,
  secondsToTicks,
  ticksToSeconds,
} from "../music/music.ts";

/** Bars of a fade of no stated length, and its largest share of the piece. */
const FADE_BARS = 4, FADE_SHARE = 0.25;
/** A fade out with nothing after it that begins so near to the end leads up to it. */
const LAST_FADE = 60;
/** What comes again does so up to so many seconds before the end. */
const LAST_AGAIN = 0.5;
/** What ends so few seconds before the end ends with it. */
const NEAR_END = 2;

/**
 * Gives events their seconds. A silence of no stated length lasts a bar, a fade four,
 * or to the next section. A fade out that would begin at the end leads up to it.
 *
 * @param piece With its tempi and meters.
 * @param starts When its sections begin.
 * @param key The piece's, on whose tonic a single instrument strikes.
 * @param notes Gets a sentence for each event after the end, which is left out.
 */
export function timeEvents(
  events: readonly PieceEvent[],
  piece: NoteSequence,
  starts: readonly number[],
  key: Key,
  notes: string[],
): TimedEvent[] {
  const total = ticksToSeconds(piece, piece.totalTicks);
  const borders = [
    ...starts.map((ticks) => ticksToSeconds(piece, ticks)),
    total,
  ];
  return events.flatMap((event): TimedEvent[] => {
    const { at, what, by, seconds: asked, every } = event;
    const begin = what === "hit" && "share" in at
      ? nearestBar(secondsOf(at, piece), piece)
      : secondsOf(at, piece);
    const barAfter = (bars: number) => laterBy(bars, begin, piece);
    if (what === "fadeOut" && begin >= total - NEAR_END) {
      const last = Math.min(
        asked ?? barsBefore(FADE_BARS, piece),
        asked ?? FADE_SHARE * total,
        total,
      );
      return [{ what, seconds: total - last, forSeconds: last }];
    }
    if (begin >= total) {
      notes.push(
        `The ${NAMES[what]} at ${clockTime(begin)} would be after the end, ${
          clockTime(total)
        }; it is left out.`,
      );
      return [];
    }
    if (what === "hit") {
      const stroke = by === undefined ? undefined : strokeOf(by, key);
      return timesOf(begin, every, total, piece).map((seconds, i) => ({
        what,
        seconds,
        forSeconds: 0,
        ...stroke && { stroke },
        ...i > 0 && { isAgain: true },
      }));
    }
    const next = borders.find((border) => border > begin + 0.05) ?? total;
    // After a last fade out nothing is to be waited for.
    const isLast = what === "fadeOut" && next === total &&
      ("share" in at || total - begin <= LAST_FADE);
    const usual = what === "silence"
      ? barAfter(1) - begin
      : isLast
      ? total - begin
      : next <= barAfter(2 * FADE_BARS)
      ? next - begin
      : barAfter(FADE_BARS) - begin;
    const end = begin + (asked ?? usual);
    const until = what !== "fadeIn" && Math.abs(end - total) < NEAR_END
      ? total
      : Math.min(end, total);
    return [{ what, seconds: begin, forSeconds: until - begin }];
  });
}

/** All times of what comes at a time, and maybe again after each period. */
function timesOf(
  begin: number,
  every: PieceEvent["every"],
  total: number,
  piece: NoteSequence,
): number[] {
  if (!every) return [begin];
  const times: number[] = [];
  for (let i = 0;; i++) {
    const time = "bars" in every
      ? laterBy(i * every.bars, begin, piece)
      : begin + i * every.seconds;
    if (time >= total - LAST_AGAIN) return times;
    times.push(time);
  }
}

/** Pitches about which single instruments strike. */
const STROKE_PITCHES: Readonly<Partial<Record<InstrumentName, number>>> = {
  timpani: 45,
  bells: 62,
};
/** The same of others. */
const USUAL_PITCH = 60;

/** The note that an instrument strikes: the tonic near its usual pitch. */
function strokeOf(
  by: NonNullable<PieceEvent["by"]>,
  { tonic }: Key,
): Stroke | undefined {
  if (typeof by === "number") return { pitch: by, name: "Drums" };
  const [program] = INSTRUMENTS[by].programs;
  if (program === undefined) return undefined;
  const usual = STROKE_PITCHES[by] ?? USUAL_PITCH;
  const pitch = usual + (tonic - usual % 12 + 18) % 12 - 6;
  return { program, pitch, name: `${by[0]!.toUpperCase()}${by.slice(1)}` };
}

/** What events are called. */
export const NAMES = {
  hit: "hit",
  silence: "silence",
  fadeIn: "fade in",
  fadeOut: "fade out",
} as const satisfies Record<PieceEvent["what"], string>;

function secondsOf(at: Anchor, piece: NoteSequence): number {
  if ("seconds" in at) return at.seconds;
  if ("share" in at) {
    return at.share * ticksToSeconds(piece, piece.totalTicks);
  }
  const ticks = BarLines.of(piece).startOf(Math.max(0, at.bar - 1));
  return ticksToSeconds(piece, ticks);
}

/** When the bar begins that is nearest to a time. */
function nearestBar(seconds: number, piece: NoteSequence): number {
  const lines = BarLines.of(piece);
  const bar = lines.barAt(secondsToTicks(piece, seconds));
  if (bar >= lines.count - 1) {
    return ticksToSeconds(piece, lines.startOf(lines.count - 1));
  }
  const [before, after] = [bar, bar + 1].map((one) =>
    ticksToSeconds(piece, lines.startOf(one))
  );
  return seconds - before! < after! - seconds ? before! : after!;
}

/** The time some bars after another. */
function laterBy(bars: number, seconds: number, piece: NoteSequence): number {
  const lines = BarLines.of(piece);
  const ticks = secondsToTicks(piece, seconds);
  const bar = lines.barAt(ticks), start = lines.startOf(bar);
  return ticksToSeconds(piece, lines.startOf(bar + bars) + ticks - start);
}

/** Seconds of the last bars of a piece. */
function barsBefore(bars: number, piece: NoteSequence): number {
  const lines = BarLines.of(piece);
  const from = lines.startOf(Math.max(0, lines.count - bars));
  return ticksToSeconds(piece, piece.totalTicks) - ticksToSeconds(piece, from);
}
