/**
 * The material of one draft of a starter piece: instruments, figures, motifs and
 * chords, chosen at random so that together they come close to the plan.
 */

import type { Random } from "../../lib/base/base.ts";
import { chooseKit, type KeysManner, type Kit } from "./accompaniment.ts";
import { SCALES } from "./harmony.ts";
import { inventMotifs, type Motifs, type Tessitura } from "./melody.ts";
import {
  BASS_LINES,
  type Groove,
  GROOVES,
  KEYS_FIGURES,
  ostinato,
} from "./patterns.ts";
import type { Programs } from "./performance.ts";
import { PROGRESSIONS } from "./progressions.ts";
import { type Plan, STEPS_PER_QUARTER, stepsPerBar } from "./plan.ts";
import type { Role } from "./score.ts";

/** Lowest pitches of the parts; keys and pad span `HAND_SPAN` from theirs. */
interface Registers {
  readonly bass: number;
  readonly leftHand: number;
  readonly keys: number;
  readonly pad: number;
  readonly melody: Tessitura;
}

/** Range of keys and pad, in semitones: each pitch class comes twice. */
export const HAND_SPAN = 23;
const MELODY_REACH = 10;

/** The material a draft is made of. */
export interface Style {
  readonly programs: Programs;
  readonly registers: Registers;
  /** Target mean pitch. */
  readonly meanPitch: number;
  /** Voices of the keys' chords. */
  readonly voices: number;
  readonly padVoices: number;
  readonly padTies: boolean;
  /** Bars that a slot of a progression lasts. */
  readonly slotBars: 1 | 2;
  readonly keys: Readonly<Record<"A" | "B", KeysManner>>;
  readonly bass: Readonly<Record<"A" | "B", string>>;
  /** Whether a note of the bass is held as long as its chord. */
  readonly bassHeld: boolean;
  /** Whether the bass stays on the tonic. */
  readonly drone: boolean;
  readonly melody: boolean;
  /** Whether the keys answer the melody. */
  readonly answers: boolean;
  readonly motifs: Motifs;
  readonly groove: Groove;
  readonly kit: Kit;
  readonly pedal: boolean;
  /** Progressions of the main and the contrasting section, and the last one. */
  readonly main: string;
  readonly contrast: string;
  readonly cadence: string;
}

const REGISTERS = {
  low: { bass: 28, leftHand: 31, keys: 41, pad: 42, melody: 62, mean: 51 },
  middle: { bass: 31, leftHand: 39, keys: 50, pad: 50, melody: 73, mean: 60 },
  high: { bass: 36, leftHand: 52, keys: 60, pad: 58, melody: 82, mean: 71 },
} as const;

/** Target range of pitched notes per quarter. */
const DENSITIES = {
  sparse: [0.7, 1.25],
  medium: [1.75, 2.7],
  dense: [3.3, 4.8],
} as const;

/** Chooses the material of a draft at random. */
export function drawStyle(plan: Plan, random: Random): Style {
  const { density, meter, register } = plan;
  const chance = (share: number) => random.next() < share;
  const programs = drawPrograms(plan, random);
  const isSparse = density === "sparse";
  const solo = plan.roles.every((role) => role === "keys" || role === "drums");
  const melody = "melody" in programs || solo && chance(0.8);
  const base = REGISTERS[register];
  const lift = random.int(4) - 1;
  const center = base.melody + lift;
  const lines = BASS_LINES[chance(0.6) ? density : "sparse"][meter];
  const progressions = PROGRESSIONS[plan.mode];
  const pitchedRoles = plan.roles.filter((role) => role !== "drums").length;
  const isCrowded = density !== "dense" && pitchedRoles > (isSparse ? 2 : 3);
  const isThin = density === "medium" && !("keys" in programs);
  const padVoices = isThin
    ? 4
    : isCrowded || isSparse && "keys" in programs
    ? 2
    : 3;
  const padTies = !isThin && chance(0.5);
  const slotBars = isSparse && (isCrowded || chance(0.5)) ||
      !isThin && chance(0.2)
    ? 2
    : 1;
  const bass = { A: random.pick(lines), B: random.pick(lines) };
  const motifs = inventMotifs(
    plan.meter,
    isCrowded ? random.pick(["sparse", density] as const) : density,
    random,
  );
  // Notes per bar that the other parts leave for the keys.
  const [low, high] = DENSITIES[density];
  const target = (low + (high - low) * random.next()) * stepsPerBar(meter) /
    STEPS_PER_QUARTER;
  const others =
    ("pad" in programs ? padVoices / slotBars * (padTies ? 0.7 : 1) : 0) +
    ("bass" in programs
      ? count(bass.A, /[R58a]/g) / (isSparse ? slotBars : 1)
      : 0) +
    (melody ? notesPerPhrase(motifs) / 4 : 0);
  const voices = isSparse
    ? random.pick("bass" in programs ? [2, 3] : [3])
    : random.pick([3, 4, 4]);
  const manners = drawManners(plan, voices, slotBars, target - others, random);
  const keys = random.pick(manners);
  return {
    programs,
    registers: {
      bass: base.bass + lift,
      leftHand: base.leftHand + lift,
      keys: base.keys + lift,
      pad: base.pad + lift,
      melody: {
        low: center - MELODY_REACH,
        high: center + MELODY_REACH,
        center,
        home: triadOf(plan),
      },
    },
    meanPitch: base.mean + random.int(4) - 1.5,
    voices,
    padVoices,
    padTies,
    slotBars,
    keys: { A: keys, B: chance(0.5) ? random.pick(manners) : keys },
    bass,
    bassHeld: isSparse && slotBars === 2,
    drone: chance(plan.mode === "lydian" ? 0.75 : 0.12),
    melody,
    answers: "melody" in programs && "keys" in programs && chance(0.25),
    motifs,
    groove: random.pick(GROOVES[meter]),
    kit: chooseKit(random),
    // The pedal would blur a melody that the keys play themselves.
    pedal: "keys" in programs && !(solo && melody) && chance(0.6),
    main: random.pick(progressions.main),
    contrast: random.pick(progressions.contrast),
    cadence: random.pick(progressions.cadence),
  };
}

