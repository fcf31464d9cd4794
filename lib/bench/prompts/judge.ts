/** Judges pieces by all that their prompts ask for. */

import { writeMidi } from "../../midi/midi.ts";
import { emptySequence } from "../../music/music.ts";
import { checkNotes } from "./checks.ts";
import { Heard } from "./heard.ts";
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

/** A piece of which every check looks at all names: its sounds are in no family. */
function strangePiece(): Heard {
  const note = { velocity: 80, startTicks: 0, endTicks: 480 };
  return Heard.read(writeMidi({
    ...emptySequence(480),
    parts: [
      { name: "", program: 127, isDrum: false },
      { name: "", program: 0, isDrum: true },
    ],
    notes: [{ ...note, pitch: 61, part: 0 }, { ...note, pitch: 27, part: 1 }],
    totalTicks: 480,
  }));
}

/**
 * Makes sure, before anything is composed, that every requirement can be checked.
 *
 * @throws {RangeError} If one names a family, a mode or a chord that is not known.
 */
export function requireCheckable(cases: readonly PromptCase[]): void {
  const heard = strangePiece();
  const told: Told = { understood: [], ignored: [], notes: [] };
  for (const [i, one] of cases.entries()) {
    try {
      judge(one, { heard, told }, ownKey);
    } catch (error) {
      throw new RangeError(
        `Cannot check prompt ${i}, "${one.prompt}": ${
          error instanceof Error ? error.message : error
        }`,
      );
    }
  }
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
