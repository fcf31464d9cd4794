/** The swing that a piece is played with, and the piece without it, for hearing. */

import { type NoteSequence, quantile } from "../music/music.ts";

/** Where off-beat eighths of music with swing lie in the beat, at least and at most. */
const LEAST = 0.535, MOST = 0.72;
/** Where an off-beat eighth may lie; fewer notes there say nothing of swing. */
const FROM = 0.45, FEWEST = 8;
/** A larger share of notes on the first triplet makes triplets of the second. */
const TRIPLETS = 0.05;

/**
 * Where the off-beat eighth of a piece falls in its beat; 0.5 is straight. So is music
 * in eighths, such as 6/8, and music with triplets.
 */
export function swingOf(
  { notes, ticksPerQuarter, timeSignatures }: NoteSequence,
): number {
  if (timeSignatures.some(({ denominator }) => denominator !== 4)) return 0.5;
  const phases = notes.map(({ startTicks }) =>
    startTicks % ticksPerQuarter / ticksPerQuarter
  );
  const off = phases.filter((phase) => phase >= FROM && phase < MOST)
    .sort((a, b) => a - b);
  const firsts =
    phases.filter((phase) => Math.abs(phase - 1 / 3) < 0.04).length;
  if (off.length < FEWEST || firsts > TRIPLETS * notes.length) return 0.5;
  const swing = quantile(off, 0.5);
  // Straight ones beside later ones are sixteenths that someone plays late.
  const isSteady = quantile(off, 0.2) >= LEAST;
  return swing >= LEAST && isSteady ? swing : 0.5;
}

/** A piece whose swing is taken out: off-beats at half of the beat. */
export function straightened(
  sequence: NoteSequence,
  swing: number,
): NoteSequence {
  if (swing === 0.5) return sequence;
  const quarter = sequence.ticksPerQuarter;
  const warp = (ticks: number) => bent(ticks, quarter, swing, 0.5);
  return {
    ...sequence,
    notes: sequence.notes.map((note) => ({
      ...note,
      startTicks: warp(note.startTicks),
      endTicks: warp(note.endTicks),
    })),
    controls: sequence.controls.map((change) => ({
      ...change,
      ticks: warp(change.ticks),
    })),
  };
}

/** A time of straight music as it is played with swing. */
export function swung(ticks: number, quarter: number, swing: number): number {
  return swing === 0.5 ? ticks : bent(ticks, quarter, 0.5, swing);
}

/** Moves a place of each beat to another, and what is around it in proportion. */
function bent(ticks: number, quarter: number, from: number, to: number) {
  const beat = Math.floor(ticks / quarter);
  const phase = ticks / quarter - beat;
  const moved = phase < from
    ? phase * to / from
    : to + (phase - from) * (1 - to) / (1 - from);
  return Math.round((beat + moved) * quarter);
}
