/**
 * Keys, pad, bass and drums of the starter corpus: figures played on chords.
 */

import type { Random } from "../../lib/base/base.ts";
import { type Groove, strokesOf } from "./patterns.ts";
import type { Bar, Role, ScoreNote, VoicedSpan } from "./score.ts";

/** The pitch of a class that is nearest to `near`, within an octave of `low`. */
export function pitchNear(pitchClass: number, near: number, low: number) {
  const lowest = low + (((pitchClass - low) % 12) + 12) % 12;
  const higher = lowest + 12;
  // A line may rise at most a fourth above its octave.
  return higher <= low + 16 && Math.abs(higher - near) < Math.abs(lowest - near)
    ? higher
    : lowest;
}

/** The span that sounds at a step of a bar. */
function spanAt({ spans }: Bar, step: number): VoicedSpan {
  return spans.findLast((span) => span.start <= step) ?? spans[0]!;
}

/** Steps from `start` to the end of its chord, or of the bar if sooner. */
function room(bar: Bar, span: VoicedSpan, start: number): number {
  return Math.min(span.start + span.steps, bar.start + bar.steps) - start;
}

/** Pitches of a slot of the keys' figure, ascending. */
function handful(
  symbol: string,
  { keys, leftHand }: VoicedSpan,
): number[] {
  const pitches = [...symbol].flatMap((voice) => {
    if (voice === "L") return [leftHand];
    if (voice === "*") return keys;
    const index = Number(voice);
    return [keys[index % keys.length]! + 12 * Math.floor(index / keys.length)];
  });
  return [...new Set(pitches)].sort((a, b) => a - b);
}

/** How the keys play a bar. */
export interface KeysManner {
  readonly figure: string;
  /** Voices of a chord struck one after another, one step apart. */
  readonly isRolled: boolean;
  /** A chord is struck once and held, also over a bar line. */
  readonly isHeld: boolean;
  /** Slots for which notes ring on. */
  readonly ring: number;
}

/**
 * The keys' figure over a bar.
 *
 * @param manner The figure, see `KEYS_FIGURES`, and how to play it.
 */
export function playKeys(bar: Bar, manner: KeysManner): ScoreNote[] {
  if (manner.isHeld) {
    return bar.spans.filter(({ start }) => start >= bar.start).flatMap((span) =>
      handful("L*", span).map((pitch): ScoreNote => ({
        role: "keys",
        pitch,
        start: span.start,
        length: span.steps,
        level: 0,
      }))
    );
  }
  const strokes = strokesOf(manner.figure.split(" "), bar.steps).map((
    stroke,
  ) => ({
    ...stroke,
    start: bar.start + stroke.start,
    length: manner.ring * stroke.length,
  }));
  // A new chord is struck even where the figure has no note.
  for (const { start } of bar.spans) {
    if (start > bar.start && !strokes.some((s) => s.start === start)) {
      strokes.push({ symbol: "L*", start, length: bar.steps });
    }
  }
  return strokes.flatMap(({ symbol, start, length }) => {
    const span = spanAt(bar, start);
    const onBar = start === bar.start;
    return handful(symbol, span).map((pitch, i): ScoreNote => {
      const delay = manner.isRolled && onBar ? i : 0;
      return {
        role: "keys",
        pitch,
        start: start + delay,
        length: Math.min(length, room(bar, span, start)) - delay,
        level: onBar ? 0 : symbol.includes("L") ? 0 : -1,
      };
    });
  });
}

/**
 * Pad chords over a whole piece.
 *
 * @param ties Whether voices that two chords share are held over, two bars at
 * most.
 */
export function playPad(
  spans: readonly VoicedSpan[],
  barSteps: number,
  ties: boolean,
): ScoreNote[] {
  const held = new Map<number, { start: number; end: number }>();
  const notes: ScoreNote[] = [];
  const release = (pitch: number) => {
    const { start, end } = held.get(pitch)!;
    held.delete(pitch);
    notes.push({ role: "pad", pitch, start, length: end - start, level: -2 });
  };
  for (const { start, steps, pad } of spans) {
    for (const [pitch, note] of [...held]) {
      const canGoOn = ties && pad.includes(pitch) && note.end === start &&
        start + steps - note.start <= 2 * barSteps;
      if (!canGoOn) release(pitch);
    }
    for (const pitch of pad) {
      const note = held.get(pitch) ?? { start, end: start };
      held.set(pitch, { ...note, end: start + steps });
    }
  }
  for (const pitch of [...held.keys()]) release(pitch);
  return notes;
}

/**
 * The bass line over a bar.
 *
 * @param figure See `BASS_LINES`.
 * @param next The chord after the bar; undefined at the end.
 */
