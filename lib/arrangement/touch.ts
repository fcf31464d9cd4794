/** How notes are struck: how loudly, and when. */

import {
  type Attributes,
  LOUDNESS_BANDS,
  meanVelocity,
  type Note,
  type NoteSequence,
} from "../music/music.ts";
import type { Random } from "../base/base.ts";
import { roleOf } from "./parts.ts";

/** Lowest and highest velocity of any note. */
const VELOCITIES = [12, 120] as const;
/**
 * Distance of the mean velocity from the bounds of its class, once moved: so far that
 * the class is heard, though pads and drums have less volume.
 */
const LOUDNESS_MARGINS = { soft: 4, medium: 10, loud: 25 } as const;
/**
 * Latest that a note is played, in ticks of 480 per quarter note: with swing, less
 * than half a step of the grid, so that rounding gives back what the model wrote.
 */
const LATEST_TICKS = 8;
/** Standard deviation of how late a note is, in such ticks. */
const TICKS_SPREAD = 4;
/** A swing that is heard as one, and not only felt. */
const CLEAR_SWING = 0.56;
/** Largest change of a velocity. */
const VELOCITY_SPREAD = 3;

/**
 * Brings the mean velocity into a class by changing all velocities equally, as
 * little as possible.
 */
export function setLoudness(
  sequence: NoteSequence,
  loudness: Attributes["Loudness"],
): NoteSequence {
  const { notes } = sequence;
  if (loudness === undefined || notes.length === 0) return sequence;
  const margin = LOUDNESS_MARGINS[loudness];
  const index = LOUDNESS_BANDS.findIndex(({ name }) => name === loudness);
  const low = LOUDNESS_BANDS[index]!.from + (index > 0 ? margin : 0);
  const high = (LOUDNESS_BANDS[index + 1]?.from ?? 128 + margin) -
    margin;
  let moved = notes;
  // Clamped velocities no longer move, so several steps may be needed.
  for (let i = 0; i < 8; i++) {
    const mean = meanVelocity({ notes: moved });
    const change = mean < low ? low - mean : mean > high ? high - mean : 0;
    if (Math.abs(change) < 0.5) break;
    moved = moved.map((note) => ({
      ...note,
      velocity: clampVelocity(note.velocity + change),
    }));
  }
  return { ...sequence, notes: moved };
}

/**
 * Delays the off-beats: stretches the first half of each beat and shortens the
 * second, so that the off-beat eighth lies at `swing` of the beat. The order of notes
 * stays. Music in eighths, such as 6/8, stays as it is; so do triplets, and with a
 * little swing all of a piece that has them.
 *
 * @param swing 0.5 leaves everything as it is.
 */
export function swingTicks(
  sequence: NoteSequence,
  swing: number,
): NoteSequence {
  const { ticksPerQuarter: quarter, timeSignatures, notes } = sequence;
  const inQuarters = timeSignatures.every(({ denominator }) =>
    denominator === 4
  );
  const hasThirds = hasTriplets(sequence);
  if (swing === 0.5 || !inQuarters || hasThirds && swing < CLEAR_SWING) {
    return sequence;
  }
  const warp = (ticks: number) => {
    const beat = Math.floor(ticks / quarter);
    const phase = ticks / quarter - beat;
    if (hasThirds && isThird(phase)) return ticks;
    const swung = phase < 0.5
      ? 2 * phase * swing
      : swing + (2 * phase - 1) * (1 - swing);
    return Math.round((beat + swung) * quarter);
  };
  return {
    ...sequence,
    notes: notes.map((note) => ({
      ...note,
      startTicks: warp(note.startTicks),
      endTicks: Math.min(warp(note.endTicks), sequence.totalTicks),
    })),
    controls: sequence.controls.map((change) => ({
      ...change,
      ticks: Math.min(warp(change.ticks), sequence.totalTicks),
    })),
  };
}

/** Whether some notes begin on thirds of a beat. */
function hasTriplets({ notes, ticksPerQuarter }: NoteSequence): boolean {
  const thirds = notes.filter(({ startTicks }) => {
    return isThird(startTicks % ticksPerQuarter / ticksPerQuarter);
  });
  return thirds.length > 0.05 * notes.length;
}

/** Whether a part of a beat is a third of it, or two. */
function isThird(phase: number): boolean {
  return Math.abs(phase - 1 / 3) < 0.02 || Math.abs(phase - 2 / 3) < 0.02;
}

/**
 * Plays a little late and unevenly, as people do. Simultaneous notes of a part are
 * equally late but differ in velocity. No note is early or past the end, and drums
 * and bass are nearly on time.
 *
 * @param sequence Its notes sorted, so that simultaneous notes are neighbours.
 */
export function humanize(
  sequence: NoteSequence,
  random: Random,
): NoteSequence {
  const { parts, totalTicks } = sequence;
  const spread = parts.map((part) => {
    const role = roleOf(part);
    return role === "Drums" ? 0.25 : role === "Bass" ? 0.4 : 1;
  });
  let moment = -1, late = 0;
  const notes = sequence.notes.map((note): Note => {
    const at = parts.length * note.startTicks + note.part;
    if (at !== moment) {
      moment = at;
      late = Math.min(LATEST_TICKS, Math.abs(random.normal()) * TICKS_SPREAD);
    }
    const start = note.startTicks + Math.round(late * spread[note.part]!);
    const startTicks = Math.min(start, Math.max(0, totalTicks - 1));
    return {
      ...note,
      velocity: clampVelocity(
        note.velocity + VELOCITY_SPREAD * (2 * random.next() - 1),
      ),
      startTicks,
      endTicks: Math.min(
        totalTicks,
        Math.max(note.endTicks, startTicks + 1),
      ),
    };
  });
  return { ...sequence, notes };
}

/** The velocity nearest to a number, within those that are played. */
export function clampVelocity(velocity: number): number {
  return Math.min(
    Math.max(Math.round(velocity), VELOCITIES[0]),
    VELOCITIES[1],
  );
}
