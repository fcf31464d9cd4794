/** Has no words be passed over in silence: what nothing else tells of is not understood. */

import { lengthOf } from "./chunks.ts";
import type { Outline } from "./outline.ts";
import type { Report } from "./report.ts";
import type { Phrase, Sense } from "./types.ts";

/** What asks for something wherever it stands. */
const ALWAYS: readonly Sense["is"][] = [
  "ask",
  "unknown",
  "hit",
  "silence",
  "fadeIn",
  "fadeOut",
  "abrupt",
  "every",
  "reprise",
  "part",
  "form",
  "sections",
];
/** What does so in several words: "leave" alone may be anything. */
const IN_WORDS: readonly Sense["is"][] = ["enter", "leave", "return", "all"];

/** Tells of every phrase that may ask for something and of which nothing is told. */
export function tellPassedOver(
  phrases: readonly Phrase[],
  { clauses, form }: Outline,
  report: Report,
): void {
  const hasSpans = clauses.some(({ span }) => span);
  for (const phrase of phrases) {
    const { sense, start, written } = phrase;
    if (written === "" || !mayAsk(phrase) || report.covers(phrase)) continue;
    // The lengths of sections are told with their times.
    const isSpan = hasSpans && sense.is === "ask" && lengthOf(sense.ask);
    const isForm = form && sense.is === "form";
    if (!isSpan && !isForm) report.ignore(start, written);
  }
}

function mayAsk({ sense, written }: Phrase): boolean {
  if (sense.is === "at") {
    // "Starts" and "finally" are grammar.
    const { from } = sense;
    return from !== "end" &&
      !(typeof from === "object" && "share" in from && from.share === 0);
  }
  return ALWAYS.includes(sense.is) ||
    IN_WORDS.includes(sense.is) && /\s/.test(written);
}
