/**
 * Turns of the event loop: long work gives others a turn some times a second, so that
 * figures are drawn, messages are read and a stop is noticed.
 */

/** Milliseconds of work between two turns. */
const TURN_MILLISECONDS = 100;

/** Work counts from here; {@linkcode beginWork} begins the next. */
let current = 1;
/** All work up to this one is to stop. */
let stoppedTo = 0;

/** When the last turn was given, by any loop: many short ones must give turns too. */
let givenMs = performance.now();

/** The last work that gave turns, and who is told of such work. */
let turning = 0;
let tellOfTurns: (() => void) | undefined;

/** Thrown in work that was asked to stop. */
export class Stopped extends Error {
  /** The name that notebooks show. */
  override name = "Interrupted";

  /** An error with a sentence about what was stopped. */
  constructor(message = "The work was stopped before its end.") {
    super(message);
    // Where it stopped says nothing about why.
    this.stack = `${this.name}: ${message}`;
  }
}

/**
 * Asks all work that has begun to stop: the {@linkcode Turns} of it throw from now on,
 * also those made later, until {@linkcode beginWork} is called.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { askToStop, beginWork, Stopped, Turns } from "immersic/base/base.ts";
 * const turns = new Turns();
 * askToStop();
 * assert.throws(() => turns.give(), Stopped);
 * beginWork();
 * new Turns().give();
 * ```
 */
export function askToStop(): void {
  stoppedTo = current;
}

/**
 * Begins other work, such as a cell, which no earlier {@linkcode askToStop} meant. Work
 * that began before and was asked to stop still stops.
 *
 * @example
 * ```ts
 * import { beginWork } from "immersic/base/base.ts";
 * beginWork();
 * ```
 */
export function beginWork(): void {
  current++;
}

/**
 * Has a function called whenever work, such as a cell, begins to give turns: it will stop
 * by itself when asked to.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { beginWork, Turns, whenTurnsBegin } from "immersic/base/base.ts";
 * let told = 0;
 * whenTurnsBegin(() => told++);
 * beginWork();
 * new Turns();
 * new Turns();
 * assert.equal(told, 1);
 * ```
 */
export function whenTurnsBegin(tell: () => void): void {
  tellOfTurns = tell;
}

/**
 * Lets the event loop run: timers, messages, and other work.
 *
 * @example
 * ```ts
 * import { giveTurn } from "immersic/base/base.ts";
 * await giveTurn();
 * ```
 */
export function giveTurn(): Promise<void> {
  // setImmediate and MessageChannel are faster, but starve sockets.
  return new Promise((resolve) => setTimeout(resolve));
}

/**
 * Goes through the steps of a computation, a generator function that yields now and then,
 * and gives turns between them.
 *
 * @returns What the function returns.
 * @throws {Stopped} If the work was asked to stop.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { inTurns } from "immersic/base/base.ts";
 * assert.equal(await inTurns(function* () {
 *   let sum = 0;
 *   for (let i = 0; i < 1000; i++) {
 *     sum += i;
 *     yield;
 *   }
 *   return sum;
 * }()), 499_500);
 * ```
 */
export async function inTurns<T>(steps: Iterator<void, T>): Promise<T> {
  const turns = new Turns();
  while (true) {
    const step = steps.next();
    if (step.done) return step.value;
    const turn = turns.give();
    if (turn) await turn;
  }
}

/**
 * Goes through the steps of a computation, as {@linkcode inTurns}, without turns.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { atOnce } from "immersic/base/base.ts";
 * assert.equal(atOnce(function* () {
 *   yield;
 *   return 5;
 * }()), 5);
 * ```
 */
export function atOnce<T>(steps: Iterator<void, T>): T {
  while (true) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * The turns that one long loop gives.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Turns } from "immersic/base/base.ts";
 * const turns = new Turns();
 * let sum = 0;
 * for (let i = 0; i < 1000; i++) {
 *   sum += i;
 *   await turns.give();
 * }
 * assert.equal(sum, 499_500);
 * ```
 */
export class Turns {
  readonly #work = current;
  readonly #milliseconds: number;

  /**
   * A loop's turns.
   *
   * @param milliseconds Least time since the last turn, whichever loop gave it.
   */
  constructor(milliseconds: number = TURN_MILLISECONDS) {
    this.#milliseconds = milliseconds;
    if (turning === current) return;
    turning = current;
    tellOfTurns?.();
  }

  /** Whether the work was asked to stop. Work that ends by itself asks this. */
  get areStopped(): boolean {
    return this.#work <= stoppedTo;
  }

  /** Whether it is time for the next turn. */
  get areDue(): boolean {
    return performance.now() - givenMs >= this.#milliseconds;
  }

  /** Lets the event loop run, whether or not it is time or the work is to stop. */
  async take(): Promise<void> {
    await giveTurn();
    givenMs = performance.now();
  }

  /**
   * Lets the event loop run if it is time. Call it in every round of a loop, and await
   * what it gives.
   *
   * @returns Undefined where it is too early for a turn.
   * @throws {Stopped} If the work was asked to stop.
   */
  give(): Promise<void> | undefined {
    this.#requireWork();
    return this.areDue ? this.#give() : undefined;
  }

  async #give(): Promise<void> {
    await this.take();
    this.#requireWork();
  }

  #requireWork(): void {
    if (this.areStopped) throw new Stopped();
  }
}
