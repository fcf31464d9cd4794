/**
 * Measures the speed of training and estimates the remaining time.
 */

/** Estimates speed and remaining time from the steps and epochs so far. */
export class Clock {
  readonly #epochs: number;
  #steps = 0;
  #milliseconds = 0;
  #epochSeconds: number | undefined;

  /** @param epochs Of the whole run. */
  constructor(epochs: number) {
    this.#epochs = epochs;
  }

  /** Notes how long some steps took. */
  addSteps(steps: number, milliseconds: number): void {
    // Older measurements lose weight, so that the speed follows the machine's.
    this.#steps = 0.9 * this.#steps + steps;
    this.#milliseconds = 0.9 * this.#milliseconds + milliseconds;
  }

  /** Notes how long an epoch took, validation included. */
  addEpoch(seconds: number): void {
    this.#epochSeconds = this.#epochSeconds === undefined
      ? seconds
      : 0.8 * this.#epochSeconds + 0.2 * seconds;
  }

  /** 0 before any steps are noted. */
  get stepsPerSecond(): number {
    return this.#milliseconds === 0
      ? 0
      : 1000 * this.#steps / this.#milliseconds;
  }

  /**
   * Seconds until the last epoch's end.
   *
   * @param epoch The epoch that runs, from 1 on.
   * @param done Its steps so far.
   * @param steps All of its steps.
   */
  etaSeconds(epoch: number, done: number, steps: number): number {
    const epochSeconds = this.#epochSeconds ?? steps / this.stepsPerSecond;
    return epochSeconds * (this.#epochs - epoch + (steps - done) / steps);
  }
}
