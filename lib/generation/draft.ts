/** A section of REMI music while it is written. */

import type { RepetitionGuard } from "./repetition_guard.ts";

/** Bars so far, and where they can be cut. */
export class Draft {
  /** Ids of each bar, without `Bar`. */
  readonly bars: number[][] = [];
  /** Sum of nats of the tokens sampled, by the model's own distribution. */
  nats = 0;
  /** Against repetition, also of what came before the section. */
  readonly guard: RepetitionGuard;
  readonly #barId: number;
  /**
   * Of the notes sampled anew in an earlier section's place: until which step of
   * this one each pitch sounds, by 128 · program + pitch.
   */
  readonly anew: Map<number, number> = new Map();
  /** Bars, and ids of the last of them, at the last safe cut. */
  #wholeBars = 0;
  #whole = 0;

  constructor(guard: RepetitionGuard, barId: number) {
    this.guard = guard;
    this.#barId = barId;
  }

  /** Takes a token. */
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

  /** Leaves out all that follows the last safe cut. */
  cut(): void {
    this.bars.length = this.#wholeBars;
    if (this.#wholeBars > 0) {
      this.bars[this.#wholeBars - 1]!.length = this.#whole;
    }
  }
}
