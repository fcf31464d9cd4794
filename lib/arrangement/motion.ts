/** Chords and long notes broken into a figure, where many notes are asked outright. */

import {
  type Key,
  type Note,
  type NoteSequence,
  scalePitchClasses,
  sortNotes,
  ticksToSeconds,
} from "../music/music.ts";
import type { Motion, SectionSpan } from "./levels.ts";
import { type PartRole, roleOf } from "./parts.ts";

/** Notes of a figure in a quarter note. */
const FIGURES = [2, 4, 6, 8] as const;
/** Who plays a figure first: their time counts so many times. */
const SUITED: Readonly<Record<PartRole, number>> = {
  Keys: 3,
  Melody: 1.5,
  Pad: 1,
  Bass: 0.1,
  Drums: 0,
};
/** A note of a figure is so much softer than what it is made of. */
const BESIDE = 0.88;

type Span = Pick<SectionSpan, "startTicks" | "endTicks" | "key">;

/**
 * Breaks what parts hold into figures, the most suited part first, until so many
 * notes begin in a second: chords go up and down, single notes turn about themselves
 * in the scale. The figure has the fewest notes a quarter that suffice, at most eight.
 */
export function addMotion(
  piece: NoteSequence,
  span: Span,
  { onsetsPerSecond, still = [] }: Motion,
): NoteSequence {
  const { startTicks, endTicks } = span;
  const seconds = ticksToSeconds(piece, endTicks) -
    ticksToSeconds(piece, startTicks);
  const quarters = (endTicks - startTicks) / piece.ticksPerQuarter;
  const needed = onsetsPerSecond * seconds / quarters;
  const perQuarter = FIGURES.find((count) => count >= needed) ??
    FIGURES.at(-1)!;
  const unit = piece.ticksPerQuarter / perQuarter;
  const isInside = ({ startTicks: at }: Note) =>
    at >= startTicks && at < endTicks;
  const isEnough = ({ notes }: NoteSequence) => {
    const onsets = new Set(
      notes.filter(isInside).map((note) => Math.round(note.startTicks / unit)),
    );
    return onsets.size >= onsetsPerSecond * seconds;
  };
  const able = [...piece.parts.keys()].filter((part) =>
    !piece.parts[part]!.isDrum && !still.includes(piece.parts[part]!.program)
  );
  const suits = (part: number) => {
    const own = piece.notes.filter((note) =>
      note.part === part && isInside(note)
    );
    const time = own.reduce(
      (sum, note) => sum + note.endTicks - note.startTicks,
      0,
    );
    return time * SUITED[roleOf(piece.parts[part]!)];
  };
  const order = able.map((part) => ({ part, suited: suits(part) }))
    .filter(({ suited }) => suited > 0)
    .toSorted((a, b) => b.suited - a.suited);
  let moved = piece;
  for (const { part } of order) {
    if (isEnough(moved)) break;
    const own = moved.notes.filter((note) =>
      note.part === part && isInside(note)
    );
    const others = moved.notes.filter((note) => !own.includes(note));
    moved = {
      ...moved,
      notes: sortNotes([...others, ...figureOf(own, unit, span.key)]),
    };
  }
  return moved;
}

/** Notes of one part, what they hold broken into notes of one length. */
function figureOf(notes: readonly Note[], unit: number, key: Key): Note[] {
  const edge = unit / 4;
  const struck = new Set(
    notes.map(({ startTicks }) => Math.round(startTicks / unit)),
  );
  const made: Note[] = notes.map((note) => {
    const next = (Math.floor(note.startTicks / unit + 0.25) + 1) * unit;
    return { ...note, endTicks: Math.min(note.endTicks, next) };
  });
  const last = notes.reduce(
    (most, { endTicks }) => Math.max(most, endTicks),
    0,
  );
  const first = notes[0]?.startTicks ?? 0;
  let step = 0;
  for (let slot = Math.ceil(first / unit); slot * unit < last; slot++) {
    const at = slot * unit;
    if (struck.has(slot)) {
      step = 0;
      continue;
    }
    const held = notes.filter(({ startTicks, endTicks }) =>
      startTicks < at - edge && endTicks > at + edge
    ).toSorted((a, b) => a.pitch - b.pitch);
    if (held.length === 0) continue;
    step++;
    const line = lineOf(held.map(({ pitch }) => pitch), key);
    const { velocity, endTicks } = held[step % held.length]!;
    made.push({
      ...held[0]!,
      pitch: line[step % line.length]!,
      velocity: Math.max(1, Math.round(BESIDE * velocity)),
      startTicks: Math.round(at),
      endTicks: Math.round(Math.min(endTicks, at + unit)),
    });
  }
  return made.filter(({ startTicks, endTicks }) => endTicks > startTicks);
}

/** Pitches of a figure: a chord up and down, or a turn about a single note. */
function lineOf(pitches: readonly number[], key: Key): number[] {
  const [only] = pitches;
  if (pitches.length > 1) {
    return [...pitches, ...pitches.slice(1, -1).toReversed()];
  }
  const scale = scalePitchClasses(key.tonic, key.mode);
  const next = (by: 1 | -1) => {
    let pitch = only! + by;
    while (!scale.includes((pitch + 12) % 12)) pitch += by;
    return Math.min(127, Math.max(0, pitch));
  };
  return [only!, next(1), only!, next(-1)];
}
