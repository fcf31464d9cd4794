/**
 * Named figures of a piece's harmony, melody, texture and rhythm: what a listener
 * hears, and what music by chance, or a copying machine, would get wrong. They are a
 * yardstick: fixed, and the same for every corpus.
 */

import type { NoteSequence } from "../../music/music.ts";
import { layOnGrid } from "./grid_piece.ts";
import { harmonyFigures } from "./harmony.ts";
import { melodyFigures } from "./melody.ts";
import { rhythmFigures } from "./rhythm.ts";
import { textureFigures } from "./texture.ts";

/** Name of a figure. */
export type FigureName =
  | "chordFit"
  | "chordFitWorstTenth"
  | "pitchClassesPerBar"
  | "scaleFit"
  | "keyClarity"
  | "pitchClassEntropy"
  | "chordChanges"
  | "chordsReturning"
  | "bassOnRoot"
  | "semitoneRubs"
  | "consonantWithLowest"
  | "stepwise"
  | "withinOctave"
  | "repeatedNotes"
  | "meanInterval"
  | "intervalEntropy"
  | "turnsBack"
  | "leapsRecovered"
  | "melodyReturns"
  | "range"
  | "lineRange"
  | "bassOverlap"
  | "polyphony"
  | "polyphonyDeviation"
  | "silence"
  | "notesPerOnset"
  | "handSpan"
  | "doubled"
  | "partsPerBar"
  | "entries"
  | "density"
  | "densitySpread"
  | "densityGrowth"
  | "registerDrift"
  | "velocitySpread"
  | "rhythmReturns"
  | "noteLength"
  | "noteLengthDeviation"
  | "noteLengthEntropy"
  | "legato"
  | "onQuarter"
  | "onEighth"
  | "syncopation"
  | "gapEntropy"
  | "placeEntropy"
  | "sameOneBarOn"
  | "sameTwoBarsOn"
  | "sameFourBarsOn"
  | "sameEightBarsOn"
  | "compression";

/** Every figure by name, 0 where the piece has nothing to measure it by. */
export type MusicalFigures = Readonly<Record<FigureName, number>>;

/** What each figure is, in words. Shares are 0–1, pitches in semitones. */
export const FIGURES: Readonly<Record<FigureName, string>> = {
  chordFit: "share of sounding time in one chord, mean of bars",
  chordFitWorstTenth:
    "share of sounding time in one chord, worst tenth of bars",
  pitchClassesPerBar: "pitch classes that sound in a bar",
  scaleFit: "share of sounding time in one scale, whole piece",
  keyClarity: "correlation with the profile of the best key",
  pitchClassEntropy: "entropy of the pitch classes, in bits",
  chordChanges: "share of bars with another chord than the bar before",
  chordsReturning: "share of pairs of neighbouring chords heard before",
  bassOnRoot: "share of bars whose lowest note is the chord's root",
  semitoneRubs: "share of sounding pairs of notes a semitone apart",
  consonantWithLowest: "share of notes consonant with the lowest held",
  stepwise: "share of a part's moves of at most 2 semitones",
  withinOctave: "share of a part's moves of at most 11 semitones",
  repeatedNotes: "share of a part's moves to the same pitch",
  meanInterval: "mean move of a part, in semitones",
  intervalEntropy: "entropy of a part's moves, in bits",
  turnsBack: "share of a part's moves that change direction",
  leapsRecovered: "share of leaps followed by a step back",
  melodyReturns: "share of a part's turns of four moves heard before",
  range: "the piece's highest minus lowest pitch, in semitones",
  lineRange: "a part's highest minus lowest pitch, in semitones",
  bassOverlap: "share of a bass instrument's notes that overlap another",
  polyphony: "notes that sound at a time, where any does",
  polyphonyDeviation: "standard deviation of the notes that sound",
  silence: "share of time in which nothing sounds",
  notesPerOnset: "notes that a part plays at once",
  handSpan: "semitones between a part's outer notes at once",
  doubled: "share of notes that another part plays, too",
  partsPerBar: "share of the parts that play in a bar",
  entries: "where parts enter, as a share of the piece",
  density: "notes a quarter note",
  densitySpread: "deviation of the bars' density, by the mean",
  densityGrowth: "density of the last third less the first, by the mean",
  registerDrift: "semitones between first and last third, means",
  velocitySpread: "standard deviation of the velocities",
  rhythmReturns: "share of a part's bars whose rhythm was heard before",
  noteLength: "mean length of a note, in quarter notes",
  noteLengthDeviation: "standard deviation of notes' lengths, in quarter notes",
  noteLengthEntropy: "entropy of notes' lengths, in bits",
  legato: "share of notes that last until the part's next one",
  onQuarter: "share of onsets on a quarter note",
  onEighth: "share of onsets on an eighth note",
  syncopation: "share of notes held from off the beat over a beat",
  gapEntropy: "entropy of the time between a part's onsets, in bits",
  placeEntropy: "entropy of the places of onsets in the bar, in bits",
  sameOneBarOn: "likeness of bars one bar apart",
  sameTwoBarsOn: "likeness of bars two bars apart",
  sameFourBarsOn: "likeness of bars four bars apart",
  sameEightBarsOn: "likeness of bars eight bars apart",
  compression: "size of the notes packed by zlib, by their own",
};

/** Names of the figures, in the order of {@linkcode FIGURES}. */
export const FIGURE_NAMES = Object.keys(FIGURES) as FigureName[];

/**
 * The figures of a piece. Notes are taken on a grid of a twelfth of a quarter note,
 * the parts of one program as one part, without the sustain pedal.
 *
 * @returns A finite number for each name of {@linkcode FIGURES}.
 *
 * @example
 * ```ts
 * import { musicalFigures } from "immersic/evaluation/figures/figures.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const figures = musicalFigures({
 *   ...emptySequence(4),
 *   parts: [{ name: "", program: 0, isDrum: false }],
 *   notes: [60, 62, 64, 72].map((pitch, i) => ({
 *     pitch, velocity: 80, startTicks: 4 * i, endTicks: 4 * i + 4, part: 0,
 *   })),
 *   totalTicks: 16,
 * });
 * console.assert(figures.stepwise === 2 / 3 && figures.range === 12);
 * ```
 */
export function musicalFigures(sequence: NoteSequence): MusicalFigures {
  const piece = layOnGrid(sequence);
  return {
    ...harmonyFigures(piece),
    ...melodyFigures(piece),
    ...textureFigures(piece),
    ...rhythmFigures(piece),
  };
}
