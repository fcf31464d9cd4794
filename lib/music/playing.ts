/** What real instruments can play, and notes moved to where they can be played. */

import type { Note, NoteSequence } from "./note_sequence.ts";
import { sortNotes } from "./sort_notes.ts";

/** What an instrument can play. */
export interface Playing {
  /** Its lowest and highest pitch in usual music, both included. */
  readonly range: readonly [low: number, high: number];
  /** Whether it plays one note at a time. */
  readonly isMonophonic: boolean;
}

/** A program with fewer overlaps than this share of its notes is one voice. */
const OVERLAP_SHARE = 0.05;

/** First program of each run of programs: its range, and "one" for one note a time. */
const RUNS: readonly (readonly [
  first: number,
  low: number,
  high: number,
  voices?: "one",
])[] = [
  // Pianos, harpsichord, clavinet.
  [0, 21, 108],
  [6, 29, 89],
  // Celesta, glockenspiel, music box, vibraphone, marimba, xylophone, bells, dulcimer.
  [8, 60, 108],
  [9, 79, 108],
  [10, 60, 96],
  [11, 53, 89],
  [12, 45, 96],
  [13, 65, 108],
  [14, 60, 77],
  [15, 48, 91],
  // Organs, accordion, harmonica, bandoneon.
  [16, 36, 96],
  [21, 48, 89],
  [22, 60, 96],
  [23, 48, 89],
  // Guitars, basses.
  [24, 40, 83],
  [32, 28, 60],
  [38, 24, 60],
  // Violin, viola, cello, contrabass.
  [40, 55, 96, "one"],
  [41, 48, 84, "one"],
  [42, 36, 76, "one"],
  [43, 28, 60, "one"],
  // Strings together, harp, timpani, strings again.
  [44, 36, 96],
  [46, 24, 103],
  [47, 36, 57],
  [48, 28, 96],
  // Voices, orchestra hit.
  [52, 40, 81],
  [55, 36, 84],
  // Trumpet, trombone, tuba, muted trumpet, horn, brass together.
  [56, 54, 82, "one"],
  [57, 40, 72, "one"],
  [58, 28, 58, "one"],
  [59, 54, 82, "one"],
  [60, 41, 77, "one"],
  [61, 36, 82],
  // Saxophones, oboe, english horn, bassoon, clarinet.
  [64, 56, 87, "one"],
  [65, 49, 80, "one"],
  [66, 44, 75, "one"],
  [67, 36, 68, "one"],
  [68, 58, 91, "one"],
  [69, 52, 81, "one"],
  [70, 34, 74, "one"],
  [71, 50, 91, "one"],
  // Piccolo, flutes, shakuhachi, whistle, ocarina.
  [72, 74, 102, "one"],
  [73, 60, 96, "one"],
  [77, 55, 84, "one"],
  [78, 60, 96, "one"],
  // Synthesisers.
  [80, 36, 96],
  [87, 24, 84],
  [88, 28, 96],
  // Sitar, banjo, shamisen, koto, kalimba, bagpipe, fiddle, shanai.
  [104, 48, 77],
  [105, 48, 84],
  [106, 50, 79],
  [107, 55, 84],
  [108, 48, 79],
  [109, 58, 81, "one"],
  [110, 55, 96, "one"],
  [111, 48, 84, "one"],
  // Small bells, steel drums, drums with a pitch, effects.
  [112, 60, 84],
  [114, 52, 76],
  [115, 36, 84],
  [119, 21, 108],
];

/** Share of notes for which a part is not moved by another octave. */
const OUTLIERS = 0.1;

/**
 * What the instrument of a General MIDI program can play.
 *
 * @param program From 0.
 *
 * @example
 * ```ts
 * import { playingOf } from "immersic/music/music.ts";
 * console.assert(playingOf(40).range[0] === 55); // a violin's lowest string
 * ```
 */
export function playingOf(program: number): Playing {
  const [, low, high, voices] = RUNS.findLast(([first]) => first <= program)!;
  return { range: [low, high], isMonophonic: voices === "one" };
}

/**
 * Notes of one part as an instrument can play them: all moved by the octaves with
 * which most of them are in its range, each that is still outside by more, and one
 * at a time where it plays so. Of notes that begin together the highest is kept.
 *
 * @param notes Of one part.
 * @param program The instrument's.
 * @returns Sorted; fewer where notes have become one.
 *
 * @example
 * ```ts
 * import { playableBy } from "immersic/music/music.ts";
 * const note = { pitch: 40, velocity: 70, startTicks: 0, endTicks: 480, part: 0 };
 * console.assert(playableBy([note], 73)[0]?.pitch === 64); // a flute
 * ```
 */
export function playableBy(notes: readonly Note[], program: number): Note[] {
  const { range: [low, high], isMonophonic } = playingOf(program);
  const isIn = (pitch: number) => pitch >= low && pitch <= high;
  let shift = 0, most = -Infinity;
  for (const octaves of [0, 1, -1, 2, -2, 3, -3]) {
    const moved = 12 * octaves;
    const inside = notes.filter(({ pitch }) => isIn(pitch + moved)).length;
    // A few outliers are not worth an octave.
    if (inside <= most + OUTLIERS * notes.length) continue;
    [shift, most] = [moved, inside];
  }
  const moved = sortNotes(notes.map((note) => {
    let pitch = note.pitch + shift;
    while (pitch < low) pitch += 12;
    while (pitch > high) pitch -= 12;
    return { ...note, pitch };
  }));
  return isMonophonic ? oneAtATime(moved) : withoutDoubles(moved);
}

/** The highest of the notes that begin together, each until the next begins. */
function oneAtATime(notes: readonly Note[]): Note[] {
  const tops: Note[] = [];
  for (const note of notes) {
    const last = tops.at(-1);
    if (last?.startTicks !== note.startTicks) tops.push(note);
    else if (note.pitch > last.pitch) tops[tops.length - 1] = note;
  }
  return tops.map((note, i) => ({
    ...note,
    endTicks: Math.min(note.endTicks, tops[i + 1]?.startTicks ?? Infinity),
  }));
}

/** Notes of which none strikes a pitch that another still holds. */
function withoutDoubles(notes: readonly Note[]): Note[] {
  const kept: Note[] = [];
  /** By pitch: the index of its last note. */
  const last = new Map<number, number>();
  for (const note of notes) {
    const index = last.get(note.pitch);
    const before = index === undefined ? undefined : kept[index]!;
    if (before && before.startTicks === note.startTicks) {
      kept[index!] = {
        ...before,
        velocity: Math.max(before.velocity, note.velocity),
        endTicks: Math.max(before.endTicks, note.endTicks),
      };
      continue;
    }
    if (before && before.endTicks > note.startTicks) {
      kept[index!] = { ...before, endTicks: note.startTicks };
    }
    last.set(note.pitch, kept.push(note) - 1);
  }
  return kept;
}

/**
 * Programs that play one note at a time in a piece: those of whose notes at most a
 * twentieth begin while an earlier one sounds.
 *
 * @param sequence Its notes sorted, as parsers give them.
 */
export function singleVoices({ parts, notes }: NoteSequence): number[] {
  const until = parts.map(() => 0);
  const overlaps = parts.map(() => 0), counts = parts.map(() => 0);
  for (const { part, startTicks, endTicks } of notes) {
    if (startTicks < until[part]!) overlaps[part]!++;
    counts[part]!++;
    until[part] = Math.max(until[part]!, endTicks);
  }
  return parts.flatMap(({ program, isDrum }, part) =>
    !isDrum && overlaps[part]! <= OVERLAP_SHARE * counts[part]! ? [program] : []
  );
}
