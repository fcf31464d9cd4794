/**
 * The error for a wrong command line.
 */

/** A wrong command line. Its message is printed together with the usage. */
export class UsageError extends Error {
  /** The error's class. */
  override readonly name = "UsageError";
}

/**
 * Calls a function on values of the command line, and blames the command line
 * if they are out of range.
 *
 * @throws {UsageError} In place of a RangeError.
 */
export function fromUsage<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}
