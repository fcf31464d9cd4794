/**
 * The one music representation every module shares: notes in ticks, with the
 * parts, tempi, meters and keys that give the ticks their meaning.
 *
 * All times are integer ticks; {@linkcode NoteSequence.ticksPerQuarter} of them
 * make a quarter note. A `NoteSequence` is treated as immutable: functions
 * return new ones.
 */

/** A sounding note. `endTicks` is the key release, the pedal is not applied. */
export interface Note {
  /** MIDI pitch, 0–127; 60 is middle C. */
  readonly pitch: number;
  /** MIDI velocity, 1–127. */
  readonly velocity: number;
  readonly startTicks: number;
  /** After `startTicks`, or equal to it for a note of no length. */
  readonly endTicks: number;
  /** Index into {@linkcode NoteSequence.parts}. */
  readonly part: number;
}

/** One instrument line: the notes of one track, channel and program. */
export interface Part {
  /** Track name, "" where the file gives none. */
  readonly name: string;
  /** General MIDI program, 0–127. */
  readonly program: number;
  /** True for percussion (MIDI channel 10), where pitches name drums. */
  readonly isDrum: boolean;
  /**
   * Index of the source file's track the part was read from, the tempo track
   * counted. Absent where the part was made rather than read.
   */
  readonly track?: number;
}

/** A tempo that holds from `ticks` on. */
export interface TempoChange {
  readonly ticks: number;
  /** Quarter notes per minute. */
  readonly qpm: number;
}

/** A meter that holds from `ticks` on. */
export interface TimeSignature {
  readonly ticks: number;
  readonly numerator: number;
  /** 1, 2, 4, 8, 16, … */
  readonly denominator: number;
}

/** A key signature that holds from `ticks` on. */
export interface KeySignature {
  readonly ticks: number;
  /** Sharps (positive) or flats (negative), −7 to 7. */
  readonly fifths: number;
  readonly mode: "major" | "minor";
}

/** A controller value from `ticks` on, for example 64, the sustain pedal. */
export interface ControlChange {
  readonly ticks: number;
  /** Index into {@linkcode NoteSequence.parts}. */
  readonly part: number;
  /** MIDI controller number, 0–127. */
  readonly controller: number;
  /** 0–127. */
  readonly value: number;
}

/** A piece of music, or a passage of one. */
export interface NoteSequence {
  readonly ticksPerQuarter: number;
  readonly parts: readonly Part[];
  /** Sorted by `startTicks`, then `part`, `pitch` and `endTicks`. */
  readonly notes: readonly Note[];
  /** Sorted by `ticks`. Empty means 120 qpm throughout. */
  readonly tempos: readonly TempoChange[];
  /** Sorted by `ticks`. Empty means 4/4 throughout. */
  readonly timeSignatures: readonly TimeSignature[];
  /** Sorted by `ticks`. */
  readonly keySignatures: readonly KeySignature[];
  /** Sorted by `ticks`, then `part`. */
  readonly controls: readonly ControlChange[];
  /** At least the last `endTicks`. */
  readonly totalTicks: number;
}

const DEFAULT_QPM = 120;
const DEFAULT_METER: TimeSignature = { ticks: 0, numerator: 4, denominator: 4 };
const SUSTAIN_PEDAL = 64;
/** Values from here on mean that a pedal is down. */
const PEDAL_DOWN = 64;

/**
 * A sequence of no notes and no length.
 *
 * @param ticksPerQuarter Ticks to a quarter note, a positive integer.
 * @returns The empty sequence.
 * @throws {RangeError} If `ticksPerQuarter` is not a positive integer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence } from "immersic/music/music.ts";
 * assert(emptySequence(480).notes.length === 0);
 * ```
 */
export function emptySequence(ticksPerQuarter: number): NoteSequence {
  if (!Number.isSafeInteger(ticksPerQuarter) || ticksPerQuarter < 1) {
    throw new RangeError(
      `Cannot make a sequence: ticksPerQuarter must be a positive integer, current value is ${ticksPerQuarter}.`,
    );
  }
  return {
    ticksPerQuarter,
    parts: [],
    notes: [],
    tempos: [],
    timeSignatures: [],
    keySignatures: [],
    controls: [],
    totalTicks: 0,
  };
}

/**
 * The notes of a piece that have a pitch: those of all parts but drums.
 *
 * @example
 * ```ts
 * import { emptySequence, pitchedNotes } from "immersic/music/music.ts";
 * const note = { pitch: 36, velocity: 80, startTicks: 0, endTicks: 480 };
 * const piece = {
 *   ...emptySequence(480),
 *   parts: [false, true].map((isDrum) => ({ name: "", program: 0, isDrum })),
 *   notes: [{ ...note, part: 0 }, { ...note, part: 1 }],
 * };
 * console.assert(pitchedNotes(piece)[0].part === 0);
 * console.assert(pitchedNotes(piece).length === 1);
 * ```
 */
