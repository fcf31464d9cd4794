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

/** Name of an instrument or a role. */
// deno-fmt-ignore
export type InstrumentName =
  | "keys" | "pad" | "bass" | "melody" | "drums" | "piano" | "electric piano"
  | "harpsichord" | "clavinet" | "celesta" | "glockenspiel" | "music box"
  | "vibraphone" | "marimba" | "xylophone" | "bells" | "dulcimer" | "mallets"
  | "organ" | "church organ" | "accordion" | "harmonica" | "guitar"
  | "steel guitar" | "electric guitar" | "jazz guitar" | "acoustic bass"
  | "electric bass" | "fretless bass" | "synth bass" | "strings" | "violin"
  | "viola" | "cello" | "harp" | "choir" | "trumpet" | "trombone" | "tuba"
  | "french horn" | "brass" | "saxophone" | "oboe" | "english horn" | "bassoon"
  | "clarinet" | "piccolo" | "flute" | "recorder" | "pan flute" | "shakuhachi"
  | "whistle" | "ocarina" | "woodwinds" | "synth lead" | "synth" | "warm pad"
  | "choir pad" | "sitar" | "banjo" | "koto" | "kalimba" | "bright piano"
  | "electric grand piano" | "honky-tonk piano" | "chorused electric piano"
  | "drawbar organ" | "percussive organ" | "rock organ" | "reed organ"
  | "bandoneon" | "muted guitar" | "overdriven guitar" | "distorted guitar"
  | "guitar harmonics" | "picked bass" | "slap bass" | "contrabass"
  | "tremolo strings" | "pizzicato strings" | "timpani" | "synth strings"
  | "orchestra hit" | "muted trumpet" | "synth brass" | "soprano saxophone"
  | "tenor saxophone" | "baritone saxophone" | "blown bottle" | "square lead"
  | "sawtooth lead" | "calliope lead" | "chiff lead" | "charang lead"
  | "voice lead" | "fifths lead" | "bass and lead" | "new age pad" | "polysynth"
  | "bowed pad" | "metallic pad" | "halo pad" | "sweep pad" | "rain effect"
  | "soundtrack effect" | "crystal effect" | "atmosphere effect"
  | "brightness effect" | "goblins effect" | "echoes effect"
  | "science fiction effect" | "shamisen" | "bagpipe" | "fiddle" | "shanai"
  | "tinkle bell" | "agogo" | "steel drums" | "woodblock" | "taiko"
  | "melodic tom" | "synth drum";

/** What each instrument and role is, by its name. */
export const INSTRUMENTS: Readonly<Record<InstrumentName, Instrument>> = {
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
  // Single programs of General MIDI, for those who name them.
  "bright piano": { role: "keys", programs: [1] },
  "electric grand piano": { role: "keys", programs: [2] },
  "honky-tonk piano": { role: "keys", programs: [3] },
  "chorused electric piano": { role: "keys", programs: [5] },
  "drawbar organ": { role: "keys", programs: [16] },
  "percussive organ": { role: "keys", programs: [17] },
  "rock organ": { role: "keys", programs: [18] },
  "reed organ": { role: "keys", programs: [20] },
  "bandoneon": { role: "melody", programs: [23] },
  "muted guitar": { role: "keys", programs: [28] },
  "overdriven guitar": { role: "keys", programs: [29, 30] },
  "distorted guitar": { role: "keys", programs: [30, 29] },
  "guitar harmonics": { role: "melody", programs: [31] },
  "picked bass": { role: "bass", programs: [34] },
  "slap bass": { role: "bass", programs: [36, 37] },
  "contrabass": { role: "bass", programs: [43] },
  "tremolo strings": { role: "pad", programs: [44] },
  "pizzicato strings": { role: "melody", programs: [45] },
  "timpani": { role: "bass", programs: [47] },
  "synth strings": { role: "pad", programs: [50, 51] },
  "orchestra hit": { role: "melody", programs: [55] },
  "muted trumpet": { role: "melody", programs: [59] },
  "synth brass": { role: "melody", programs: [62, 63] },
  "soprano saxophone": { role: "melody", programs: [64] },
  "tenor saxophone": { role: "melody", programs: [66] },
  "baritone saxophone": { role: "melody", programs: [67] },
  "blown bottle": { role: "melody", programs: [76] },
  "square lead": { role: "melody", programs: [80] },
  "sawtooth lead": { role: "melody", programs: [81] },
  "calliope lead": { role: "melody", programs: [82] },
  "chiff lead": { role: "melody", programs: [83] },
  "charang lead": { role: "melody", programs: [84] },
  "voice lead": { role: "melody", programs: [85] },
  "fifths lead": { role: "melody", programs: [86] },
  "bass and lead": { role: "melody", programs: [87] },
  "new age pad": { role: "pad", programs: [88] },
  "polysynth": { role: "pad", programs: [90] },
  "bowed pad": { role: "pad", programs: [92] },
  "metallic pad": { role: "pad", programs: [93] },
  "halo pad": { role: "pad", programs: [94] },
  "sweep pad": { role: "pad", programs: [95] },
  "rain effect": { role: "pad", programs: [96] },
  "soundtrack effect": { role: "pad", programs: [97] },
  "crystal effect": { role: "pad", programs: [98] },
  "atmosphere effect": { role: "pad", programs: [99] },
  "brightness effect": { role: "pad", programs: [100] },
  "goblins effect": { role: "pad", programs: [101] },
  "echoes effect": { role: "pad", programs: [102] },
  "science fiction effect": { role: "pad", programs: [103] },
  "shamisen": { role: "keys", programs: [106] },
  "bagpipe": { role: "melody", programs: [109] },
  "fiddle": { role: "melody", programs: [110, 40] },
  "shanai": { role: "melody", programs: [111] },
  "tinkle bell": { role: "melody", programs: [112] },
  "agogo": { role: "melody", programs: [113] },
  "steel drums": { role: "melody", programs: [114] },
  "woodblock": { role: "melody", programs: [115] },
  "taiko": { role: "bass", programs: [116] },
  "melodic tom": { role: "bass", programs: [117] },
  "synth drum": { role: "bass", programs: [118] },
};

/** Programs that a prompt silences by asking for no such instrument or role. */
export function silencedPrograms(name: InstrumentName): readonly number[] {
  const { without, programs } = INSTRUMENTS[name];
  return without ?? programs;
}
