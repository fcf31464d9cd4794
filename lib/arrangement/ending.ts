/** The last bar of a piece that ends. */

import {
  barStarts,
  type Key,
  lastRelease,
  meanVelocity,
  type Note,
  type NoteSequence,
  pitchedNotes,
  smallest,
  sortNotes,
} from "../music/music.ts";

/** Lowest and highest pitch of an added tonic. */
const LOWEST = 24, HIGHEST = 127;

/**
 * Closes a piece whose last bar has another lowest note than the tonic: that note,
 * and any that would be lower then, becomes the nearest tonic, and the last notes
 * of each pitched part ring to the end. A part that plays one note at a time, as a bass
 * does, stays with that tonic.
 *
 * @param sequence A piece with a note in its last bar.
 */
export function closeEnding(sequence: NoteSequence, key: Key): NoteSequence {
  const { totalTicks, parts } = sequence;
  // A piece cut to a length can end shortly after a bar line.
  const lastBar = barStarts(sequence).findLast((start) => start < totalTicks) ??
    0;
  const isLast = (note: Note) =>
    note.startTicks >= lastBar && !parts[note.part]!.isDrum;
  const pitches = sequence.notes.filter(isLast).map(({ pitch }) => pitch);
  if (pitches.length === 0) return sequence;
  const lowest = smallest(pitches);
  if (lowest % 12 === key.tonic) return sequence;
  const below = lowest - (lowest - key.tonic + 120) % 12;
  const tonics = [below, below + 12, below + 24, below + 36]
    .filter((pitch) => pitch >= LOWEST && pitch <= HIGHEST)
    .sort((a, b) => Math.abs(a - lowest) - Math.abs(b - lowest));
  // The nearest one below all other notes, if there is one.
  const tonic =
    tonics.find((tonic) =>
      pitches.every((pitch) => pitch === lowest || pitch > tonic)
    ) ?? tonics[0]!;
  const moved = sequence.notes.map((note) =>
    isLast(note) && (note.pitch === lowest || note.pitch < tonic)
      ? { ...note, pitch: tonic }
      : note
  );
  const last = moved.filter(isLast);
  const after = startsAfter(last);
  /** The last start of each part. */
  const finals = new Map<number, number>();
  for (const { part, startTicks } of last) {
    finals.set(part, Math.max(finals.get(part) ?? 0, startTicks));
  }
  const singles = new Set(
    [...finals.keys()].filter((part) => isSingle(sequence, part)),
  );
  /** When a part of single notes, below others, has the tonic for good. */
  const settled = new Map<number, number>();
  for (const { part, pitch, startTicks } of last) {
    const settles = pitch === tonic && singles.has(part) && finals.size > 1;
    if (settles && !settled.has(part)) settled.set(part, startTicks);
  }
  const kept = new Set<string>();
  return {
    ...sequence,
    notes: moved.flatMap((note): Note[] => {
      if (!isLast(note)) return [note];
      const { part, pitch, startTicks, endTicks } = note;
      // What it would play on would sound through the tonic.
      const isLate = startTicks > (settled.get(part) ?? Infinity);
      if (isLate && pitch !== tonic) return [];
      // Of notes that have become equal, keep one.
      const place = `${part} ${pitch} ${startTicks}`;
      if (kept.has(place)) return [];
      kept.add(place);
      const next = after.get(note);
      // A note ends before its pitch is struck again.
      if (next !== undefined) {
        return [{ ...note, endTicks: Math.min(endTicks, next) }];
      }
      const isFinal = finals.get(part) === startTicks;
      const rings = isFinal ||
        pitch === tonic && (settled.has(part) || !singles.has(part));
      return [{ ...note, endTicks: rings ? totalTicks : endTicks }];
    }),
  };
}

/** Whether a part never plays two notes at a time. */
function isSingle({ notes }: NoteSequence, part: number): boolean {
  const own = notes.filter((note) => note.part === part)
    .toSorted((a, b) => a.startTicks - b.startTicks);
  return own.every((note, i) =>
    i === 0 || own[i - 1]!.endTicks <= note.startTicks
  );
}

