/**
 * Passages that a piece shares with the training pieces, up to transposition.
 *
 * A piece is read as a line of notes: without drums, with onsets rounded to a grid,
 * and with only one note per pitch at each step. There are two readings:
 *
 * - `notes`: all notes, by onset and then from low to high;
 * - `skyline`: the highest note at each onset, which finds a copied melody under
 *   other chords.
 *
 * A passage of n notes is shared if its n − 1 pairs (interval to the next note
 * in semitones, steps to the next onset) also occur in a training piece.
 * Lengths, velocities, tempo, instruments and key do not matter.
 */

import { atOnce, inTurns } from "../base/base.ts";
import {
  type Note,
  type NoteSequence,
  pitchedNotes,
  quantize,
} from "../music/music.ts";
import { PairTable } from "./pair_table.ts";
import { SuffixAutomaton } from "./suffix_automaton.ts";

/** How a piece becomes a line of notes: from all notes, or the highest ones. */
export type Reading = "notes" | "skyline";

/** The readings, in the order of tables. */
export const READINGS: readonly Reading[] = ["notes", "skyline"];

/** A run of notes that a piece and a training piece share. */
export interface SharedPassage {
  /** Number of notes. */
  readonly notes: number;
  /** Where it starts in the piece, in quarter notes from the beginning. */
  readonly startQuarters: number;
  /** File of the training piece. */
  readonly file: string;
  /** Where it starts in the training piece, in quarter notes from the beginning. */
  readonly fileStartQuarters: number;
}

/** What a piece shares with the training pieces. */
export interface Copying {
  /** Number of notes of the piece in this reading. */
  readonly notes: number;
  /** Number of notes in shared passages of at least `minNotes`. */
  readonly copiedNotes: number;
  /** `copiedNotes / notes`, 0 for a piece without notes. */
  readonly copiedShare: number;
  /** The longest shared passage; undefined if no two notes are shared. */
  readonly longest: SharedPassage | undefined;
  /** Every shared passage of at least `minNotes` that is not part of a longer one. */
  readonly passages: readonly SharedPassage[];
}

/** Options of {@linkcode CopyIndex}. */
export interface CopyOptions {
  /**
   * Grid that onsets are rounded to, in steps per quarter note. A coarse grid finds
   * copies with small differences in timing.
   * @default 4
   */
  readonly stepsPerQuarter?: number;
  /**
   * Shortest passage, in notes, that counts as copied.
   * @default 12
   */
  readonly minNotes?: number;
}

/** A training piece with its file. */
export interface TrainingPiece {
  /** Path of its MIDI file. */
  readonly file: string;
  /** Its notes. */
  readonly sequence: NoteSequence;
}

/**
 * Index of the training pieces that finds the passages they share with a piece.
 *
 * @example
 * ```ts
 * import { CopyIndex } from "immersic/evaluation/evaluation.ts";
 * import { emptySequence, transposeSequence } from "immersic/music/music.ts";
 * const scale = {
 *   ...emptySequence(4),
 *   parts: [{ name: "", program: 0, isDrum: false }],
 *   notes: [60, 62, 64, 65, 67].map((pitch, i) => ({
 *     pitch, velocity: 80, startTicks: 4 * i, endTicks: 4 * i + 4, part: 0,
 *   })),
 *   totalTicks: 20,
 * };
 * const index = new CopyIndex([{ file: "scale.mid", sequence: scale }]);
 * const { longest } = index.find(transposeSequence(scale, 5)).notes;
 * console.assert(longest?.notes === 5 && longest.file === "scale.mid");
 * ```
 */
