/**
 * The rhythmic vocabulary of the starter corpus: figures of one bar, written as
 * equal slots, where "." holds the note before it and "-" is a rest.
 */

import type { Random } from "../../lib/base/base.ts";
import type { Meter } from "./plan.ts";

/** One event of a figure; times are in steps from the bar line. */
export interface Stroke {
  readonly symbol: string;
  readonly start: number;
  readonly length: number;
}

/**
 * Reads a figure.
 *
 * @param slots The content of each of the bar's equal slots.
 * @param steps Steps in the bar.
 */
export function strokesOf(slots: readonly string[], steps: number): Stroke[] {
  const slotSteps = steps / slots.length;
  const strokes: { symbol: string; start: number; length: number }[] = [];
  slots.forEach((symbol, i) => {
    if (symbol === ".") {
      const last = strokes.at(-1);
      if (last) last.length += slotSteps;
    } else {
      strokes.push({ symbol, start: i * slotSteps, length: slotSteps });
    }
  });
  return strokes.filter(({ symbol }) => symbol !== "-");
}

type Figures = Readonly<Record<Meter, readonly string[]>>;
type FiguresByDensity = Readonly<
  Record<"sparse" | "medium" | "dense", Figures>
>;

/** Melody rhythms, "x" for a note. */
export const MELODY_CELLS: FiguresByDensity = {
  sparse: {
    "4/4": [
      "x...x...",
      "--x.....",
      "x.....x.",
      "--x.x...",
      "x...x.--",
      "x..x....",
      "----x.x.",
      "x.x.....",
      "--x...x.",
    ],
    "3/4": ["x.....", "x...x.", "--x...", "x..x--", "--x.x.", "x.x..."],
    "6/8": ["x.....", "x..x..", "---x..", "x....x", "x.x...", "--x..."],
  },
  medium: {
    "4/4": [
      "x..xx...",
      "x.x.x...",
      "-xx.x...",
      "x...x.x.",
      "--x.x.x.",
      "xxx.x...",
      "x..x..x.",
      "-x.xx...",
      "x.xxx...",
      "x...xxx.",
      "-x.x.x..",
      "x..x.x..",
      "--xxx.x.",
    ],
    "3/4": [
      "x.x.x.",
      "x..xx.",
      "x...xx",
      "-xx.x.",
      "xxx...",
      "x.xx..",
      "--xxx.",
      "x..x.x",
    ],
    "6/8": [
      "x.xx..",
      "x..x.x",
      "xxxx..",
      "x.xx.x",
      "-xxx..",
      "x..xxx",
      "xx.x..",
    ],
  },
  dense: {
    "4/4": [
      "xxxxx...",
      "-xxxx.x.",
      "x.xxx.xx",
      "xxx.xxx.",
      "x..xxxx.",
      "xx.xx.x.",
      "-xxx.xx.",
      "x.x.xxx.",
      "x.xxx.x.x.......",
      "x...x.xxx...x...",
      "--x.x.xxx...x.x.",
    ],
    "3/4": ["xxxxx.", "-xxxxx", "xx.xxx", "x.xxxx", "xxx.xx", "x.xxx.x.x..."],
    "6/8": ["xxxxxx", "xxxx.x", "x.xxxx", "-xxxxx", "xx.xxx", "xxxx.."],
  },
};

/** Rhythms that end a phrase with a long note or a rest. */
export const ENDING_CELLS: Figures = {
  "4/4": [
    "x.......",
    "x.....--",
    "x.x.....",
    "x...----",
    "xxx.....",
    "x.x...--",
  ],
  "3/4": ["x.....", "x...--", "x.x...", "xxx..."],
  "6/8": ["x.....", "x..x..", "x...--", "xxx..."],
};

/**
 * Bass lines: R the chord's bass, 5 its fifth, 8 the octave, a an approach to
 * the next chord's bass.
 */
export const BASS_LINES: FiguresByDensity = {
  sparse: {
    "4/4": ["R.......", "R.......", "R.....--"],
    "3/4": ["R.....", "R...--"],
    "6/8": ["R.....", "R....-"],
  },
  medium: {
    "4/4": [
      "R.....R.",
      "R...5...",
      "R..R....",
      "R.....a.",
      "R...R.a.",
      "R..5....",
    ],
    "3/4": ["R...5.", "R...a.", "R..R..", "R.5..."],
    "6/8": ["R..5..", "R..R.a", "R....R", "R..8.."],
  },
  dense: {
    "4/4": [
      "R..R.R5.",
      "R..R..5a",
      "R.R.5.R.",
      "R..5.8..",
      "R-RR..5.",
      "R..R5.a.",
    ],
    "3/4": ["R.5.a.", "R.R.5.", "R..R5.", "R.8.5."],
    "6/8": ["R.5R.a", "R..5.8", "R.R5.R", "R..R55"],
  },
};

