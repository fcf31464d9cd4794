/** What happens at one time of a piece: hits, silences and fades. */

import {
  type ControlChange,
  type Note,
  type NoteSequence,
  secondsToTicks,
  sortNotes,
  SUSTAIN_PEDAL,
} from "../music/music.ts";
import { EXPRESSION, FULL } from "./controls.ts";

/** An event whose time is known. */
export interface TimedEvent {
  /** Its kind. */
  readonly what: "hit" | "silence" | "fadeIn" | "fadeOut";
  /** When it is, or begins. */
  readonly seconds: number;
  /** How long it lasts; of a hit nothing. */
  readonly forSeconds: number;
  /** What strikes a hit alone. @default all who play */
  readonly stroke?: Stroke;
  /** Whether it comes again, after one like it. @default false */
  readonly isAgain?: boolean;
}

/** One note of one instrument. */
export interface Stroke {
  /** General MIDI program; of drums none. */
  readonly program?: number;
  /** MIDI pitch, or General MIDI percussion. */
  readonly pitch: number;
  /** What its part is called, where it has none yet. */
  readonly name: string;
}

/** Velocity of a hit, above that of any other note. */
const HIT_VELOCITY = 124;
/** Notes so near to a hit, in quarters, become a part of it; before it is silence. */
const NEAR_QUARTERS = 0.5;
/** A hit sounds for so many quarters at least. */
const HIT_QUARTERS = 0.5;
/** Drums that play within so many quarters before a hit and after it strike too. */
const RECENT_QUARTERS = 4;
/** A single stroke rings for so many quarters. */
const STROKE_QUARTERS = 4;
/** Within so many quarters of it, notes are at most this loud. */
const NEAR_STROKE = 2, BESIDE_STROKE = 104;
/** Drums of a hit. */
const KICK = 36, CRASH = 49;
/** How much of a fade the velocities take; the rest is expression's. */
const VELOCITY_SHARE = 0.5;
/** Steps of expression to a quarter note. */
const STEPS_PER_QUARTER = 4;

/** Puts events into a piece, in the order given. */
export function putEvents(
  piece: NoteSequence,
  events: readonly TimedEvent[],
): NoteSequence {
  return events.reduce((made, { what, seconds, forSeconds, stroke }) => {
    const at = Math.min(secondsToTicks(made, seconds), made.totalTicks);
    const until = Math.min(
      secondsToTicks(made, seconds + forSeconds),
      made.totalTicks,
    );
    return what === "hit" && stroke
      ? strike(made, at, stroke)
      : what === "hit"
      ? hit(made, at)
      : what === "silence"
      ? silence(made, at, until)
      : fade(made, what, at, until);
  }, piece);
}

/**
 * All that plays about a time strikes there together, louder than anything else,
 * after a short silence.
 */
function hit(piece: NoteSequence, at: number): NoteSequence {
  const near = Math.round(NEAR_QUARTERS * piece.ticksPerQuarter);
  const from = Math.max(0, at - near);
  if (at >= piece.totalTicks) return piece;
  const until = Math.min(
    at + Math.round(HIT_QUARTERS * piece.ticksPerQuarter),
    piece.totalTicks,
  );
  const struck = struckAt(piece, at, near).map((note): Note => ({
    ...note,
    velocity: HIT_VELOCITY,
    startTicks: at,
    endTicks: Math.max(note.endTicks, until),
  }));
  const own = new Set(struck.map(placeOf));
  const isMoved = ({ startTicks }: Note) =>
    startTicks >= from && startTicks <= at;
  const others = piece.notes.filter((note) =>
    !isMoved(note) &&
    // What would strike the same pitch again at once.
    !(note.startTicks > at && note.startTicks < until && own.has(placeOf(note)))
  ).map((note) =>
    note.startTicks < from && note.endTicks > from
      ? { ...note, endTicks: from }
      : note
  );
  const next = nextStarts(others);
  const notes = [
    ...others,
    ...struck.map((note) => ({
      ...note,
      endTicks: Math.min(note.endTicks, next(note)),
    })),
  ];
  return {
    ...piece,
    notes: sortNotes(notes),
    controls: liftPedal(piece, from, at),
  };
}

