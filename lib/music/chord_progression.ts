/** Chords that follow one another: their key, and whether music plays them. */

import type { Chord, ChordProgression } from "./brief.ts";
import { BarLines } from "./bar_lines.ts";
import type { NoteSequence } from "./note_sequence.ts";
import type { PartialKey } from "./piece_spec.ts";
import { type Key, majorOrMinor, scalePitchClasses } from "./theory.ts";

/** What a chord tone outside the natural scale costs: in minor, the sixth and seventh raised. */
const FOREIGN = 1, RAISED = new Map([[9, 0.5], [11, 0.25]]);
/** What it is worth to begin with the tonic, to end with it, and to lead to it. */
const BEGINS = 1, ENDS = 0.5, LEADS = 0.75;
/** What it is worth to have the tonic, or the mode, that is asked. */
const ASKED = 0.8;

/** Pitch classes of a chord, the root first, a bass of its own last. */
export function chordPitchClasses({ root, intervals, bass }: Chord): number[] {
  const tones = intervals.map((interval) => (root + interval) % 12);
  return bass === undefined || tones.includes(bass) ? tones : [...tones, bass];
}

/**
 * The key that chords are in: the one whose scale has their tones, and whose tonic
 * they begin with, end with, or lead to from its fifth degree.
 *
 * @param asked Tonic or mode that it is to have where the chords leave a choice.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { keyName, keyOfChords } from "immersic/music/music.ts";
 * const chord = (symbol: string, root: number, intervals: number[]) =>
 *   ({ symbol, root, intervals });
 * const chords = [
 *   chord("Dm7", 2, [0, 3, 7, 10]),
 *   chord("G7", 7, [0, 4, 7, 10]),
 *   chord("C", 0, [0, 4, 7]),
 * ];
 * assert.equal(keyName(keyOfChords({ chords, barsEach: 1 })), "C major");
 * ```
 */
export function keyOfChords(
  { chords }: ChordProgression,
  asked: PartialKey = {},
): Key {
  let best: Key = { tonic: 0, mode: "major" }, most = -Infinity;
  for (const mode of ["major", "minor"] as const) {
    for (let tonic = 0; tonic < 12; tonic++) {
      const isTonic = asked.tonic === tonic;
      const isMode = asked.mode && majorOrMinor(asked.mode) === mode;
      const fit = fitOf(chords, { tonic, mode }) +
        (isTonic ? ASKED : 0) + (isMode ? ASKED : 0);
      if (fit > most) [best, most] = [{ tonic, mode }, fit];
    }
  }
  return best;
}

/** How well chords fit a key; the greater, the better. */
function fitOf(chords: readonly Chord[], { tonic, mode }: Key): number {
  const scale = scalePitchClasses(tonic, mode);
  const isTonic = (chord: Chord | undefined) =>
    chord?.root === tonic &&
    !chord.intervals.includes(mode === "major" ? 3 : 4);
  let fit = (isTonic(chords[0]) ? BEGINS : 0) +
    (isTonic(chords.at(-1)) ? ENDS : 0);
  const foreign = new Set(
    chords.flatMap(chordPitchClasses).filter((one) => !scale.includes(one)),
  );
  for (const one of foreign) {
    const degree = (one - tonic + 12) % 12;
    fit -= mode === "minor" ? RAISED.get(degree) ?? FOREIGN : FOREIGN;
  }
  const leads = chords.some(({ root, intervals }, i) =>
    root === (tonic + 7) % 12 && !intervals.includes(3) &&
    isTonic(chords[(i + 1) % chords.length])
  );
  return leads ? fit + LEADS : fit;
}

/**
 * Root, third and fifth of a chord in semitones above the root, or what stands for
 * them.
 */
export function triadOf({ intervals }: Chord): number[] {
  const third = [4, 3, 5, 2].find((one) => intervals.includes(one));
  const fifth = [7, 6, 8].find((one) => intervals.includes(one));
  return [0, third, fifth].filter((one) => one !== undefined);
}