/**
 * Has the last chord say whether it is major or minor: where it lacks the third of
 * the key, the nearest of its notes but the lowest becomes it.
 */
export function closeOnThird(
  sequence: NoteSequence,
  { tonic, mode }: Key,
): NoteSequence {
  const { notes, ticksPerQuarter } = sequence;
  const pitched = pitchedNotes(sequence);
  const end = lastRelease({ notes: pitched }) - ticksPerQuarter / 2;
  const last = pitched.filter(({ endTicks }) => endTicks >= end);
  if (last.length < 2) return sequence;
  const third = (tonic + (mode === "major" ? 4 : 3)) % 12;
  const lowest = smallest(last.map(({ pitch }) => pitch));
  const upper = last.filter(({ pitch }) => pitch > lowest);
  if (last.some(({ pitch }) => pitch % 12 === third)) return sequence;
  /** Semitones up to the third, −6 to 5. */
  const toThird = (pitch: number) => (third - pitch % 12 + 18) % 12 - 6;
  const [nearest] = upper.filter(({ pitch }) => {
    const moved = pitch + toThird(pitch);
    return moved > lowest && moved <= HIGHEST;
  }).sort((a, b) =>
    Math.abs(toThird(a.pitch)) - Math.abs(toThird(b.pitch)) || b.pitch - a.pitch
  );
  return {
    ...sequence,
    notes: notes.map((note) =>
      note === nearest
        ? { ...note, pitch: note.pitch + toThird(note.pitch) }
        : note
    ),
  };
}

/** Bars of a piece that is so short that a rest at its end is missed time. */
const SHORT_BARS = 4;

/** Has the last notes of a piece of a few bars ring to its end. */
export function ringToEnd(sequence: NoteSequence): NoteSequence {
  const { notes, totalTicks, ticksPerQuarter } = sequence;
  const end = lastRelease({ notes: pitchedNotes(sequence) });
  const rest = totalTicks - end;
  const isShort = barStarts(sequence).filter((start) => start < totalTicks)
    .length <= SHORT_BARS;
  if (!isShort || rest <= ticksPerQuarter / 4) return sequence;
  const last = pitchedNotes(sequence).filter(({ endTicks }) =>
    endTicks > end - ticksPerQuarter / 4
  );
  return {
    ...sequence,
    notes: notes.map((note) =>
      last.includes(note) ? { ...note, endTicks: totalTicks } : note
    ),
  };
}

/** A last note lasts at most so many quarters where a piece is cut off. */
const CUT_QUARTERS = 1;

/**
 * Has a piece stop at once: what sounds in its last beat is struck once more, at full
 * loudness, and is short.
 */
export function cutOff(sequence: NoteSequence): NoteSequence {
  const { totalTicks, ticksPerQuarter, notes, parts } = sequence;
  const length = CUT_QUARTERS * ticksPerQuarter;
  const last = Math.max(0, ...notes.map(({ startTicks }) => startTicks));
  const strike = Math.max(last, totalTicks - length);
  const end = Math.min(totalTicks, strike + length);
  if (end <= strike) return sequence;
  const level = Math.round(meanVelocity(sequence));
  const isPitched = ({ part }: Note) => !parts[part]!.isDrum;
  const sounding = notes.filter((note) =>
    isPitched(note) && note.startTicks < strike && note.endTicks > strike
  );
  const final = notes.filter((note) =>
    isPitched(note) && note.startTicks === last
  );
  const isBare = notes.every((note) =>
    note.startTicks < strike || !isPitched(note)
  );
  const struck = isBare && sounding.length === 0 ? final : sounding;
  return {
    ...sequence,
    notes: sortNotes([
      ...notes.map((note) => ({
        ...note,
        endTicks: Math.min(
          note.endTicks,
          note.startTicks < strike ? strike : end,
        ),
        velocity: note.startTicks < strike
          ? note.velocity
          : Math.max(note.velocity, level),
      })),
      ...struck.map((note) => ({
        ...note,
        startTicks: strike,
        endTicks: end,
        velocity: Math.max(note.velocity, level),
      })),
    ]),
  };
}

