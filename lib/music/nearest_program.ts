/** The General MIDI program, of a few, that sounds most like another. */

import { isBass } from "./families.ts";
import { INSTRUMENTS } from "./instruments.ts";

/** Instruments that sound alike. */
type SoundFamily =
  | "piano"
  | "mallets"
  | "plucked"
  | "bass"
  | "percussion"
  | "organ"
  | "strings"
  | "brass"
  | "reeds"
  | "flutes"
  | "lead"
  | "pad";

/**
 * First program of each run of programs: its family, and the pitch about which
 * they usually play.
 */
const RUNS: readonly (readonly [
  first: number,
  family: SoundFamily,
  centre: number,
])[] = [
  [0, "piano", 60],
  [8, "mallets", 74],
  [11, "mallets", 67],
  [14, "mallets", 72],
  [15, "plucked", 62],
  [16, "organ", 60],
  [22, "reeds", 70],
  [23, "organ", 62],
  [24, "plucked", 56],
  [32, "bass", 38],
  [40, "strings", 76],
  [41, "strings", 67],
  [42, "strings", 55],
  [43, "strings", 43],
  [44, "strings", 62],
  [45, "plucked", 62],
  [47, "percussion", 48],
  [48, "strings", 62],
  [55, "percussion", 60],
  [56, "brass", 68],
  [57, "brass", 53],
  [58, "brass", 43],
  [59, "brass", 68],
  [60, "brass", 58],
  [64, "reeds", 70],
  [66, "reeds", 58],
  [68, "reeds", 72],
  [69, "reeds", 68],
  [70, "reeds", 52],
  [71, "reeds", 67],
  [72, "flutes", 86],
  [73, "flutes", 76],
  [80, "lead", 70],
  [87, "lead", 58],
  [88, "pad", 62],
  [104, "plucked", 62],
  [108, "mallets", 70],
  [109, "reeds", 68],
  [110, "strings", 72],
  [111, "reeds", 70],
  [112, "mallets", 72],
  [115, "percussion", 50],
  [120, "pad", 62],
];

/** Families whose notes fade after the stroke; those of the others are held. */
const STRUCK: readonly SoundFamily[] = [
  "piano",
  "mallets",
  "plucked",
  "bass",
  "percussion",
];
/** Families nearer to each other than others, and what apart in semitones. */
const KIN: readonly (readonly [
  semitones: number,
  ...families: readonly SoundFamily[],
])[] = [
  [6, "mallets", "percussion"],
  [12, "brass", "reeds", "flutes"],
  [12, "organ", "pad", "lead"],
  [12, "strings", "pad"],
  [14, "strings", "brass", "reeds", "flutes"],
];
/** What other families count that are held or struck alike, and the rest. */
const ALIKE_SEMITONES = 16, UNLIKE_SEMITONES = 80;

/**
 * The program, of those given, that sounds most like another: by family first,
 * then by register, then by number. Only a bass becomes a bass, and a bass
 * another bass or else the lowest.
 *
 * @param program General MIDI program to replace.
 * @param known Programs to choose from.
 * @param meanPitch Of its part. @default where the program usually plays
 * @returns `program` itself where it is known; undefined where none is.
 *
 * @example
 * ```ts
 * import { nearestProgram } from "immersic/music/music.ts";
 * const violin = 40, strings = 48, bass = 33, piano = 0;
 * console.assert(nearestProgram(violin, [piano, bass, strings]) === strings);
 * console.assert(nearestProgram(violin, [piano, bass]) === piano);
 * ```
 */
export function nearestProgram(
  program: number,
  known: readonly number[],
  meanPitch: number = soundOf(program).centre,
): number | undefined {
  if (known.includes(program)) return program;
  const pitch = isBass(program) ? -Infinity : meanPitch;
  const basses = known.filter(isBass);
  const others = known.filter((one) => !isBass(one));
  const able = isBass(program) && basses.length > 0
    ? basses
    : others.length > 0
    ? others
    : known;
  const apart = (one: number) => {
    const { centre } = soundOf(one);
    if (pitch === -Infinity) return isBass(one) ? 0 : centre;
    return familySemitones(program, one) + Math.abs(centre - pitch) / 2;
  };
  return able.toSorted((a, b) =>
    apart(a) - apart(b) || Math.abs(a - program) - Math.abs(b - program) ||
    a - b
  )[0];
}

/**
 * What a listener calls a General MIDI program, such as "violin"; "program 120"
 * where prompts have no word for it.
 *
 * @example
 * ```ts
 * import { programName } from "immersic/music/music.ts";
 * console.assert(programName(40) === "violin");
 * ```
 */
export function programName(program: number): string {
  const named = Object.entries(INSTRUMENTS).filter(([, instrument]) =>
    !("isRole" in instrument) &&
    (instrument.programs as readonly number[]).includes(program)
  );
  // The name that few other programs share says most.
  const [name = `program ${program}`] =
    named.sort(([, a], [, b]) => a.programs.length - b.programs.length)[0] ??
      [];
  return name;
}

function soundOf(program: number): { family: SoundFamily; centre: number } {
  const [, family, centre] = RUNS.findLast(([first]) => first <= program) ??
    RUNS[0]!;
  return { family, centre };
}

/** How far apart two programs sound, in semitones. */
function familySemitones(program: number, other: number): number {
  const a = soundOf(program).family, b = soundOf(other).family;
  if (a === b) return 0;
  const kin = KIN.find(([, ...families]) =>
    families.includes(a) && families.includes(b)
  );
  if (kin) return kin[0];
  return STRUCK.includes(a) === STRUCK.includes(b)
    ? ALIKE_SEMITONES
    : UNLIKE_SEMITONES;
}
