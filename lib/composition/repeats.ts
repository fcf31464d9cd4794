/** Sections that come again: which units are sampled, and which are those once more. */

import {
  type NoteSequence,
  type PieceSpec,
  sliceSequence,
  ticksPerBar,
  transposeSequence,
} from "../music/music.ts";
import type { Unit } from "./units.ts";

/** Where the notes of a unit come from. */
export interface Source {
  /** Index among the units that are sampled. */
  readonly index: number;
  /** By how much they are transposed. */
  readonly semitones: number;
}

/** What is sampled of a piece, and how its units are made of that. */
export interface Repeats {
  /** Each at least as long as every unit that is made of it. */
  readonly sampled: readonly Unit[];
  /** One for each unit. */
  readonly sources: readonly Source[];
}

/**
 * Units of one letter are the same music where they ask for the same, but for their
 * loudness and the tonic of their key: they are sampled once, as long as the longest.
 */
export function repeatsOf(units: readonly Unit[]): Repeats {
  const sampled: Unit[] = [];
  const sources = units.map((unit): Source => {
    const index = sampled.findIndex((one) =>
      unit.letter !== undefined && one.letter === unit.letter &&
      likenessOf(one) === likenessOf(unit)
    );
    if (index < 0) {
      sampled.push(unit);
      return { index: sampled.length - 1, semitones: 0 };
    }
    const first = sampled[index]!;
    if (unit.bars > first.bars) sampled[index] = longer(first, unit.bars);
    return { index, semitones: distance(first, unit) };
  });
  return { sampled, sources };
}

/** The unit, with so many bars. */
function longer(unit: Unit, bars: number): Unit {
  return {
    ...unit,
    bars,
    wishes: unit.wishes.map((one) => ({ ...one, bars })),
  };
}

/** All that is asked of a unit but its loudness and its tonic, as text. */
function likenessOf({ spec, wishes: [wish] }: Unit): string {
  const { key, loudness: _, length: __, chords, ...asked } = wish!.asked;
  const { meter, qpm } = spec;
  const tonic = key?.tonic ?? 0;
  const row = chords?.chords.map(({ root, intervals, bass = root }) => [
    (root - tonic + 12) % 12,
    (bass - tonic + 12) % 12,
    intervals,
  ]);
  return JSON.stringify([key?.mode, asked, row, chords?.barsEach, meter, qpm]);
}

/** Semitones from the key of one unit to that of another, the nearer way. */
function distance(first: Unit, second: Unit): number {
  const [from, to] = [first, second].map(({ spec, wishes }) =>
    tonicOf(spec) ?? wishes[0]!.asked.key?.tonic ?? 0
  );
  return (to! - from! + 18) % 12 - 6;
}

function tonicOf({ targets }: PieceSpec): number | undefined {
  return targets?.key?.tonic;
}

/** The notes of a unit, made of those that were sampled for it or for another. */
export function repeated(
  sequence: NoteSequence,
  { bars }: Unit,
  semitones: number,
): NoteSequence {
  const { ticksPerQuarter, timeSignatures, totalTicks } = sequence;
  const bar = ticksPerBar(timeSignatures[0]!, ticksPerQuarter);
  const end = Math.round(bars * bar);
  const cut = end < totalTicks ? sliceSequence(sequence, 0, end) : sequence;
  return transposeSequence(cut, semitones);
}
