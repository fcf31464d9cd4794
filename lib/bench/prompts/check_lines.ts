/** Checks of melodies and how parts move. */

import { belongs } from "./families.ts";
import type { Heard, HeardNote } from "./heard.ts";
import { meanPitchOf } from "./check_levels.ts";
import { type Check, rounded, verdict } from "./verdict.ts";

/** So long may a note go on after the next begins. */
const OVERLAP_SECONDS = 0.06;
/** Fewest moves of a part that show its manner. */
const FEWEST_MOVES = 8;

export const monophonic: Check<"monophonic"> = (heard, { family }) => {
  const mine = family === undefined
    ? heard.notes
    : heard.notes.filter((note) => belongs(note, family));
  let together = 0, end = -Infinity;
  for (const note of mine) {
    if (Math.min(end, note.end) - note.start > OVERLAP_SECONDS) together++;
    end = Math.max(end, note.end);
  }
  return verdict(
    mine.length > 0 && together === 0,
    mine.length === 0 ? "nothing" : `${together} notes begin under others`,
  );
};

/** The notes of a part by onset, each from the lowest. */
function onsetGroups(notes: readonly HeardNote[]): HeardNote[][] {
  const groups: HeardNote[][] = [];
  for (const note of notes) {
    const last = groups.at(-1);
    if (last && note.start - last[0]!.start <= 0.03) last.push(note);
    else groups.push([note]);
  }
  return groups;
}

/** Steps in semitones from the top note of each onset to the next. */
function movesOf(notes: readonly HeardNote[]): number[] {
  const tops = onsetGroups(notes).map((group) =>
    Math.max(...group.map(({ pitch }) => pitch))
  );
  return tops.slice(1).map((pitch, i) => pitch - tops[i]!);
}

/** The parts but drums, the highest first. */
function partsOf({ pitched }: Heard): HeardNote[][] {
  return [...Map.groupBy(pitched, ({ channel }) => channel).values()]
    .sort((a, b) => meanPitchOf(b) - meanPitchOf(a));
}

export const arpeggio: Check<"arpeggio"> = (heard, { family }) => {
  const groups = onsetGroups(
    heard.notes.filter((note) => belongs(note, family)),
  );
  const single = groups.filter(({ length }) => length === 1).length;
  const moves = groups.slice(1).map((group, i) =>
    Math.abs(group[0]!.pitch - groups[i]![0]!.pitch)
  );
  const wide = moves.filter((move) => move >= 3 && move <= 16).length;
  return verdict(
    groups.length > FEWEST_MOVES && single >= 0.6 * groups.length &&
      wide >= 0.5 * moves.length,
    `${single} of ${groups.length} onsets single, ${wide} of ${moves.length} moves of a third or more`,
  );
};

export const leaps: Check<"leaps"> = (heard, { most }) => {
  const [melody = []] = partsOf(heard);
  const widest = movesOf(melody)
    .reduce((most, move) => Math.max(most, Math.abs(move)), 0);
  return verdict(
    melody.length > 1 && widest <= most,
    `the widest has ${widest} semitones`,
  );
};

export const steps: Check<"steps"> = (heard, { size }) => {
  let best = 0;
  for (const part of partsOf(heard)) {
    const moves = movesOf(part).filter((move) => move !== 0);
    if (moves.length < FEWEST_MOVES) continue;
    const fitting = moves.filter((move) => Math.abs(move) === size).length;
    best = Math.max(best, fitting / moves.length);
  }
  return verdict(best >= 0.6, `${rounded(100 * best)} % of the moves`);
};

/** Places in a section on which its notes are compared. */
const PLACES = 32;

export const form: Check<"form"> = (heard, { sections }) => {
  const share = heard.seconds / sections.length;
  const prints = sections.map((_, i) => {
    const from = heard.from + i * share;
    return printOf(heard.between(from, from + share), from, share);
  });
  const same: number[] = [], different: number[] = [];
  for (const [i, letter] of sections.entries()) {
    for (let j = 0; j < i; j++) {
      (letter === sections[j] ? same : different).push(
        likeness(prints[i]!, prints[j]!),
      );
    }
  }
  const alike = mean(same), unlike = mean(different);
  return verdict(
    alike > unlike,
    `likeness ${rounded(alike)} of the same and ${
      rounded(unlike)
    } of different sections`,
  );
};

const mean = (values: readonly number[]) =>
  values.reduce((sum, one) => sum + one, 0) / values.length;

/** How long each pitch class sounds at each place of a section. */
function printOf({ pitched }: Heard, from: number, seconds: number): number[] {
  const print = Array<number>(12 * PLACES).fill(0);
  for (const { pitch, start, end } of pitched) {
    const place = Math.min(
      PLACES - 1,
      Math.max(0, Math.floor((start - from) / seconds * PLACES)),
    );
    print[12 * place + pitch % 12]! += end - start;
  }
  return print;
}

/** The cosine of the angle between two lists, 0–1. */
function likeness(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, one, i) => sum + one * y[i]!, 0);
  const length = Math.sqrt(dot(a, a) * dot(b, b));
  return length > 0 ? dot(a, b) / length : 0;
}
