/**
 * Melodies for the starter corpus: motifs that return, follow the harmony, are
 * varied and answered.
 *
 * A motif fixes rhythm and contour only. Dynamic programming then finds the
 * pitches of a whole section: the path of least cost, which weighs steps, leaps,
 * chord tones and the contour.
 */

import type { Random } from "../../lib/base/base.ts";
import { type Chord, clashes } from "./harmony.ts";
import { ENDING_CELLS, MELODY_CELLS, strokesOf } from "./patterns.ts";
import { type Meter, type Plan, stepsPerBar } from "./plan.ts";

/** A bar of a motif. */
export interface Cell {
  readonly rhythm: string;
  /** Height of each note, in scale steps from the height of the cell. */
  readonly contour: readonly number[];
}

/** A chord from its start on, with the pitches of the other parts. */
export interface Span {
  readonly chord: Chord;
  readonly start: number;
  readonly steps: number;
  /** Pitches of the accompaniment. */
  readonly sounding: readonly number[];
}

/** A note of the melody, in steps. */
export interface MelodyNote {
  readonly pitch: number;
  readonly start: number;
  readonly length: number;
}

/** The motifs of a piece. */
export interface Motifs {
  readonly a: Cell;
  readonly b: Cell;
  /** For the contrasting section. */
  readonly c: Cell;
  readonly d: Cell;
  readonly ending: Cell;
  readonly close: Cell;
  /** Height of each of four bars, in scale steps, in sections A and B. */
  readonly shapes: Readonly<Record<"A" | "B", readonly number[]>>;
}

const SHAPES = [
  [0, 1, 2, 0],
  [0, 2, 1, -1],
  [0, -1, 1, 0],
  [1, 0, -1, -2],
  [0, 1, 3, 1],
  [-1, 0, 2, 0],
  [2, 1, 0, -1],
];

/** Motifs for a piece: two for each of its sections, and their endings. */
export function inventMotifs(
  meter: Meter,
  density: Plan["density"],
  random: Random,
): Motifs {
  const cells = MELODY_CELLS[density][meter];
  const invent = (rhythms: readonly string[]) =>
    withContour(random.pick(rhythms), random);
  const a = invent(cells);
  // In a sparse piece the second bar may be silent.
  const b = density === "sparse" && random.next() < 0.35
    ? { rhythm: "-".repeat(a.rhythm.length), contour: [] }
    : invent(cells.filter((rhythm) => rhythm !== a.rhythm));
  // The contrast is either the first motif upside down or something new.
  const c = random.next() < 0.5
    ? {
      rhythm: b.rhythm,
      contour: notesOf(b).map((_, i) => -(a.contour[i] ?? 0)),
    }
    : invent(cells);
  const shapes = random.shuffle(SHAPES);
  const forA = shapes[0]!, forB = shapes[1]!;
  return {
    a,
    b,
    c,
    d: invent(cells),
    ending: invent(ENDING_CELLS[meter]),
    close: invent(ENDING_CELLS[meter].slice(0, 1)),
    shapes: { A: forA, B: forB.map((height) => height + 1) },
  };
}

function notesOf({ rhythm }: Cell): string[] {
  return [...rhythm].filter((slot) => slot === "x");
}

function withContour(rhythm: string, random: Random): Cell {
  const contour: number[] = [];
  let height = random.pick([0, 0, 1, -1]);
  for (const slot of rhythm) {
    if (slot !== "x") continue;
    contour.push(height);
    height += random.pick([1, 1, 1, -1, -1, -1, 2, -2, 3, -3, 0]);
    height = Math.max(-4, Math.min(5, height));
  }
  return { rhythm, contour };
}

/** Long notes broken into two, the second a step above: a varied return. */
function ornament(cell: Cell, random: Random): Cell {
  const slots = [...cell.rhythm];
  const contour = [...cell.contour];
  for (let i = 0, note = -1; i + 2 < slots.length; i++) {
    if (slots[i] === "x") note++;
    const isLong = slots[i] === "x" && slots[i + 1] === "." &&
      slots[i + 2] === ".";
    if (!isLong || random.next() < 0.4) continue;
    slots[i + 2] = "x";
    contour.splice(note + 1, 0, contour[note]! + random.pick([1, -1]));
    break;
  }
  return { rhythm: slots.join(""), contour };
}

/** A bar of the melody: its cell, and the cell's height in scale steps. */
export interface MelodyBar {
  readonly cell: Cell;
  readonly height: number;
}

/**
 * The bars of a section: statement, continuation, return, ending.
 *
 * @param bars Bars in the section, a multiple of 4.
 * @param variation 0 for the first time; later times are varied.
 */
