/** General MIDI percussion by kind, and which drums can stand for which. */

/** Kinds of percussion, by the drums that are of them. */
const KINDS = {
  kick: [35, 36],
  snare: [38, 40],
  rim: [31, 37, 39],
  "closed hat": [42, 44],
  "open hat": [46],
  tom: [41, 43, 45, 47, 48, 50],
  ride: [51, 53, 59],
  crash: [49, 52, 55, 57],
  shaker: [54, 69, 70, 82],
  hand: [60, 61, 62, 63, 64, 65, 66, 78, 79, 86, 87],
  bell: [56, 67, 68, 80, 81, 83, 84],
  block: [32, 33, 58, 73, 74, 75, 76, 77, 85],
} as const satisfies Record<string, readonly number[]>;

type Kind = keyof typeof KINDS;

/** By kind: the kinds that stand for it, the best first; the rest follow. */
const STAND_INS: Readonly<Record<Kind, readonly Kind[]>> = {
  kick: ["tom"],
  snare: ["rim", "tom"],
  rim: ["snare", "block"],
  "closed hat": ["open hat", "shaker", "ride"],
  "open hat": ["closed hat", "ride", "shaker"],
  tom: ["hand", "kick"],
  ride: ["crash", "open hat", "closed hat"],
  crash: ["ride", "open hat", "closed hat"],
  shaker: ["closed hat", "open hat", "ride"],
  hand: ["tom", "rim", "snare"],
  bell: ["ride", "rim", "closed hat"],
  block: ["rim", "snare", "closed hat"],
};

const KIND_NAMES = Object.keys(KINDS) as Kind[];

/**
 * The drum, of those given, that is likest another: of the same kind, as a kick
 * or a cymbal, or else of a kind that can stand for it, and then by number.
 *
 * @param drum General MIDI percussion key, 0–127.
 * @param known Drums to choose from.
 * @returns `drum` itself where it is known; undefined where none is.
 *
 * @example
 * ```ts
 * import { nearestDrum } from "immersic/music/music.ts";
 * const kick = 36, snare = 38, hat = 42;
 * console.assert(nearestDrum(35, [kick, snare, hat]) === kick);
 * console.assert(nearestDrum(46, [kick, snare, hat]) === hat); // open hi-hat
 * ```
 */
export function nearestDrum(
  drum: number,
  known: readonly number[],
): number | undefined {
  if (known.includes(drum)) return drum;
  const kind = kindOf(drum);
  const order = kind ? [kind, ...STAND_INS[kind]] : [];
  const rank = (one: number) => {
    const place = order.findIndex((kind) => kind === kindOf(one));
    return place < 0 ? order.length : place;
  };
  return known.toSorted((a, b) =>
    rank(a) - rank(b) || Math.abs(a - drum) - Math.abs(b - drum) || a - b
  )[0];
}

function kindOf(drum: number): Kind | undefined {
  return KIND_NAMES.find((kind) =>
    (KINDS[kind] as readonly number[]).includes(drum)
  );
}
