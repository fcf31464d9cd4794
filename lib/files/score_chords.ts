/** Chord symbols of a score. */

import type { Chord } from "../music/music.ts";
import { spell, type Step, STEP_SEMITONES } from "./score_pitch.ts";
import { tag } from "./xml.ts";

/** MusicXML's names of chords by their semitones above the root. */
const KINDS: Readonly<Record<string, string>> = {
  "0 4 7": "major",
  "0 3 7": "minor",
  "0 4 8": "augmented",
  "0 3 6": "diminished",
  "0 2 7": "suspended-second",
  "0 5 7": "suspended-fourth",
  "0 7": "power",
  "0 4 7 9": "major-sixth",
  "0 3 7 9": "minor-sixth",
  "0 4 7 10": "dominant",
  "0 4 7 11": "major-seventh",
  "0 3 7 10": "minor-seventh",
  "0 3 7 11": "major-minor",
  "0 3 6 9": "diminished-seventh",
  "0 3 6 10": "half-diminished",
  "0 4 8 10": "augmented-seventh",
  "0 2 4 7 10": "dominant-ninth",
  "0 2 4 7 11": "major-ninth",
  "0 2 3 7 10": "minor-ninth",
};
const KNOWN = Object.entries(KINDS).map(([tones, kind]) => ({
  tones: tones.split(" ").map(Number),
  kind,
})).sort((a, b) => b.tones.length - a.tones.length);

/**
 * By semitones above the root: the degree of a tone that is added to a chord, and how
 * it differs from that of a dominant chord.
 */
const DEGREES: readonly (readonly [value: number, alter: number])[] = [
  [1, 0],
  [9, -1],
  [9, 0],
  [9, 1],
  [3, 0],
  [11, 0],
  [11, 1],
  [5, 0],
  [13, -1],
  [13, 0],
  [7, 0],
  [7, 1],
];
const FIFTH = 7, FLAT_FIFTH = 6;

/** Root, or bass, of a symbol: as it writes it, or else as the key names it. */
function named(
  pitchClass: number,
  written: RegExpExecArray | null,
  fifths: number,
): { readonly step: Step; readonly alter: number } {
  const [, letter, sign = ""] = written ?? [];
  if (letter) {
    const step = letter as Step;
    const alter = /[#♯]/.test(sign) ? 1 : sign === "" ? 0 : -1;
    const isOwn = (STEP_SEMITONES[step] + alter + 12) % 12 === pitchClass;
    if (isOwn) return { step, alter };
  }
  return spell(60 + pitchClass, fifths);
}

/**
 * A chord symbol as MusicXML.
 *
 * @param fifths Of the key.
 * @param offset Steps of the grid from the bar line.
 */
export function harmony(chord: Chord, fifths: number, offset: number): string {
  const { symbol, root, intervals, bass } = chord;
  const { kind, degrees } = kindOf(intervals);
  const head = /^([A-G])([#♯b♭]?)/.exec(symbol);
  const foot = /\/([A-G])([#♯b♭]?)$/.exec(symbol);
  const suffix = symbol.slice(head?.[0].length ?? 0, foot?.index);
  const pitch = (name: "root" | "bass", pitchClass: number) => {
    const { step, alter } = named(
      pitchClass,
      name === "root" ? head : foot,
      fifths,
    );
    return tag(
      name,
      tag(`${name}-step`, step),
      alter === 0 ? "" : tag(`${name}-alter`, alter),
    );
  };
  return tag(
    "harmony",
    pitch("root", root),
    tag(head ? `kind text="${suffix}"` : "kind", kind),
    bass === undefined ? "" : pitch("bass", bass),
    ...degrees.map(({ value, alter, type }) =>
      tag(
        "degree",
        tag("degree-value", value),
        tag("degree-alter", alter),
        tag("degree-type", type),
      )
    ),
    offset > 0 ? tag("offset", offset) : "",
  );
}

interface Degree {
  readonly value: number;
  readonly alter: number;
  readonly type: "add" | "alter";
}

/** The largest chord with a name within a chord, and what differs from it. */
function kindOf(
  intervals: readonly number[],
): { kind: string; degrees: Degree[] } {
  const tones = [...new Set(intervals.map((one) => one % 12))];
  const within = (set: readonly number[]) =>
    KNOWN.find(({ tones }) => tones.every((tone) => set.includes(tone)));
  // "7b5" is a dominant with another fifth.
  const isFlat = tones.includes(FLAT_FIFTH) && !tones.includes(FIFTH) &&
    !tones.includes(3);
  const plain = isFlat
    ? tones.map((tone) => tone === FLAT_FIFTH ? FIFTH : tone)
    : tones;
  const base = within(plain);
  const added = plain.filter((tone) => !base?.tones.includes(tone));
  return {
    kind: base?.kind ?? "other",
    degrees: [
      ...isFlat ? [{ value: 5, alter: -1, type: "alter" } as const] : [],
      ...added.map((tone): Degree => {
        const [value, alter] = DEGREES[tone]!;
        return { value, alter, type: "add" };
      }),
    ],
  };
}
