/** A section of REMI music while it is drawn. */

import type { RepetitionGuard } from "./sampling.ts";

/** Bars so far, and where nothing was half said. */
export class Draft {
  /** Ids of each bar, without `Bar`. */
  readonly bars: number[][] = [];
  /** Sum of nats of the tokens drawn, by the model's own distribution. */
  nats = 0;
  /** Against repetition, also of what went before. */
  readonly guard: RepetitionGuard;
  readonly #barId: number;
  /**
   * Of the notes of an earlier section that were drawn anew: until which step of
   * this one each pitch sounds, by 128 · program + pitch.
   */
  readonly anew = new Map<number, number>();
  /** Bars, and ids of the last of them, when nothing was half said. */
  #wholeBars = 0;
  #whole = 0;

  constructor(guard: RepetitionGuard, barId: number) {
    this.guard = guard;
    this.#barId = barId;
  }

  /** Takes a token. */
  push(id: number): void {
    if (id === this.#barId) this.bars.push([]);
    else this.bars[this.bars.length - 1].push(id);
    this.guard.push(id);
  }

  /** Remembers that nothing is half said. */
  keep(): void {
    this.#wholeBars = this.bars.length;
    this.#whole = this.bars[this.#wholeBars - 1].length;
  }

  /** Leaves out what is half said. */
  cut(): void {
    this.bars.length = this.#wholeBars;
    if (this.#wholeBars > 0) {
      this.bars[this.#wholeBars - 1].length = this.#whole;
    }
  }
}
