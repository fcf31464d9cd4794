/** Pitches by name, such as "C#4" or "middle C", and distances between them. */

import { PITCH_CLASS_NAMES } from "../music/music.ts";
import { NATURALS, SYLLABLES } from "./naturals.ts";

const LETTERS: Readonly<Record<string, number>> = {
  ...NATURALS,
  ...SYLLABLES,
  h: 11,
};
const MIDDLE_C = 60;

const SIGN = "(?:#|♯|b|♭|[ -]?sharp|[ -]?flat)?";
const LETTER = "(?:sol|do|re|mi|fa|la|si|[a-h])";

/**
 * Source of a regular expression for a pitch with its octave, without groups. C4 is
 * middle C.
 */
export const PITCH =
  `(?:(?:the )?[a-h]${SIGN} (?:an|one|two|three) octaves? (?:above|below|over|under) (?:middle c|it|that)|middle c|mittleres c|mittlere c|do central|do medio|c central|${LETTER}${SIGN}-?[0-9](?!\\d))`;

/** Source of a regular expression for a pitch without its octave, without groups. */
export const PITCH_CLASS = `(?:${LETTER}${SIGN})`;

/** "The C two octaves below middle C". */
const AWAY = new RegExp(
  `^(?:the )?([a-h]${SIGN}) (an|one|two|three) octaves? (above|below|over|under)`,
  "u",
);

/** The pitch class of what {@linkcode PITCH_CLASS} matches. */
export function pitchClassIn(text: string): number {
  const [, letter = "", sign = ""] = new RegExp(`^(${LETTER})(.*)$`, "u")
    .exec(text) ?? [];
  const shift = /^(?:#|♯|[ -]?sharp)/.test(sign)
    ? 1
    : /^(?:b|♭|[ -]?flat)/.test(sign)
    ? -1
    : 0;
  return ((LETTERS[letter] ?? 0) + shift + 12) % 12;
}

/** The MIDI pitch of what {@linkcode PITCH} matches. */
export function pitchIn(text: string): number {
  const far = AWAY.exec(text);
  if (far) {
    const [, name = "", count = "", side = ""] = far;
    const octaves = ["an", "one", "two", "three"].indexOf(count) || 1;
    const above = MIDDLE_C + pitchClassIn(name);
    return above + 12 * octaves * (/above|over/.test(side) ? 1 : -1);
  }
  const octave = /-?\d$/.exec(text)?.[0];
  if (octave === undefined) return MIDDLE_C;
  const name = text.slice(0, -octave.length);
  const pitchClass = pitchClassIn(name);
  // C flat lies below C, and B sharp above B.
  const isBelow = pitchClass === 11 && /^(?:c|do)/.test(name);
  const isAbove = pitchClass === 0 && /^(?:b|h|si)/.test(name);
  return 12 * (Number(octave) + 1) + pitchClass +
    (isBelow ? -12 : isAbove ? 12 : 0);
}

/** The name of a MIDI pitch, such as "Eb4". */
export function nameOfPitch(pitch: number): string {
  return `${PITCH_CLASS_NAMES[pitch % 12]}${Math.floor(pitch / 12) - 1}`;
}

/** Semitones of intervals, by name. */
const INTERVALS: Readonly<Record<string, number>> = {
  "half step": 1,
  semitone: 1,
  "whole step": 2,
  "whole tone": 2,
  tone: 2,
  step: 2,
  second: 2,
  third: 4,
  fourth: 5,
  fifth: 7,
  sixth: 9,
  seventh: 11,
  octave: 12,
  ninth: 14,
  tenth: 16,
  twelfth: 19,
  // Other languages, without accents.
  halbton: 1,
  ganzton: 2,
  terz: 4,
  quarte: 5,
  quinte: 7,
  sexte: 9,
  septime: 11,
  oktave: 12,
  demi: 1,
  tierce: 4,
  sixte: 9,
  septieme: 11,
  tercera: 4,
  cuarta: 5,
  quinta: 7,
  sexta: 9,
  septima: 11,
  octava: 12,
};

/** Source of a regular expression for an interval, without groups. */
export const INTERVAL =
  `(?:(?:perfect |major |minor |grosse |kleine |reine )?(?:${
    Object.keys(INTERVALS).join("|")
  })s?)`;

/** Semitones of what {@linkcode INTERVAL} matches. */
export function intervalIn(text: string): number {
  const plain = text.replace(/^(?:perfect|major|grosse|reine) /, "");
  const name = plain.replace(/^(?:minor|kleine) /, "");
  const size = INTERVALS[name] ?? INTERVALS[name.replace(/s$/, "")] ?? 12;
  return name === plain ? size : size - 1;
}
