/** How many sections there are, and which of them is meant. */

import { NUMBER, numberIn } from "./numbers.ts";
import type { PromptText } from "./text.ts";
import type { Sense } from "./types.ts";

const ORDINAL =
  /(?:the )?(?:second|third|fourth|zweite[rns]?|dritte[rns]?|deuxieme|troisieme|segundo|segunda|tercero|tercera)(?: (?:one|part|section|movement|half|time(?= (?:around )?(?:in |with |it |the )?\p{L})|teil|partie|parte))?(?![\p{L}\p{N}]| (?:violin|piano|guitar|voice|chorus|verse|time|theme|beat|of|from))/uy;

/** "First slow, second fast": the next of several sections. */
export function ordinalAt(
  text: PromptText,
  at: number,
): { readonly end: number; readonly sense: Sense } | undefined {
  const before = text.before(at);
  const match = /(?:[,;.:\n]|\band|\bund|\bet|\by) ?$/i.test(before) &&
      /\b(?:first|erste[rns]?|zuerst|premi[eè]re?|primer[oa]?)\b/i.test(before)
    ? text.match(ORDINAL, at)
    : null;
  return match
    ? { end: at + match[0].length, sense: { is: "then" } }
    : undefined;
}

const SECTIONS = new RegExp(
  `(${NUMBER}) (?:parts?|sections?|segments?|movements?|scenes?|acts?|teile|parties|partes)(?: of| à| a| zu| de|,)? (?:about )?(${NUMBER})[ -]?(bars?|takte?n?|mesures|compases|seconds?|secs?|s|sekunden|secondes|segundos|minutes?|min|minuten|minutos)(?: each| jeweils| chacune?| cada una?)?(?![\\p{L}\\p{N}])`,
  "uy",
);

/** "3 parts of 20 seconds each". */
export function sectionsAt(
  text: PromptText,
  at: number,
): { readonly end: number; readonly sense: Sense } | undefined {
  const match = text.match(SECTIONS, at);
  if (!match) return undefined;
  const [all, count, length, unit] = match;
  const value = numberIn(length!);
  const span = /^(?:b|t|mes|c)/.test(unit!)
    ? { bars: value }
    : { seconds: /^m/.test(unit!) ? 60 * value : value };
  return {
    end: at + all.length,
    sense: { is: "sections", count: numberIn(count!), span },
  };
}
