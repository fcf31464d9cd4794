/** Tempi of words, and where nothing is said. */

import type { Fields } from "./types.ts";

/** Quarter notes per minute by a word. */
export const TEMPI: Readonly<Record<Fields["tempo"], number>> = {
  largo: 54,
  slow: 68,
  moderate: 84,
  lively: 100,
  fast: 120,
};
/** The same where nothing is said. */
export const UNSAID_QPM = 84;
