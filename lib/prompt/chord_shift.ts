/** Chords in another key. */

import {
  type Chord,
  type ChordProgression,
  PITCH_CLASS_NAMES,
} from "../music/music.ts";

/** A row of chords some semitones higher. */
export function shiftChords(
  { chords, barsEach }: ChordProgression,
  semitones: number,
): ChordProgression {
  return { chords: chords.map((chord) => shifted(chord, semitones)), barsEach };
}

function shifted(chord: Chord, semitones: number): Chord {
  const moved = (pitchClass: number) => (pitchClass + semitones + 12) % 12;
  const { symbol, root, bass } = chord;
  const kind = /^[A-G][#♯b♭]?([^/]*)/.exec(symbol)?.[1] ?? "";
  const over = bass === undefined ? "" : `/${PITCH_CLASS_NAMES[moved(bass)]}`;
  return {
    ...chord,
    symbol: `${PITCH_CLASS_NAMES[moved(root)]}${kind}${over}`,
    root: moved(root),
    ...bass !== undefined && { bass: moved(bass) },
  };
}