export function pitchedNotes({ notes, parts }: NoteSequence): Note[] {
  return notes.filter(({ part }) => !parts[part].isDrum);
}

/** Whether a piece has a note that has a pitch. */
export function hasPitch({ notes, parts }: NoteSequence): boolean {
  return notes.some(({ part }) => !parts[part].isDrum);
}

/**
 * Notes in the order of {@linkcode NoteSequence.notes}.
 *
 * @param notes Notes in any order.
 * @returns A new array, sorted by `startTicks`, then `part`, `pitch`,
 * `endTicks`; notes alike in all four stay as they were.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sortNotes } from "immersic/music/music.ts";
 * const note = { pitch: 60, velocity: 80, startTicks: 0, endTicks: 480, part: 0 };
 * const [first] = sortNotes([{ ...note, startTicks: 480 }, note]);
 * assert(first.startTicks === 0);
 * ```
 */
export function sortNotes(notes: readonly Note[]): Note[] {
  return notes.slice().sort((a, b) =>
    a.startTicks - b.startTicks || a.part - b.part || a.pitch - b.pitch ||
    a.endTicks - b.endTicks
  );
}

/** Where each tempo begins; `seconds[i]` is the time at `ticks[i]`. */
interface TempoMap {
  readonly ticks: readonly number[];
  readonly seconds: readonly number[];
  readonly secondsPerTick: readonly number[];
}

// Sequences are immutable, so a map stays true as long as its sequence lives.
const tempoMaps = new WeakMap<NoteSequence, TempoMap>();

function tempoMapOf(sequence: NoteSequence): TempoMap {
  let map = tempoMaps.get(sequence);
  if (map) return map;
  const perTick = (qpm: number) => 60 / (qpm * sequence.ticksPerQuarter);
  const ticks = [0], seconds = [0], secondsPerTick = [perTick(DEFAULT_QPM)];
  for (const tempo of sequence.tempos) {
    const last = ticks.length - 1;
    ticks.push(tempo.ticks);
    seconds.push(
      seconds[last] + (tempo.ticks - ticks[last]) * secondsPerTick[last],
    );
    secondsPerTick.push(perTick(tempo.qpm));
  }
  map = { ticks, seconds, secondsPerTick };
  tempoMaps.set(sequence, map);
  return map;
}

/** Index of the last of the sorted `values` that is not above `value`. */
function lastAtOrBelow(values: readonly number[], value: number): number {
  let low = 0, high = values.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) low = middle;
    else high = middle;
  }
  return low;
}

function requireTime(name: string, value: number): void {
  if (!(value >= 0 && value < Infinity)) {
    throw new RangeError(
      `Cannot convert a time: ${name} must be finite and not negative, current value is ${value}.`,
    );
  }
}

/**
 * The moment of a tick, following the tempo changes; 120 qpm before the first.
 *
 * @param sequence The sequence whose tempi count.
 * @param ticks Ticks from the start, fractions allowed.
 * @returns Seconds from the start.
 * @throws {RangeError} If `ticks` is negative or not finite.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence, ticksToSeconds } from "immersic/music/music.ts";
 * assert(ticksToSeconds(emptySequence(480), 960) === 1);
 * ```
 */
export function ticksToSeconds(sequence: NoteSequence, ticks: number): number {
  requireTime("ticks", ticks);
  const map = tempoMapOf(sequence);
  const i = lastAtOrBelow(map.ticks, ticks);
  return map.seconds[i] + (ticks - map.ticks[i]) * map.secondsPerTick[i];
}

/**
 * The tick nearest to a moment, following the tempo changes.
 *
 * @param sequence The sequence whose tempi count.
 * @param seconds Seconds from the start.
 * @returns Ticks from the start, an integer.
 * @throws {RangeError} If `seconds` is negative or not finite.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence, secondsToTicks } from "immersic/music/music.ts";
 * assert(secondsToTicks(emptySequence(480), 1) === 960);
 * ```
 */
export function secondsToTicks(
  sequence: NoteSequence,
  seconds: number,
): number {
  requireTime("seconds", seconds);
  const map = tempoMapOf(sequence);
  const i = lastAtOrBelow(map.seconds, seconds);
  return Math.round(
    map.ticks[i] + (seconds - map.seconds[i]) / map.secondsPerTick[i],
  );
}