/** One instrument strikes, above what the others play on. */
function strike(
  piece: NoteSequence,
  at: number,
  { program, pitch, name }: Stroke,
): NoteSequence {
  const { notes, ticksPerQuarter, totalTicks } = piece;
  if (at >= totalTicks) return piece;
  const isDrum = program === undefined;
  const known = piece.parts.findIndex((part) =>
    part.isDrum === isDrum && (isDrum || part.program === program)
  );
  const part = known < 0 ? piece.parts.length : known;
  const parts = known < 0
    ? [...piece.parts, { name, program: program ?? 0, isDrum }]
    : piece.parts;
  const until = Math.min(at + STROKE_QUARTERS * ticksPerQuarter, totalTicks);
  const others = notes.flatMap((note): Note[] => {
    if (note.part !== part || note.pitch !== pitch) return [note];
    if (note.startTicks >= at && note.startTicks < until) return [];
    return note.endTicks > at && note.startTicks < at
      ? [{ ...note, endTicks: at }]
      : [note];
  }).map((note) =>
    // So near to it nothing else is as loud.
    Math.abs(note.startTicks - at) < NEAR_STROKE * ticksPerQuarter
      ? { ...note, velocity: Math.min(note.velocity, BESIDE_STROKE) }
      : note
  );
  const struck: Note = {
    pitch,
    velocity: HIT_VELOCITY,
    startTicks: at,
    endTicks: until,
    part,
  };
  return { ...piece, parts, notes: sortNotes([...others, struck]) };
}

/** The notes of a hit: of each part those nearest to it, or those that sound. */
function struckAt(piece: NoteSequence, at: number, near: number): Note[] {
  const { notes, parts, ticksPerQuarter } = piece;
  const struck: Note[] = [];
  let latest: Note[] = [];
  for (const part of parts.keys()) {
    const own = notes.filter((note) => note.part === part);
    const apart = ({ startTicks }: Note) => Math.abs(startTicks - at);
    const within = own.filter((note) => apart(note) < near);
    const nearest = Math.min(...within.map(apart));
    const onset = within.filter((note) => apart(note) === nearest);
    const held = own.filter(({ startTicks, endTicks }) =>
      startTicks < at && endTicks > at
    );
    struck.push(...onset.length > 0 ? onset : held);
    const start = own.findLast(({ startTicks }) => startTicks <= at)
      ?.startTicks;
    if (start === undefined) continue;
    const recent = RECENT_QUARTERS * ticksPerQuarter;
    const goesOn = own.some(({ startTicks }) =>
      startTicks > at && startTicks < at + recent
    );
    if (parts[part]!.isDrum && goesOn && at - start < recent) {
      const drum = { velocity: 0, startTicks: at, endTicks: at, part };
      struck.push({ ...drum, pitch: KICK }, { ...drum, pitch: CRASH });
    }
    if (start > (latest[0]?.startTicks ?? -1)) {
      latest = own.filter(({ startTicks }) => startTicks === start);
    }
  }
  const chosen = struck.length > 0
    ? struck
    : latest.length > 0
    ? latest
    : notes.filter(({ startTicks }) => startTicks === notes[0]!.startTicks);
  const seen = new Set<number>();
  return chosen.filter((note) => {
    const isNew = !seen.has(placeOf(note));
    seen.add(placeOf(note));
    return isNew;
  });
}

/** A part and a pitch as one number. */
function placeOf({ part, pitch }: Note): number {
  return 128 * part + pitch;
}

