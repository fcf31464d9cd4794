/** The tempo of a piece: what it begins with, and the seconds that ticks last. */

import type { NoteSequence } from "./note_sequence.ts";

/** Quarter notes per minute until a piece states a tempo, as MIDI files have it. */
export const DEFAULT_QPM = 120;

/**
 * The tempo of tick 0: the one stated there, or else {@linkcode DEFAULT_QPM},
 * though a later tempo may follow.
 *
 * @example
 * ```ts
 * import { firstQpm } from "immersic/music/music.ts";
 * console.assert(firstQpm({ tempos: [{ ticks: 0, qpm: 72 }] }) === 72);
 * console.assert(firstQpm({ tempos: [{ ticks: 480, qpm: 72 }] }) === 120);
 * ```
 */
export function firstQpm({ tempos }: Pick<NoteSequence, "tempos">): number {
  return tempos[0]?.ticks === 0 ? tempos[0].qpm : DEFAULT_QPM;
}

/**
 * The first tempo that a piece states, at whatever tick; {@linkcode DEFAULT_QPM}
 * if it states none. {@linkcode firstQpm} gives the tempo of tick 0.
 *
 * @example
 * ```ts
 * import { firstStatedQpm } from "immersic/music/music.ts";
 * console.assert(firstStatedQpm({ tempos: [{ ticks: 480, qpm: 72 }] }) === 72);
 * ```
 */
export function firstStatedQpm(
  { tempos }: Pick<NoteSequence, "tempos">,
): number {
  return tempos[0]?.qpm ?? DEFAULT_QPM;
}

/** A stretch of one tempo. */
interface TempoSpan {
  /** When it begins. */
  readonly ticks: number;
  /** When it begins. */
  readonly seconds: number;
  readonly secondsPerTick: number;
}

// Sequences are immutable, so their spans stay true as long as they live.
const spansOfSequences = new WeakMap<
  Pick<NoteSequence, "tempos" | "ticksPerQuarter">,
  TempoSpan[]
>();

/** In ascending order; the first begins at tick 0. */
function tempoSpans(
  sequence: Pick<NoteSequence, "tempos" | "ticksPerQuarter">,
): TempoSpan[] {
  const known = spansOfSequences.get(sequence);
  if (known) return known;
  const perTick = (qpm: number) => 60 / (qpm * sequence.ticksPerQuarter);
  let last: TempoSpan = {
    ticks: 0,
    seconds: 0,
    secondsPerTick: perTick(DEFAULT_QPM),
  };
  const spans = [last];
  for (const { ticks, qpm } of sequence.tempos) {
    const seconds = last.seconds + (ticks - last.ticks) * last.secondsPerTick;
    last = { ticks, seconds, secondsPerTick: perTick(qpm) };
    spans.push(last);
  }
  spansOfSequences.set(sequence, spans);
  return spans;
}

/** The last of the spans that begins by a time, in ticks or seconds. */
function spanAt(
  spans: readonly TempoSpan[],
  unit: "ticks" | "seconds",
  time: number,
): TempoSpan {
  let low = 0, high = spans.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (spans[middle]![unit] <= time) low = middle;
    else high = middle;
  }
  return spans[low]!;
}

function requireTime(name: string, value: number): void {
  if (!(value >= 0 && value < Infinity)) {
    throw new RangeError(
      `Cannot convert a time: ${name} must be finite and not negative, current value is ${value}.`,
    );
  }
}

/**
 * The moment of a tick, following the tempo changes; 120 qpm before the first.
 *
 * @param sequence The sequence whose tempi count.
 * @param ticks Ticks from the start, fractions allowed.
 * @returns Seconds from the start.
 * @throws {RangeError} If `ticks` is negative or not finite.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence, ticksToSeconds } from "immersic/music/music.ts";
 * assert(ticksToSeconds(emptySequence(480), 960) === 1);
 * ```
 */
export function ticksToSeconds(
  sequence: Pick<NoteSequence, "tempos" | "ticksPerQuarter">,
  ticks: number,
): number {
  requireTime("ticks", ticks);
  const span = spanAt(tempoSpans(sequence), "ticks", ticks);
  return span.seconds + (ticks - span.ticks) * span.secondsPerTick;
}

/**
 * The tick nearest to a moment, following the tempo changes.
 *
 * @param sequence The sequence whose tempi count.
 * @param seconds Seconds from the start.
 * @returns Ticks from the start, an integer.
 * @throws {RangeError} If `seconds` is negative or not finite.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence, secondsToTicks } from "immersic/music/music.ts";
 * assert(secondsToTicks(emptySequence(480), 1) === 960);
 * ```
 */
export function secondsToTicks(
  sequence: NoteSequence,
  seconds: number,
): number {
  requireTime("seconds", seconds);
  const span = spanAt(tempoSpans(sequence), "seconds", seconds);
  return Math.round(
    span.ticks + (seconds - span.seconds) / span.secondsPerTick,
  );
}
