/** Figures of rhythm and repetition: when notes begin, how long they last, what returns. */

import { deflateSync } from "node:zlib";
import type { Note } from "../../music/music.ts";
import {
  deviationOf,
  entropyOf,
  meanOf,
  neighbours,
  ratio,
  returningShare,
  shareOf,
} from "./counting.ts";
import type { Bar, GridPiece, Line } from "./grid_piece.ts";

/** Steps of a quarter note, as grid_piece.ts lays notes out. */
const QUARTER = 12;

/** See the labels in figures.ts; drums count, too. */
export function rhythmFigures(piece: GridPiece) {
  const { bars, lines, notes } = piece;
  const lengths = notes.map((note) => note.endTicks - note.startTicks);
  const gaps = lines.map(({ onsets }) =>
    neighbours(onsets).map(([a, b]) => b.step - a.step)
  );
  const starts = bars.flatMap((
    bar,
  ) => [...new Set(bar.notes.map((note) => note.startTicks - bar.start))]);
  const placed = bars.map(placesIn);
  const patterns = lines.map((line) => patternsOf(line, bars));
  return {
    rhythmReturns: ratio(
      patterns.reduce((sum, own) => sum + returningShare(own) * own.length, 0),
      patterns.reduce((sum, own) => sum + own.length, 0),
    ),
    noteLength: meanOf(lengths) / QUARTER,
    noteLengthDeviation: deviationOf(lengths) / QUARTER,
    noteLengthEntropy: entropyOf(lengths),
    legato: shareOf(lines.flatMap(isLegatoByNote), Boolean),
    onQuarter: shareOf(starts, (step) => step % QUARTER === 0),
    onEighth: shareOf(starts, (step) => step % (QUARTER / 2) === 0),
    syncopation: shareOf(
      bars.flatMap((bar) => bar.notes.map((note) => isSyncopated(note, bar))),
      Boolean,
    ),
    gapEntropy: meanOf(gaps.map(entropyOf)),
    placeEntropy: entropyOf(starts),
    sameOneBarOn: likenessApart(placed, 1),
    sameTwoBarsOn: likenessApart(placed, 2),
    sameFourBarsOn: likenessApart(placed, 4),
    sameEightBarsOn: likenessApart(placed, 8),
    compression: compressionOf(notes),
  };
}

/** By bar that a line plays in, where its notes begin, as a word. */
function patternsOf({ onsets }: Line, bars: readonly Bar[]): string[] {
  return [...Map.groupBy(onsets, ({ bar }) => bar)].map(([bar, own]) =>
    own.map(({ step }) => step - bars[bar]!.start).join(" ")
  );
}

/** By note but those of the last onset, whether it lasts until the next onset. */
function isLegatoByNote({ onsets }: Line): boolean[] {
  return neighbours(onsets).flatMap(([{ notes }, next]) =>
    notes.map(({ endTicks }) => Math.abs(endTicks - next.step) <= 1)
  );
}

/** Whether a note begins off the beat and sounds on beyond the next beat. */
function isSyncopated(
  { startTicks, endTicks }: Note,
  bar: Bar,
): boolean {
  const offBeat = (startTicks - bar.start) % QUARTER;
  return offBeat !== 0 && endTicks > startTicks + QUARTER - offBeat;
}

/** What begins in a bar: part, pitch and place of each note, as one number each. */
function placesIn({ start, notes }: Bar): Set<number> {
  return new Set(
    notes.map(({ part, pitch, startTicks }) =>
      ((startTicks - start) * 129 + part) * 128 + pitch
    ),
  );
}

/**
 * Mean likeness of bars some bars apart: the notes that both have, of those that
 * either has (Jaccard). Pairs of empty bars do not count.
 */
function likenessApart(
  bars: readonly ReadonlySet<number>[],
  apart: number,
): number {
  const pairs = bars.slice(apart)
    .map((bar, i) => [bars[i]!, bar] as const)
    .filter(([a, b]) => a.size + b.size > 0);
  return meanOf(
    pairs.map(([a, b]) => ratio(a.intersection(b).size, a.union(b).size)),
  );
}

/**
 * Bytes of the notes' list packed by zlib for each byte of the list: four bytes a
 * note (steps since the note before, part, pitch, length).
 */
function compressionOf(notes: readonly Note[]): number {
  const bytes = notes.flatMap(({ startTicks, endTicks, part, pitch }, i) => [
    Math.min(255, startTicks - (notes[i - 1]?.startTicks ?? 0)),
    part,
    pitch,
    Math.min(255, endTicks - startTicks),
  ]);
  return ratio(deflateSync(Uint8Array.from(bytes)).length, bytes.length);
}
