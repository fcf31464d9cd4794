/** The voices of a part: lines in which one chord follows another. */

import type { ScoreNote } from "./score_grid.ts";

/** Notes that begin and end together. */
export interface ScoreChord {
  /** In steps of the grid. */
  readonly start: number;
  readonly end: number;
  /** MIDI pitches, rising. */
  readonly pitches: readonly number[];
}

/** Notation programs take no more on a staff. */
export const MOST_VOICES = 4;

/**
 * Shares the notes of a part out among as few voices as can have them, at most four.
 * Where more sound at once, some end when another begins.
 *
 * @returns The chords of each voice, in order of time; one voice at least.
 */
export function voicesOf(notes: readonly ScoreNote[]): ScoreChord[][] {
  const voices: ScoreChord[][] = [[]];
  for (const chord of chordsOf(notes)) {
    const free = voices.find((voice) =>
      (voice.at(-1)?.end ?? 0) <= chord.start
    );
    if (free) free.push(chord);
    else if (voices.length < MOST_VOICES) voices.push([chord]);
    else squeeze(voices, chord);
  }
  return voices;
}

/** The chords of notes, sorted by start, the longest first. */
function chordsOf(notes: readonly ScoreNote[]): ScoreChord[] {
  const groups = Map.groupBy(notes, ({ start, end }) => `${start} ${end}`);
  return Array.from(groups.values(), (group) => ({
    start: group[0]!.start,
    end: group[0]!.end,
    pitches: [...new Set(group.map(({ pitch }) => pitch))]
      .sort((a, b) => a - b),
  })).sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Makes room for a chord in the voice whose last one ends first. */
function squeeze(voices: readonly ScoreChord[][], chord: ScoreChord): void {
  const voice = voices.reduce((first, voice) =>
    voice.at(-1)!.end < first.at(-1)!.end ? voice : first
  );
  const last = voice.pop()!;
  if (last.start < chord.start) {
    voice.push({ ...last, end: chord.start }, chord);
  } else {
    const pitches = [...new Set([...last.pitches, ...chord.pitches])];
    voice.push({ ...last, pitches: pitches.sort((a, b) => a - b) });
  }
}