/** When the pitch of a note is struck next in its part. */
function nextStarts(notes: readonly Note[]): (note: Note) => number {
  return (note) =>
    notes.find((other) =>
      other.startTicks > note.startTicks && placeOf(other) === placeOf(note)
    )?.startTicks ?? Infinity;
}

/** No note sounds from one time to another. */
function silence(piece: NoteSequence, from: number, to: number): NoteSequence {
  const notes = piece.notes.filter(({ startTicks }) =>
    startTicks < from || startTicks >= to
  ).map((note) =>
    note.startTicks < from && note.endTicks > from
      ? { ...note, endTicks: from }
      : note
  );
  return { ...piece, notes, controls: liftPedal(piece, from, to) };
}

/** The controls of a piece whose pedals are up from one time to another. */
function liftPedal(
  { controls }: NoteSequence,
  from: number,
  to: number,
): ControlChange[] {
  /** By part: the last pedal before each of the two times. */
  const before = new Map<number, number>(), after = new Map<number, number>();
  for (const { ticks, part, controller, value } of controls) {
    if (controller !== SUSTAIN_PEDAL || ticks > to) continue;
    if (ticks <= from) before.set(part, value);
    after.set(part, value);
  }
  const pedal = (ticks: number, part: number, value: number) => ({
    ticks,
    part,
    controller: SUSTAIN_PEDAL,
    value,
  });
  return [
    ...controls.filter(({ ticks, controller }) =>
      controller !== SUSTAIN_PEDAL || ticks <= from || ticks > to
    ),
    ...[...before].filter(([, value]) => value > 0)
      .map(([part]) => pedal(from, part, 0)),
    ...[...after].filter(([part, value]) =>
      value > 0 || (before.get(part) ?? 0) > 0
    ).map(([part, value]) => pedal(to, part, value)),
  ].sort((a, b) => a.ticks - b.ticks || a.part - b.part);
}

/**
 * Lets the music rise from nothing, or fall to nothing: half by the velocities, for
 * those who read notes, and half by expression, which also moves held notes. After
 * a fall the music stays away until it rises again, or a section begins.
 */
function fade(
  piece: NoteSequence,
  what: "fadeIn" | "fadeOut",
  from: number,
  to: number,
): NoteSequence {
  if (to <= from) return piece;
  const levelAt = (ticks: number) => {
    const share = (ticks - from) / (to - from);
    return what === "fadeIn" ? share : 1 - share;
  };
  const notes = piece.notes.map((note) => {
    const { startTicks, velocity } = note;
    if (startTicks < from || startTicks >= to) return note;
    const kept = 1 - VELOCITY_SHARE + VELOCITY_SHARE * levelAt(startTicks);
    return { ...note, velocity: Math.max(1, Math.round(velocity * kept)) };
  });
  const marker = piece.markers?.find(({ ticks }) => ticks >= to);
  const back = what === "fadeIn" ? to : marker?.ticks;
  const step = piece.ticksPerQuarter / STEPS_PER_QUARTER;
  const times: number[] = [];
  for (let ticks = from; ticks < to; ticks += step) {
    times.push(Math.round(ticks));
  }
  const lines = piece.parts.flatMap((_, part) => {
    const at = (ticks: number, value: number): ControlChange => ({
      ticks,
      part,
      controller: EXPRESSION,
      value,
    });
    return [
      ...times.map((ticks) => {
        const level = levelAt(ticks);
        const kept = 1 - VELOCITY_SHARE + VELOCITY_SHARE * level;
        return at(ticks, Math.round(FULL * level / kept));
      }),
      ...what === "fadeOut" ? [at(to, 0)] : [],
      ...back === undefined ? [] : [at(back, FULL)],
    ];
  });
  const others = piece.controls.filter(({ controller, ticks }) =>
    controller !== EXPRESSION || ticks < from || ticks > to
  );
  return {
    ...piece,
    notes,
    controls: [...others, ...lines]
      .sort((a, b) => a.ticks - b.ticks || a.part - b.part),
  };
}
