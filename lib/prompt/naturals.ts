/** Pitch classes of names of notes without a sign. */

/** By letter, as in English. */
export const NATURALS: Readonly<Record<string, number>> = {
  c: 0,
  d: 2,
  e: 4,
  f: 5,
  g: 7,
  a: 9,
  b: 11,
};

/** By syllable, as in the Romance languages; not all of them say "ut". */
export const SYLLABLES: Readonly<Record<string, number>> = {
  do: 0,
  re: 2,
  mi: 4,
  fa: 5,
  sol: 7,
  la: 9,
  si: 11,
};
