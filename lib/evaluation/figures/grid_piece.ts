/**
 * A piece laid out for counting: notes on a grid, one part for each instrument,
 * bars. What a file says besides (names, tracks, controllers, resolution, time after
 * the last note) is gone, so that no figure can depend on it.
 */

import {
  BarLines,
  isBass,
  lastRelease,
  mean,
  type Note,
  type NoteSequence,
  quantize,
  quantizeNotes,
  requireMaxBars,
  STEPS_PER_QUARTER,
} from "../../music/music.ts";

/** Notes of one part that begin together, lowest first. */
export interface Onset {
  /** Step of the piece. */
  readonly step: number;
  /** Number of the bar, from 0. */
  readonly bar: number;
  /** Notes by pitch, at least one. */
  readonly notes: readonly Note[];
}

/** All that one instrument plays; the drums are one instrument. */
export interface Line {
  readonly isDrum: boolean;
  readonly notes: readonly Note[];
  readonly onsets: readonly Onset[];
}

/** A bar of the piece. */
export interface Bar {
  /** First step. */
  readonly start: number;
  /** First step of the next bar. */
  readonly end: number;
  /** Notes that begin in it. */
  readonly notes: readonly Note[];
}

/** A pitched note, or the part of one that sounds in a bar. */
export interface Sounding {
  readonly pitch: number;
  /** Steps. */
  readonly length: number;
}

/** A piece on a grid of a twelfth of a quarter note; times are steps. */
export interface GridPiece {
  /** Sorted by start. {@linkcode Note.part} is an index into `lines`. */
  readonly notes: readonly Note[];
  /** Those of `notes` that are no drums. */
  readonly pitched: readonly Note[];
  /** Instruments that play, in the order of their programs, drums last. */
  readonly lines: readonly Line[];
  /** Of the lines of bass instruments the lowest, if there is one. */
  readonly bass: Line | undefined;
  /** Up to the last release. */
  readonly bars: readonly Bar[];
  /** By bar, what of the pitched notes sounds in it. */
  readonly soundingByBar: readonly (readonly Sounding[])[];
  /** Step of the last release. */
  readonly end: number;
}

/** Number of an instrument that stands for all drums: after the last program. */
const DRUMS = 128;

/** Lays a piece out. Parts of one program become one part. */
export function layOnGrid(sequence: NoteSequence): GridPiece {
  const programs = sequence.parts.map(({ program, isDrum }) =>
    isDrum ? DRUMS : program
  );
  const merged = quantizeNotes(sequence, STEPS_PER_QUARTER, programs);
  const byProgram = [...Map.groupBy(merged, ({ part }) => part)]
    .sort(([a], [b]) => a - b);
  byProgram.forEach(([, own], line) => {
    for (const note of own) note.part = line;
  });
  const notes: readonly Note[] = merged;
  const end = lastRelease({ notes });
  const barLines = BarLines.of({
    ...quantize({ ...sequence, notes: [] }),
    totalTicks: end,
  });
  requireMaxBars(barLines.count, "measure figures");
  const starts = Array.from(
    { length: barLines.count + 1 },
    (_, bar) => barLines.startOf(bar),
  );
  const byBar = starts.slice(1).map((): Note[] => []);
  for (const note of notes) byBar[barLines.barAt(note.startTicks)]!.push(note);
  const bars = byBar.map((own, i): Bar => (
    { start: starts[i]!, end: starts[i + 1]!, notes: own }
  ));
  const isDrum = ({ part }: Note) => byProgram[part]![0] === DRUMS;
  const pitched = notes.filter((note) => !isDrum(note));
  const lines = byProgram.map(([program, own]): Line => ({
    isDrum: program === DRUMS,
    notes: own,
    onsets: onsetsOf(own, (step) => barLines.barAt(step)),
  }));
  return {
    notes,
    pitched,
    lines,
    bass: bassOf(lines, byProgram.map(([program]) => program)),
    bars,
    soundingByBar: soundingByBar(pitched, bars, (step) => barLines.barAt(step)),
    end,
  };
}

function onsetsOf(
  notes: readonly Note[],
  barAt: (step: number) => number,
): Onset[] {
  return [...Map.groupBy(notes, ({ startTicks }) => startTicks)].map(
    ([step, together]) => ({ step, bar: barAt(step), notes: together }),
  );
}

/** Of the lines of bass instruments the one of the lowest mean pitch. */
function bassOf(
  lines: readonly Line[],
  programs: readonly number[],
): Line | undefined {
  return lines.filter((_, i) => isBass(programs[i]!))
    .map((line) => ({
      line,
      height: mean(line.notes.map(({ pitch }) => pitch)),
    }))
    .sort((a, b) => a.height - b.height)[0]?.line;
}

function soundingByBar(
  notes: readonly Note[],
  bars: readonly Bar[],
  barAt: (step: number) => number,
): Sounding[][] {
  const sounding = bars.map((): Sounding[] => []);
  for (const { pitch, startTicks, endTicks } of notes) {
    for (
      let bar = barAt(startTicks);
      bar < bars.length && bars[bar]!.start < endTicks;
      bar++
    ) {
      const length = Math.min(endTicks, bars[bar]!.end) -
        Math.max(startTicks, bars[bar]!.start);
      if (length > 0) sounding[bar]!.push({ pitch, length });
    }
  }
  return sounding;
}
