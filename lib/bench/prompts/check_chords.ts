/** Checks of chords, which are found from the notes bar by bar. */

import type { Heard, HeardNote } from "./heard.ts";
import { pitchClassOf } from "./pitches.ts";
import { type Check, verdict } from "./verdict.ts";

/** A chord as its symbol asks for it. */
interface AskedChord {
  readonly root: number;
  /** Pitch class of the third or of what is in its place. */
  readonly third: number;
  /** All its tones; a seventh may be added. */
  readonly tones: readonly number[];
}

const THIRDS: Readonly<Record<string, number>> = { m: 3, sus2: 2, sus4: 5 };
/** Bars that a chord may last where the prompt does not say. */
const BARS_EACH = [1, 0.5, 2, 4];
/** Share of the bars that must have their chord. */
const FITTING_SHARE = 0.8;
/** Share of the sound that must be in the chord. */
const CHORD_SHARE = 0.7;
/** A tone counts as heard with this share of the sound. */
const HEARD_SHARE = 0.03;

/**
 * A chord read from its symbol, such as "F#m7" or "Csus4".
 *
 * @throws {RangeError} If it is none.
 */
export function chordOf(symbol: string): AskedChord {
  const [, name = "", quality = ""] = /^([A-G][#b]?)([^/]*)/.exec(symbol) ?? [];
  const root = pitchClassOf(name);
  const isMinor = /^(?:m(?!aj)|min|-|dim|°)/.test(quality);
  const kind = /sus[24]/.exec(quality)?.[0] ?? (isMinor ? "m" : "");
  const third = THIRDS[kind] ?? 4;
  const fifth = /dim|°|b5/.test(quality)
    ? 6
    : /aug|\+|#5/.test(quality)
    ? 8
    : 7;
  const seventh = /maj|M7|Δ/.test(quality)
    ? [11]
    : /dim7|°7/.test(quality)
    ? [9]
    : /7|9|11|13/.test(quality)
    ? [10]
    : [10, 11];
  const added = [
    ...(/9/.test(quality) ? [2] : []),
    ...(/11/.test(quality) ? [5] : []),
    ...(/13|6/.test(quality) ? [9] : []),
  ];
  return {
    root,
    third: (root + third) % 12,
    tones: [0, third, fifth, ...seventh, ...added].map((one) =>
      (root + one) % 12
    ),
  };
}

/** Whether the notes of a stretch of time are a chord. */
function fits(notes: readonly HeardNote[], chord: AskedChord): boolean {
  const isTone = ({ pitch }: HeardNote) => chord.tones.includes(pitch % 12);
  let total = 0, inside = 0;
  const seconds = Array<number>(12).fill(0);
  const parts = Map.groupBy(notes, ({ channel }) => channel);
  for (const part of parts.values()) {
    for (const [i, note] of part.entries()) {
      const length = note.end - note.start;
      const before = part[i - 1], after = part[i + 1];
      const isStep = before && after && isTone(before) && isTone(after) &&
        Math.abs(before.pitch - note.pitch) <= 2 &&
        Math.abs(after.pitch - note.pitch) <= 2;
      seconds[note.pitch % 12]! += length;
      total += length;
      if (isTone(note) || isStep) inside += length;
    }
  }
  return total > 0 && inside >= CHORD_SHARE * total &&
    [chord.root, chord.third].every((one) =>
      seconds[one]! >= HEARD_SHARE * total
    );
}

/** The stretches of a window on which the chords may change. */
function* divisions(heard: Heard, chords: number): Generator<Heard[]> {
  const { barsInside } = heard;
  for (const barsEach of BARS_EACH) {
    const edges: number[] = [];
    for (let i = 0; i < barsInside.length; i += Math.max(1, barsEach)) {
      const { start, end } = barsInside[i]!;
      edges.push(start);
      if (barsEach < 1) edges.push((start + end) / 2);
    }
    edges.push(heard.to);
    // Every chord has its turn.
    if (edges.length <= chords) continue;
    yield edges.slice(1).map((to, i) => heard.between(edges[i]!, to));
  }
  const share = heard.seconds / chords;
  yield Array.from(
    { length: chords },
    (_, i) =>
      heard.between(heard.from + i * share, heard.from + (i + 1) * share),
  );
}

export const chords: Check<"chords"> = (heard, asked) => {
  const { progression = [], count } = asked;
  if (count === 1) return oneRoot(heard);
  const wanted = progression.map(chordOf);
  let best = 0;
  for (const stretches of divisions(heard, wanted.length)) {
    const fitting = stretches.map((one, i) =>
      fits(one.pitched, wanted[i % wanted.length]!)
    );
    // The last bar may close on the tonic instead.
    const counted = fitting.length > wanted.length && !fitting.at(-1)
      ? fitting.slice(0, -1)
      : fitting;
    best = Math.max(best, counted.filter((one) => one).length / counted.length);
  }
  return verdict(
    best >= FITTING_SHARE,
    `${Math.round(100 * best)} % of the chords`,
  );
};

/** Share of the sound with which a seventh or ninth is part of the chord. */
const SEVENTH_SHARE = 0.12;
/** Tones of the chords that are looked for where none is asked. */
const TEMPLATES = [[0, 4, 7], [0, 3, 7], [0, 3, 6], [0, 5, 7], [0, 4, 8]];

/** The root of the chord that a stretch of time is closest to, and its sevenths. */
function foundChord(notes: readonly HeardNote[]) {
  const seconds = Array<number>(12).fill(0);
  for (const { pitch, start, end } of notes) {
    seconds[pitch % 12]! += end - start;
  }
  const total = seconds.reduce((sum, one) => sum + one, 0);
  if (total === 0) return undefined;
  const bass = notes.reduce((low, note) => note.pitch < low.pitch ? note : low);
  let best = { root: 0, score: -Infinity };
  for (let root = 0; root < 12; root++) {
    for (const template of TEMPLATES) {
      const inside = template.reduce(
        (sum, one) => sum + seconds[(root + one) % 12]!,
        0,
      );
      const score = inside / total + (bass.pitch % 12 === root ? 0.15 : 0);
      if (score > best.score) best = { root, score };
    }
  }
  const hasSeventh = [10, 11, 2].some((one) =>
    seconds[(best.root + one) % 12]! >= SEVENTH_SHARE * total
  );
  return { root: best.root, hasSeventh };
}

function chordsByBar(heard: Heard) {
  return heard.barsInside.flatMap(({ start, end }) =>
    foundChord(heard.between(start, Math.min(end, heard.to)).pitched) ?? []
  );
}

function oneRoot(heard: Heard) {
  const roots = chordsByBar(heard).map(({ root }) => root);
  const counts = Map.groupBy(roots, (root) => root);
  const most = Math.max(0, ...[...counts.values()].map(({ length }) => length));
  return verdict(
    roots.length > 0 && most >= FITTING_SHARE * roots.length,
    `${counts.size} roots`,
    most < roots.length / 2,
  );
}

export const harmony: Check<"harmony"> = (heard) => {
  const found = chordsByBar(heard);
  const sevenths = found.filter(({ hasSeventh }) => hasSeventh).length;
  return verdict(
    found.length > 0 && sevenths >= found.length / 2,
    `${sevenths} of ${found.length} chords`,
  );
};

/** What sounds when the last notes begin, the lowest first. */
export function lastChord(heard: Heard): HeardNote[] {
  const { pitched } = heard;
  const last = pitched.at(-1);
  if (!last) return [];
  return pitched.filter(({ start, end }) =>
    start >= last.start - 0.1 || end > last.start + 0.1
  ).toSorted((a, b) => a.pitch - b.pitch);
}