/**
 * Length of a bar. Where a short bar does not come out whole in ticks the
 * length is a fraction; {@linkcode barStarts} rounds.
 *
 * @param timeSignature The meter.
 * @param ticksPerQuarter Ticks to a quarter note.
 * @returns Ticks to the bar.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ticksPerBar } from "immersic/music/music.ts";
 * assert(ticksPerBar({ numerator: 6, denominator: 8 }, 480) === 1440);
 * ```
 */
export function ticksPerBar(
  timeSignature: Pick<TimeSignature, "numerator" | "denominator">,
  ticksPerQuarter: number,
): number {
  const { numerator, denominator } = timeSignature;
  return numerator * 4 * ticksPerQuarter / denominator;
}

/**
 * Where the bars begin. A time signature always begins a bar, so the bar before
 * it is cut short when the change comes early. 4/4 before the first signature.
 *
 * @param sequence The sequence to divide into bars.
 * @returns Start ticks of the bars that begin before `totalTicks`, ascending;
 * empty for a sequence of no length.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { barStarts, emptySequence } from "immersic/music/music.ts";
 * const sequence = { ...emptySequence(480), totalTicks: 4000 };
 * assert(barStarts(sequence).join() === "0,1920,3840");
 * ```
 */
export function barStarts(sequence: NoteSequence): number[] {
  const { timeSignatures, ticksPerQuarter, totalTicks } = sequence;
  const starts: number[] = [];
  const meters = [DEFAULT_METER, ...timeSignatures];
  meters.forEach((meter, i) => {
    const end = Math.min(meters[i + 1]?.ticks ?? Infinity, totalTicks);
    // A bar shorter than a tick would never end; it is drawn out to one.
    const length = Math.max(1, ticksPerBar(meter, ticksPerQuarter));
    for (let bar = 0;; bar++) {
      const start = Math.round(meter.ticks + bar * length);
      if (start >= end) break;
      starts.push(start);
    }
  });
  return starts;
}

/**
 * A passage as a sequence of its own, moved to begin at tick 0. It holds the
 * notes that begin inside it, cut at its end; a note sounding into it from
 * before is not struck again. The tempo, meter, key and controller values in
 * force at its start hold from its tick 0. To keep the bars in place, cut at
 * {@linkcode barStarts}.
 *
 * @param sequence The sequence to cut from.
 * @param startTicks First tick of the passage.
 * @param endTicks Tick after the passage; beyond `totalTicks` means to the end.
 * @returns The passage, with the same parts.
 * @throws {RangeError} If the ticks are not integers with
 * 0 ≤ `startTicks` ≤ `endTicks`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence, sliceSequence } from "immersic/music/music.ts";
 * const sequence = { ...emptySequence(480), totalTicks: 4000 };
 * assert(sliceSequence(sequence, 1920, 3840).totalTicks === 1920);
 * ```
 */
export function sliceSequence(
  sequence: NoteSequence,
  startTicks: number,
  endTicks: number,
): NoteSequence {
  if (
    !Number.isSafeInteger(startTicks) || !Number.isSafeInteger(endTicks) ||
    startTicks < 0 || endTicks < startTicks
  ) {
    throw new RangeError(
      `Cannot slice a sequence: startTicks and endTicks must be integers with 0 ≤ startTicks ≤ endTicks, current values are ${startTicks} and ${endTicks}.`,
    );
  }
  const end = Math.min(endTicks, sequence.totalTicks);
  /** What lies in the passage, after what is in force as it begins. */
  function cut<T extends { readonly ticks: number }>(
    changes: readonly T[],
    keyOf: (change: T) => number,
  ): T[] {
    const inForce = new Map<number, T>();
    const inside: T[] = [];
    for (const change of changes) {
      const ticks = change.ticks - startTicks;
      if (ticks <= 0) inForce.set(keyOf(change), { ...change, ticks: 0 });
      else if (change.ticks < end) inside.push({ ...change, ticks });
    }
    return [...inForce.values(), ...inside];
  }
  const one = () => 0;
  return {
    ...sequence,
    notes: sequence.notes
      .filter((note) => note.startTicks >= startTicks && note.startTicks < end)
      .map((note) => ({
        ...note,
        startTicks: note.startTicks - startTicks,
        endTicks: Math.min(note.endTicks, end) - startTicks,
      })),
    tempos: cut(sequence.tempos, one),
    timeSignatures: cut(sequence.timeSignatures, one),
    keySignatures: cut(sequence.keySignatures, one),
    controls: cut(
      sequence.controls,
      (control) => control.part * 128 + control.controller,
    ),
    totalTicks: Math.max(0, end - startTicks),
  };
}

