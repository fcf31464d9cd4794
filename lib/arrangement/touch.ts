/** How notes are struck: how loudly, and when. */

import {
  type Attributes,
  LOUDNESS_BANDS,
  type Note,
  type NoteSequence,
} from "../music/music.ts";
import type { Random } from "../base/base.ts";
import { roleOf } from "./parts.ts";

/** Softest and loudest that anything is played. */
const VELOCITIES = [12, 120] as const;
/** How far within the bounds of its class the mean velocity is brought. */
const LOUDNESS_MARGIN = 6;
/** Most ticks that a note is late by, of 480 to the quarter note. */
const LATEST_TICKS = 12;
/** Spread of the velocities of notes that were alike. */
const VELOCITY_SPREAD = 3;

/**
 * Brings the mean velocity into a class by moving all notes alike, and no
 * farther than it takes.
 */
export function setLoudness(
  sequence: NoteSequence,
  loudness: Attributes["Loudness"],
): NoteSequence {
  const { notes } = sequence;
  if (loudness === undefined || notes.length === 0) return sequence;
  const index = LOUDNESS_BANDS.findIndex(({ name }) => name === loudness);
  const low = LOUDNESS_BANDS[index].from + (index > 0 ? LOUDNESS_MARGIN : 0);
  const high = (LOUDNESS_BANDS[index + 1]?.from ?? 128 + LOUDNESS_MARGIN) -
    LOUDNESS_MARGIN;
  let moved = notes;
  // What is clamped no longer moves, so the mean takes a few steps.
  for (let i = 0; i < 8; i++) {
    const mean = moved.reduce((sum, note) => sum + note.velocity, 0) /
      moved.length;
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
 * Delays the off-beats: each half of a beat is stretched or squeezed, so that
 * what lay on the off-beat eighth lies at `swing` of the beat, and everything
 * else keeps its order.
 *
 * @param swing 0.5 leaves everything as it is. Music in eighths, such as 6/8, and
 * music that has triplets already are left alone.
 */
export function swingTicks(
  sequence: NoteSequence,
  swing: number,
): NoteSequence {
  const { ticksPerQuarter: quarter, timeSignatures, notes } = sequence;
  const inQuarters = timeSignatures.every(({ denominator }) =>
    denominator === 4
  );
  if (swing === 0.5 || !inQuarters || hasTriplets(sequence)) return sequence;
  const warp = (ticks: number) => {
    const beat = Math.floor(ticks / quarter);
    const phase = ticks / quarter - beat;
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
  };
}

/** Whether some notes begin on thirds of a beat. */
function hasTriplets({ notes, ticksPerQuarter }: NoteSequence): boolean {
  const thirds = notes.filter(({ startTicks }) => {
    const phase = startTicks % ticksPerQuarter / ticksPerQuarter;
    return Math.abs(phase - 1 / 3) < 0.02 || Math.abs(phase - 2 / 3) < 0.02;
  });
  return thirds.length > 0.05 * notes.length;
}

/**
 * Plays a little late and uneven, as people do: the notes of a part at one time
 * together, each a touch of its own. Never early, never past the end, and the
 * drums and the bass nearly on time.
 *
 * @param sequence Its notes sorted, so that what is struck together is together.
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
      late = Math.min(LATEST_TICKS, Math.abs(random.normal()) * 5);
    }
    // A chord is rolled a little, from below.
    const start = note.startTicks + Math.round(late * spread[note.part]);
    const startTicks = Math.min(start, Math.max(0, totalTicks - 1));
    return {
      ...note,
      velocity: clampVelocity(
        note.velocity + VELOCITY_SPREAD * random.normal(),
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

function clampVelocity(velocity: number): number {
  return Math.min(
    Math.max(Math.round(velocity), VELOCITIES[0]),
    VELOCITIES[1],
  );
}