/** Softer than the mean by so much may the last bar of a loop be. */
const LOOP_SOFTER = 4;

/**
 * Has the last bar of a loop lead on: its last notes sound to its end, and it is about
 * as loud as the rest.
 */
export function leadOn(sequence: NoteSequence): NoteSequence {
  const { totalTicks, ticksPerQuarter, notes, parts } = sequence;
  const lastBar = barStarts(sequence).findLast((start) => start < totalTicks) ??
    0;
  const pitched = pitchedNotes(sequence);
  const isOpen = lastRelease({ notes: pitched }) <
    totalTicks - ticksPerQuarter / 2;
  const last = Math.max(0, ...pitched.map(({ startTicks }) => startTicks));
  const least = Math.round(meanVelocity(sequence)) - LOOP_SOFTER;
  return {
    ...sequence,
    notes: notes.map((note) => ({
      ...note,
      endTicks: isOpen && note.startTicks === last && !parts[note.part]!.isDrum
        ? totalTicks
        : note.endTicks,
      velocity: note.startTicks >= lastBar
        ? Math.max(note.velocity, least)
        : note.velocity,
    })),
  };
}

/** A chord above its root, in semitones. */
const TRIAD = [0, 4, 7] as const;

/**
 * Ends a piece on a major triad: the last bar closes on its root as
 * {@linkcode closeEnding} has it, and what sounds at the end becomes the nearest note
 * of the triad, its third among them where there are two notes or more.
 *
 * @param root Pitch class, 0–11.
 */
export function closeOnTriad(
  sequence: NoteSequence,
  root: number,
): NoteSequence {
  const key = { tonic: root, mode: "major" } as const;
  const closed = closeEnding(sequence, key);
  const pitched = pitchedNotes(closed);
  if (pitched.length === 0) return closed;
  const end = Math.max(...pitched.map(({ startTicks }) => startTicks));
  const last = pitched.filter(({ startTicks, endTicks }) =>
    startTicks >= end || endTicks > end
  );
  const lowest = smallest(last.map(({ pitch }) => pitch));
  const taken = new Set<string>();
  const fitted = closed.notes.flatMap((note): Note[] => {
    if (!last.includes(note)) return [note];
    const pitch = note.pitch === lowest
      ? note.pitch
      : nearestIn(note.pitch, root, lowest);
    const place = `${note.part} ${pitch} ${note.startTicks}`;
    if (taken.has(place)) return [];
    taken.add(place);
    return [{ ...note, pitch }];
  });
  return closeOnThird({ ...closed, notes: fitted }, key);
}

/** The pitch of a major triad nearest to a pitch, above another. */
function nearestIn(pitch: number, root: number, above: number): number {
  for (let by = 0; by < 12; by++) {
    for (const near of [pitch - by, pitch + by]) {
      const isIn = TRIAD.some((step) => (root + step - near + 144) % 12 === 0);
      if (isIn && near > above && near <= HIGHEST) return near;
    }
  }
  return pitch;
}

/** When the pitch of a note is struck again in its part, for notes where it is. */
function startsAfter(notes: readonly Note[]): Map<Note, number> {
  const after = new Map<Note, number>();
  /** The next start of each part and pitch, and the one after it. */
  const next = new Map<number, { start: number; then: number | undefined }>();
  for (let i = notes.length - 1; i >= 0; i--) {
    const note = notes[i]!;
    const key = 128 * note.part + note.pitch, known = next.get(key);
    const isChord = known?.start === note.startTicks;
    const then = isChord ? known.then : known?.start;
    if (then !== undefined) after.set(note, then);
    next.set(key, { start: note.startTicks, then });
  }
  return after;
}
