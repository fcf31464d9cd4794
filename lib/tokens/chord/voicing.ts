/** The pitches by which a chord of pitch classes is played. */

import { setDistance } from "./set_distance.ts";

/** Range of a chord's lowest pitch, and the highest pitch without extra cost. */
const CHORD_BASS = [45, 60] as const;
const CHORD_TOP = 76;
/** Middle C; chords are voiced around it. */
const CHORD_CENTER = 60;

/**
 * Voices a chord: chooses among its close positions, and those with the second
 * highest voice an octave lower (drop 2), the one that follows the previous chord
 * best. A single pitch class becomes an octave. Pitches ascend.
 */
export function voiceChord(
  pitchClasses: readonly number[],
  previous: readonly number[],
): number[] {
  const sorted = [...new Set(pitchClasses)].sort((a, b) => a - b);
  const voicings: number[][] = [];
  for (let bass = CHORD_BASS[0]; bass <= CHORD_BASS[1]; bass++) {
    if (!sorted.includes(bass % 12)) continue;
    const above = sorted.map((pitchClass) => (pitchClass - bass % 12 + 12) % 12)
      .sort((a, b) => a - b);
    const close = above.length === 1
      ? [bass, bass + 12]
      : above.map((semitones) => bass + semitones);
    voicings.push(close);
    const second = close.at(-2)! - 12;
    if (close.length > 3 && second >= CHORD_BASS[0]) {
      voicings.push([second, ...close.toSpliced(-2, 1)]);
    }
  }
  const costs = voicings.map((voicing) => voicingCost(voicing, previous));
  return voicings[costs.indexOf(Math.min(...costs))]!;
}

/** Cost of a voicing, in semitones: movement, distance from middle C, and clashes. */
function voicingCost(
  voicing: readonly number[],
  previous: readonly number[],
): number {
  const mean = voicing.reduce((sum, pitch) => sum + pitch) / voicing.length;
  const moves = previous.length > 0 ? setDistance(voicing, previous, 128) : 0;
  const rubs = voicing.filter((pitch, i) =>
    i > 0 && pitch - voicing[i - 1]! === 1
  );
  const excess = Math.max(0, voicing.at(-1)! - CHORD_TOP);
  return moves + Math.abs(mean - CHORD_CENTER) / 4 + rubs.length + 2 * excess;
}
