/**
 * Plans the pieces of the starter corpus: every value of an attribute in its share
 * of pieces, and attributes independent of each other.
 */

import { Random } from "../../lib/base/base.ts";
import { type Mode, SCALES } from "./harmony.ts";
import type { Role } from "./score.ts";

/** Steps in a quarter note: sixteenths and triplets both fall on one. */
export const STEPS_PER_QUARTER = 12;

/** A meter of the corpus. */
export type Meter = "4/4" | "3/4" | "6/8";

/** How notes off the beat swing: not, in triplets, lightly, or in sixteenths. */
export type Swing = "straight" | "triplet" | "light" | "sixteenth";

/** The plan of one piece. */
export interface Plan {
  /** From 1; also the seed. */
  readonly number: number;
  /** Pitch class of the tonic. */
  readonly tonic: number;
  readonly mode: Mode;
  readonly meter: Meter;
  /** Quarter notes per minute, also in 6/8. */
  readonly qpm: number;
  readonly bars: number;
  readonly density: "sparse" | "medium" | "dense";
  readonly register: "low" | "middle" | "high";
  readonly loudness: "soft" | "medium" | "loud";
  /** The parts that play, drums included. */
  readonly roles: readonly Role[];
  readonly swing: Swing;
}

// Only parts with keys can be dense.
const DENSE_ENSEMBLES: readonly (readonly Role[])[] = [
  ["keys"],
  ["keys", "bass"],
  ["keys", "pad"],
  ["keys", "melody"],
  ["keys", "bass", "melody"],
  ["keys", "bass", "melody"],
  ["keys", "pad", "melody"],
  ["keys", "pad", "bass", "melody"],
  ["keys", "pad", "bass", "melody"],
];
const ENSEMBLES: readonly (readonly Role[])[] = [
  ...DENSE_ENSEMBLES,
  ["keys"],
  ["pad", "melody"],
  ["pad", "bass", "melody"],
];

/** Pieces in the corpus: six for each density, register and loudness. */
export const PIECES = 6 * 27;

const DENSITIES = ["sparse", "medium", "dense"] as const;
const REGISTERS = ["low", "middle", "high"] as const;
const LOUDNESSES = ["soft", "medium", "loud"] as const;

const SLOWEST_QPM = 60, FASTEST_QPM = 100;

/** Seed of the plans of the committed pieces; further blocks count on from it. */
const FIRST_SEED = 1972;
/** From a seed to the one that deals the same numbers again, see {@linkcode planOf}. */
const NEXT_DEAL = 1_000_000;

/**
 * The plans of the committed corpus, in file order.
 *
 * @returns {@linkcode PIECES} plans, the same ones every time.
 */
export function planCorpus(): Plan[] {
  return planBlock(0, 0);
}

/**
 * The plan of a piece of any number. Those after the committed ones come in blocks
 * of {@linkcode PIECES}, each dealt like the committed ones from a seed of its own,
 * so that all blocks have the same shares of every attribute.
 *
 * @param number From 1.
 * @param attempt 0, or how many plans of this number have been given up: the number
 * then gets the plan of its place in a block dealt anew.
 */
export function planOf(number: number, attempt = 0): Plan {
  const place = (number - 1) % PIECES;
  return planBlock((number - 1 - place) / PIECES, attempt)[place]!;
}

