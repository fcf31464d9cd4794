/** Has one part lie above the others, as who carries the tune does. */

import {
  familyOf,
  familyOfProgram,
  type Note,
  type NoteSequence,
  type Part,
  type PartWish,
  playingOf,
  sortNotes,
} from "../music/music.ts";

/** A part that leads in a stretch of a piece. */
export interface Leader {
  /** General MIDI program. */
  readonly program: number;
  /** Ticks of the piece. @default from its beginning to its end */
  readonly span?: readonly [from: number, to: number];
}

const OCTAVE = 12;
/** Octaves by which a leader is moved up at most. */
const MOST_UP = 2;
/** With such a share of its time on top, no more is to be moved. */
const ENOUGH = 0.9;

/** The part of a program, or else of its family; −1 without one. */
export function partOf(parts: readonly Part[], program: number): number {
  const exact = parts.findIndex((part) =>
    !part.isDrum && part.program === program
  );
  if (exact >= 0) return exact;
  const family = familyOfProgram(program);
  return parts.findIndex((part) =>
    !part.isDrum && familyOfProgram(part.program) === family
  );
}

/** Share of the time of some notes in which none of others is higher. */
export function shareOnTop(
  mine: readonly Note[],
  others: readonly Note[],
): number {
  let total = 0, below = 0;
  for (const note of mine) {
    const { startTicks, endTicks } = note;
    const above = others.filter((other) =>
      other.pitch > note.pitch && other.startTicks < endTicks &&
      other.endTicks > startTicks
    ).sort((a, b) => a.startTicks - b.startTicks);
    let upTo = startTicks;
    for (const other of above) {
      const end = Math.min(endTicks, other.endTicks);
      below += Math.max(0, end - Math.max(upTo, other.startTicks));
      upTo = Math.max(upTo, end);
    }
    total += endTicks - startTicks;
  }
  return total > 0 ? 1 - below / total : 1;
}

/**
 * Moves parts by octaves until one of them lies on top: first that one up, as far as
 * its instrument can play, then others down, and last single notes above it.
 */
export function leadOnTop(
  sequence: NoteSequence,
  { program, span = [0, Infinity] }: Leader,
): NoteSequence {
  const { parts, notes } = sequence;
  const leader = partOf(parts, program);
  const isIn = ({ startTicks }: Note) =>
    startTicks >= span[0] && startTicks < span[1];
  const mine = notes.filter((note) => note.part === leader && isIn(note));
  const others = notes.filter((note) =>
    note.part !== leader && isIn(note) && !parts[note.part]!.isDrum
  );
  if (mine.length === 0 || others.length === 0) return sequence;
  const { range: [, highest] } = playingOf(parts[leader]!.program);
  const top = Math.max(...mine.map(({ pitch }) => pitch));
  const raised = Array.from(
    { length: MOST_UP + 1 },
    (_, octaves) =>
      mine.map((note) => ({ ...note, pitch: note.pitch + OCTAVE * octaves })),
  )
    .filter((_, octaves) => octaves === 0 || top + OCTAVE * octaves <= highest);
  const best = raised.find((one) => shareOnTop(one, others) >= ENOUGH) ??
    raised.at(-1)!;
  const lowered = [...Map.groupBy(others, ({ part }) => part)].flatMap((
    [part, own],
  ) => isBass(parts[part]!) ? own : loweredBelow(own, best, parts[part]!));
  const kept = notes.filter((note) =>
    !isIn(note) || note.part !== leader && parts[note.part]!.isDrum
  );
  return { ...sequence, notes: sortNotes([...kept, ...best, ...lowered]) };
}

const isBass = (part: Part) => familyOf(part) === "Bass";

/** A part an octave lower where it is mostly above, then its single notes. */
function loweredBelow(
  notes: readonly Note[],
  leader: readonly Note[],
  { program }: Part,
): readonly Note[] {
  const { range: [lowest] } = playingOf(program);
  const bottom = Math.min(...notes.map(({ pitch }) => pitch));
  const down = notes.map((note) => ({ ...note, pitch: note.pitch - OCTAVE }));
  const isMostlyAbove = shareOnTop(leader, notes) < 0.5;
  const moved = isMostlyAbove && bottom - OCTAVE >= lowest ? down : notes;
  const below = moved.map((note): Note => {
    const lead = leader.filter((other) =>
      other.startTicks < note.endTicks && other.endTicks > note.startTicks
    );
    const limit = Math.min(...lead.map(({ pitch }) => pitch));
    let { pitch } = note;
    while (pitch > limit && pitch - OCTAVE >= lowest) pitch -= OCTAVE;
    return { ...note, pitch };
  });
  return withoutOverlaps(below);
}

/** Of notes that have become equal one, and each up to where its pitch comes again. */
function withoutOverlaps(notes: readonly Note[]): Note[] {
  const next = new Map<number, number>();
  const kept: Note[] = [];
  for (const note of sortNotes(notes).toReversed()) {
    const again = next.get(note.pitch);
    if (again === note.startTicks) continue;
    next.set(note.pitch, note.startTicks);
    kept.push({
      ...note,
      endTicks: Math.min(note.endTicks, again ?? Infinity),
    });
  }
  return kept.toReversed();
}

/** Who leads, by how parts are to play. */
export function leadersOf(
  partWishes: readonly PartWish[] = [],
  span?: Leader["span"],
): Leader[] {
  return partWishes.flatMap(({ program, isOnTop }) =>
    isOnTop && program !== undefined ? [{ program, ...span && { span } }] : []
  );
}
