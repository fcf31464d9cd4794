/** What cells wait for at their top level, so that Stop can end the waiting. */

/** Name of the function that `cell_code.ts` passes what a cell awaits to. */
export const STOPPABLE = "__s";

/** Time after which waiting gives others a turn. */
const TURN_MILLISECONDS = 100;

/**
 * What cells await. Each passes as it is, unless the cell is stopped meanwhile: then the
 * cell fails, and whatever it awaited may still go on.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Waits } from "immersic/notebook/waits.ts";
 * const waits = new Waits();
 * assert.equal(await waits.stoppable(Promise.resolve(5)), 5);
 * const endless = waits.stoppable(new Promise(() => {}));
 * waits.end();
 * await assert.rejects(async () => await endless, { name: "Interrupted" });
 * ```
 */
export class Waits {
  readonly #ends = new Set<(error: Error) => void>();
  #turnMs = performance.now();

  /**
   * What is awaited, or a promise of it that {@linkcode end} rejects. A race with one
   * promise of the end would keep every value until that end.
   *
   * @param line Line of the cell in which it is awaited, for traces.
   */
  readonly stoppable = (value: unknown, line?: number): unknown => {
    const isTurn = performance.now() - this.#turnMs > TURN_MILLISECONDS;
    if (!isThenable(value) && !isTurn) return value;
    return new Promise((resolve, reject) => {
      this.#ends.add(reject);
      const settle = (settle: () => void) => {
        if (!isTurn) {
          this.#ends.delete(reject);
          return settle();
        }
        // A loop that awaits what is already there would never hear of a stop.
        setTimeout(() => {
          this.#turnMs = performance.now();
          this.#ends.delete(reject);
          settle();
        });
      };
      // Awaits what a thenable gives, as `await` does.
      Promise.resolve(value).then(
        (result) => settle(() => resolve(result)),
        (error) => settle(() => reject(withLine(error, line))),
      );
    });
  };

  /** What `for await` goes through; it is asked to return when the cell is stopped. */
  readonly each = (values: unknown, line?: number): unknown => {
    if (!isAsyncIterable(values)) return values;
    return {
      [Symbol.asyncIterator]: () => {
        const iterator = values[Symbol.asyncIterator]();
        const end = iterator.return?.bind(iterator);
        return {
          next: async () => {
            const next = iterator.next();
            try {
              return await this.stoppable(next, line);
            } catch (error) {
              // Not awaited: it returns when its step is done.
              if (error instanceof StoppedCell) end?.().catch(() => {});
              throw error;
            }
          },
          ...end && { return: end },
        };
      },
    };
  };

  /** Ends all waiting. */
  end(): void {
    for (const reject of this.#ends) reject(new StoppedCell());
    this.#ends.clear();
  }
}

/** An error whose trace tells the line of the cell, which the engine does not know. */
function withLine(error: unknown, line: number | undefined): unknown {
  if (line === undefined || !(error instanceof Error)) return error;
  const { stack } = error;
  const place = `    at async <anonymous>:${line}`;
  if (stack?.includes("\n    at ") && !stack.endsWith(place)) {
    error.stack = `${stack}\n${place}`;
  }
  return error;
}

/** Thrown where a stopped cell waits. */
class StoppedCell extends Error {
  override name = "Interrupted";

  constructor() {
    super("The cell was stopped.");
    // Where it waited says nothing about why it ended.
    this.stack = `${this.name}: ${this.message}`;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (typeof value === "object" || typeof value === "function") &&
    value !== null && "then" in value && typeof value.then === "function";
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null &&
    Symbol.asyncIterator in value;
}
