/**
 * Notes as columns of numbers, for what goes through all notes of many files: five
 * arrays in place of an object a note. A sequence whose notes were made so has
 * {@linkcode NoteSequence.notes} too, made when they are first asked for.
 */

import { changesOf, ControlColumns } from "./control_columns.ts";
import type { ControlChange, Note, NoteSequence } from "./note_sequence.ts";

/** What a sequence has beside its notes. */
export type SequenceFields = Omit<NoteSequence, "notes">;

/** The same, where controllers may be columns. */
export type GivenFields = Omit<SequenceFields, "controls"> & {
  readonly controls: readonly ControlChange[] | ControlColumns;
};

/**
 * Notes as columns; the fields are those of {@linkcode Note}. Only who made them may
 * change them, and only until a sequence has them.
 *
 * @example
 * ```ts
 * import { NoteColumns } from "immersic/music/music.ts";
 * const columns = new NoteColumns();
 * const index = columns.add(60, 80, 0, 480, 0);
 * console.assert(index === 0 && columns.length === 1);
 * console.assert(columns.endTicks[0] === 480);
 * ```
 */
export class NoteColumns {
  /** Bytes of a note: three numbers of 64 bits, two of 32. */
  static readonly BYTES = 32;
  /** How many notes there are; there may be room for more. */
  length = 0;
  /** When each begins. */
  startTicks!: Float64Array;
  /** When each ends. */
  endTicks!: Float64Array;
  /** MIDI velocities. */
  velocity!: Float64Array;
  /** MIDI pitches. */
  pitch!: Int32Array;
  /** Indices into the parts. */
  part!: Int32Array;

  /**
   * No notes yet.
   *
   * @param room For how many there is room before the columns grow.
   */
  constructor(room: number = 16) {
    this.#make(room);
  }

  /**
   * Notes that are there already.
   *
   * @param bytes Columns one after the other, in the order of the fields.
   * @param at Where they begin, a multiple of 8.
   * @param length How many notes there are.
   */
  static of(bytes: ArrayBuffer, at: number, length: number): NoteColumns {
    const columns = new NoteColumns(0);
    columns.#lay(bytes, at, length);
    columns.length = length;
    return columns;
  }

  /** Adds a note. @returns Its index. */
  add(
    pitch: number,
    velocity: number,
    startTicks: number,
    endTicks: number,
    part: number,
  ): number {
    const i = this.length;
    if (i === this.pitch.length) this.#grow();
    this.pitch[i] = pitch;
    this.velocity[i] = velocity;
    this.startTicks[i] = startTicks;
    this.endTicks[i] = endTicks;
    this.part[i] = part;
    this.length = i + 1;
    return i;
  }

  /** The same notes in another order, in columns of their own. */
  inOrder(order: Int32Array): NoteColumns {
    const { length } = order, ordered = new NoteColumns(length);
    for (let to = 0; to < length; to++) {
      const from = order[to]!;
      ordered.startTicks[to] = this.startTicks[from]!;
      ordered.endTicks[to] = this.endTicks[from]!;
      ordered.velocity[to] = this.velocity[from]!;
      ordered.pitch[to] = this.pitch[from]!;
      ordered.part[to] = this.part[from]!;
    }
    ordered.length = length;
    return ordered;
  }

  /** The same notes at other times; what does not change is shared. */
  withTimes(startTicks: Float64Array, endTicks: Float64Array): NoteColumns {
    const moved = new NoteColumns(0);
    moved.length = this.length;
    moved.startTicks = startTicks;
    moved.endTicks = endTicks;
    moved.velocity = this.velocity;
    moved.pitch = this.pitch;
    moved.part = this.part;
    return moved;
  }

  /** Copies the columns, one after the other and without gaps. */
  copyTo(bytes: ArrayBuffer, at: number): void {
    const { length } = this;
    const copy = NoteColumns.of(bytes, at, length);
    copy.startTicks.set(this.startTicks.subarray(0, length));
    copy.endTicks.set(this.endTicks.subarray(0, length));
    copy.velocity.set(this.velocity.subarray(0, length));
    copy.pitch.set(this.pitch.subarray(0, length));
    copy.part.set(this.part.subarray(0, length));
  }

  #grow(): void {
    const { startTicks, endTicks, velocity, pitch, part } = this;
    this.#make(2 * pitch.length + 16);
    this.startTicks.set(startTicks);
    this.endTicks.set(endTicks);
    this.velocity.set(velocity);
    this.pitch.set(pitch);
    this.part.set(part);
  }

  /** One piece of memory for all: each one is asked of the system, which is slow. */
  #make(room: number): void {
    this.#lay(new ArrayBuffer(NoteColumns.BYTES * room), 0, room);
  }

  #lay(bytes: ArrayBuffer, at: number, room: number): void {
    this.startTicks = new Float64Array(bytes, at, room);
    this.endTicks = new Float64Array(bytes, at + 8 * room, room);
    this.velocity = new Float64Array(bytes, at + 16 * room, room);
    this.pitch = new Int32Array(bytes, at + 24 * room, room);
    this.part = new Int32Array(bytes, at + 28 * room, room);
  }
}

/** What is known of a sequence as columns. */
interface Known {
  notes?: NoteColumns;
  controls?: ControlColumns;
}

