/** What leads sampling beside grammar and steering, token by token. */

import type { RemiGrammar } from "../tokens/remi/remi.ts";

/** A rule on which tokens come next; times are steps from the start of the piece. */
export interface SamplingRule {
  /** Begins to count where given music ends. */
  begin(atSteps: number): void;
  /** Begins a section, in which nothing sounds yet. */
  restart(): void;
  /** Counts a token that was given or sampled. */
  push(id: number, atSteps: number): void;
  /**
   * Clears from a mask what the rule does not allow; what would leave nothing is not
   * cleared.
   *
   * @param mask 1 where a token may be sampled, shape [V]; changed in place.
   * @param grammar Of the section being written.
   * @param sectionStart Steps before the section.
   */
  restrict(mask: Uint8Array, grammar: RemiGrammar, sectionStart: number): void;
  /**
   * Adds to a bias on the logits.
   *
   * @param bias Shape [V]; changed in place.
   */
  bias(bias: Float32Array, grammar: RemiGrammar, sectionStart: number): void;
  /** Whether a part has to play at a position of the bar, in steps. */
  needs(position: number): boolean;
  /** Whether a program may begin a note at a position of the bar that begins then. */
  mayPlay(program: number, position: number, barSteps: number): boolean;
}

const NONE: readonly number[] = [];

/** Clears the ids of a mask that are 2, or if nothing would be left, none. */
export function clearMarked(
  mask: Uint8Array,
  ids: readonly number[],
  others: readonly number[] = NONE,
): void {
  const unmarked = mask.includes(1) ? 0 : 1;
  for (const id of ids) if (mask[id] === 2) mask[id] = unmarked;
  for (const id of others) if (mask[id] === 2) mask[id] = unmarked;
}
