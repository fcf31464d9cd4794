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

/** The columns of some notes; there may be room for more. */
interface Columns {
  startTicks: Float64Array;
  endTicks: Float64Array;
  velocity: Float64Array;
  pitch: Int32Array;
  part: Int32Array;
}

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
  /** Bytes of a packed note. */
  static readonly PACKED_BYTES = 12;
  /** How many notes there are; there may be room for more. */
  length = 0;
  #columns: Columns | undefined;
  #packed: Int32Array | undefined;

  /**
   * No notes yet.
   *
   * @param room For how many there is room before the columns grow.
   */
  constructor(room: number = 16) {
    if (room > 0) this.#columns = columnsFor(room);
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
    columns.#columns = columnsIn(bytes, at, length);
    columns.length = length;
    return columns;
  }

  /**
   * Notes whose columns are made when they are first asked for.
   *
   * @param packed Three numbers of each: start, end, and 2^14 · part + 128 · pitch +
   * velocity.
   */
  static packed(packed: Int32Array): NoteColumns {
    const columns = new NoteColumns(0);
    columns.#packed = packed;
    columns.length = packed.length / 3;
    return columns;
  }

  /** When each begins. */
  get startTicks(): Float64Array {
    return this.#all.startTicks;
  }

  /** When each ends. */
  get endTicks(): Float64Array {
    return this.#all.endTicks;
  }

  /** MIDI velocities. */
  get velocity(): Float64Array {
    return this.#all.velocity;
  }

  /** MIDI pitches. */
  get pitch(): Int32Array {
    return this.#all.pitch;
  }

  /** Indices into the parts. */
  get part(): Int32Array {
    return this.#all.part;
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
    if (i === this.#all.pitch.length) this.#grow();
    const columns = this.#all;
    columns.pitch[i] = pitch;
    columns.velocity[i] = velocity;
    columns.startTicks[i] = startTicks;
    columns.endTicks[i] = endTicks;
    columns.part[i] = part;
    this.length = i + 1;
    return i;
  }

  /** The same notes in another order, in columns of their own. */
  inOrder(order: Int32Array): NoteColumns {
    const { length } = order, ordered = new NoteColumns(length);
    const { startTicks, endTicks, velocity, pitch, part } = this.#all;
    const columns = ordered.#all;
    for (let to = 0; to < length; to++) {
      const from = order[to]!;
      columns.startTicks[to] = startTicks[from]!;
      columns.endTicks[to] = endTicks[from]!;
      columns.velocity[to] = velocity[from]!;
      columns.pitch[to] = pitch[from]!;
      columns.part[to] = part[from]!;
    }
    ordered.length = length;
    return ordered;
  }

  /** The same notes at other times; what does not change is shared. */
  withTimes(startTicks: Float64Array, endTicks: Float64Array): NoteColumns {
    const moved = new NoteColumns(0);
    moved.length = this.length;
    moved.#columns = { ...this.#all, startTicks, endTicks };
    return moved;
  }

  /** Copies the columns, one after the other and without gaps. */
  copyTo(bytes: ArrayBuffer, at: number): void {
    const { length } = this, copy = columnsIn(bytes, at, length);
    if (this.#packed) return unpack(this.#packed, copy);
    const { startTicks, endTicks, velocity, pitch, part } = this.#all;
    copy.startTicks.set(startTicks.subarray(0, length));
    copy.endTicks.set(endTicks.subarray(0, length));
    copy.velocity.set(velocity.subarray(0, length));
    copy.pitch.set(pitch.subarray(0, length));
    copy.part.set(part.subarray(0, length));
  }

  /**
   * Packs the notes.
   *
   * @param packed Three numbers of each, as {@linkcode NoteColumns.packed} has them.
   */
  packTo(packed: Int32Array): void {
    const { length } = this;
    const { startTicks, endTicks, velocity, pitch, part } = this.#all;
    for (let i = 0, to = 0; i < length; i++, to += 3) {
      packed[to] = startTicks[i]!;
      packed[to + 1] = endTicks[i]!;
      packed[to + 2] = part[i]! << 14 | pitch[i]! << 7 | velocity[i]!;
    }
  }

  get #all(): Columns {
    if (this.#columns === undefined) {
      this.#columns = columnsFor(this.length);
      if (this.#packed) unpack(this.#packed, this.#columns);
      // They may be changed from now on.
      this.#packed = undefined;
    }
    return this.#columns;
  }

  #grow(): void {
    const { startTicks, endTicks, velocity, pitch, part } = this.#all;
    const larger = columnsFor(2 * pitch.length + 16);
    larger.startTicks.set(startTicks);
    larger.endTicks.set(endTicks);
    larger.velocity.set(velocity);
    larger.pitch.set(pitch);
    larger.part.set(part);
    this.#columns = larger;
  }
}

/** One piece of memory for all: each one is asked of the system, which is slow. */
function columnsFor(room: number): Columns {
  return columnsIn(new ArrayBuffer(NoteColumns.BYTES * room), 0, room);
}

function columnsIn(bytes: ArrayBuffer, at: number, room: number): Columns {
  return {
    startTicks: new Float64Array(bytes, at, room),
    endTicks: new Float64Array(bytes, at + 8 * room, room),
    velocity: new Float64Array(bytes, at + 16 * room, room),
    pitch: new Int32Array(bytes, at + 24 * room, room),
    part: new Int32Array(bytes, at + 28 * room, room),
  };
}

function unpack(
  packed: Int32Array,
  { startTicks, endTicks, velocity, pitch, part }: Columns,
): void {
  for (let i = 0, from = 0; from < packed.length; i++, from += 3) {
    const sound = packed[from + 2]!;
    startTicks[i] = packed[from]!;
    endTicks[i] = packed[from + 1]!;
    velocity[i] = sound & 0x7f;
    pitch[i] = sound >> 7 & 0x7f;
    part[i] = sound >> 14;
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
  const all: { -readonly [K in keyof NoteSequence]?: NoteSequence[K] } = {
    ...{ ticksPerQuarter, parts, tempos, timeSignatures, keySignatures },
  };
  if (!isLazy) all.controls = controls;
  if (markers) all.markers = markers;
  all.totalTicks = totalTicks;
  const sequence = Object.defineProperty(all, "notes", LAZY) as NoteSequence;
  if (!isLazy) KNOWN.set(sequence, { notes: columns });
  else {
    Object.defineProperty(sequence, "controls", LAZY_CONTROLS);
    KNOWN.set(sequence, { notes: columns, controls });
  }
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
