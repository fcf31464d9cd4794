/** Tells a user what was understood of a prompt, and where the piece misses it. */

import type { ParsedPrompt } from "../prompt/prompt.ts";
import type { Composition } from "./compose.ts";

/**
 * Sentences on a piece, the same wherever they are shown: what each phrase of the
 * prompt was taken for, which words were not understood, what could only be met
 * approximately, what came out otherwise than asked, and the random seed.
 *
 * @returns A line each.
 *
 * ```ts ignore
 * const composition = await compose(generator, "calm piano, no drums");
 * for (const line of describeComposition(composition)) console.log(line);
 * ```
 */
export function describeComposition(
  { prompt, notes, delivered, randomSeed }: Composition,
): string[] {
  return [
    ...describePrompt(prompt),
    ...notes,
    ...delivered.filter(({ met }) => !met).map(({ what, asked, delivered }) =>
      `Asked for ${what} ${asked}, came out as ${delivered}.`
    ),
    `Random seed ${randomSeed}; given again, it makes the same piece.`,
  ];
}

/**
 * What each phrase of a prompt was taken for, which words were not understood, and
 * which ask for nothing. Every word is in one of these phrases, or in a note on what
 * cannot be done.
 *
 * @returns A line each.
 *
 * @example
 * ```ts
 * import { describePrompt } from "immersic/composition/composition.ts";
 * import { parsePrompt } from "immersic/prompt/prompt.ts";
 * const lines = describePrompt(parsePrompt("slow qwerty, please"));
 * console.assert(lines[1] === '"qwerty": not understood');
 * console.assert(lines[2] === 'Passed over: "please"');
 * ```
 */
export function describePrompt(
  { understood, ignored, passedOver }: Pick<
    ParsedPrompt,
    "understood" | "ignored" | "passedOver"
  >,
): string[] {
  return [
    ...understood.map(({ phrase, meaning }) => `"${phrase}": ${meaning}`),
    ...ignored.map((phrase) => `"${phrase}": not understood`),
    ...passedOver.length === 0 ? [] : [
      `Passed over: ${passedOver.map((phrase) => `"${phrase}"`).join(", ")}`,
    ],
  ];
}