// Sequences are immutable, so their columns stay true as long as they live.
const KNOWN = new WeakMap<Partial<NoteSequence>, Known>();

function knownOf(sequence: Partial<NoteSequence>): Known {
  let known = KNOWN.get(sequence);
  if (known === undefined) KNOWN.set(sequence, known = {});
  return known;
}

/**
 * The notes of a sequence as columns, the same each time, which must not be changed.
 *
 * @example
 * ```ts
 * import { columnsOf, emptySequence } from "immersic/music/music.ts";
 * console.assert(columnsOf(emptySequence(480)).length === 0);
 * ```
 */
export function columnsOf(
  sequence: Pick<NoteSequence, "notes">,
): NoteColumns {
  const known = knownOf(sequence);
  return known.notes ??= columnsOfNotes(sequence.notes);
}

/** Notes as columns. */
export function columnsOfNotes(notes: readonly Note[]): NoteColumns {
  const columns = new NoteColumns(notes.length);
  for (const { pitch, velocity, startTicks, endTicks, part } of notes) {
    columns.add(pitch, velocity, startTicks, endTicks, part);
  }
  return columns;
}

/**
 * A sequence whose notes are columns.
 *
 * @param columns In the order of {@linkcode NoteSequence.notes}; not to be changed
 * any more.
 *
 * @example
 * ```ts
 * import { emptySequence, NoteColumns, sequenceOf } from "immersic/music/music.ts";
 * const columns = new NoteColumns();
 * columns.add(60, 80, 0, 480, 0);
 * const { notes } = sequenceOf(emptySequence(480), columns);
 * console.assert(notes[0]?.pitch === 60);
 * ```
 */
export function sequenceOf(
  fields: GivenFields,
  columns: NoteColumns,
): NoteSequence {
  const { ticksPerQuarter, parts, tempos, timeSignatures } = fields;
  const { keySignatures, controls, markers, totalTicks } = fields;
  const isLazy = controls instanceof ControlColumns;
  const all = {
    ...{ ticksPerQuarter, parts, tempos, timeSignatures, keySignatures },
    ...isLazy ? {} : { controls },
    ...markers && { markers },
    totalTicks,
  };
  const sequence = Object.defineProperty(all, "notes", LAZY) as NoteSequence;
  if (isLazy) Object.defineProperty(sequence, "controls", LAZY_CONTROLS);
  KNOWN.set(sequence, { notes: columns, ...isLazy && { controls } });
  return sequence;
}

/**
 * The controllers of a sequence as columns, the same each time, which must not be
 * changed.
 *
 * @example
 * ```ts
 * import { controlsOf, emptySequence } from "immersic/music/music.ts";
 * console.assert(controlsOf(emptySequence(480)).length === 0);
 * ```
 */
export function controlsOf(
  sequence: Pick<NoteSequence, "controls">,
): ControlColumns {
  const known = knownOf(sequence);
  if (known.controls === undefined) {
    const { controls } = sequence;
    known.controls = ControlColumns.from(controls.length, (i) => controls[i]!);
  }
  return known.controls;
}

const NOTES = new WeakMap<NoteSequence, Note[]>();
const CHANGES = new WeakMap<NoteSequence, ControlChange[]>();

/**
 * A property of the sequence itself, so that copies and comparisons have it. One
 * function for all: V8 looks up the properties of objects with accessors of their own
 * as in a dictionary.
 */
const LAZY: PropertyDescriptor & ThisType<NoteSequence> = {
  enumerable: true,
  configurable: true,
  get() {
    let notes = NOTES.get(this);
    if (notes === undefined) NOTES.set(this, notes = notesOf(columnsOf(this)));
    return notes;
  },
};

/** The same for controllers. */
const LAZY_CONTROLS: PropertyDescriptor & ThisType<NoteSequence> = {
  enumerable: true,
  configurable: true,
  get() {
    let changes = CHANGES.get(this);
    if (changes === undefined) {
      CHANGES.set(this, changes = changesOf(controlsOf(this)));
    }
    return changes;
  },
};

/** Notes as objects. */
export function notesOf(
  { length, pitch, velocity, startTicks, endTicks, part }: NoteColumns,
): Note[] {
  return Array.from({ length }, (_, i) => ({
    pitch: pitch[i]!,
    velocity: velocity[i]!,
    startTicks: startTicks[i]!,
    endTicks: endTicks[i]!,
    part: part[i]!,
  }));
}

/**
 * How many notes a piece has.
 *
 * @example
 * ```ts
 * import { emptySequence, noteCount } from "immersic/music/music.ts";
 * console.assert(noteCount(emptySequence(480)) === 0);
 * ```
 */
export function noteCount(sequence: Pick<NoteSequence, "notes">): number {
  return columnsOf(sequence).length;
}

/** The tick at which the last note is released, 0 without notes. */
export function lastRelease(sequence: Pick<NoteSequence, "notes">): number {
  return lastEnd(columnsOf(sequence));
}

/** As {@linkcode lastRelease}, of notes in columns. */
export function lastEnd({ length, endTicks }: NoteColumns): number {
  let end = 0;
  for (let i = 0; i < length; i++) if (endTicks[i]! > end) end = endTicks[i]!;
  return end;
}
