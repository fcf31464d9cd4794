/** Control changes of a piece: volume and pan, pedal, fades. */

import {
  BarLines,
  barStarts,
  type ControlChange,
  type NoteSequence,
} from "../music/music.ts";
import { type PartRole, roleOf } from "./parts.ts";

const VOLUME = 7, PAN = 10, EXPRESSION = 11, SUSTAIN = 64;

/** Volume and pan of each role, 0–127; a pan of 64 is the middle. */
const MIX: Readonly<Record<PartRole, readonly [volume: number, pan: number]>> =
  {
    Keys: [100, 58],
    Pad: [84, 70],
    Bass: [100, 64],
    Melody: [104, 72],
    Drums: [88, 64],
  };

/** Bars over which a piece fades out, and pads fade in. */
const FADE_BARS = 2;
/** Expression at the ends of fades. */
const FADED = 45;
/** Expression elsewhere. */
const FULL = 127;
/** Time from the bar line until the pedal goes down, in quarter notes. */
const PEDAL_QUARTERS = 0.1;

/** Volume, pan and expression of each part, at the beginning. */
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

/** The sustain pedal of pianos, changed at every bar line. */
export function pedal(sequence: NoteSequence): ControlChange[] {
  const { parts, notes, totalTicks, ticksPerQuarter } = sequence;
  const bars = BarLines.of(sequence);
  const delay = Math.round(PEDAL_QUARTERS * ticksPerQuarter);
  /** For each part, the bars in which it plays, rising. */
  const played = parts.map(() => new Set<number>());
  for (const { part, startTicks } of notes) {
    if (startTicks < totalTicks) played[part]!.add(bars.barAt(startTicks));
  }
  return parts.flatMap((part, i) => {
    if (part.isDrum || part.program > 5) return [];
    return [...played[i]!].flatMap((bar) => {
      const start = bars.startOf(bar);
      const end = Math.min(bars.startOf(bar + 1), totalTicks);
      if (start + delay >= end) return [];
      return [
        { ticks: start + delay, part: i, controller: SUSTAIN, value: FULL },
        { ticks: end, part: i, controller: SUSTAIN, value: 0 },
      ];
    });
  });
}

/**
 * Everything fades out at the end.
 *
 * @param fadesIn Whether pads fade in at the beginning.
 */
export function fade(
  sequence: NoteSequence,
  fadesIn: boolean,
): ControlChange[] {
  const { parts, totalTicks, ticksPerQuarter } = sequence;
  const bars = barStarts(sequence);
  if (bars.length <= 2 * FADE_BARS) return [];
  const firstEnd = bars[FADE_BARS]!;
  const lastStart = bars[bars.length - FADE_BARS]!;
  const step = ticksPerQuarter / 2;
  const ramp = (
    part: number,
    [from, to]: readonly [fromTicks: number, toTicks: number],
    [first, last]: readonly [first: number, last: number],
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
    ...fadesIn && roleOf(part) === "Pad"
      ? ramp(i, [0, firstEnd], [FADED, FULL])
      : [],
    ...ramp(i, [lastStart, totalTicks], [FULL, FADED]),
  ]);
}
