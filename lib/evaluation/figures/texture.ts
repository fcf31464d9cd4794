/** Figures of texture: how many sound together, and how the parts share the piece. */

import type { Note } from "../../music/music.ts";
import { deviationOf, meanOf, ratio, shareOf } from "./counting.ts";
import type { GridPiece, Line } from "./grid_piece.ts";

/** See the labels in figures.ts. */
export function textureFigures(piece: GridPiece) {
  const { bars, lines, notes, pitched } = piece;
  const voices = voicesByStep(pitched, piece.end);
  const heard = voicesByStep(notes, piece.end);
  const onsets = lines.filter(({ isDrum }) => !isDrum)
    .flatMap(({ onsets }) => onsets);
  const chords = onsets.filter((onset) => onset.notes.length > 1);
  const density = bars.map((bar) =>
    ratio(12 * bar.notes.length, bar.end - bar.start)
  );
  const third = Math.ceil(bars.length / 3);
  return {
    bassOverlap: overlapIn(piece.bass),
    polyphony: meanOf(voices.filter((count) => count > 0)),
    polyphonyDeviation: deviationOf(voices),
    silence: shareOf(heard, (count) => count === 0),
    notesPerOnset: meanOf(onsets.map(({ notes }) => notes.length)),
    handSpan: meanOf(
      chords.map(({ notes }) => notes.at(-1)!.pitch - notes[0]!.pitch),
    ),
    doubled: doubledShare(pitched),
    partsPerBar: ratio(meanOf(bars.map(partsIn)), lines.length),
    entries: meanOf(
      lines.map(({ onsets }) => ratio(onsets[0]!.bar, bars.length)),
    ),
    density: meanOf(density),
    densitySpread: ratio(deviationOf(density), meanOf(density)),
    densityGrowth: ratio(
      meanOf(density.slice(-third)) - meanOf(density.slice(0, third)),
      meanOf(density),
    ),
    registerDrift: Math.abs(
      meanOf(pitchesIn(piece, bars.length - third, bars.length)) -
        meanOf(pitchesIn(piece, 0, third)),
    ),
    velocitySpread: deviationOf(notes.map(({ velocity }) => velocity)),
  };
}

/** By step, how many notes sound. */
function voicesByStep(notes: readonly Note[], end: number): number[] {
  const changes = new Array<number>(end + 1).fill(0);
  for (const { startTicks, endTicks } of notes) {
    changes[startTicks]!++;
    changes[endTicks]!--;
  }
  let count = 0;
  return changes.slice(0, end).map((change) => count += change);
}

/** Share of a line's notes that sound while another of it does. */
function overlapIn(line: Line | undefined): number {
  const notes = line?.notes ?? [];
  const overlapping = new Set<Note>();
  let held: Note[] = [];
  for (const note of notes) {
    held = held.filter(({ endTicks }) => endTicks > note.startTicks);
    for (const other of held) overlapping.add(other).add(note);
    held.push(note);
  }
  return ratio(overlapping.size, notes.length);
}

/** Share of the notes that another part plays, too, at the same time and pitch. */
function doubledShare(notes: readonly Note[]): number {
  const counts = new Map<number, number>();
  const place = ({ startTicks, pitch }: Note) => 128 * startTicks + pitch;
  for (const note of notes) {
    counts.set(place(note), (counts.get(place(note)) ?? 0) + 1);
  }
  return shareOf(notes, (note) => counts.get(place(note))! > 1);
}

function partsIn({ notes }: { readonly notes: readonly Note[] }): number {
  return new Set(notes.map(({ part }) => part)).size;
}

/** Pitches of the pitched notes that begin from one bar up to another. */
function pitchesIn(
  { bars, lines }: GridPiece,
  from: number,
  to: number,
): number[] {
  return bars.slice(from, to).flatMap(({ notes }) => notes)
    .filter(({ part }) => !lines[part]!.isDrum).map(({ pitch }) => pitch);
}
