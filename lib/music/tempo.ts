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

/** Where each tempo begins; `seconds[i]` is the time at `ticks[i]`. */
interface TempoMap {
  readonly ticks: readonly number[];
  readonly seconds: readonly number[];
  readonly secondsPerTick: readonly number[];
}

// Sequences are immutable, so a map stays true as long as its sequence lives.
const tempoMaps = new WeakMap<NoteSequence, TempoMap>();

function tempoMapOf(sequence: NoteSequence): TempoMap {
  let map = tempoMaps.get(sequence);
  if (map) return map;
  const perTick = (qpm: number) => 60 / (qpm * sequence.ticksPerQuarter);
  const ticks = [0], seconds = [0], secondsPerTick = [perTick(DEFAULT_QPM)];
  for (const tempo of sequence.tempos) {
    const last = ticks.length - 1;
    ticks.push(tempo.ticks);
    seconds.push(
      seconds[last] + (tempo.ticks - ticks[last]) * secondsPerTick[last],
    );
    secondsPerTick.push(perTick(tempo.qpm));
  }
  map = { ticks, seconds, secondsPerTick };
  tempoMaps.set(sequence, map);
  return map;
}

/** Index of the last of the sorted `values` that is not above `value`. */
function lastAtOrBelow(values: readonly number[], value: number): number {
  let low = 0, high = values.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) low = middle;
    else high = middle;
  }
  return low;
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
export function ticksToSeconds(sequence: NoteSequence, ticks: number): number {
  requireTime("ticks", ticks);
  const map = tempoMapOf(sequence);
  const i = lastAtOrBelow(map.ticks, ticks);
  return map.seconds[i] + (ticks - map.ticks[i]) * map.secondsPerTick[i];
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
  const map = tempoMapOf(sequence);
  const i = lastAtOrBelow(map.seconds, seconds);
  return Math.round(
    map.ticks[i] + (seconds - map.seconds[i]) / map.secondsPerTick[i],
  );
}
