/**
 * What goes through all notes of a piece, in WebAssembly (`assembly/notes.ts`): it is
 * fast from the first piece on, where V8 takes hundreds to make TypeScript so. The notes
 * are copied there, once for all that is asked of the same columns in turn.
 */

import { NoteColumns } from "./note_columns.ts";
import type { Part } from "./note_sequence.ts";
import * as kernels from "./notes.wasm";

/** The columns that are there. */
let held: NoteColumns | undefined;

/** Has what follows be about some notes. */
function hold(columns: NoteColumns): void {
  if (held === columns) return kernels.rewind();
  const { length } = columns;
  const at = kernels.place(length);
  columns.copyTo(kernels.memory.buffer, at);
  held = columns;
}

/** The notes that are there, after they were changed. */
function changed(columns: NoteColumns): NoteColumns {
  const { length } = columns, at = kernels.place(length);
  const { buffer } = kernels.memory;
  const bytes = buffer.slice(at, at + NoteColumns.BYTES * length);
  return held = NoteColumns.of(bytes, 0, length);
}

function giveNumbers(numbers: ArrayLike<number>): number {
  const at = kernels.room(8 * numbers.length);
  new Float64Array(kernels.memory.buffer, at).set(numbers);
  return at;
}

function giveIntegers(numbers: ArrayLike<number>): number {
  const at = kernels.room(4 * numbers.length);
  new Int32Array(kernels.memory.buffer, at).set(numbers);
  return at;
}

/** Which parts are drums. */
function giveDrums(parts: readonly Part[]): number {
  const at = kernels.room(parts.length);
  const bytes = new Uint8Array(kernels.memory.buffer, at);
  for (let i = 0; i < parts.length; i++) bytes[i] = parts[i]!.isDrum ? 1 : 0;
  return at;
}

/** Numbers that are forgotten at the next call. */
function numbersAt(at: number, length: number): Float64Array {
  return new Float64Array(kernels.memory.buffer, at, length);
}

/**
 * When each note ends with the pedal.
 *
 * @param pedals By part: the channel, and when its pedal goes down and lifts, in turn;
 * parts of a channel may have none.
 */
export function endsWithPedal(
  columns: NoteColumns,
  pedals: readonly {
    readonly channel: number;
    readonly turns: readonly number[];
  }[],
  totalTicks: number,
): Float64Array {
  hold(columns);
  const places = new Map<readonly number[], number>();
  const all: number[] = [], parts: number[] = [];
  let channels = 0;
  for (const { channel, turns } of pedals) {
    let place = places.get(turns);
    if (place === undefined) {
      places.set(turns, place = all.length);
      for (const ticks of turns) all.push(ticks);
    }
    parts.push(channel, place, turns.length);
    channels = Math.max(channels, channel + 1);
  }
  const ends = kernels.sustainedEnds(
    pedals.length,
    giveIntegers(parts),
    giveNumbers(all),
    channels,
    totalTicks,
  );
  return numbersAt(ends, columns.length).slice();
}

/** Notes before which nothing sounds for long, or nothing begins; or the end. */
export interface Silence {
  /** When it ends; Infinity at the end of the piece. */
  readonly start: number;
  /** When the last note before it began. */
  readonly started: number;
  /** When all keys before it were up. */
  readonly keysUp: number;
  /** Until when what was before it rang. */
  readonly ringsUntil: number;
}

/**
 * The notes that begin more than `gap` ticks after all keys are up, or `held` ticks
 * after the note before, and the end.
 *
 * @param columns At least one note.
 * @param sounding When each note ends with the pedal.
 */
export function findSilences(
  columns: NoteColumns,
  sounding: Float64Array | undefined,
  gap: number,
  held: number,
): Silence[] {
  hold(columns);
  const at = kernels.silences(sounding ? giveNumbers(sounding) : 0, gap, held);
  const length = kernels.getSilenceCount();
  const numbers = numbersAt(at, 4 * length);
  return Array.from({ length }, (_, i) => ({
    start: numbers[4 * i]!,
    started: numbers[4 * i + 1]!,
    keysUp: numbers[4 * i + 2]!,
    ringsUntil: numbers[4 * i + 3]!,
  }));
}

