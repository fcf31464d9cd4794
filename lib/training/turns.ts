/**
 * Other tasks get a turn a few times a second while the network computes, so
 * that a notebook can show what is new and be interrupted.
 */

/** Milliseconds from one turn of other tasks to the next. */
export const TURN_MILLISECONDS = 250;

/** Lets other tasks run. */
export function giveTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
