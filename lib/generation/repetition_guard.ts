/** Ends passages that repeat too often. */

/** How much repetition a {@linkcode RepetitionGuard} allows. */
export interface RepetitionGuardOptions {
  /**
   * How often a passage may come in a row.
   * @default 4
   */
  readonly maxHearings?: number | undefined;
  /**
   * Longest passage watched, in counted tokens.
   * @default 256
   */
  readonly maxPeriod?: number | undefined;
  /**
   * Tokens that count, 1 where they do, shape [V]. The others are passed over, so
   * that bars which differ only in their velocities, say, are the same.
   * @default every token
   */
  readonly counted?: Uint8Array | undefined;
}

/**
 * Ends passages that repeat too often: one note (a period of one token), or a few
 * bars (a period of many). For each period p it counts for how many tokens each
 * has equalled the one p before it.
 *
 * @example
 * ```ts
 * import { RepetitionGuard } from "immersic/generation/repetition_guard.ts";
 * const guard = new RepetitionGuard({ maxHearings: 2 });
 * for (const id of [0, 1, 0, 1, 0]) guard.push(id);
 * const mask = Uint8Array.of(1, 1, 1);
 * guard.restrict(mask);
 * console.assert(mask.join() === "1,0,1"); // not "0 1" a third time
 * ```
 */
export class RepetitionGuard {
  readonly #maxHearings: number;
  readonly #counted: Uint8Array | undefined;
  /** The last `maxPeriod` counted ids, a ring. */
  readonly #history: Int32Array;
  /** By period: how many of the last ids equal the one a period before. */
  readonly #runs: Int32Array;
  #length = 0;

  /** @throws {RangeError} If an option is not a positive integer. */
  constructor(options: RepetitionGuardOptions = {}) {
    const { maxHearings = 4, maxPeriod = 256, counted } = options;
    for (const [name, value] of Object.entries({ maxHearings, maxPeriod })) {
      if (!Number.isInteger(value) || value < 1) {
        throw new RangeError(
          `Cannot guard against repetition: ${name} must be a positive integer, current value is ${value}.`,
        );
      }
    }
    this.#maxHearings = maxHearings;
    this.#counted = counted;
    this.#history = new Int32Array(maxPeriod);
    this.#runs = new Int32Array(maxPeriod + 1);
  }

  /** Counts a token that was sampled or read. */
  push(id: number): void {
    if (this.#counted && this.#counted[id] === 0) return;
    const history = this.#history, runs = this.#runs;
    const longest = Math.min(history.length, this.#length);
    const next = this.#length++ % history.length;
    // Round the ring without a division for each period.
    for (let period = 1, at = next; period <= longest; period++) {
      at = at === 0 ? history.length - 1 : at - 1;
      if (history[at] === id) runs[period]!++;
      else runs[period] = 0;
    }
    history[next] = id;
  }

  /**
   * Clears from a mask the tokens that would complete one repetition too many. A
   * mask that would be left empty stays as it is.
   *
   * @param mask 1 where a token may be sampled, shape [V]; changed in place.
   */
  restrict(mask: Uint8Array): void {
    const longest = Math.min(this.#history.length, this.#length);
    let cleared: number[] | undefined;
    for (let period = 1; period <= longest; period++) {
      // n times in a row are a run of (n − 1) · period.
      if (this.#runs[period]! + 1 < period * this.#maxHearings) continue;
      const id = this.#before(period);
      if (mask[id] === 0) continue;
      mask[id] = 0;
      (cleared ??= []).push(id);
    }
    if (cleared && !mask.includes(1)) {
      for (const id of cleared) {
        mask[id] = 1;
      }
    }
  }

  /** The counted id `period` pushes ago. */
  #before(period: number): number {
    return this.#history[(this.#length - period) % this.#history.length]!;
  }
}
