/**
 * Notes on a grid to tokens, in WebAssembly (`assembly/writer.ts`), as `note_kernels.ts`
 * in `lib/music/` does what is done to all notes.
 */

import { NoteColumns, type Part, type TempoChange } from "../../music/music.ts";
import type { NumberedTokens, TokenNumbers } from "../vocabulary/vocabulary.ts";
import type { BarSpan } from "./bar_layout.ts";
import { durationTable, longestOf } from "./durations.ts";
import type { RemiResolution } from "./resolution.ts";
import * as writer from "./writer.wasm";

/** The columns that are there, or the notes that are there packed. */
let held: NoteColumns | undefined, packed: NoteColumns | undefined;

function hold(columns: NoteColumns): number {
  const at = writer.place(columns.length);
  if (held !== columns) columns.copyTo(writer.memory.buffer, at);
  held = columns;
  packed = undefined;
  return at;
}

/** The same for what follows about packed notes: of numbers that were made by `bin`. */
function holdPacked(columns: NoteColumns): void {
  const { length } = columns, at = writer.placePacked(length);
  if (packed === columns) return;
  columns.packTo(new Int32Array(writer.memory.buffer, at, 3 * length));
  packed = columns;
  held = undefined;
}

/** What writes tokens of notes that it has: this room's module or a larger one. */
export type WriterKernel = Pick<
  typeof writer,
  | "memory"
  | "room"
  | "beginTokens"
  | "addAll"
  | "addBars"
  | "getIds"
  | "getIdCount"
  | "getAlphabet"
  | "getAlphabetCount"
>;

function give(
  { room, memory }: Pick<WriterKernel, "room" | "memory">,
  numbers: ArrayLike<number>,
): number {
  const at = room(4 * numbers.length);
  new Int32Array(memory.buffer, at, numbers.length).set(numbers);
  return at;
}

/**
 * Notes with velocities and durations that tokens can say.
 *
 * @param end Step after the last bar.
 * @throws {RangeError} If a pitch or velocity is none of MIDI.
 */
export function binNotes(
  notes: NoteColumns,
  parts: readonly Part[],
  end: number,
  { stepsPerQuarter, velocityBins }: RemiResolution,
): NoteColumns {
  const { length } = notes, at = hold(notes);
  held = undefined; // until all of them are changed
  const drums = writer.room(parts.length);
  new Uint8Array(writer.memory.buffer, drums)
    .set(parts.map(({ isDrum }) => isDrum ? 1 : 0));
  const durations = durationTable(stepsPerQuarter);
  const isDone = writer.bin(
    drums,
    parts.length,
    end,
    128 / velocityBins,
    give(writer, durations),
    durations.length,
  );
  if (!isDone) {
    throw new RangeError(
      "Cannot write a piece as tokens: pitches and velocities must be from 0 to 127, and one is not.",
    );
  }
  const bytes = writer.memory.buffer.slice(
    at,
    at + NoteColumns.BYTES * length,
  );
  return held = NoteColumns.of(bytes, 0, length);
}

/** What a piece is written from, beside its notes. */
export interface NotedPiece {
  /** Its bars. */
  readonly spans: readonly BarSpan[];
  /** Whole tempi that tokens can say, at steps. */
  readonly tempos: readonly TempoChange[];
  /** Its instruments, each once. */
  readonly parts: readonly Part[];
}

/** Numbers of tokens by what they say. */
const PITCHES = 128, VELOCITIES = 129;

/** Writes tokens of one resolution. */
export class NoteWriter {
  readonly #numbers: TokenNumbers;
  readonly #longest: number;
  /** Tokens of pitches, drums and velocities. */
  readonly #keys: Int32Array;
  readonly #durations: Int32Array;
  readonly #positions: number[] = [];

  /**
   * Numbers the tokens.
   *
   * @param numbers Of all tokens.
   */
  constructor(numbers: TokenNumbers, { stepsPerQuarter }: RemiResolution) {
    this.#numbers = numbers;
    const lengths = durationTable(stepsPerQuarter);
    this.#longest = longestOf(lengths);
    const all = (type: string, count: number) =>
      Array.from({ length: count }, (_, i) => numbers.of(`${type}_${i}`));
    this.#keys = Int32Array.of(
      ...all("Pitch", PITCHES),
      ...all("Drum", PITCHES),
      ...all("Velocity", VELOCITIES),
    );
    this.#durations = Int32Array.from(all("Duration", this.#longest + 1));
  }

  /** How many duration tokens notes have beyond the first of each. */
  addedDurations(notes: NoteColumns): number {
    holdPacked(notes);
    return writer.addedDurations(this.#longest);
  }

  /**
   * Tokens of a piece.
   *
   * @param head Those before the bars.
   * @param end Those after them.
   */
  write(
    notes: NoteColumns,
    piece: NotedPiece,
    head: readonly string[],
    end: readonly string[],
  ): NumberedTokens {
    const most = 5 * notes.length + this.addedDurations(notes);
    return this.writeHeld(writer, most, piece, head, end);
  }

  /**
   * The same of notes that a kernel has.
   *
   * @param most Tokens that the notes have at most.
   */
  writeHeld(
    kernel: WriterKernel,
    most: number,
    { spans, tempos, parts }: NotedPiece,
    head: readonly string[],
    end: readonly string[],
  ): NumberedTokens {
    const numbers = this.#numbers, of = (token: string) => numbers.of(token);
    const positions = this.#positions;
    const bars: number[] = [];
    let barCount = 0;
    for (const { start, bars: count, steps, meter } of spans) {
      bars.push(start, count, steps, of(`TimeSignature_${meter}`));
      barCount += count;
      while (positions.length < steps) {
        positions.push(of(`Position_${positions.length}`));
      }
    }
    const changes = tempos.flatMap(({ ticks, qpm }) => [
      ticks,
      of(`Tempo_${qpm}`),
    ]);
    const instruments = parts.flatMap(({ isDrum, program }) => [
      isDrum ? 1 : 0,
      of(`${isDrum ? "Kit" : "Program"}_${program}`),
    ]);
    const headNumbers = head.map(of), endNumbers = end.map(of);
    const bar = of("Bar");
    const others = head.length + end.length + 2 * barCount + changes.length;
    kernel.beginTokens(numbers.count, most + others);
    kernel.addAll(give(kernel, headNumbers), head.length);
    kernel.addBars(
      bar,
      give(kernel, bars),
      spans.length,
      give(kernel, changes),
      tempos.length,
      give(kernel, instruments),
      give(kernel, this.#keys),
      give(kernel, this.#durations),
      this.#longest,
      give(kernel, positions),
    );
    kernel.addAll(give(kernel, endNumbers), end.length);
    const { buffer } = kernel.memory;
    const alphabet = new Int32Array(
      buffer,
      kernel.getAlphabet(),
      kernel.getAlphabetCount(),
    );
    return {
      ids: new Int32Array(buffer, kernel.getIds(), kernel.getIdCount()).slice(),
      alphabet: Array.from(alphabet, (number) => numbers.token(number)),
    };
  }
}
