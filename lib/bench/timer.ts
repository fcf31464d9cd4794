/** Times work on a machine that other programs use too. */

import process from "node:process";

/**
 * Measures work by the clock or by the time that the processor gave to it,
 * whichever is less: other programs do not count.
 */
export class Timer {
  readonly #clock = performance.now();
  readonly #used = process.cpuUsage();

  /** Milliseconds since it was made. */
  get milliseconds(): number {
    const { user, system } = process.cpuUsage(this.#used);
    return Math.min(performance.now() - this.#clock, (user + system) / 1000);
  }
}