/**
 * Notes without some passages, in which none begins.
 *
 * @param passages Of each its first tick, that after its last, and how many are cut
 * before it.
 */
export function cutColumns(
  columns: NoteColumns,
  passages: readonly number[],
): NoteColumns {
  hold(columns);
  kernels.cut(giveNumbers(passages), passages.length / 3);
  return changed(columns);
}

/** Notes so many ticks later. */
export function moveColumns(columns: NoteColumns, ticks: number): NoteColumns {
  hold(columns);
  kernels.move(ticks);
  return changed(columns);
}

/** What speaks for each of four beats as the first of a bar, see `group_beats.ts`. */
export function beatWeights(
  columns: NoteColumns,
  parts: readonly Part[],
  ticksPerQuarter: number,
): number[] {
  hold(columns);
  return [
    ...numbersAt(kernels.beatWeights(giveDrums(parts), ticksPerQuarter), 4),
  ];
}

/** Sums over the notes of a piece. */
export interface NoteSums {
  /** How many notes have a pitch. */
  readonly pitched: number;
  /** Of their pitches. */
  readonly pitches: number;
  /** Of all velocities. */
  readonly velocities: number;
  /** For how many ticks each pitch class sounds, one at least for each note. */
  readonly pitchClassTicks: readonly number[];
  /** How many notes each part has. */
  readonly notesOfPart: readonly number[];
}

/** Sums over all notes. */
export function sumNotes(
  columns: NoteColumns,
  parts: readonly Part[],
): NoteSums {
  hold(columns);
  const at = kernels.sums(giveDrums(parts), parts.length);
  const [pitched, pitches, velocities, ...rest] = numbersAt(
    at,
    15 + parts.length,
  ) as unknown as [number, number, number, ...number[]];
  const pitchClassTicks = rest.slice(0, 12), notesOfPart = rest.slice(12);
  return { pitched, pitches, velocities, pitchClassTicks, notesOfPart };
}

/**
 * Ticks for which pitched notes sound: summed over all that sound at once, in which any
 * does, and in which more than `threshold` do.
 *
 * @param countsUnisons Whether notes of one pitch count each.
 */
export function soundingTicks(
  columns: NoteColumns,
  parts: readonly Part[],
  countsUnisons: boolean,
  threshold: number,
): [sum: number, any: number, many: number] {
  hold(columns);
  const drums = giveDrums(parts);
  const at = kernels.soundingTicks(drums, countsUnisons ? 1 : 0, threshold);
  const [sum = 0, any = 0, many = 0] = numbersAt(at, 3);
  return [sum, any, many];
}

/**
 * Bytes that a piece has in common with its transpositions and no other music: see
 * `twinSignature` in the corpus. They are forgotten at the next call.
 */
export function twinBytes(
  columns: NoteColumns,
  parts: readonly Part[],
  ticksPerQuarter: number,
): Uint8Array {
  hold(columns);
  const at = kernels.twinNumbers(giveDrums(parts), ticksPerQuarter);
  return new Uint8Array(kernels.memory.buffer, at, 16 * columns.length);
}

/**
 * Notes on a grid, in order, those of one part, pitch and step as one.
 *
 * @param partOf By part, the part that its notes go to.
 * @param ends When each note ends; by default its own end.
 * @returns Undefined where there are too many notes or parts, or they are too late.
 */
export function gridColumns(
  columns: NoteColumns,
  { stepsPerQuarter, ticksPerQuarter }: {
    readonly stepsPerQuarter: number;
    readonly ticksPerQuarter: number;
  },
  partOf: ArrayLike<number>,
  ends?: ArrayLike<number>,
): NoteColumns | undefined {
  hold(columns);
  let most = partOf.length;
  for (let i = 0; i < partOf.length; i++) most = Math.max(most, partOf[i]! + 1);
  const at = kernels.quantized(
    stepsPerQuarter,
    ticksPerQuarter,
    most,
    giveIntegers(partOf),
    ends ? giveNumbers(ends) : 0,
  );
  if (at === 0) return undefined;
  const { length } = columns;
  const bytes = kernels.memory.buffer.slice(
    at,
    at + NoteColumns.BYTES * length,
  );
  const grid = NoteColumns.of(bytes, 0, length);
  grid.length = kernels.getResultCount();
  return grid;
}