/** Triads that a chord can be heard as. */
const TRIADS = [
  [0, 4, 7],
  [0, 3, 7],
  [0, 3, 6],
  [0, 4, 8],
  [0, 5, 7],
  [0, 2, 7],
];
/** What the time of other notes takes from a triad, and what its root as bass adds. */
const OTHERS = 0.2, BASS = 0.5;
/** Share of a chord's time that each tone of its triad, and the lowest, are to sound. */
const LEAST = 1 / 8;

/** A chord of a progression, or a bar of it, as it lasts in a piece. */
export interface ChordSpan {
  /** The chord. */
  readonly chord: Chord;
  /** When it begins. */
  readonly startTicks: number;
  /** When the next one begins. */
  readonly endTicks: number;
  /**
   * Whether it is heard: no other triad than its own fits better what sounds and
   * its lowest note, and all its tones sound.
   */
  readonly isHeard: boolean;
}

/**
 * Compares what sounds with the chords of a progression.
 *
 * @param sequence In one meter. Drums do not count.
 * @param fromTicks Where the first chord begins, a bar line.
 */
export function chordsHeard(
  sequence: NoteSequence,
  { chords, barsEach }: ChordProgression,
  fromTicks: number = 0,
): ChordSpan[] {
  const lines = BarLines.of(sequence);
  const barTicks = lines.startOf(1) - lines.startOf(0);
  const spans: ChordSpan[] = [];
  // A chord of several bars is to be heard in each.
  const chordTicks = barsEach * barTicks;
  const spanTicks = Math.min(chordTicks, barTicks);
  // A piece cut to a length can end within a chord.
  const last = sequence.totalTicks - spanTicks / 4;
  for (let start = fromTicks; start < last; start += spanTicks) {
    const index = Math.floor((start - fromTicks) / chordTicks + 1e-9);
    const chord = chords[index % chords.length]!;
    const span = {
      startTicks: Math.round(start),
      endTicks: Math.min(Math.round(start + spanTicks), sequence.totalTicks),
    };
    spans.push({ chord, ...span, isHeard: isHeard(sequence, chord, span) });
  }
  return spans;
}

function isHeard(
  { notes, parts }: NoteSequence,
  chord: Chord,
  { startTicks: from, endTicks: to }: Omit<ChordSpan, "chord" | "isHeard">,
): boolean {
  const time: number[] = new Array(12).fill(0);
  const byPitch = new Map<number, number>();
  for (const { part, pitch, startTicks, endTicks } of notes) {
    const ticks = Math.min(endTicks, to) - Math.max(startTicks, from);
    if (ticks <= 0 || parts[part]!.isDrum) continue;
    time[pitch % 12]! += ticks;
    byPitch.set(pitch, (byPitch.get(pitch) ?? 0) + ticks);
  }
  const least = LEAST * (to - from);
  const lowest = [...byPitch].filter(([, ticks]) => ticks >= least)
    .reduce((low, [pitch]) => Math.min(low, pitch), Infinity);
  const all = time.reduce((sum, one) => sum + one, 0);
  const fit = (root: number, triad: readonly number[]) => {
    const own = triad.reduce((sum, one) => sum + time[(root + one) % 12]!, 0);
    const bass = lowest % 12 === root ? BASS * (to - from) : 0;
    return own - OTHERS * (all - own) + bass;
  };
  const { root } = chord, triad = triadOf(chord);
  const wanted = new Set(triad.map((one) => (root + one) % 12));
  const asked = fit(root, triad);
  if (triad.some((one) => time[(root + one) % 12]! < least)) {
    return false;
  }
  return TRIADS.every((other) =>
    time.every((_, at) =>
      fit(at, other) <= asked ||
      // Some are the same notes, and a fifth alone is part of several.
      triad.every((one) => other.includes((root + one - at + 12) % 12)) ||
      other.every((one) => wanted.has((at + one) % 12))
    )
  );
}
