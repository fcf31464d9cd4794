/**
 * Checks whether a draft of a starter piece is good enough to keep.
 */

import { clashesOf, mean, movement } from "./harmony.ts";
import { isMinor, type Plan, STEPS_PER_QUARTER, stepsPerBar } from "./plan.ts";
import type { ScoreNote, VoicedSpan } from "./score.ts";

/** Pitched notes per quarter, well inside the classes of `attributes.ts`. */
const DENSITIES = {
  sparse: [0.5, 1.4],
  medium: [1.6, 2.85],
  dense: [3.15, 6],
} as const;

/** Mean pitch, well inside the classes of `attributes.ts`. */
const REGISTERS = {
  low: [42, 53],
  middle: [55.5, 64.5],
  high: [67.5, 80],
} as const;

/**
 * Finds the faults of a draft.
 *
 * @returns Faults in words; none if the draft can be kept.
 */
export function faultsOf(
  plan: Plan,
  score: readonly ScoreNote[],
  spans: readonly VoicedSpan[],
): string[] {
  const faults: string[] = [];
  const within = (
    name: string,
    value: number,
    [low, high]: readonly [number, number],
  ) => {
    if (value < low || value > high) {
      faults.push(`${name} ${value.toFixed(2)} outside ${low}–${high}`);
    }
  };
  const barSteps = stepsPerBar(plan.meter);
  const totalSteps = plan.bars * barSteps;
  const pitched = score.filter(({ role }) => role !== "drums");
  const quarters = totalSteps / STEPS_PER_QUARTER;
  within("density", pitched.length / quarters, DENSITIES[plan.density]);
  within(
    "mean pitch",
    mean(pitched.map(({ pitch }) => pitch)),
    REGISTERS[plan.register],
  );
  const pitches = pitched.map(({ pitch }) => pitch);
  within("lowest pitch", Math.min(...pitches), [28, 127]);
  within("highest pitch", Math.max(...pitches), [0, 98]);
  const moves = spans.slice(1).map((span, i) =>
    movement(spans[i]!.keys, span.keys) / span.keys.length
  );
  within("semitones a voice moves", mean(moves), [0, 2.6]);
  within("tonal clarity", tonalClarity(plan, pitched), [0.04, 2]);
  const struck = new Set(
    pitched.map(({ start }) => Math.floor(start / barSteps)),
  );
  within("share of bars with nothing new", 1 - struck.size / plan.bars, [
    0,
    0.15,
  ]);
  const lastPitches = pitched.filter(({ start, length }) =>
    start + length === totalSteps
  ).map(({ pitch }) => pitch);
  if (Math.min(...lastPitches) % 12 !== plan.tonic) {
    faults.push("ends on another bass than the tonic");
  }
  // Slow, so only for drafts without other faults.
  if (faults.length === 0) {
    within("share of clashes", clashRate(pitched), [0, 0.02]);
  }
  return faults;
}

// How well each pitch class fits a key, from the tonic upwards, as listeners
// rated it: C. L. Krumhansl, "Cognitive Foundations of Musical Pitch" (1990).
// deno-fmt-ignore
const KEY_PROFILES = {
  major: [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
  minor: [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
};

/**
 * By how much the notes, counted by their length, fit the planned key better
 * than any other: the lead of its correlation. Negative if another fits better.
 */
function tonalClarity(plan: Plan, notes: readonly ScoreNote[]): number {
  const weights: number[] = new Array(12).fill(0);
  for (const { pitch, length } of notes) weights[pitch % 12]! += length;
  const fit = (profile: readonly number[], tonic: number) =>
    correlation(
      weights,
      weights.map((_, pc) => profile[(pc - tonic + 12) % 12]!),
    );
  const planned = isMinor(plan.mode) ? "minor" : "major";
  let own = 0, others = -1;
  for (const mode of ["major", "minor"] as const) {
    for (let tonic = 0; tonic < 12; tonic++) {
      const value = fit(KEY_PROFILES[mode], tonic);
      if (mode === planned && tonic === plan.tonic) own = value;
      else others = Math.max(others, value);
    }
  }
  return own - others;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const meanA = mean(a), meanB = mean(b);
  let ab = 0, aa = 0, bb = 0;
  a.forEach((value, i) => {
    const other = b[i]!;
    ab += (value - meanA) * (other - meanB);
    aa += (value - meanA) ** 2;
    bb += (other - meanB) ** 2;
  });
  return ab / Math.sqrt(aa * bb);
}

/** Share of notes, in order, that clash with another part when they start. */
function clashRate(notes: readonly ScoreNote[]): number {
  let rubbing = 0;
  let sounding: ScoreNote[] = [];
  for (let i = 0; i < notes.length;) {
    const { start } = notes[i]!;
    let end = i;
    while (notes[end]?.start === start) end++;
    const starting = notes.slice(i, end);
    i = end;
    sounding = sounding.filter((note) => note.start + note.length > start);
    sounding.push(...starting.filter(({ length }) => length > 0));
    for (const { role, pitch } of starting) {
      const others = sounding.filter((other) => other.role !== role);
      rubbing += Math.min(1, clashesOf(pitch, others.map((o) => o.pitch)));
    }
  }
  return rubbing / Math.max(notes.length, 1);
}
