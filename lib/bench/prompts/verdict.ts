/** What a check finds. */

import type { Heard } from "./heard.ts";
import type { Kind, Requirement, RequirementOf } from "./requirement.ts";

/** Whether a requirement holds, or its opposite, and what was found. */
export interface Verdict {
  readonly met: boolean;
  /** Whether the opposite of what is asked holds. */
  readonly contradicted: boolean;
  /** In words, for the list of misses. */
  readonly found: string;
}

/**
 * A verdict.
 *
 * @param isOpposite Whether, if it is not met, the opposite holds.
 */
export function verdict(
  met: boolean,
  found: string,
  isOpposite = false,
): Verdict {
  return { met, contradicted: !met && isOpposite, found };
}

/** A key that a key finder hears. */
export interface FoundKey {
  /** Pitch class, 0–11. */
  readonly tonic: number;
  readonly mode: "major" | "minor";
  /** Keys by other profiles of the same finder, for reports. */
  readonly others?: readonly FoundKey[];
}

/** What a check may look at beside the notes. */
export interface CheckContext {
  /** All that the same prompt asks for. */
  readonly require: readonly Requirement[];
  /** Hears a key in seconds of sound by pitch class. */
  readonly findKey: (seconds: readonly number[]) => FoundKey;
}

/** A check of one kind of requirement. */
export type Check<K extends Kind> = (
  heard: Heard,
  asked: RequirementOf<K>,
  context: CheckContext,
) => Verdict;

/** Rounds for a report. */
export const rounded = (value: number): string =>
  String(Number(value.toFixed(2)));
