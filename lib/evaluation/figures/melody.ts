/** Figures of melody: how the parts move. A part's line is the top note of each onset. */

import { largest, smallest } from "../../music/music.ts";
import { entropyOf, meanOf, neighbours, shareOf } from "./counting.ts";
import type { GridPiece, Line } from "./grid_piece.ts";

/** Semitones from which a move is a leap. */
const LEAP = 5;
/** Moves in a turn of a melody that may return. */
const TURN = 4;

/** A move of a line from one onset to the next. */
interface Move {
  /** Semitones, up or down. */
  readonly interval: number;
  /** Steps between the two onsets. */
  readonly steps: number;
}

/** See the labels in figures.ts; all are of pitched notes. */
export function melodyFigures(piece: GridPiece) {
  const lines = piece.lines.filter(({ isDrum }) => !isDrum);
  const movesByLine = lines.map(movesOf);
  const moves = movesByLine.flat();
  const sizes = moves.map(({ interval }) => Math.abs(interval));
  const pairs = movesByLine.flatMap((own) =>
    neighbours(own.filter(({ interval }) => interval !== 0))
  );
  const leaps = pairs.filter(([a]) => Math.abs(a.interval) >= LEAP);
  const turns = movesByLine.map(turnsOf);
  const turnCount = turns.reduce((sum, own) => sum + own.length, 0);
  const known = turns.reduce((sum, own) => sum + new Set(own).size, 0);
  return {
    stepwise: shareOf(sizes, (size) => size <= 2),
    withinOctave: shareOf(sizes, (size) => size <= 11),
    repeatedNotes: shareOf(sizes, (size) => size === 0),
    meanInterval: meanOf(sizes),
    intervalEntropy: meanOf(
      movesByLine.map((own) => entropyOf(own.map(({ interval }) => interval))),
    ),
    turnsBack: shareOf(pairs, isTurn),
    leapsRecovered: shareOf(
      leaps,
      ([leap, next]) => isTurn([leap, next]) && Math.abs(next.interval) <= 2,
    ),
    melodyReturns: turnCount === 0 ? 0 : 1 - known / turnCount,
    range: rangeOf(piece.pitched),
    lineRange: meanOf(lines.map(({ notes }) => rangeOf(notes))),
  };
}

function movesOf({ onsets }: Line): Move[] {
  return neighbours(onsets).map(([a, b]) => ({
    interval: b.notes.at(-1)!.pitch - a.notes.at(-1)!.pitch,
    steps: b.step - a.step,
  }));
}

function isTurn([a, b]: readonly [Move, Move]): boolean {
  return Math.sign(a.interval) !== Math.sign(b.interval);
}

/** All passages of {@linkcode TURN} moves, as words. */
function turnsOf(moves: readonly Move[]): string[] {
  const words = moves.map(({ interval, steps }) => `${interval}/${steps}`);
  return words.slice(TURN - 1).map((_, i) =>
    words.slice(i, i + TURN).join(" ")
  );
}

/** Highest minus lowest pitch in semitones, 0 without notes. */
function rangeOf(notes: readonly { readonly pitch: number }[]): number {
  const pitches = notes.map(({ pitch }) => pitch);
  return notes.length === 0 ? 0 : largest(pitches) - smallest(pitches);
}