export function phrase(
  motifs: Motifs,
  letter: "A" | "B",
  variation: number,
  bars: number,
  isLast: boolean,
  random: Random,
): MelodyBar[] {
  const [first, second] = letter === "A"
    ? [motifs.a, motifs.b]
    : [motifs.c, motifs.d];
  const shape = motifs.shapes[letter];
  return Array.from({ length: bars }, (_, bar): MelodyBar => {
    const place = bar % 4;
    const height = shape[place]! + (bar >= 4 ? 1 : 0);
    const isReturn = place === 2 || bar >= 4 && place === 0;
    if (bar === bars - 1) {
      return isLast || variation % 2 === 1
        ? { cell: motifs.close, height: 0 }
        : { cell: motifs.ending, height };
    }
    if (place === 3) return { cell: motifs.ending, height };
    if (place === 1) return { cell: second, height };
    const cell = isReturn && variation > 0 ? ornament(first, random) : first;
    return { cell, height };
  });
}

/** The range of a melody. */
export interface Tessitura {
  readonly low: number;
  readonly high: number;
  /** Pitch of height 0. */
  readonly center: number;
  /** Pitch classes that suit long notes over any chord. */
  readonly home: readonly number[];
}

interface Slot {
  readonly start: number;
  readonly length: number;
  readonly target: number;
  readonly isStrong: boolean;
  readonly spans: readonly Span[];
}

/** Cost of a melodic interval, in semitones from 0 to an octave. */
const LEAP_COSTS = [1.4, 0, 0, 0.7, 0.8, 1.1, 5, 1.3, 2.5, 2.5, 6, 7, 2.5];
/** Semitones in a scale step, on average. */
const SCALE_STEP = 12 / 7;

/**
 * Finds pitches for the bars of a section.
 *
 * @param bars The bars of the melody from `startStep` on.
 * @param spans Chords of at least these bars, in order.
 * @param resolvesTo Pitch classes that the last note may have; empty for any.
 */
export function sing(
  bars: readonly MelodyBar[],
  startStep: number,
  meter: Meter,
  spans: readonly Span[],
  tessitura: Tessitura,
  resolvesTo: readonly number[],
): MelodyNote[] {
  const slots = slotsOf(bars, startStep, meter, spans, tessitura);
  if (slots.length === 0) return [];
  const { low, high, home } = tessitura;
  const pitches = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  let costs: number[] = [];
  const origins: number[][] = [];
  slots.forEach((slot, i) => {
    const isLast = i === slots.length - 1;
    const fits = pitches.map((pitch) =>
      pitchCost(pitch, slot, home) +
      (isLast && resolvesTo.length > 0 && !resolvesTo.includes(pitch % 12)
        ? 30
        : 0)
    );
    if (i === 0) {
      costs = fits;
      return;
    }
    const previous = slots[i - 1]!;
    const origin: number[] = [];
    costs = pitches.map((pitch, to) => {
      let best = Infinity;
      pitches.forEach((from, j) => {
        const cost = costs[j]! + leapCost(from, pitch, previous);
        if (cost < best) [best, origin[to]] = [cost, j];
      });
      return best + fits[to]!;
    });
    origins.push(origin);
  });
  let state = costs.indexOf(Math.min(...costs));
  const notes: MelodyNote[] = [];
  for (let i = slots.length - 1; i >= 0; i--) {
    const { start, length } = slots[i]!;
    notes.unshift({ pitch: pitches[state]!, start, length });
    if (i > 0) state = origins[i - 1]![state]!;
  }
  return notes;
}

function slotsOf(
  bars: readonly MelodyBar[],
  startStep: number,
  meter: Meter,
  spans: readonly Span[],
  { center }: Tessitura,
): Slot[] {
  const barSteps = stepsPerBar(meter);
  const beat = meter === "6/8" ? barSteps / 2 : 12;
  return bars.flatMap(({ cell, height }, bar) =>
    strokesOf([...cell.rhythm], barSteps).map((stroke, i): Slot => {
      const start = startStep + bar * barSteps + stroke.start;
      const end = start + stroke.length;
      return {
        start,
        length: stroke.length,
        target: center + SCALE_STEP * (height + cell.contour[i]!),
        isStrong: stroke.start % beat === 0 || stroke.length >= 12,
        spans: spans.filter((span) =>
          span.start < end && span.start + span.steps > start
        ),
      };
    })
  );
}

function pitchCost(
  pitch: number,
  slot: Slot,
  home: readonly number[],
): number {
  let cost = 0.3 * Math.abs(pitch - slot.target);
  if (slot.isStrong && !home.includes(pitch % 12)) cost += 0.9;
  for (const { chord, sounding } of slot.spans) {
    if (!chord.scale.includes(pitch % 12)) cost += 30;
    const isChordTone = chord.tones.includes(pitch % 12);
    if (!isChordTone) cost += slot.isStrong ? 2.2 : 0.5;
    cost += clashes([pitch], sounding) * (slot.isStrong ? 6 : 1.5);
  }
  return cost;
}

function leapCost(from: number, to: number, previous: Slot): number {
  const interval = Math.abs(to - from);
  // A note outside of the chord should move on by step.
  const isLoose = !previous.spans[0]!.chord.tones.includes(from % 12);
  return (LEAP_COSTS[interval] ?? 9) +
    (isLoose && (interval > 2 || interval === 0) ? 2.5 : 0);
}
