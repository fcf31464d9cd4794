/**
 * The stretches of a piece that is longer than those that the model knows.
 *
 * What a model makes drifts, so a long piece is made in stretches no longer than
 * training pieces, such as A A′ B A″. Before a stretch the network forgets what it
 * read and hears a few bars as if the piece began with them: before one that returns
 * the theme, the piece's first bars, and before another the last bar or two, so that
 * it goes elsewhere. It goes on from the theme as training pieces go on from theirs,
 * so the theme returns varied.
 */

import type { Profile } from "../tokens/remi/remi.ts";

/** Bars sampled in one go. */
export interface Stretch {
  readonly bars: number;
  /** Bars that the network takes to follow; with none, the piece ends. */
  readonly ahead: number;
  /** Whether it goes on from the theme, and not from the bars before it. */
  readonly returns: boolean;
}

/** Bars of the longest training piece where no profiles tell it, and at most. */
const USUAL_BARS = 32, MOST_BARS = 64;
/** Fewest bars of a training piece that stretches are planned by. */
const LEAST_BARS = 4;
/** Stretches begin at multiples of so many bars, where they are twice as long. */
const PHRASE_BARS = 4;

/** How long a model's pieces are, in bars. */
export class Span {
  readonly #longest: number;

  /** @param profiles Of the training pieces. */
  constructor(profiles: readonly Profile[] | undefined) {
    const longest = profiles?.reduce(
      (most, { constraints: { bars } }) => Math.max(most, bars),
      0,
    ) ?? USUAL_BARS;
    this.#longest = Math.max(longest, LEAST_BARS);
  }

  /** The longest piece that is made in one go. */
  get longest(): number {
    return this.#longest;
  }

  /** Bars of the theme. */
  get theme(): number {
    return Math.floor(this.#known / 4);
  }

  /** Bars before a stretch that it goes on from, where it does not return. */
  get link(): number {
    return Math.ceil(this.theme / 4);
  }

  /** Bars of the first stretch of several, and of the last, heard after the theme. */
  get outer(): number {
    return this.#whole(3 * this.#known / 4);
  }

  /** Bars of the others. */
  get inner(): number {
    return this.#whole(this.#known / 2);
  }

  get #known(): number {
    return Math.min(this.#longest, MOST_BARS);
  }

  #whole(bars: number): number {
    return bars < PHRASE_BARS
      ? Math.floor(bars)
      : PHRASE_BARS * Math.floor(bars / PHRASE_BARS);
  }
}

/**
 * Plans the stretches of a piece.
 *
 * @param bars In all, Infinity where the model is to end it.
 * @param endless Whether its end leads on, as a loop's does.
 */
export function planStretches(
  bars: number,
  span: Span,
  endless: boolean,
): Stretch[] {
  const { longest, theme, outer, inner } = span;
  const lastAhead = endless ? Math.max(theme, Math.min(longest - bars, 16)) : 0;
  if (bars <= longest || bars === Infinity) {
    return [{ bars, ahead: lastAhead, returns: false }];
  }
  const between = Math.max(0, Math.ceil((bars - 2 * outer) / inner));
  const whole = 2 * outer + between * inner;
  const phrase = inner < 2 * PHRASE_BARS ? 1 : PHRASE_BARS;
  const ends = Array.from(
    { length: between + 1 },
    (_, i) => phrase * Math.round((outer + i * inner) * bars / whole / phrase),
  );
  return [...ends, bars].map((end, i, all) => ({
    bars: end - (all[i - 1] ?? 0),
    ahead: i === all.length - 1 ? lastAhead : theme,
    returns: returnsAt(i, all.length),
  }));
}

/**
 * Whether stretch `index` of so many returns to the theme: the last does, and of the
 * others every other one; of three the middle one is the contrast.
 *
 * @param count Infinity of a stream.
 */
export function returnsAt(index: number, count: number): boolean {
  if (index === 0) return false;
  return index === count - 1 || count !== 3 && index % 2 === 1;
}
