/** Families of instruments as requirements name them, by General MIDI program. */

import type { HeardNote } from "./heard.ts";

/** The programs from the first to the last. */
const span = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

const BELLS = [...span(8, 15), 108, 112, 114];
const DRUM_PROGRAMS = span(115, 118);

const FAMILIES: Readonly<Record<string, readonly number[]>> = {
  "piano": span(0, 3),
  "electric piano": [4, 5],
  "harpsichord": [6],
  "clavinet": [7],
  "bells": BELLS,
  "mallets": BELLS,
  "celesta": [8],
  "glockenspiel": [9],
  "music box": [10],
  "vibraphone": [11],
  "marimba": [12],
  "xylophone": [13],
  "tubular bells": [14],
  "kalimba": [108],
  "organ": span(16, 20),
  "accordion": [21, 23],
  "harmonica": [22],
  "guitar": span(24, 31),
  "bass": [...span(32, 39), 43],
  "strings": [...span(40, 45), ...span(48, 51), 110],
  "violin": [40, 110],
  "viola": [41],
  "cello": [42],
  "double bass": [43, 32],
  "harp": [46],
  "timpani": [47],
  "choir": span(52, 54),
  "brass": span(56, 63),
  "sax": span(64, 67),
  "oboe": [68, 69],
  "bassoon": [70],
  "clarinet": [71],
  "flute": span(72, 79),
  "whistle": [78],
  "lead": span(80, 87),
  "pad": span(88, 95),
  "plucked": span(104, 107),
  "banjo": [105],
  "drums": DRUM_PROGRAMS,
};

/** Programs of these sound like drums on any channel: timpani, taiko, woodblock. */
const LIKE_DRUMS = [47, ...DRUM_PROGRAMS];

/** Keys of the drum kit by sound. */
const DRUM_KEYS: Readonly<Record<string, readonly number[]>> = {
  kick: [35, 36],
  snare: [38, 40],
  clap: [39],
  hihat: [42, 44, 46],
  cymbal: [49, 51, 52, 53, 55, 57, 59],
  tom: [41, 43, 45, 47, 48, 50],
  cowbell: [56],
  woodblock: [76, 77],
};
/** Programs that are the sound of a drum by themselves. */
const DRUM_SOUND_PROGRAMS: Readonly<Record<string, readonly number[]>> = {
  woodblock: [115],
  tom: [117],
  cymbal: [119],
};

type Sound = Pick<HeardNote, "program" | "isDrum" | "pitch">;

/**
 * Whether a note belongs to a family.
 *
 * @throws {RangeError} If there is no family of that name.
 */
export function belongs({ program, isDrum }: Sound, family: string): boolean {
  const programs = FAMILIES[family];
  if (programs === undefined) {
    throw new RangeError(
      `Cannot check the family "${family}": it must be one of ${
        Object.keys(FAMILIES).join(", ")
      }.`,
    );
  }
  return isDrum ? family === "drums" : programs.includes(program);
}

/** Whether a note counts as drums where drums are asked. */
export function isLikeDrums({ program, isDrum }: Sound): boolean {
  return isDrum || LIKE_DRUMS.includes(program);
}

/**
 * Whether a note is the sound of a drum.
 *
 * @throws {RangeError} If there is no drum sound of that name.
 */
export function isDrumSound(
  { program, isDrum, pitch }: Sound,
  sound: string,
): boolean {
  const keys = DRUM_KEYS[sound];
  if (keys === undefined) {
    throw new RangeError(
      `Cannot check the drum sound "${sound}": it must be one of ${
        Object.keys(DRUM_KEYS).join(", ")
      }.`,
    );
  }
  return isDrum
    ? keys.includes(pitch)
    : DRUM_SOUND_PROGRAMS[sound]?.includes(program) ?? false;
}

/** Name of the smallest family that a note belongs to, for reports. */
export function soundName(note: Sound): string {
  if (note.isDrum) return "drums";
  const names = Object.keys(FAMILIES).filter((name) => belongs(note, name));
  return names.find((name) =>
    names.every((other) => FAMILIES[name]!.length <= FAMILIES[other]!.length)
  ) ?? `program ${note.program}`;
}
