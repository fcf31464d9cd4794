/** How loud each section of a piece is, and its lines from soft to loud. */

import {
  type Attributes,
  type Key,
  meanVelocity,
  type Note,
  type NoteSequence,
  type Swell,
} from "../music/music.ts";
import { clampVelocity, setLoudness } from "./touch.ts";

/** How much is to move in a piece or a section of it. */
export interface Motion {
  /** Onsets a second at least, all parts together. */
  readonly onsetsPerSecond: number;
  /** General MIDI programs whose notes stay as they are. */
  readonly still?: readonly number[] | undefined;
}

/** A section of a piece that is arranged. */
export interface ArrangedSection {
  /** When it begins, in ticks of the piece; the first at 0. */
  readonly startTicks: number;
  /** Its key. */
  readonly key: Key;
  /** Class of its mean velocity. @default that of the notes */
  readonly loudness?: Attributes["Loudness"] | undefined;
  /** Its mean velocity at its beginning and at its end. @default no line */
  readonly velocity?: readonly [from: number, to: number] | undefined;
  /** How much is to move in it. @default as much as does */
  readonly motion?: Motion | undefined;
  /** Whether its lines rise, 1, or fall, −1. @default they go as they may */
  readonly contour?: 1 | -1 | undefined;
  /** How its loudness rises and falls again and again. @default it does not */
  readonly swell?: Swell | undefined;
  /** Text of its marker. @default none */
  readonly name?: string | undefined;
}

/** A section, and where it ends. */
export interface SectionSpan extends ArrangedSection {
  readonly endTicks: number;
}

/** How much of its distance from the bar's mean a note keeps on a line. */
const RELIEF = 0.7;

/** Sections at the resolution of a piece, each to where the next one begins. */
export function spansOf(
  sections: readonly ArrangedSection[],
  scale: number,
  totalTicks: number,
): SectionSpan[] {
  return sections.map((section, i) => ({
    ...section,
    startTicks: Math.round(section.startTicks * scale),
    endTicks: i + 1 < sections.length
      ? Math.round(sections[i + 1]!.startTicks * scale)
      : totalTicks,
  }));
}

/** Gives each section its loudness and its line. */
export function setLevels(
  piece: NoteSequence,
  sections: readonly SectionSpan[],
): NoteSequence {
  const notes = sections.flatMap((section) => {
    const { startTicks, endTicks, loudness, velocity } = section;
    const own = piece.notes.filter((note) =>
      note.startTicks >= startTicks && note.startTicks < endTicks
    );
    return velocity
      ? alongLine(own, section, velocity)
      : setLoudness({ ...piece, notes: own }, loudness).notes;
  });
  return { ...piece, notes };
}

/** Notes whose velocities keep to a straight line, and to their own relief. */
function alongLine(
  notes: readonly Note[],
  { startTicks, endTicks }: SectionSpan,
  [from, to]: readonly [number, number],
): Note[] {
  const mean = meanVelocity({ notes });
  return notes.map((note) => {
    const share = (note.startTicks - startTicks) / (endTicks - startTicks);
    const wanted = from + (to - from) * share;
    return {
      ...note,
      velocity: clampVelocity(wanted + RELIEF * (note.velocity - mean)),
    };
  });
}
