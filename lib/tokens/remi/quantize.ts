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
 * - A meter change inside a bar begins a bar there. The bar that it cuts short
 *   has a time signature of its own length, to the nearest sixteenth. A meter
 *   whose bars are not whole steps has bars of the nearest number of steps.
 *   {@linkcode repairsForRemi} counts the bars whose length that changes.
 * - The piece is whole bars long. A release up to a sixth of a quarter beyond
 *   the last bar line is moved back to it.
 * - The key signature is the key that `attributesOf()` finds.
 */

import {
  type Attributes,
  attributesOf,
  columnsOf,
  DEFAULT_QPM,
  lastEnd,
  NoteColumns,
  type NoteSequence,
  parseMeter,
  type Part,
  quantizeColumns,
  quantizeFields,
  quantizeTicks,
  type Repair,
  type SequenceFields,
  sequenceOf,
  sumsOf,
  sustainedEnds,
  type TempoChange,
} from "../../music/music.ts";
import { type BarSpan, type GridTimes, layOutBars } from "./bar_layout.ts";
import { binNotes } from "./note_writer.ts";
import { binTempo, type RemiResolution, TEMPO_RANGE } from "./resolution.ts";
import { instrumentOf, keySignatures, partOf } from "./sequence.ts";

/** A piece as its tokens keep it, with what the tokens are written from. */
export interface RemiPiece {
  /** Its ticks are steps. */
  readonly sequence: NoteSequence;
  /** Its bars. */
  readonly spans: readonly BarSpan[];
  /** Its attributes. */
  readonly attributes: Attributes;
}

/**
 * A piece as its tokens keep it, by the rules above.
 *
 * @throws {LimitError} If it has more than `MAX_BARS` bars.
 */
export function quantizeForRemi(
  sequence: NoteSequence,
  resolution: RemiResolution,
): RemiPiece {
  const { stepsPerQuarter } = resolution;
  const { parts, newParts } = mergeParts(sequence);
  const grid = quantizeColumns(
    sequence,
    stepsPerQuarter,
    newParts,
    sustainedEnds(sequence),
  );
  const rest = quantizeFields(sequence, stepsPerQuarter);
  const { spans, end } = layOutBars(gridTimes(rest, grid), stepsPerQuarter);
  const notes = binNotes(grid, parts, end, resolution);
  const fields = {
    ...rest,
    parts,
    controls: [],
    tempos: binTempos(rest.tempos, end),
    timeSignatures: spans
      .filter(({ meter }, i) => meter !== spans[i - 1]?.meter)
      .map(({ start, meter }) => ({ ticks: start, ...parseMeter(meter) })),
    keySignatures: [],
    totalTicks: end,
  };
  const attributes = attributesOf(sequenceOf(fields, notes));
  return {
    sequence: sequenceOf(
      { ...fields, keySignatures: keySignatures(attributes) },
      notes,
    ),
    spans,
    attributes,
  };
}

/**
 * What the tokens of a piece change beyond rounding its times, velocities and
 * tempi: meters and tempi that they cannot say.
 *
 * @returns Each reason once; empty for most pieces.
 * @throws {LimitError} If it has more than `MAX_BARS` bars.
 */
export function repairsForRemi(
  sequence: NoteSequence,
  { stepsPerQuarter }: RemiResolution,
): Repair[] {
  const { length, startTicks, endTicks } = columnsOf(sequence);
  const rest = quantizeFields(sequence, stepsPerQuarter);
  // The bars depend on the last note alone.
  const notes = new NoteColumns(1);
  if (length > 0) {
    const step = (ticks: number) =>
      quantizeTicks(ticks, sequence, stepsPerQuarter);
    const start = step(startTicks[length - 1]!);
    const end = Math.max(step(endTicks[length - 1]!), start + 1);
    notes.add(0, 0, start, end, 0);
  }
  const { rounded } = layOutBars(gridTimes(rest, notes), stepsPerQuarter);
  const [slowest, fastest] = TEMPO_RANGE;
  const tempos = sequence.tempos
    .filter(({ qpm }) => qpm < slowest - 0.5 || qpm >= fastest + 0.5).length;
  return toldRepairs(rounded, tempos);
}

/** What is told of bars that were rounded and of tempi that were set to others. */
export function toldRepairs(bars: number, tempos: number): Repair[] {
  const [slowest, fastest] = TEMPO_RANGE;
  return [
    {
      reason: "bars that are not a whole number of steps long were rounded",
      count: bars,
    },
    {
      reason:
        `tempi below ${slowest} or above ${fastest} qpm were set to these`,
      count: tempos,
    },
  ].filter(({ count }) => count > 0);
}

/** What the bars of a piece on the grid depend on. */
function gridTimes(
  { timeSignatures, totalTicks }: Pick<
    SequenceFields,
    "timeSignatures" | "totalTicks"
  >,
  notes: NoteColumns,
): GridTimes {
  return {
    lastStart: notes.startTicks[notes.length - 1] ?? -1,
    timeSignatures,
    totalTicks: Math.max(totalTicks, lastEnd(notes)),
  };
}

/**
 * Parts by instrument, programs rising, then kits, only those with notes; and
 * which of them each part becomes.
 */
function mergeParts(
  sequence: NoteSequence,
): { readonly parts: Part[]; readonly newParts: readonly number[] } {
  const { notesOfPart } = sumsOf(sequence);
  const instrumentOfPart = sequence.parts.map(instrumentOf);
  const played = instrumentOfPart.filter((_, part) => notesOfPart[part]! > 0);
  const instruments = [...new Set(played)].sort((a, b) => a - b);
  const placeOf = new Map(instruments.map((one, place) => [one, place]));
  return {
    parts: instruments.map(partOf),
    newParts: instrumentOfPart.map((one) => placeOf.get(one) ?? 0),
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