export class CopyIndex {
  readonly #stepsPerQuarter: number;
  readonly #minNotes: number;
  readonly #pairs = new PairTable();
  readonly #indices: Record<Reading, ReadingIndex> = {
    notes: { automaton: new SuffixAutomaton(), pieces: [] },
    skyline: { automaton: new SuffixAutomaton(), pieces: [] },
  };

  /**
   * Indexes the training pieces at once. For many of them, {@linkcode CopyIndex.of}
   * lets others work meanwhile.
   *
   * @throws {RangeError} If `minNotes` is not an integer of at least 2.
   */
  constructor(training: readonly TrainingPiece[], options: CopyOptions = {}) {
    this.#stepsPerQuarter = options.stepsPerQuarter ?? 4;
    this.#minNotes = options.minNotes ?? 12;
    if (!Number.isInteger(this.#minNotes) || this.#minNotes < 2) {
      throw new RangeError(
        `Cannot look for copies: minNotes must be an integer of at least 2, current value is ${this.#minNotes}.`,
      );
    }
    atOnce(this.#add(training));
  }

  /**
   * Indexes the training pieces, with turns for others.
   *
   * @throws {RangeError} If `minNotes` is not an integer of at least 2.
   * @throws {Stopped} If it is asked to stop.
   */
  static async of(
    training: readonly TrainingPiece[],
    options: CopyOptions = {},
  ): Promise<CopyIndex> {
    const index = new CopyIndex([], options);
    await inTurns(index.#add(training));
    return index;
  }

  /** Adds pieces, a step for each. */
  *#add(training: readonly TrainingPiece[]): Generator<void, void> {
    for (const { file, sequence } of training) {
      const notes = this.#notesOf(sequence);
      for (const reading of READINGS) {
        const { automaton, pieces } = this.#indices[reading];
        const line = lineOf(notes, reading);
        const offset = automaton.size;
        for (const symbol of this.#symbols(line, true)) automaton.push(symbol);
        // A unique symbol ends each piece, so that no passage spans two pieces.
        automaton.push(-2 - pieces.length);
        pieces.push({ file, line, offset });
      }
      yield;
    }
  }

  /** What a piece shares with the training pieces, in both readings. */
  find(sequence: NoteSequence): Record<Reading, Copying> {
    const notes = this.#notesOf(sequence);
    return {
      notes: this.#find(notes, "notes"),
      skyline: this.#find(notes, "skyline"),
    };
  }

  #find(notes: readonly Note[], reading: Reading): Copying {
    const { automaton, pieces } = this.#indices[reading];
    const line = lineOf(notes, reading);
    const { lengths, ends } = automaton.match(this.#symbols(line, false));
    const passageAt = (i: number): SharedPassage => {
      const length = lengths[i]!;
      const from = ends[i]! - length + 1;
      const { file, line: there, offset } = pieces[lastUpTo(pieces, from)]!;
      return {
        notes: length + 1,
        startQuarters: line[i + 1 - length]!.startTicks /
          this.#stepsPerQuarter,
        file,
        fileStartQuarters: there[from - offset]!.startTicks /
          this.#stepsPerQuarter,
      };
    };
    const copied = new Uint8Array(line.length);
    const passages: SharedPassage[] = [];
    let longest = 0;
    lengths.forEach((length, i) => {
      if (length > lengths[longest]!) longest = i;
      const goesOn = lengths[i + 1] === length + 1;
      if (goesOn || length + 1 < this.#minNotes) return;
      passages.push(passageAt(i));
      copied.fill(1, i + 1 - length, i + 2);
    });
    const copiedNotes = copied.reduce((sum, is) => sum + is, 0);
    return {
      notes: line.length,
      copiedNotes,
      copiedShare: line.length === 0 ? 0 : copiedNotes / line.length,
      longest: lengths[longest]! > 0 ? passageAt(longest) : undefined,
      passages,
    };
  }

  /** The pitched notes on the grid, by onset and then from low to high. */
  #notesOf(sequence: NoteSequence): readonly Note[] {
    return pitchedNotes(quantize(sequence, this.#stepsPerQuarter))
      .sort((a, b) => a.startTicks - b.startTicks || a.pitch - b.pitch);
  }

  /** Each step from note to note as a number, −1 if no training piece has it. */
  #symbols(line: readonly Note[], learn: boolean): number[] {
    return line.slice(1).map((note, i) => {
      const before = line[i]!;
      const interval = note.pitch - before.pitch;
      const steps = note.startTicks - before.startTicks;
      return learn
        ? this.#pairs.add(interval, steps)
        : this.#pairs.find(interval, steps);
    });
  }
}

/** The notes of a reading. */
function lineOf(sorted: readonly Note[], reading: Reading): readonly Note[] {
  return sorted.filter((note, i) => {
    const next = sorted[i + 1];
    if (next?.startTicks !== note.startTicks) return true;
    return reading === "notes" && next.pitch !== note.pitch;
  });
}

/** The index of the last piece that begins by a position of the text. */
function lastUpTo(pieces: ReadingIndex["pieces"], position: number): number {
  let low = 0, high = pieces.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (pieces[middle]!.offset <= position) low = middle;
    else high = middle;
  }
  return low;
}

/** The training pieces in one reading. */
interface ReadingIndex {
  readonly automaton: SuffixAutomaton;
  /** Each piece with the position of its first symbol in the automaton's text. */
  readonly pieces: {
    readonly file: string;
    readonly line: readonly Note[];
    readonly offset: number;
  }[];
}
