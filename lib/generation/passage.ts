/** The passage of a file that a piece goes on from, and what it is like. */

import {
  BarLines,
  DEFAULT_METER,
  DEFAULT_QPM,
  lastRelease,
  type Meter,
  meterName,
  type NoteSequence,
  sliceSequence,
} from "../music/music.ts";

/** A release so little beyond a bar line, in quarters, needs no bar of its own. */
const SLACK_QUARTERS = 1 / 6;
/** A tempo that holds for a smaller share of a passage is not its tempo. */
const TEMPO_SHARE = 0.25;

/** The last bars of a piece. */
export interface LastBars {
  readonly music: NoteSequence;
  /** The bar line at which they end. */
  readonly endTicks: number;
  readonly bars: number;
}

/** Bars of a piece, up to the bar line at which it has ended. */
export function barsOf(sequence: NoteSequence): number {
  const { notes, ticksPerQuarter } = sequence;
  const lines = BarLines.of(sequence);
  const end = lastRelease(sequence);
  const lastStart = notes.at(-1)?.startTicks ?? 0;
  const bar = lines.barAt(Math.max(lastStart, end - 1)),
    from = lines.startOf(bar);
  const isTail = end - from <= SLACK_QUARTERS * ticksPerQuarter &&
    lastStart < from;
  return isTail ? bar : bar + 1;
}

/**
 * The last bars of a piece, as many as asked and enough to hold its last note.
 *
 * @param count From {@linkcode barsOf}.
 */
export function lastBars(
  sequence: NoteSequence,
  count: number,
  bars: number,
): LastBars {
  const lines = BarLines.of(sequence);
  const lastStart = sequence.notes.at(-1)?.startTicks ?? 0;
  const first = Math.max(0, Math.min(count - bars, lines.barAt(lastStart)));
  const from = lines.startOf(first);
  return {
    music: from === 0 ? sequence : sliceSequence(
      sequence,
      from,
      Math.max(sequence.totalTicks, lastRelease(sequence)),
    ),
    endTicks: lines.startOf(count) - from,
    bars: count - first,
  };
}

/**
 * The tempo of some music: the one that holds longest, or where none holds for a
 * quarter of it, the middle one.
 */
export function mainQpm(sequence: NoteSequence, endTicks: number): number {
  const held = heldTicks(
    [{ ticks: 0, qpm: DEFAULT_QPM }, ...sequence.tempos],
    endTicks,
    ({ qpm }) => qpm,
  );
  const longest = longestHeld(held);
  if (longest === undefined) return sequence.tempos[0]?.qpm ?? DEFAULT_QPM;
  if (held.get(longest)! >= TEMPO_SHARE * endTicks) return longest;
  let ticks = 0;
  for (const [qpm, own] of [...held].sort(([a], [b]) => a - b)) {
    ticks += own;
    if (2 * ticks >= endTicks) return qpm;
  }
  return longest;
}

/** The meter of most of some music. */
export function mainMeter(sequence: NoteSequence, endTicks: number): Meter {
  const meters = [{ ticks: 0, ...DEFAULT_METER }, ...sequence.timeSignatures];
  const held = heldTicks(meters, endTicks, meterName);
  const longest = longestHeld(held);
  return meters.find((meter) => meterName(meter) === longest) ?? DEFAULT_METER;
}

/** For how many ticks each value holds. */
function heldTicks<T extends { readonly ticks: number }, K>(
  changes: readonly T[],
  endTicks: number,
  valueOf: (change: T) => K,
): Map<K, number> {
  const held = new Map<K, number>();
  for (const [i, change] of changes.entries()) {
    const until = Math.min(changes[i + 1]?.ticks ?? Infinity, endTicks);
    if (until <= change.ticks) continue;
    const value = valueOf(change);
    held.set(value, (held.get(value) ?? 0) + until - change.ticks);
  }
  return held;
}

function longestHeld<K>(held: ReadonlyMap<K, number>): K | undefined {
  let longest: K | undefined, most = 0;
  for (const [value, ticks] of held) {
    if (ticks > most) [longest, most] = [value, ticks];
  }
  return longest;
}
