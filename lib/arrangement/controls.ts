/** What is done with pedals and faders. */

import {
  barStarts,
  type ControlChange,
  type NoteSequence,
} from "../music/music.ts";
import { type PartRole, roleOf } from "./parts.ts";

const VOLUME = 7, PAN = 10, EXPRESSION = 11, SUSTAIN = 64;

/** Fader and place of each role, 0–127; 64 is the middle. */
const MIX: Readonly<Record<PartRole, readonly [volume: number, pan: number]>> =
  {
    Keys: [100, 58],
    Pad: [84, 70],
    Bass: [100, 64],
    Melody: [104, 72],
    Drums: [88, 64],
  };

/** Bars over which a piece fades at its end, and pads at its beginning. */
const FADE_BARS = 2;
/** Of a full fader, how much is left at the end. */
const FADED = 45;
const FULL = 127;
/** The pedal goes down this long after the bar line, in quarter notes. */
const PEDAL_QUARTERS = 0.1;

/** Volume and pan of each part, at its beginning. */
export function mix({ parts }: NoteSequence): ControlChange[] {
  return parts.flatMap((part, i) => {
    const [volume, pan] = MIX[roleOf(part)];
    return [
      { ticks: 0, part: i, controller: VOLUME, value: volume },
      { ticks: 0, part: i, controller: PAN, value: pan },
      { ticks: 0, part: i, controller: EXPRESSION, value: FULL },
    ];
  });
}

/** The pianos' pedal, changed at every bar line. */
export function pedal(sequence: NoteSequence): ControlChange[] {
  const { parts, notes, totalTicks, ticksPerQuarter } = sequence;
  const bars = barStarts(sequence);
  const delay = Math.round(PEDAL_QUARTERS * ticksPerQuarter);
  return parts.flatMap((part, i) => {
    if (part.isDrum || part.program > 5) return [];
    const starts = notes.filter((note) => note.part === i)
      .map(({ startTicks }) => startTicks);
    return bars.flatMap((start, bar) => {
      const end = bars[bar + 1] ?? totalTicks;
      const isPlayed = starts.some((ticks) => ticks >= start && ticks < end);
      if (!isPlayed || start + delay >= end) return [];
      return [
        { ticks: start + delay, part: i, controller: SUSTAIN, value: FULL },
        { ticks: end, part: i, controller: SUSTAIN, value: 0 },
      ];
    });
  });
}

/** Pads come in from nothing, and at the end everything fades. */
export function fade(sequence: NoteSequence): ControlChange[] {
  const { parts, totalTicks, ticksPerQuarter } = sequence;
  const bars = barStarts(sequence);
  if (bars.length <= 2 * FADE_BARS) return [];
  const lastBars = bars[bars.length - FADE_BARS];
  const step = ticksPerQuarter / 2;
  const ramp = (
    part: number,
    from: number,
    to: number,
    first: number,
    last: number,
  ): ControlChange[] => {
    const count = Math.max(1, Math.round((to - from) / step));
    return Array.from({ length: count + 1 }, (_, i) => ({
      ticks: Math.round(from + (to - from) * i / count),
      part,
      controller: EXPRESSION,
      value: Math.round(first + (last - first) * i / count),
    }));
  };
  return parts.flatMap((part, i) => [
    ...roleOf(part) === "Pad" ? ramp(i, 0, bars[FADE_BARS], FADED, FULL) : [],
    ...ramp(i, lastBars, totalTicks, FULL, FADED),
  ]);
}
