/** Bars of one meter made of bars of another, of which they are a part. */

import { BarLines } from "./bar_lines.ts";
import {
  type Meter,
  parseMeter,
  quartersPerBar,
  ticksPerBar,
} from "./meter.ts";
import type { Note, NoteSequence } from "./note_sequence.ts";
import { sortNotes } from "./sort_notes.ts";

/** How bars of a meter are made of those of another one. */
export interface BarsAs {
  /** The meter, such as "5/4". */
  readonly meter: string;
  /** The other one, such as "3/4". */
  readonly madeOf: string;
  /** So many bars of the other meter … */
  readonly from: number;
  /** … are so many of the meter, without what is left at their end. */
  readonly to: number;
  /** Meter of every second bar, where two take turns. @default `meter` */
  readonly second?: string;
}

/**
 * How bars of a meter can be made of those of some others: of so many whole ones, or
 * else of the fewest beats more, whose end is left out. 12/8 is two bars of 6/8; 5/4
 * is two of 3/4 without their last beat.
 *
 * @param known Names of at least one meter.
 *
 * @example
 * ```ts
 * import { barsAs } from "immersic/music/music.ts";
 * const { madeOf, from, to } = barsAs("5/4", ["3/4", "4/4", "6/8"]);
 * console.assert(madeOf === "3/4" && from === 2 && to === 1);
 * ```
 */
export function barsAs(meter: string, known: readonly string[]): BarsAs {
  const own = parseMeter(meter), length = quartersPerBar(own);
  const [best] = known.map((madeOf) => {
    const other = parseMeter(madeOf), bar = quartersPerBar(other);
    // Several bars of a short meter are in one of the other.
    const to = Number.isInteger(bar / length) ? bar / length : 1;
    const from = Math.ceil(length * to / bar - 1e-9);
    return {
      meter,
      madeOf,
      from,
      to,
      rest: from * bar - to * length,
      isOther: isCompound(own) !== isCompound(other),
    };
  }).sort((a, b) =>
    a.rest - b.rest || Number(a.isOther) - Number(b.isOther) ||
    a.from + a.to - b.from - b.to
  );
  if (!best) {
    throw new RangeError(
      `Cannot make bars of ${meter}: no other meter is known.`,
    );
  }
  const { madeOf, from, to } = best;
  return { meter, madeOf, from, to };
}

function isCompound({ numerator, denominator }: Meter): boolean {
  return denominator >= 8 && numerator % 3 === 0;
}

/**
 * How bars of two meters by turns are made of those of a meter that is as long as the
 * longer of both, or else of some of one that is longer.
 *
 * @param known Names of at least one meter.
 */
export function barsInTurns(
  meter: string,
  second: string,
  known: readonly string[],
): BarsAs {
  const longer = [meter, second].toSorted((a, b) =>
    quartersPerBar(parseMeter(b)) - quartersPerBar(parseMeter(a))
  )[0]!;
  const { madeOf, from, to } = known.includes(longer)
    ? { madeOf: longer, from: 1, to: 1 }
    : barsAs(longer, known);
  // Several bars in one cannot take turns.
  return { meter, second, madeOf, from: to > 1 ? 1 : from, to: 1 };
}

/**
 * A piece in bars of another meter: what is left of each group of its bars is cut
 * out, notes and all, and notes that sound into it end there.
 *
 * @param sequence In one meter, {@linkcode BarsAs.madeOf}.
 */
export function inBarsAs(
  sequence: NoteSequence,
  { meter, from, to, second }: BarsAs,
): NoteSequence {
  const { ticksPerQuarter, totalTicks } = sequence;
  const lines = BarLines.of(sequence);
  const group = lines.startOf(from);
  const meters = [meter, second ?? meter].map(parseMeter);
  /** Ticks kept of a group of each meter, and of the two together. */
  const kept = meters.map((one) =>
    Math.min(group, Math.round(to * ticksPerBar(one, ticksPerQuarter)))
  );
  const both = kept[0]! + kept[1]!;
  const keptOf = (index: number) => kept[index % 2]!;
  const startOf = (index: number) =>
    Math.floor(index / 2) * both + (index % 2) * kept[0]!;
  const placeOf = (ticks: number) => {
    const index = Math.floor(ticks / group);
    return startOf(index) + Math.min(ticks - index * group, keptOf(index));
  };
  const timeSignatures = second === undefined
    ? [{ ticks: 0, ...meters[0]! }]
    : Array.from({ length: Math.ceil(totalTicks / group) }, (_, index) => ({
      ticks: startOf(index),
      ...meters[index % 2]!,
    }));
  const moved = <T extends { readonly ticks: number }>(changes: readonly T[]) =>
    changes.map((change) => ({ ...change, ticks: placeOf(change.ticks) }));
  return {
    ...sequence,
    notes: sortNotes(
      sequence.notes.filter(({ startTicks }) =>
        startTicks % group < keptOf(Math.floor(startTicks / group))
      )
        .map((note): Note => ({
          ...note,
          startTicks: placeOf(note.startTicks),
          endTicks: placeOf(note.endTicks),
        })),
    ),
    tempos: moved(sequence.tempos),
    timeSignatures,
    keySignatures: moved(sequence.keySignatures),
    controls: moved(sequence.controls),
    ...sequence.markers && { markers: moved(sequence.markers) },
    totalTicks: placeOf(totalTicks),
  };
}
