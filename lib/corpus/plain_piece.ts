/**
 * Plain files to all that a corpus has of a piece, in WebAssembly (`assembly/piece.ts`)
 * from their bytes to their tokens: most files are plain, and what is called once a
 * note or an event there is called some ten times a file here. `reading.ts` reads all
 * others; what both can read they read alike.
 */

import {
  DROPPED,
  MAX_PLAIN_BYTES,
  MICROSECONDS_PER_MINUTE,
} from "../midi/midi.ts";
import {
  attributesOfSums,
  attributeTokens,
  BEATS_GROUPED,
  describeSums,
  parseMeter,
  type PieceDescription,
  type Repair,
  SILENCES,
  toldCuts,
} from "../music/music.ts";
import {
  durationTable,
  MAX_ADDED_DURATIONS,
  NoteWriter,
  partOf,
  type RemiResolution,
  toldRepairs,
} from "../tokens/remi/remi.ts";
import {
  type NumberedTokens,
  TokenNumbers,
} from "../tokens/vocabulary/vocabulary.ts";
import * as kernel from "./piece.wasm";
import { twinOf } from "./splits.ts";

/** What a corpus has of a piece. */
export interface PlainPiece extends NumberedTokens {
  readonly description: PieceDescription;
  readonly twin: string;
  readonly repairs: readonly Repair[];
  readonly dropped: readonly Repair[];
}

/** Fields of the result, as piece.ts has them. */
const FIELDS = 64, SUMS = 15;

const NUMBERS = new TokenNumbers();
const writers = new Map<string, NoteWriter>();

/**
 * Reads a plain file.
 *
 * @param resolution Of its REMI tokens.
 * @returns Undefined where the file is of another kind, or has no note.
 */
export function readPlainPiece(
  bytes: Uint8Array,
  resolution: RemiResolution,
  maxGapBars: number,
): PlainPiece | undefined {
  if (bytes.length >= MAX_PLAIN_BYTES) return undefined;
  const { stepsPerQuarter, velocityBins } = resolution;
  const at = kernel.begin(bytes.length);
  new Uint8Array(kernel.memory.buffer, at, bytes.length).set(bytes);
  const durations = durationTable(stepsPerQuarter);
  const table = kernel.room(4 * durations.length);
  new Int32Array(kernel.memory.buffer, table, durations.length).set(durations);
  const isDone = kernel.find(
    maxGapBars,
    stepsPerQuarter,
    128 / velocityBins,
    table,
    durations.length,
  );
  if (!isDone) return undefined;
  const found = new Float64Array(
    kernel.memory.buffer,
    kernel.getResult(),
    FIELDS,
  ).slice();
  const field = (i: number) => found[i]!;
  const listAt = (i: number, width: number) =>
    new Int32Array(kernel.memory.buffer, field(i + 1), width * field(i));
  const sumsAt = (i: number) => ({
    pitched: field(i),
    pitches: field(i + 1),
    velocities: field(i + 2),
    pitchClassTicks: Array.from(found.subarray(i + 3, i + SUMS)),
  });

  const tempos = rowsOf(listAt(3, 2), 2, ([ticks, microseconds]) => ({
    ticks: ticks!,
    qpm: MICROSECONDS_PER_MINUTE / microseconds!,
  }));
  const timeSignatures = rowsOf(listAt(5, 3), 3, meterOf);
  const notes = field(2);
  const piece = {
    ...{ ticksPerQuarter: field(0), totalTicks: field(1) },
    ...{ tempos, timeSignatures },
  };
  const polyphony = field(32) / field(33);
  const description = describeSums(piece, {
    ...sumsAt(17),
    notes,
    polyphony,
  });
  const twinBytes = new Uint8Array(
    kernel.memory.buffer,
    field(62),
    16 * notes,
  );
  const twin = twinOf(twinBytes);

  const added = field(50), gridNotes = field(51);
  if (added > MAX_ADDED_DURATIONS) return undefined;
  const spans = rowsOf(
    listAt(53, 5),
    5,
    ([start, bars, steps, numerator, denominator]) => ({
      start: start!,
      bars: bars!,
      steps: steps!,
      meter: `${numerator}/${denominator}`,
    }),
  );
  const parts = Array.from(
    new Int32Array(kernel.memory.buffer, field(58), field(55)),
    partOf,
  );
  const gridTempos = rowsOf(
    listAt(60, 2),
    2,
    ([ticks, qpm]) => ({ ticks: ticks!, qpm: qpm! }),
  );
  const attributes = attributesOfSums({
    ticksPerQuarter: stepsPerQuarter,
    totalTicks: field(52),
    tempos: gridTempos,
    timeSignatures: spans
      .filter(({ meter }, i) => meter !== spans[i - 1]?.meter)
      .map(({ start, meter }) => ({ ticks: start, ...parseMeter(meter) })),
  }, { ...sumsAt(35), notes: gridNotes, parts });

  const dropped = rowsOf(listAt(56, 2), 2, ([kind, count]): Repair => ({
    reason: DROPPED[kind!]!,
    count: count!,
  }));
  const cuts: [string, number][] = [];
  for (let i = 0; i < SILENCES.length && field(12 + i) > 0; i++) {
    const silence = field(12 + i) - 1;
    cuts.push([SILENCES[silence]!, field(8 + silence)]);
  }
  const repairs = [
    ...field(7) < 0 ? [] : [{ reason: BEATS_GROUPED, count: field(7) }],
    ...toldCuts(cuts),
    ...toldRepairs(field(34), field(59)),
  ];
  const tokens = writerOf(resolution).writeHeld(
    kernel,
    5 * gridNotes + added,
    { spans, tempos: gridTempos, parts },
    attributeTokens(attributes),
    ["End"],
  );
  return { ...tokens, description, twin, repairs, dropped };
}

function writerOf(resolution: RemiResolution): NoteWriter {
  const key = JSON.stringify(resolution);
  let writer = writers.get(key);
  if (!writer) writers.set(key, writer = new NoteWriter(NUMBERS, resolution));
  return writer;
}

function meterOf([ticks, numerator, denominator]: Int32Array) {
  return {
    ticks: ticks!,
    numerator: numerator!,
    denominator: denominator!,
  };
}

/** Rows of some numbers each. */
function rowsOf<T>(
  numbers: Int32Array,
  width: number,
  rowOf: (row: Int32Array) => T,
): T[] {
  const rows: T[] = [];
  for (let at = 0; at < numbers.length; at += width) {
    rows.push(rowOf(numbers.subarray(at, at + width)));
  }
  return rows;
}
