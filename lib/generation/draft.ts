/** A section of REMI music while it is written. */

import type { RepetitionGuard } from "./repetition_guard.ts";

/** Its bars so far, and where they can be cut. */
export class Draft {
  /** Ids of each bar, without `Bar`. */
  readonly bars: number[][] = [];
  /** Sum of the sampled tokens' nats, by the model's own distribution. */
  nats = 0;
  /** The same of tokens that were given. */
  givenNats = 0;
  /** Watches for repetition, also of what came before the section. */
  readonly guard: RepetitionGuard;
  readonly #barId: number;
  /**
   * Of a section that repeats another, the notes sampled anew: the step until
   * which each sounds, by 128 · program + pitch.
   */
  readonly anew: Map<number, number> = new Map();
  /**
   * Of such a section, whether a note may strike a pitch that one sampled anew
   * still holds, as under a pedal; else it is sampled anew, too.
   */
  mayRestrike = false;
  /** Bars, and tokens of the last of them, at the last safe cut. */
  #wholeBars = 0;
  #whole = 0;

  constructor(guard: RepetitionGuard, barId: number) {
    this.guard = guard;
    this.#barId = barId;
  }

  /** Adds a token. */
  push(id: number): void {
    if (id === this.#barId) this.bars.push([]);
    else this.bars[this.bars.length - 1]!.push(id);
    this.guard.push(id);
  }

  /** Marks a safe cut: every bar and note so far is complete. */
  keep(): void {
    this.#wholeBars = this.bars.length;
    this.#whole = this.bars[this.#wholeBars - 1]!.length;
  }

  /** Removes what follows the last safe cut. */
  cut(): void {
    this.bars.length = this.#wholeBars;
    if (this.#wholeBars > 0) {
      this.bars[this.#wholeBars - 1]!.length = this.#whole;
    }
  }
}