function planBlock(block: number, attempt: number): Plan[] {
  const random = new Random(FIRST_SEED + block + attempt * NEXT_DEAL);
  /** A value for each piece, each as often as its share says, in random order. */
  const deal = <T>(shares: readonly (readonly [T, number])[]): T[] => {
    const total = shares.reduce((sum, [, share]) => sum + share, 0);
    const values: T[] = [];
    let upTo = 0;
    for (const [value, share] of shares) {
      upTo += share;
      while (values.length < Math.round(PIECES * upTo / total)) {
        values.push(value);
      }
    }
    return random.shuffle(values);
  };
  const evenly = <T>(values: readonly T[]) =>
    values.map((value) => [value, 1] as const);
  const characters = random.shuffle(
    DENSITIES.flatMap((density) =>
      REGISTERS.flatMap((register) =>
        LOUDNESSES.flatMap((loudness) =>
          Array.from({ length: PIECES / 27 }, (_, i) => ({
            density,
            register,
            loudness,
            drums: i % 3 === 0,
          }))
        )
      )
    ),
  );
  const ensembles = {
    sparse: deal(evenly(ENSEMBLES)),
    medium: deal(evenly(ENSEMBLES)),
    dense: deal(evenly(DENSE_ENSEMBLES)),
  };
  // Major and minor are a little more frequent; each mode comes in every key.
  const modes = deal<Mode>([
    ["major", 4],
    ["minor", 4],
    ["dorian", 3],
    ["mixolydian", 2.5],
    ["lydian", 2.5],
  ]);
  const tonics = new Map<Mode, number[]>();
  const meters = deal<Meter>([["4/4", 6], ["3/4", 2], ["6/8", 2]]);
  const tempi = deal(
    evenly(
      Array.from(
        { length: FASTEST_QPM - SLOWEST_QPM + 1 },
        (_, i) => SLOWEST_QPM + i,
      ),
    ),
  );
  const lengths = deal([
    [8, 5],
    [12, 6],
    [16, 10],
    [20, 6],
    [24, 7],
    [28, 3],
    [32, 4],
  ]);
  const swings = deal<Swing>([
    ["straight", 6],
    ["triplet", 2],
    ["light", 1],
    ["sixteenth", 2],
  ]);
  return characters.map(({ drums, ...character }, i) => {
    const roles = ensembles[character.density][i]!;
    const mode = modes[i]!, meter = meters[i]!;
    let left = tonics.get(mode) ?? [];
    if (left.length === 0) {
      left = random.shuffle(Array.from({ length: 12 }, (_, pc) => pc));
    }
    const tonic = left[0]!;
    tonics.set(mode, left.slice(1));
    return {
      ...character,
      number: block * PIECES + i + 1,
      roles: drums ? [...roles, "drums"] : roles,
      mode,
      tonic,
      meter,
      qpm: tempi[i]!,
      bars: lengths[i]!,
      // Triple time needs no swing.
      swing: meter === "6/8" ? "straight" : swings[i]!,
    };
  });
}

/** Steps in a bar. */
export function stepsPerBar(meter: Meter): number {
  return meter === "4/4" ? 4 * STEPS_PER_QUARTER : 3 * STEPS_PER_QUARTER;
}

const MAJOR_NAMES = "c d-flat d e-flat e f g-flat g a-flat a b-flat b";
const MINOR_NAMES = "c c-sharp d e-flat e f f-sharp g g-sharp a b-flat b";

/** Whether a mode's third is minor. */
export function isMinor(mode: Mode): boolean {
  return SCALES[mode][2] === 3;
}

/**
 * The name of a piece's file.
 *
 * @returns Number, mode, meter and tonic, as `001-dorian-4-4-d.mid`; numbers after
 * the committed ones have four digits.
 */
export function fileName({ number, mode, meter, tonic }: Plan): string {
  const names = (isMinor(mode) ? MINOR_NAMES : MAJOR_NAMES).split(" ");
  return [
    String(number).padStart(number > PIECES ? 4 : 3, "0"),
    mode,
    meter.replace("/", "-"),
    `${names[tonic]}.mid`,
  ].join("-");
}

/** One section of a piece's form. */
export interface Section {
  /** Sections with the same letter share their material. */
  readonly letter: "A" | "B";
  /** 0 the first time, then 1, 2, … */
  readonly variation: number;
  /** Introductions and codas have fewer notes than the body. */
  readonly place: "intro" | "body" | "coda";
  readonly isLast: boolean;
}

/** Forms by number of four-slot sections; i is an introduction, o a coda. */
const FORMS: Readonly<Record<number, readonly string[]>> = {
  2: ["AA"],
  3: ["AAA", "ABA"],
  4: ["AABA", "iABA", "AABA"],
  5: ["iAABA", "AABAo", "AABBA"],
  6: ["iAABAo", "AABABA", "AABBAo"],
  7: ["iAABABA", "iAABBAo", "AABAABA"],
  8: ["iAABABAo", "AABBAABA", "iAABBAAo"],
};

/**
 * A form for a number of sections.
 *
 * @param count Sections, 1–8.
 */
export function formOf(count: number, random: Random): Section[] {
  const form = count === 1 ? "A" : random.pick(FORMS[count]!);
  const seen = { A: 0, B: 0 };
  return [...form].map((mark, i): Section => {
    const letter = mark === "B" ? "B" : "A";
    const place = mark === "i" ? "intro" : mark === "o" ? "coda" : "body";
    const variation = place === "body" ? seen[letter]++ : seen[letter];
    return { letter, variation, place, isLast: i === form.length - 1 };
  });
}