/**
 * The sequence some semitones higher or lower. Drums stay as they are; key
 * signatures move along the circle of fifths, to at most six accidentals.
 *
 * @param sequence The sequence to transpose.
 * @param semitones Semitones up, or down where negative.
 * @returns The transposed sequence.
 * @throws {RangeError} If `semitones` is no integer, or if a note would leave
 * 0–127.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence, transposeSequence } from "immersic/music/music.ts";
 * const inC = {
 *   ...emptySequence(480),
 *   keySignatures: [{ ticks: 0, fifths: 0, mode: "major" as const }],
 * };
 * assert(transposeSequence(inC, -2).keySignatures[0].fifths === -2);
 * ```
 */
export function transposeSequence(
  sequence: NoteSequence,
  semitones: number,
): NoteSequence {
  if (!Number.isSafeInteger(semitones)) {
    throw new RangeError(
      `Cannot transpose: semitones must be an integer, current value is ${semitones}.`,
    );
  }
  if (semitones === 0) return sequence;
  const notes = sequence.notes.map((note) => {
    if (sequence.parts[note.part].isDrum) return note;
    const pitch = note.pitch + semitones;
    if (pitch < 0 || pitch > 127) {
      throw new RangeError(
        `Cannot transpose by ${semitones} semitones: pitch ${note.pitch} would leave 0–127, current value is ${pitch}.`,
      );
    }
    return { ...note, pitch };
  });
  const keySignatures = sequence.keySignatures.map((key) => {
    const turned = (key.fifths + 7 * semitones + 5) % 12;
    return { ...key, fifths: (turned + 12) % 12 - 5 };
  });
  return { ...sequence, notes, keySignatures };
}

/**
 * The notes as the sustain pedal (controller 64) makes them sound: a note let
 * go while the pedal is down lasts until the pedal lifts or the same pitch is
 * struck again in its part. A key let go at the very tick the pedal goes down is
 * not caught. Drums do not ring on.
 *
 * @param sequence The sequence as played.
 * @returns The sequence as heard, without the pedal's own changes: the lengths
 * of the notes carry them now.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { applySustain, emptySequence } from "immersic/music/music.ts";
 * const heard = applySustain({
 *   ...emptySequence(480),
 *   parts: [{ name: "", program: 0, isDrum: false }],
 *   notes: [{ pitch: 60, velocity: 80, startTicks: 0, endTicks: 480, part: 0 }],
 *   controls: [
 *     { ticks: 0, part: 0, controller: 64, value: 127 },
 *     { ticks: 960, part: 0, controller: 64, value: 0 },
 *   ],
 *   totalTicks: 960,
 * });
 * assert(heard.notes[0].endTicks === 960);
 * ```
 */
export function applySustain(sequence: NoteSequence): NoteSequence {
  const { parts, notes, totalTicks } = sequence;
  const pedals = sequence.controls.filter((c) =>
    c.controller === SUSTAIN_PEDAL
  );
  if (pedals.length === 0) return sequence;
  /** For each part, where its pedal goes down and lifts, in turn. */
  const turns: number[][] = parts.map(() => []);
  for (const { part, ticks, value } of pedals) {
    const isDown = turns[part].length % 2 === 1;
    if (isDown !== value >= PEDAL_DOWN) turns[part].push(ticks);
  }
  const lengthened: Note[] = new Array(notes.length);
  /** Start of the next note of each part and pitch, walking backwards. */
  const nextStart = new Map<number, number>();
  for (let i = notes.length - 1; i >= 0; i--) {
    const note = notes[i];
    const ticks = turns[note.part];
    const key = note.part * 128 + note.pitch;
    // The pedal is down while an odd number of turns lie before the release.
    const before = firstNotBelow(ticks, note.endTicks);
    let endTicks = note.endTicks;
    if (before % 2 === 1 && !parts[note.part].isDrum) {
      const lift = ticks[before] ?? totalTicks;
      endTicks = Math.max(
        endTicks,
        Math.min(lift, nextStart.get(key) ?? Infinity),
      );
    }
    nextStart.set(key, note.startTicks);
    lengthened[i] = endTicks === note.endTicks ? note : { ...note, endTicks };
  }
  return {
    ...sequence,
    notes: sortNotes(lengthened),
    controls: sequence.controls.filter((c) => c.controller !== SUSTAIN_PEDAL),
  };
}

/** Index of the first of the sorted `values` that is at least `value`. */
function firstNotBelow(values: readonly number[], value: number): number {
  let low = 0, high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