/**
 * Accompaniment figures of the keys, with spaces between slots: digits are voices
 * of the chord from the lowest up, "*" all of them, L the left hand.
 */
export const KEYS_FIGURES: Readonly<
  Record<"block" | "comp" | "broken", Figures>
> = {
  block: {
    "4/4": ["L*", "L* . L* .", "L* . . . . . * ."],
    "3/4": ["L*", "L* . *"],
    "6/8": ["L*", "L* *"],
  },
  comp: {
    "4/4": [
      "L* . . * . . . .",
      "L* . . * . . * .",
      "L . * . . * . .",
      "L* . . . . * . *",
      "L - * . L . * .",
      "L* . . * - * . .",
      "L * . . * . . .",
    ],
    "3/4": ["L . * . * .", "L* . . * . .", "L . * . - *", "L . . * * ."],
    "6/8": ["L . * L . *", "L* . . * . *", "L * . L * .", "L* . * . * ."],
  },
  broken: {
    "4/4": [
      "L 01 2 01",
      "L 01 23 1",
      "L . 01 . 2 . 13 .",
      "L 0 12 . 3 . 12 .",
      "L0 . 1 . 23 . 1 .",
      "L . 12 . 0 . 23 .",
    ],
    "3/4": ["L 01 2", "L 012 012", "L . 01 . 23 .", "L 0 1 2 13 ."],
    "6/8": ["L 01 2 L 12 0", "L . 01 2 . 1", "L 0 12 . 0 23", "L 12 . 3 12 ."],
  },
};

/**
 * A random ostinato for the voices of a chord: a short figure and its answer, so
 * that it does not sound random.
 *
 * @param slots Notes in the bar, at least 3.
 * @returns Slots of {@linkcode KEYS_FIGURES}.
 */
export function ostinato(slots: number, random: Random): string {
  const half = slots % 4 === 0 ? slots / 2 : slots % 3 === 0 ? 3 : slots;
  const top = random.pick([2, 3, 3, 4]);
  const walk = () => {
    const figure: number[] = [random.int(2)];
    let direction = 1;
    while (figure.length < half) {
      const last = figure.at(-1)!;
      if (random.next() < 0.3) direction = -direction;
      const step = direction * (random.next() < 0.7 ? 1 : 2);
      // At the lowest and highest voice the figure turns back.
      if (last + step < 0 || last + step > top) direction = -direction;
      const next = last + direction * (Math.abs(step));
      figure.push(next < 0 || next > top ? last + direction : next);
    }
    return figure;
  };
  const first = walk();
  const answer = random.pick([
    () => first,
    () => [...first].reverse(),
    () => [...first.slice(0, -1), Math.max(0, first[half - 1]! - 1)],
    walk,
  ])();
  const figure: string[] = [...first, ...answer].slice(0, slots).map(String);
  figure[0] = "L";
  if (slots >= 8 && random.next() < 0.3) figure[slots / 2] = "L";
  return figure.join(" ");
}

/** A drum groove: X loud, x plain, o soft. */
export interface Groove {
  readonly kick: string;
  readonly snare: string;
  readonly hat: string;
}

/** Drum grooves; a slot is a sixteenth, or an eighth in 6/8. */
export const GROOVES: Readonly<Record<Meter, readonly Groove[]>> = {
  "4/4": [
    {
      kick: "X-------x-------",
      snare: "----X-------X---",
      hat: "x-o-x-o-x-o-x-o-",
    },
    {
      kick: "X-----x---x-----",
      snare: "----X-------X---",
      hat: "x-o-x-o-x-o-x-oo",
    },
    {
      kick: "X---------x-----",
      snare: "----X--o----X---",
      hat: "x-x-x-x-x-x-x-x-",
    },
    {
      kick: "X--x------x-----",
      snare: "----X-------X--o",
      hat: "x---x---x---x---",
    },
    {
      kick: "X-------x-x-----",
      snare: "--------X-------",
      hat: "x-o-x-o-x-o-x-o-",
    },
    {
      kick: "X---------------",
      snare: "--------x-------",
      hat: "x---o---x---o---",
    },
    {
      kick: "X------x--x-----",
      snare: "----X----o--X---",
      hat: "xoxoxoxoxoxoxoxo",
    },
  ],
  "3/4": [
    { kick: "X-----------", snare: "----x---x---", hat: "x-o-x-o-x-o-" },
    { kick: "X-----x-----", snare: "--------X---", hat: "x---x---x---" },
    { kick: "X-------x---", snare: "----X-------", hat: "x-o-x-o-x-oo" },
  ],
  "6/8": [
    { kick: "X-----", snare: "---X--", hat: "xooxoo" },
    { kick: "X----x", snare: "---X--", hat: "x-ox-o" },
    { kick: "X-x---", snare: "---X-o", hat: "xooxoo" },
  ],
};
