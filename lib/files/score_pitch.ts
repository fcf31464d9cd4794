/** Names of pitches in a key, and the places of drums on a staff. */

/** A letter of a pitch. */
export type Step = "C" | "D" | "E" | "F" | "G" | "A" | "B";

/** A pitch as a score names it. */
export interface SpelledPitch {
  readonly step: Step;
  /** Semitones up or down, 0 without an accidental. */
  readonly alter: number;
  readonly octave: number;
}

/** Letters in the order of fifths, F being −1 from C. */
const STEPS: readonly Step[] = ["F", "C", "G", "D", "A", "E", "B"];
/** Place of F flat, beyond which flats are double. */
const FEWEST_FLATS = -8;
/** Semitones of each letter above C. */
export const STEP_SEMITONES: Readonly<Record<Step, number>> = {
  C: 0,
  D: 2,
  E: 4,
  F: 5,
  G: 7,
  A: 9,
  B: 11,
};

/**
 * Names a pitch as is usual in a key: of the twelve names around it on the circle of
 * fifths, from three below its tonic in major to eight above.
 *
 * @param pitch MIDI pitch.
 * @param fifths Sharps of the key signature, negative for flats.
 */
export function spell(pitch: number, fifths: number): SpelledPitch {
  const from = fifths - 3;
  const named = from + modulo(7 * pitch - from, 12);
  // Nobody reads double flats.
  const place = named < FEWEST_FLATS ? named + 12 : named;
  const step = STEPS[modulo(place + 1, 7)]!;
  const alter = Math.floor((place + 1) / 7);
  const octave = Math.floor((pitch - alter - STEP_SEMITONES[step]) / 12) - 1;
  return { step, alter, octave };
}

function modulo(value: number, by: number): number {
  return (value % by + by) % by;
}

/** A drum on a staff of five lines. */
export interface DrumPlace {
  readonly name: string;
  readonly step: Step;
  readonly octave: number;
  /** Whether its head is a cross, as of metal. */
  readonly isCross: boolean;
}

/** Names and places of General MIDI drums, by pitch from 35 on. */
const DRUMS: readonly (readonly [string, `${Step}${number}`, "x"?])[] = [
  ["Bass drum 2", "F4"],
  ["Bass drum", "F4"],
  ["Side stick", "C5", "x"],
  ["Snare", "C5"],
  ["Hand clap", "C5"],
  ["Snare 2", "C5"],
  ["Floor tom", "A4"],
  ["Closed hi-hat", "G5", "x"],
  ["High floor tom", "A4"],
  ["Pedal hi-hat", "D4", "x"],
  ["Low tom", "B4"],
  ["Open hi-hat", "G5", "x"],
  ["Low mid tom", "D5"],
  ["High mid tom", "D5"],
  ["Crash", "A5", "x"],
  ["High tom", "E5"],
  ["Ride", "F5", "x"],
  ["China cymbal", "A5", "x"],
  ["Ride bell", "F5", "x"],
  ["Tambourine", "G5", "x"],
  ["Splash cymbal", "A5", "x"],
  ["Cowbell", "E5", "x"],
  ["Crash 2", "A5", "x"],
];
const FIRST_DRUM = 35;

/** Where a drum is written; one without a place of its own is in the middle. */
export function drumPlace(pitch: number): DrumPlace {
  const [name, place, head] = DRUMS[pitch - FIRST_DRUM] ??
    [`Drum ${pitch}`, "C5"] as const;
  return {
    name,
    step: place[0] as Step,
    octave: Number(place[1]),
    isCross: head === "x",
  };
}
