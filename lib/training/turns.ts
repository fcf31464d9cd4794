/**
 * Lets other tasks run a few times a second while the network computes, so that a
 * notebook can show progress and be interrupted.
 */

/** Milliseconds between turns of other tasks. */
export const TURN_MILLISECONDS = 250;

/** Lets other tasks run. */
export function giveTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
