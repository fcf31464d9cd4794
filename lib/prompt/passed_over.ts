/** Has no words be passed over in silence: what nothing else tells of is not understood. */

import { lengthOf } from "./chunks.ts";
import { FILLERS, GRAMMAR } from "./lexicon.ts";
import type { Outline } from "./outline.ts";
import type { Report } from "./report.ts";
import { plainText, type PromptText } from "./text.ts";
import type { Phrase, Sense } from "./types.ts";

/** Tells of every phrase that is no grammar and of which nothing is told. */
export function tellPassedOver(
  text: PromptText,
  phrases: readonly Phrase[],
  { clauses, form }: Outline,
  report: Report,
): void {
  const hasSpans = clauses.some(({ span }) => span);
  for (const phrase of phrases) {
    const { sense, start, written } = phrase;
    // "Second time": its own words are no grammar, as those of "then" are.
    if (sense.is === "then" && contentOf(written).length > 0) {
      report.cover(start, written);
    }
    if (!saysSomething(phrase)) continue;
    // Of a small word, only what is told of itself or beside it counts.
    const isSmall = sense.is === "small";
    if (isSmall ? report.tells(phrase) : report.covers(phrase)) continue;
    const isSpan = hasSpans && sense.is === "ask" && lengthOf(sense.ask);
    if (isSpan) report.tell(start, written, "how long the section is");
    // Who enters in a section is told with it.
    else if (isEntry(sense) && clauses.some(({ enters }) => enters.length)) {
      report.cover(start, written);
    } else if (sense.is === "by") report.tell(start, written, "up to the end");
    // Letters are told with the form, names with what is not known.
    else if (sense.is === "name" || form && sense.is === "form") {
      report.cover(start, written);
    } else report.ignore(start, written);
  }
  tellThoughts(text, phrases, report);
}

/** Words of which a thought that asks for nothing may be made. */
const POLITE = new Set(
  ("please pls thanks thank you hi hello hey there ok okay yes cheers bitte danke hallo merci bonjour salut " +
    "s'il s il vous te plait por favor gracias hola buenos dias ciao grazie a an the some something my our me us " +
    "i we i'd i'm need want would like love can could u you make create write compose generate give do play get for of to and so well " +
    "piece pieces song songs music track tune prompt request instrumental ich brauche mochte will ein eine einen musik stuck " +
    "je veux voudrais une un de la musique morceau quiero necesito una musica pieza cancion that's that is all it")
    .split(" "),
);

/**
 * Tells of thoughts of which nothing is told, though they are more than polite: what
 * has no effect is never passed over.
 */
function tellThoughts(
  text: PromptText,
  phrases: readonly Phrase[],
  report: Report,
): void {
  let thought: Phrase[] = [];
  const close = () => {
    const [first] = thought, last = thought.at(-1);
    const isTold = (one: Phrase) =>
      report.covers(one) ||
      report.spans.some(([from, to]) => from < one.end && to > one.start);
    if (first && last && !thought.some(isTold)) {
      const written = text.written(first.start, last.end);
      const words = plainText(written).match(/[\p{L}\p{N}']+/gu) ?? [];
      if (words.some((word) => !POLITE.has(word))) {
        report.ignore(first.start, written);
      }
    }
    thought = [];
  };
  for (const phrase of phrases) {
    if (phrase.sense.is === "break") close();
    else thought.push(phrase);
  }
  close();
}

const isEntry = ({ is }: Sense) => is === "enter" || is === "return";

/** Whether a phrase is more than grammar. */
function saysSomething({ sense, written }: Phrase): boolean {
  const isGrammar = GRAMMAR.includes(sense.is) && sense.is !== "by";
  return sense.is !== "break" && !isGrammar && contentOf(written).length > 0;
}

/** The words of a text that are no grammar, plain. */
export function contentOf(text: string): string[] {
  const words = plainText(text).match(/[\p{L}\p{N}][\p{L}\p{N}']*/gu) ?? [];
  return words.filter((word) =>
    !FILLERS.has(word) && !word.split("'").every((one) => FILLERS.has(one))
  );
}
