/** Tells a user what was understood of a prompt, and where the piece misses it. */

import type { Composition } from "./compose.ts";

/**
 * Sentences on a piece, the same wherever they are shown: what each phrase of the
 * prompt was taken for, which words were not understood, what could only be met
 * approximately, and what came out otherwise than asked.
 *
 * @returns A line each.
 *
 * ```ts ignore
 * const composition = await compose(generator, "calm piano, no drums");
 * for (const line of describeComposition(composition)) console.log(line);
 * ```
 */
export function describeComposition(
  { prompt, notes, delivered }: Composition,
): string[] {
  return [
    ...prompt.understood.map(({ phrase, meaning }) =>
      `"${phrase}": ${meaning}`
    ),
    ...prompt.ignored.map((word) => `"${word}": not understood`),
    ...notes,
    ...delivered.filter(({ met }) => !met).map(({ what, asked, delivered }) =>
      `Asked for ${what} ${asked}, came out as ${delivered}.`
    ),
  ];
}