// Below these pitches chords sound muddy and cover the melody; raised by more than
// this all parts sound thin.
const LOWEST_KEYS = 37, LOWEST_MELODY_CENTER = 60, MOST_RAISED = 6;

/** The style with all parts but the bass moved, within the limits above. */
export function raised(style: Style, wanted: number): Style {
  const { registers } = style;
  const { melody } = registers;
  const semitones = Math.min(
    MOST_RAISED,
    Math.max(wanted, LOWEST_KEYS - registers.keys),
  );
  const melodic = Math.max(semitones, LOWEST_MELODY_CENTER - melody.center);
  return {
    ...style,
    registers: {
      ...registers,
      leftHand: registers.leftHand + semitones,
      keys: registers.keys + semitones,
      pad: registers.pad + semitones,
      melody: {
        ...melody,
        low: melody.low + melodic,
        high: melody.high + melodic,
        center: melody.center + melodic,
      },
    },
  };
}

/** Pitch classes of the tonic's triad. */
export function triadOf({ tonic, mode }: Plan): number[] {
  return [0, 2, 4].map((degree) => (tonic + SCALES[mode][degree]!) % 12);
}

/** General MIDI: pianos, guitar, vibraphone; flute; pads, strings; basses. */
const KEYS = [0, 0, 0, 4, 4, 4, 24, 11];
const MELODIES = [0, 4, 11, 11, 24, 73, 73];
const PADS = [89, 89, 88, 48];
const BASSES = [32, 33];

function drawPrograms({ roles }: Plan, random: Random): Programs {
  const keys = random.pick(KEYS);
  const choices: Record<Role, number> = {
    keys,
    pad: random.pick(PADS),
    bass: random.pick(BASSES),
    // Never the instrument of the keys, so that the two sound different.
    melody: random.pick(
      MELODIES.filter((program) => !roles.includes("keys") || program !== keys),
    ),
    drums: 0,
  };
  return Object.fromEntries(roles.map((role) => [role, choices[role]]));
}

function count(figure: string, marks: RegExp): number {
  return figure.match(marks)?.length ?? 0;
}

/** Notes of the melody in four bars. */
function notesPerPhrase({ a, b, ending }: Motifs): number {
  return [a, b, a, ending].reduce(
    (sum, { rhythm }) => sum + count(rhythm, /x/g),
    0,
  );
}

/**
 * Manners for the keys with about the wanted number of notes per bar.
 *
 * @returns At least one; a manner that suits better comes several times.
 */
function drawManners(
  { meter }: Plan,
  voices: number,
  slotBars: number,
  notesPerBar: number,
  random: Random,
): KeysManner[] {
  const plain = { isRolled: false, isHeld: false, ring: 1 };
  const chord = { ...plain, figure: "L*" };
  const slots = meter === "4/4" ? [4, 8, 8, 16] : [3, 6, 6, 12];
  const { block, comp, broken } = KEYS_FIGURES;
  const manners: KeysManner[] = [
    { ...chord, isHeld: true },
    { ...chord, isRolled: true },
    ...[...block[meter], ...comp[meter]].map((figure) => ({
      ...plain,
      figure,
    })),
    ...broken[meter].map((figure) => ({
      ...plain,
      figure,
      ring: random.pick([1, 2]),
    })),
    ...[...slots, ...slots, ...slots].map((slots) => ({
      ...plain,
      figure: ostinato(slots, random),
      // Quick notes ring into one another.
      ring: slots > 8 ? 3 : random.pick([1, 2]),
    })),
  ];
  const misses = manners.map(({ figure, isHeld }) => {
    const notes = count(figure, /[L\d]/g) + voices * count(figure, /\*/g);
    return Math.abs(notes / (isHeld ? slotBars : 1) - notesPerBar);
  });
  const enough = Math.max(1, Math.min(...misses));
  return manners.filter((_, i) => misses[i]! <= enough);
}
