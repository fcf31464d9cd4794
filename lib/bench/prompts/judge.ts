/** Judges pieces by all that their prompts ask for. */

import { checkNotes } from "./checks.ts";
import type { Heard } from "./heard.ts";
import { type KeyFinder, ownKey } from "./key_finder.ts";
import type { PromptCase, Requirement } from "./requirement.ts";
import { checkTold, type Told, type Treatment, treatmentOf } from "./told.ts";
import type { CheckContext, FoundKey, Verdict } from "./verdict.ts";

/** What came of a prompt. */
export type Outcome =
  | { readonly heard: Heard; readonly told: Told }
  /** Why there is no piece. */
  | { readonly refusal: string };

/** A requirement, and what came of it. */
export interface Judgement {
  readonly asked: Requirement;
  readonly met: boolean;
  readonly contradicted: boolean;
  /** What was found instead of what is asked. */
  readonly found: string;
  /** How it was dealt with in words, if it is not met; a refusal is words enough. */
  readonly treatment: Treatment | "refused" | "met";
}

/** A prompt, what came of it, and of each of its requirements. */
export interface JudgedPrompt {
  readonly prompt: string;
  readonly refusal?: string;
  readonly judgements: readonly Judgement[];
}

/**
 * Judges all prompts. The key finder is asked once: a first pass over the pieces
 * notes what it is to find.
 *
 * @param outcomes One for each prompt.
 */
export async function judgeAll(
  cases: readonly PromptCase[],
  outcomes: readonly Outcome[],
  finder: KeyFinder,
): Promise<JudgedPrompt[]> {
  const rows = new Map<string, readonly number[]>();
  const note = (seconds: readonly number[]) => {
    rows.set(seconds.join(), seconds);
    return ownKey(seconds);
  };
  for (const [i, one] of cases.entries()) judge(one, outcomes[i]!, note);
  const keys = await finder.find([...rows.values()]);
  const found = new Map([...rows.keys()].map((row, i) => [row, keys[i]!]));
  return cases.map((one, i) =>
    judge(one, outcomes[i]!, (seconds) => found.get(seconds.join())!)
  );
}

function judge(
  { prompt, require }: PromptCase,
  outcome: Outcome,
  findKey: (seconds: readonly number[]) => FoundKey,
): JudgedPrompt {
  if ("refusal" in outcome) {
    const { refusal } = outcome;
    return {
      prompt,
      refusal,
      judgements: require.map((asked) => ({
        asked,
        met: false,
        contradicted: false,
        found: "refused",
        treatment: "refused",
      })),
    };
  }
  const { heard, told } = outcome;
  const context: CheckContext = { require, findKey };
  return {
    prompt,
    judgements: require.map((asked): Judgement => {
      const verdict: Verdict = asked.is === "told"
        ? checkTold(told, asked)
        : checkNotes(heard, asked, context);
      return {
        asked,
        ...verdict,
        treatment: verdict.met
          ? "met"
          : asked.is === "told"
          ? "silent"
          : treatmentOf(prompt, told, asked),
      };
    }),
  };
}
