/** Pieces written as tables of notes, for tests. */

import type { NoteSequence } from "../music/music.ts";

/** [MIDI pitch, start, end] in sixteenth notes. */
export type SpanRow = readonly [pitch: number, start: number, end: number];

/**
 * A piece at 120 qpm with one tick per sixteenth note. Every list of rows is a part;
 * `drums` are the last one.
 */
export function piece(
  parts: readonly (readonly SpanRow[])[],
  { drums, numerator = 4 }: { drums?: readonly SpanRow[]; numerator?: number } =
    {},
): NoteSequence {
  const tables = drums === undefined ? parts : [...parts, drums];
  const notes = tables
    .flatMap((rows, part) =>
      rows.map(([pitch, startTicks, endTicks]) => ({
        pitch,
        velocity: 80,
        startTicks,
        endTicks,
        part,
      }))
    )
    .sort((a, b) =>
      a.startTicks - b.startTicks || a.part - b.part || a.pitch - b.pitch
    );
  return {
    ticksPerQuarter: 4,
    parts: tables.map((_, i) => ({
      name: "",
      program: 0,
      isDrum: drums !== undefined && i === tables.length - 1,
    })),
    notes,
    tempos: [{ ticks: 0, qpm: 120 }],
    timeSignatures: [{ ticks: 0, numerator, denominator: 4 }],
    keySignatures: [],
    controls: [],
    totalTicks: Math.max(0, ...notes.map((note) => note.endTicks)),
  };
}

/** A tune over chords in 4/4, with a silent bar. */
// deno-fmt-ignore
export const TUNE: readonly SpanRow[] = [
  [60, 0, 4], [64, 0, 4], [67, 0, 4], [72, 4, 6], [71, 6, 8], [69, 8, 16],
  [57, 8, 16], [60, 16, 20], [64, 16, 20], [67, 16, 20], [72, 20, 22],
  [70, 22, 24], [69, 24, 28], [66, 40, 47],
];
/** A few drum strokes. */
// deno-fmt-ignore
export const STROKES: readonly SpanRow[] = [
  [36, 0, 1], [38, 4, 5], [36, 8, 9], [38, 12, 13], [36, 16, 17], [42, 18, 19],
];
/** Overlapping notes in 3/4. */
// deno-fmt-ignore
export const WALTZ: readonly SpanRow[] = [
  [48, 0, 12], [55, 0, 12], [63, 2, 5], [67, 3, 9], [67, 6, 12], [70, 12, 18],
  [61, 13, 14], [75, 18, 24], [50, 24, 30], [50, 27, 36], [53, 24, 36],
];

/** True if two numbers differ by less than 1e-6, or both are NaN. */
export function near(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-6 || Number.isNaN(a) && Number.isNaN(b);
}
