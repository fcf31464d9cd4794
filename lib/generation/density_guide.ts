/** Holds a few sampled bars to a density: too late a note is hurried, too early one left out. */

import type { Range } from "../music/music.ts";
import { FIRST_KIT } from "../tokens/remi/remi.ts";

/** A note, as far as density counts it. */
interface CountedNote {
  /** Program, or {@linkcode FIRST_KIT} + kit. */
  readonly instrument: number;
}

/** Quarters taken to have met the density, for a steady start. */
const STEADY_QUARTERS = 1;
/** Distance of the densities led to from both ends of the range. */
const MARGIN = 1.1;
/** The share of a density that is missing or over, to this power, lets pass. */
const STRICTNESS = 6;

/** Compares the notes sampled so far with a density in notes per quarter. */
export class DensityGuide {
  readonly #stepsPerQuarter: number;
  readonly #low: number;
  readonly #high: number;
  readonly #goal: number;
  readonly #countsDrums: boolean;

  /**
   * @param range Notes per quarter: of drums where nothing else is sampled, else of
   * all others.
   */
  constructor(
    [low, high]: Range,
    { stepsPerQuarter, countsDrums }: {
      readonly stepsPerQuarter: number;
      readonly countsDrums: boolean;
    },
  ) {
    this.#stepsPerQuarter = stepsPerQuarter;
    this.#countsDrums = countsDrums;
    this.#low = Math.min(low * MARGIN, (low + high) / 2);
    this.#high = Math.max(high / MARGIN, (low + high) / 2);
    this.#goal = high === Infinity ? this.#low : (this.#low + this.#high) / 2;
  }

  /** How readily to go on to a time without another note before it, 0–1. */
  mayPass(notes: readonly CountedNote[], step: number): number {
    const rate = this.#rate(notes, step, 0);
    return Math.min(1, (rate / this.#low) ** STRICTNESS);
  }

  /** Whether there are too few notes by a time. */
  isShort(notes: readonly CountedNote[], step: number): boolean {
    return this.#rate(notes, step, 0) < this.#low;
  }

  /** How readily to let in another note at a time, 0–1. */
  mayEnter(notes: readonly CountedNote[], step: number): number {
    const rate = this.#rate(notes, step, 1);
    return Math.min(1, (this.#high / rate) ** STRICTNESS);
  }

  #rate(notes: readonly CountedNote[], step: number, more: number): number {
    let count = more;
    for (const { instrument } of notes) {
      if (this.#countsDrums || instrument < FIRST_KIT) count++;
    }
    return (STEADY_QUARTERS * this.#goal + count) /
      (STEADY_QUARTERS + step / this.#stepsPerQuarter);
  }
}
