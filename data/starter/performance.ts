/**
 * Performs the score of a starter piece: adds loudness, swing, human timing and
 * pedal, with deviations so small that rounding to twelve steps per quarter gives
 * the score back.
 */

import {
  type ControlChange,
  type Note,
  type NoteSequence,
  parseMeter,
  type Part,
  sortNotes,
} from "../../lib/music/music.ts";
import type { Random } from "../../lib/base/base.ts";
import { mean } from "./harmony.ts";
import {
  isMinor,
  type Plan,
  STEPS_PER_QUARTER,
  stepsPerBar,
  type Swing,
} from "./plan.ts";
import type { Role, ScoreNote } from "./score.ts";

const TICKS_PER_QUARTER = 480;
const TICKS_PER_STEP = TICKS_PER_QUARTER / STEPS_PER_QUARTER;
/** Notes are late, never early, so that none moves into the bar before. */
const MOST_GROUP_LAG_TICKS = 9, MOST_OWN_LAG_TICKS = 5;
const MOST_EARLY_RELEASE_TICKS = 14;
/** The pedal goes down once the notes of the previous chord are released. */
const PEDAL_DELAY_TICKS = 20;
const SUSTAIN_PEDAL = 64;

/** Target mean velocity of each loudness. */
const MEAN_VELOCITIES = { soft: 44, medium: 68, loud: 92 } as const;
/** Width of a velocity bin. */
const BIN = 8;

/** The step to which swing moves a step of a quarter, 0–11; others stay. */
const SWINGS: Readonly<Record<Swing, Readonly<Record<number, number>>>> = {
  straight: {},
  triplet: { 3: 4, 6: 8, 9: 10 },
  light: { 6: 7, 9: 10 },
  sixteenth: { 3: 4, 9: 10 },
};

function swung(step: number, swing: Swing): number {
  const place = step % STEPS_PER_QUARTER;
  return step - place + (SWINGS[swing][place] ?? place);
}

/** Instruments: General MIDI programs by role; drums have none. */
export type Programs = Readonly<Partial<Record<Role, number>>>;

const ROLES: readonly (readonly [Role, string])[] = [
  ["keys", "Keys"],
  ["melody", "Melody"],
  ["pad", "Pad"],
  ["bass", "Bass"],
  ["drums", "Drums"],
];

/** Where the pedal is held, in steps. */
export interface PedalSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * Plays a score.
 *
 * @param score Its notes, all of roles that have a program.
 * @param pedals Where the keys' pedal is down, in order.
 */
export function perform(
  plan: Plan,
  score: readonly ScoreNote[],
  programs: Programs,
  pedals: readonly PedalSpan[],
  random: Random,
): NoteSequence {
  const playing = ROLES.filter(([role]) => role in programs);
  const parts = playing.map(([role, name]): Part => ({
    name,
    program: programs[role]!,
    isDrum: role === "drums",
  }));
  const partOf = (role: Role) => playing.findIndex(([name]) => name === role);
  const totalTicks = plan.bars * stepsPerBar(plan.meter) * TICKS_PER_STEP;
  const shift = Math.round(
    (MEAN_VELOCITIES[plan.loudness] - BIN / 2) / BIN -
      mean(score.map(({ level }) => level)),
  );
  const lags = new Map<string, number>();
  const notes = score.map((note): Note => {
    const part = partOf(note.role);
    const ticks = (step: number) => swung(step, plan.swing) * TICKS_PER_STEP;
    const group = `${part} ${note.start}`;
    const lag = lags.get(group) ?? random.int(MOST_GROUP_LAG_TICKS + 1);
    lags.set(group, lag);
    const bin = Math.max(2, Math.min(14, shift + note.level));
    // A random velocity within the bin, 1 to 7, mostly near the middle.
    const touch = 1 + random.int(4) + random.int(4);
    const startTicks = ticks(note.start) + lag +
      random.int(MOST_OWN_LAG_TICKS + 1);
    const endTicks = ticks(note.start + note.length) -
      random.int(MOST_EARLY_RELEASE_TICKS + 1);
    return {
      pitch: note.pitch,
      velocity: bin * BIN + touch,
      startTicks,
      endTicks,
      part,
    };
  });
  const controls = pedals.flatMap(({ start, end }): ControlChange[] => {
    const pedal = { part: partOf("keys"), controller: SUSTAIN_PEDAL };
    const down = start * TICKS_PER_STEP + PEDAL_DELAY_TICKS;
    return [
      { ...pedal, ticks: down, value: 127 },
      { ...pedal, ticks: end * TICKS_PER_STEP, value: 0 },
    ];
  });
  return {
    ticksPerQuarter: TICKS_PER_QUARTER,
    parts,
    notes: sortNotes(notes),
    tempos: [{ ticks: 0, qpm: plan.qpm }],
    timeSignatures: [{ ticks: 0, ...parseMeter(plan.meter) }],
    keySignatures: [{
      ticks: 0,
      fifths: fifthsOf(plan),
      mode: isMinor(plan.mode) ? "minor" : "major",
    }],
    controls,
    totalTicks,
  };
}

/** Sharps or flats of the tonic's own major or minor key. */
function fifthsOf({ tonic, mode }: Plan): number {
  const fifths = (7 * tonic + (isMinor(mode) ? 9 : 0)) % 12;
  return fifths > 6 ? fifths - 12 : fifths;
}