export function playBass(
  bar: Bar,
  figure: string,
  next: VoicedSpan | undefined,
): ScoreNote[] {
  const strokes = strokesOf([...figure], bar.steps).map((stroke) => ({
    ...stroke,
    start: bar.start + stroke.start,
  }));
  for (const { start } of bar.spans) {
    const here = strokes.findIndex((stroke) => stroke.start === start);
    if (here >= 0) strokes[here] = { ...strokes[here]!, symbol: "R" };
    else strokes.push({ symbol: "R", start, length: bar.steps });
  }
  return strokes.map(({ symbol, start, length }): ScoreNote => {
    const span = spanAt(bar, start);
    return {
      role: "bass",
      pitch: bassPitch(symbol, span, next),
      start,
      length: Math.min(length, room(bar, span, start)),
      level: start === bar.start ? 1 : 0,
    };
  });
}

function bassPitch(
  symbol: string,
  { chord, bass }: VoicedSpan,
  next: VoicedSpan | undefined,
): number {
  if (symbol === "8") return bass + 12;
  if (symbol === "5" && chord.bass === chord.root) {
    const fifth = [7, 6].find((interval) =>
      chord.tones.includes((chord.root + interval) % 12)
    );
    if (fifth !== undefined) return bass + fifth - (bass >= 38 ? 12 : 0);
  }
  if (symbol === "a" && next && next.bass !== bass) {
    const steps = [-1, -2, 1, 2].map((interval) => next.bass + interval).filter(
      (pitch) => chord.scale.includes(pitch % 12),
    );
    const [nearest] = steps.sort((a, b) =>
      Math.abs(a - bass) - Math.abs(b - bass)
    );
    if (nearest !== undefined) return nearest;
  }
  return bass;
}

const KICK = 36, SIDE_STICK = 37, SNARE = 38, CLOSED_HAT = 42, RIDE = 51;

/** The drum of each line of a groove. */
export interface Kit {
  readonly snare: typeof SIDE_STICK | typeof SNARE;
  readonly time: typeof CLOSED_HAT | typeof RIDE;
}

/** A soft kit: side stick or snare, hi-hat or ride. */
export function chooseKit(random: Random): Kit {
  return {
    snare: random.pick([SIDE_STICK, SIDE_STICK, SNARE]),
    time: random.pick([CLOSED_HAT, CLOSED_HAT, RIDE]),
  };
}

const DRUM_LEVELS: Readonly<Record<string, number>> = { X: 0, x: -1, o: -3 };
const HIT_STEPS = 3;

/**
 * The drums over a bar.
 *
 * @param isFill Whether the bar leads into a new section.
 */
export function playDrums(
  bar: Bar,
  groove: Groove,
  kit: Kit,
  isFill: boolean,
): ScoreNote[] {
  const lines: [string, number, number][] = [
    [groove.kick, KICK, 0],
    [groove.snare, kit.snare, 0],
    [groove.hat, kit.time, -1],
  ];
  const notes = lines.flatMap(([line, pitch, level]) =>
    [...line].flatMap((mark, i): ScoreNote[] =>
      mark in DRUM_LEVELS
        ? [{
          role: "drums",
          pitch,
          start: bar.start + i * bar.steps / line.length,
          length: HIT_STEPS,
          level: level + DRUM_LEVELS[mark]!,
        }]
        : []
    )
  );
  if (!isFill) return notes;
  const fill = [9, 3].map((fromEnd, i): ScoreNote => ({
    role: "drums",
    pitch: kit.snare,
    start: bar.start + bar.steps - fromEnd,
    length: HIT_STEPS,
    level: i - 2,
  }));
  return [...notes, ...fill];
}

/**
 * Sorts notes, and makes them playable: a note ends where its key is struck again,
 * and of two notes at the same time on one key only one stays.
 */
export function untangled(notes: readonly ScoreNote[]): ScoreNote[] {
  const sorted = notes.slice().sort((a, b) =>
    a.start - b.start || (a.role < b.role ? -1 : a.role > b.role ? 1 : 0) ||
    a.pitch - b.pitch || b.length - a.length
  );
  /** The last note of each role by pitch, as an index of the result. */
  const lastOf: Partial<Record<Role, number[]>> = {};
  const result: ScoreNote[] = [];
  for (const note of sorted) {
    const last = lastOf[note.role] ??= [];
    const index = last[note.pitch] ?? -1;
    const before = result[index];
    if (before?.start === note.start) {
      const level = Math.max(before.level, note.level);
      result[index] = { ...before, level };
      continue;
    }
    if (before && before.start + before.length > note.start) {
      result[index] = { ...before, length: note.start - before.start };
    }
    last[note.pitch] = result.length;
    result.push(note);
  }
  return result;
}
