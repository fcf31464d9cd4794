/**
 * Melodies for the starter corpus: motifs that return, follow the harmony, are
 * varied and answered.
 *
 * A motif fixes rhythm and contour only. Dynamic programming then finds the
 * pitches of a whole section: the path of least cost, which weighs steps, leaps,
 * chord tones and the contour.
 */

import type { Random } from "../../lib/base/base.ts";
import type { Chord } from "./harmony.ts";
import { ENDING_CELLS, MELODY_CELLS, strokesOf } from "./patterns.ts";
import { type Meter, type Plan, stepsPerBar } from "./plan.ts";

/** A bar of a motif. */
export interface Cell {
  readonly rhythm: string;
  /** Height of each note, in scale steps from the height of the cell. */
  readonly contour: readonly number[];
}

/** A chord from its start on, and what rubs against the other parts. */
export interface Span {
  readonly chord: Chord;
  readonly start: number;
  readonly steps: number;
  /** By pitch, the semitones and minor ninths that it makes with the accompaniment. */
  readonly clashes: Uint8Array;
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
/** The same for any interval. */
const MOVES = Float64Array.from(
  { length: 128 },
  (_, interval) => LEAP_COSTS[interval] ?? 9,
);
/** From a note outside of the chord, which should move on by step. */
const LOOSE_MOVES = MOVES.map((cost, interval) =>
  interval > 2 || interval === 0 ? cost + 2.5 : cost
);
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
  const { low, high } = tessitura;
  const count = high - low + 1;
  let costs = new Float64Array(count), next = new Float64Array(count);
  /** For each slot after the first, the best pitch before each pitch. */
  const origins: Uint8Array[] = [];
  slots.forEach((slot, i) => {
    const fits = fitsOf(slot, tessitura);
    if (i === slots.length - 1 && resolvesTo.length > 0) {
      for (let to = 0; to < count; to++) {
        if (!resolvesTo.includes((low + to) % 12)) fits[to]! += 30;
      }
    }
    if (i === 0) {
      costs = fits;
      return;
    }
    const { tones } = slots[i - 1]!.spans[0]!.chord;
    const moves = Array.from(
      { length: count },
      (_, from) => tones.includes((low + from) % 12) ? MOVES : LOOSE_MOVES,
    );
    const origin = new Uint8Array(count);
    for (let to = 0; to < count; to++) {
      let best = Infinity, before = 0;
      for (let from = 0; from < count; from++) {
        const cost = costs[from]! + moves[from]![Math.abs(to - from)]!;
        if (cost >= best) continue;
        best = cost;
        before = from;
      }
      next[to] = best + fits[to]!;
      origin[to] = before;
    }
    [costs, next] = [next, costs];
    origins.push(origin);
  });
  let state = costs.indexOf(Math.min(...costs));
  const notes: MelodyNote[] = [];
  for (let i = slots.length - 1; i >= 0; i--) {
    const { start, length } = slots[i]!;
    notes.push({ pitch: low + state, start, length });
    if (i > 0) state = origins[i - 1]![state]!;
  }
  return notes.reverse();
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

/** How badly each pitch of the range fits a slot. */
function fitsOf(
  { target, isStrong, spans }: Slot,
  { low, high, home }: Tessitura,
): Float64Array<ArrayBuffer> {
  const fits = new Float64Array(high - low + 1);
  for (let pitch = low; pitch <= high; pitch++) {
    const pitchClass = pitch % 12;
    let cost = 0.3 * Math.abs(pitch - target);
    if (isStrong && !home.includes(pitchClass)) cost += 0.9;
    for (const { chord, clashes } of spans) {
      if (!chord.scale.includes(pitchClass)) cost += 30;
      const isChordTone = chord.tones.includes(pitchClass);
      if (!isChordTone) cost += isStrong ? 2.2 : 0.5;
      cost += clashes[pitch]! * (isStrong ? 6 : 1.5);
    }
    fits[pitch - low] = cost;
  }
  return fits;
}
