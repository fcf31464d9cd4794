/** Names of pitches, scales and keys as requirements write them. */

const LETTERS = "C D EF G A B";
/** Semitones above the tonic by the name of a scale. */
const SCALES: Readonly<Record<string, readonly number[]>> = {
  "major": [0, 2, 4, 5, 7, 9, 11],
  "minor": [0, 2, 3, 5, 7, 8, 10],
  "ionian": [0, 2, 4, 5, 7, 9, 11],
  "dorian": [0, 2, 3, 5, 7, 9, 10],
  "phrygian": [0, 1, 3, 5, 7, 8, 10],
  "lydian": [0, 2, 4, 6, 7, 9, 11],
  "mixolydian": [0, 2, 4, 5, 7, 9, 10],
  "aeolian": [0, 2, 3, 5, 7, 8, 10],
  "locrian": [0, 1, 3, 5, 6, 8, 10],
  "harmonic minor": [0, 2, 3, 5, 7, 8, 11],
  "melodic minor": [0, 2, 3, 5, 7, 9, 11],
  "phrygian dominant": [0, 1, 4, 5, 7, 8, 10],
  "double harmonic": [0, 1, 4, 5, 7, 8, 11],
  "major pentatonic": [0, 2, 4, 7, 9],
  "minor pentatonic": [0, 3, 5, 7, 10],
  "blues": [0, 3, 5, 6, 7, 10],
  "whole tone": [0, 2, 4, 6, 8, 10],
  "chromatic": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};

/**
 * Pitch class of a name such as "Eb", 0–11.
 *
 * @throws {RangeError} If it is none.
 */
export function pitchClassOf(name: string): number {
  const [letter = "", ...signs] = name.trim();
  const natural = LETTERS.indexOf(letter.toUpperCase());
  const shift = signs.reduce(
    (sum, sign) =>
      sum +
      (sign === "#" || sign === "♯"
        ? 1
        : sign === "b" || sign === "♭"
        ? -1
        : NaN),
    0,
  );
  if (!/[A-G]/i.test(letter) || Number.isNaN(shift)) {
    throw new RangeError(
      `Cannot read a pitch: it must be a letter from A to G with # or b, current value is "${name}".`,
    );
  }
  return (natural + shift + 12) % 12;
}

/** MIDI number of a pitch such as "C4", which is 60. */
export function pitchOf(name: string): number {
  const [, letter = "", octave = ""] = /^(.*?)(-?\d+)$/.exec(name) ?? [];
  const natural = pitchClassOf(letter.slice(0, 1));
  const shift = pitchClassOf(letter) - natural;
  return 12 * (Number(octave) + 1) + natural +
    (shift > 6 ? shift - 12 : shift < -6 ? shift + 12 : shift);
}

/**
 * Pitch classes of a scale.
 *
 * @throws {RangeError} If there is no scale of that name.
 */
export function scaleOf(tonic: number, mode: string): number[] {
  const scale = SCALES[mode];
  if (scale === undefined) {
    throw new RangeError(
      `Cannot check the mode "${mode}": it must be one of ${
        Object.keys(SCALES).join(", ")
      }.`,
    );
  }
  return scale.map((step) => (tonic + step) % 12);
}
