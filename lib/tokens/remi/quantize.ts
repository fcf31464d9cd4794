/**
 * What REMI tokens keep of a piece: exactly what {@linkcode quantizeForRemi}
 * returns, which decoding gives back. Its rules:
 *
 * - Times are quantised as `quantize()` in `lib/music/` does it.
 * - The sustain pedal becomes longer notes; other controllers are left out.
 * - Parts with the same program become one part; parts without notes and all
 *   names are left out.
 * - Velocities go to the middle of one of 16 bins, 8 wide.
 * - Durations go to the nearest of a table, exact up to two quarters (see
 *   `durationTable`), but never past the end of the piece, nor past the next
 *   start of the same pitch if the note ended by then. Drum hits last one step.
 * - Tempi are whole quarter notes per minute.
 * - A meter change inside a bar is moved to the next bar line.
 * - The piece is whole bars long. A release up to a sixth of a quarter beyond
 *   the last bar line is moved back to it.
 * - The key signature is the key that `attributesOf()` finds.
 */

import {
  applySustain,
  attributesOf,
  DEFAULT_METER,
  DEFAULT_QPM,
  meterName,
  type Note,
  type NoteSequence,
  parseMeter,
  quantize,
  type TempoChange,
} from "../../music/music.ts";
import { binDuration, DRUM_STEPS, durationTable } from "./durations.ts";
import {
  binTempo,
  binVelocity,
  type RemiResolution,
  stepsPerBar,
} from "./resolution.ts";
import { instrumentOf, keySignatures, partOf } from "./sequence.ts";

/** A bar of a piece on the grid. */
export interface GridBar {
  /** First step, from the start of the piece. */
  readonly start: number;
  /** Step after the last. */
  readonly end: number;
  /** For example "3/4". */
  readonly meter: string;
}

/**
 * A piece as its tokens keep it, by the rules above.
 *
 * @returns A piece whose ticks are steps.
 * @throws {RangeError} If a bar is not a whole number of steps.
 */
export function quantizeForRemi(
  sequence: NoteSequence,
  resolution: RemiResolution,
): NoteSequence {
  const { stepsPerQuarter, velocityBins } = resolution;
  const onGrid = quantize(
    mergeParts(applySustain(sequence)),
    stepsPerQuarter,
  );
  const bars = barsOf(onGrid, stepsPerQuarter);
  const totalTicks = bars.at(-1)?.end ?? 0;
  const durations = durationTable(stepsPerQuarter);
  const nextStart = new Map<number, number>();
  const notes = [...onGrid.notes];
  for (let i = notes.length - 1; i >= 0; i--) {
    const note = notes[i]!;
    const { pitch, velocity, startTicks, endTicks, part } = note;
    const next = nextStart.get(128 * part + pitch) ?? Infinity;
    nextStart.set(128 * part + pitch, startTicks);
    const limit = Math.min(endTicks <= next ? next : Infinity, totalTicks);
    const steps = onGrid.parts[part]!.isDrum ? DRUM_STEPS : binDuration(
      Math.min(endTicks, totalTicks) - startTicks,
      durations,
      limit - startTicks,
    );
    notes[i] = {
      ...note,
      velocity: binVelocity(velocity, velocityBins),
      endTicks: startTicks + steps,
    };
  }
  const piece: NoteSequence = {
    ...onGrid,
    notes,
    tempos: binTempos(onGrid.tempos, totalTicks),
    timeSignatures: bars
      .filter((bar, i) => bar.meter !== bars[i - 1]?.meter)
      .map((bar) => ({ ticks: bar.start, ...parseMeter(bar.meter) })),
    keySignatures: [],
    controls: [],
    totalTicks,
  };
  return { ...piece, keySignatures: keySignatures(attributesOf(piece)) };
}

/**
 * The bars that a piece on the grid needs.
 *
 * @throws {RangeError} If a bar is not a whole number of steps.
 */
export function barsOf(
  onGrid: NoteSequence,
  stepsPerQuarter: number,
): GridBar[] {
  const { notes, timeSignatures, totalTicks } = onGrid;
  const slack = Math.floor(stepsPerQuarter / 6);
  const lastStart = notes.at(-1)?.startTicks ?? -1;
  const bars: GridBar[] = [];
  let meter = DEFAULT_METER;
  let start = 0, next = 0;
  while (start < Math.max(lastStart + 1, totalTicks)) {
    for (
      let change = timeSignatures[next];
      change !== undefined && change.ticks <= start;
      change = timeSignatures[++next]
    ) meter = change;
    const { numerator, denominator } = meter;
    const end = start + stepsPerBar(numerator, denominator, stepsPerQuarter);
    const isNeeded = start <= lastStart || end <= totalTicks ||
      start + slack < totalTicks;
    if (!isNeeded) break;
    bars.push({ start, end, meter: meterName(meter) });
    start = end;
  }
  return bars;
}

/** Parts by instrument: programs rising, then kits; only those with notes. */
function mergeParts(sequence: NoteSequence): NoteSequence {
  const instrumentOfNote = ({ part }: Note) =>
    instrumentOf(sequence.parts[part]!);
  const instruments = [...new Set(sequence.notes.map(instrumentOfNote))]
    .sort((a, b) => a - b);
  return {
    ...sequence,
    parts: instruments.map(partOf),
    notes: sequence.notes.map((note) => ({
      ...note,
      part: instruments.indexOf(instrumentOfNote(note)),
    })),
    controls: [],
  };
}

/** Whole tempi, the first at 0, each different from the one before. */
function binTempos(tempos: readonly TempoChange[], end: number): TempoChange[] {
  const first = tempos[0]?.ticks === 0 ? [] : [{ ticks: 0, qpm: DEFAULT_QPM }];
  return [...first, ...tempos]
    .filter(({ ticks }) => ticks < end || ticks === 0)
    .map(({ ticks, qpm }) => ({ ticks, qpm: binTempo(qpm) }))
    .filter(({ qpm }, i, all) => qpm !== all[i - 1]?.qpm);
}
