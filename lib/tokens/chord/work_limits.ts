/** How much work the chords of one file may be. */

import { LimitError } from "../../base/base.ts";

/** Two hours of four parts have some 15,000 bars and 20,000 cuts. */
const MAX_BARS = 2 ** 21, MAX_CUTS = 2 ** 19;

/** Counts the bars and cuts of all parts of a file. */
export class WorkLimits {
  #bars = 0;
  #cuts = 0;

  /** @throws {LimitError} If there are too many. */
  countBars(count: number): void {
    this.#bars += count;
    if (this.#bars > MAX_BARS) {
      throw new LimitError(
        "read chords",
        "its tracks have too many bars or changes of meter",
        `over ${MAX_BARS}; is a note held, or the meter changed, by mistake?`,
      );
    }
  }

  /** @throws {LimitError} If there are too many. */
  countCut(): void {
    if (++this.#cuts > MAX_CUTS) {
      throw new LimitError(
        "read chords",
        "its notes sound across too many barlines",
        `over ${MAX_CUTS} in all; is a note held by mistake?`,
      );
    }
  }
}
