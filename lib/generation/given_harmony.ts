/** What given notes sound together, for notes that are sampled beside them. */

/**
 * Where the others hold so many pitch classes on a beat, one that is not among them is
 * let in so readily, and one a semitone from one of them.
 */
const FEWEST_HELD = 2, OUTSIDE = 0.4, RUBBING = 0.15;

/** A note with a pitch, for as long as it sounds. */
export interface HeldNote {
  readonly pitch: number;
  /** From the first bar line on, in steps of the tokens. */
  readonly start: number;
  readonly end: number;
}

/** The harmony of the notes that are given. */
export class GivenHarmony {
  readonly #notes: readonly HeldNote[];
  readonly #beatSteps: number;

  /** @param beatSteps Steps between two beats. */
  constructor(notes: readonly HeldNote[], beatSteps: number) {
    this.#notes = notes;
    this.#beatSteps = beatSteps;
  }

  /** How readily a pitch is let in at a step, 0–1; off the beats any is. */
  admits(pitch: number, step: number): number {
    if (step % this.#beatSteps !== 0) return 1;
    const held = new Set(
      this.#notes.filter(({ start, end }) => start <= step && end > step)
        .map(({ pitch }) => pitch % 12),
    );
    const own = pitch % 12;
    if (held.size < FEWEST_HELD || held.has(own)) return 1;
    return held.has((own + 1) % 12) || held.has((own + 11) % 12)
      ? RUBBING
      : OUTSIDE;
  }
}
