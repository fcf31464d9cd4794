/**
 * The instruments and roles that a prompt can name, as General MIDI programs
 * counted from 0.
 */

/** What an instrument does in a piece. */
export type InstrumentRole = "keys" | "pad" | "bass" | "melody" | "drums";

/** An instrument, or a role that any of several instruments can take. */
export interface Instrument {
  /** Its usual role. */
  readonly role: InstrumentRole;
  /** Its programs, the likeliest first; none for drums. */
  readonly programs: readonly number[];
  /** Whether it is a role, which an instrument named as well can fill. */
  readonly isRole?: true;
  /** Programs that "without" it silences. @default its programs */
  readonly without?: readonly number[];
}

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** The table behind {@linkcode INSTRUMENTS}, whose type knows each name. */
export const INSTRUMENT_TABLE = {
  // Roles. Many instruments can carry a melody; "no melody" silences only those
  // that do little else.
  "keys": {
    role: "keys",
    programs: range(0, 7),
    isRole: true,
  },
  "pad": {
    role: "pad",
    programs: [89, 88, ...range(90, 103)],
    isRole: true,
  },
  "bass": {
    role: "bass",
    programs: range(32, 39),
    isRole: true,
  },
  "melody": {
    role: "melody",
    programs: [
      73,
      ...range(8, 31),
      ...range(40, 47),
      ...range(56, 72),
      ...range(74, 87),
    ],
    isRole: true,
    without: range(56, 87),
  },
  "drums": {
    role: "drums",
    programs: [],
    isRole: true,
  },
  // Pianos and mallets.
  "piano": {
    role: "keys",
    programs: [0, 1, 2, 3],
  },
  "electric piano": {
    role: "keys",
    programs: [4, 5],
  },
  "harpsichord": { role: "keys", programs: [6] },
  "clavinet": { role: "keys", programs: [7] },
  "celesta": { role: "keys", programs: [8] },
  "glockenspiel": { role: "melody", programs: [9] },
  "music box": { role: "melody", programs: [10] },
  "vibraphone": { role: "melody", programs: [11] },
  "marimba": { role: "melody", programs: [12] },
  "xylophone": { role: "melody", programs: [13] },
  "bells": {
    role: "melody",
    programs: [14],
  },
  "dulcimer": { role: "melody", programs: [15] },
  "mallets": { role: "melody", programs: [11, 12, 9, 8, 10, 13, 14, 15] },
  // Organs and guitars.
  "organ": { role: "keys", programs: range(16, 20) },
  "church organ": { role: "keys", programs: [19] },
  "accordion": { role: "melody", programs: [21] },
  "harmonica": { role: "melody", programs: [22] },
  "guitar": {
    role: "keys",
    programs: range(24, 31),
  },
  "steel guitar": { role: "keys", programs: [25] },
  "electric guitar": { role: "keys", programs: [27, 26, 28] },
  "jazz guitar": { role: "keys", programs: [26] },
  // Basses.
  "acoustic bass": {
    role: "bass",
    programs: [32],
  },
  "electric bass": {
    role: "bass",
    programs: [33, 34],
  },
  "fretless bass": { role: "bass", programs: [35] },
  "synth bass": { role: "bass", programs: [38, 39] },
  // Strings and voices.
  "strings": {
    role: "pad",
    programs: [48, 49, 50, 51, ...range(40, 45)],
  },
  "violin": { role: "melody", programs: [40] },
  "viola": { role: "melody", programs: [41] },
  "cello": { role: "melody", programs: [42] },
  "harp": { role: "keys", programs: [46] },
  "choir": { role: "pad", programs: [52, 53, 54] },
  // Winds.
  "trumpet": { role: "melody", programs: [56, 59] },
  "trombone": { role: "melody", programs: [57] },
  "tuba": { role: "bass", programs: [58] },
  "french horn": { role: "melody", programs: [60] },
  "brass": { role: "melody", programs: [61, ...range(56, 60), 62, 63] },
  "saxophone": {
    role: "melody",
    programs: [65, 66, 64, 67],
  },
  "oboe": { role: "melody", programs: [68] },
  "english horn": { role: "melody", programs: [69] },
  "bassoon": { role: "melody", programs: [70] },
  "clarinet": { role: "melody", programs: [71] },
  "piccolo": { role: "melody", programs: [72] },
  "flute": { role: "melody", programs: [73] },
  "recorder": { role: "melody", programs: [74] },
  "pan flute": { role: "melody", programs: [75] },
  "shakuhachi": { role: "melody", programs: [77] },
  "whistle": { role: "melody", programs: [78] },
  "ocarina": { role: "melody", programs: [79] },
  "woodwinds": {
    role: "melody",
    programs: [73, ...range(64, 72), ...range(74, 79)],
  },
  // Synthesisers.
  "synth lead": {
    role: "melody",
    programs: [80, 81, ...range(82, 87)],
  },
  "synth": {
    role: "pad",
    programs: [88, 89, 90, ...range(91, 103), ...range(80, 87)],
  },
  "warm pad": { role: "pad", programs: [89] },
  "choir pad": { role: "pad", programs: [91] },
  // Folk instruments.
  "sitar": { role: "melody", programs: [104] },
  "banjo": { role: "keys", programs: [105] },
  "koto": { role: "melody", programs: [107] },
  "kalimba": { role: "melody", programs: [108] },
} as const satisfies Record<string, Instrument>;

/** Name of an instrument or a role. */
export type InstrumentName = keyof typeof INSTRUMENT_TABLE;

/** What each instrument and role is, by its name. */
export const INSTRUMENTS: Readonly<Record<InstrumentName, Instrument>> =
  INSTRUMENT_TABLE;

/** Programs that a prompt silences by asking for no such instrument or role. */
export function silencedPrograms(name: InstrumentName): readonly number[] {
  const { without, programs } = INSTRUMENTS[name];
  return without ?? programs;
}
