/** Has no words be passed over in silence: what nothing else tells of is not understood. */

import { lengthOf } from "./chunks.ts";
import { FILLERS, GRAMMAR } from "./lexicon.ts";
import type { Outline } from "./outline.ts";
import type { Report } from "./report.ts";
import { plainText } from "./text.ts";
import type { Phrase } from "./types.ts";

/** Tells of every phrase that is no grammar and of which nothing is told. */
export function tellPassedOver(
  phrases: readonly Phrase[],
  { clauses, form, moves }: Outline,
  report: Report,
): void {
  for (const start of moves) report.follow(start);
  const hasSpans = clauses.some(({ span }) => span);
  for (const phrase of phrases) {
    const { sense, start, written } = phrase;
    if (!saysSomething(phrase) || moves.includes(start)) continue;
    // Of a small word, only what is told of itself or beside it counts.
    const isSmall = sense.is === "small";
    if (isSmall ? report.tells(phrase) : report.covers(phrase)) continue;
    const isSpan = hasSpans && sense.is === "ask" && lengthOf(sense.ask);
    if (isSpan) report.tell(start, written, "how long the section is");
    else if (sense.is === "by") report.tell(start, written, "up to the end");
    else if (sense.is === "form" && `${sense.letters}` === `${form?.letters}`) {
      report.tell(start, written, `sections: ${sense.letters.join(" ")}`);
    } else report.ignore(start, written);
  }
}

/** Whether a phrase is more than grammar. */
function saysSomething({ sense, written }: Phrase): boolean {
  const isGrammar = GRAMMAR.includes(sense.is) && sense.is !== "by";
  return sense.is !== "break" && !isGrammar && contentOf(written).length > 0;
}

/** The words of a text that are no grammar, plain. */
function contentOf(text: string): string[] {
  const words = plainText(text).match(/[\p{L}\p{N}][\p{L}\p{N}']*/gu) ?? [];
  return words.filter((word) =>
    !FILLERS.has(word) && !word.split("'").every((one) => FILLERS.has(one))
  );
}
