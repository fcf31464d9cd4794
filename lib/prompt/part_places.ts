/** What is said of a part beside others: who is on top, who is low or high. */

import { phraseAt } from "./lexicon.ts";
import { plainText, type PromptText } from "./text.ts";
import type { Ask, Sense } from "./types.ts";

const TUNE =
  "(?:(?:main )?(?:tune|melody|lead|theme|air)|melodie|melodia|hauptstimme)";
const END = "(?![\\p{L}\\p{N}])";
/** After the instrument that leads. */
const LEADS = new RegExp(
  `(?:(?:is |are |should be |right )?(?:on top|up front|in front|in the (?:lead|foreground)|at the front|out front)|(?:carr(?:y|ies|ying)|ha(?:s|ve|ving)|tak(?:es?|ing)|play(?:s|ing)?|sing(?:s|ing)?|get(?:s|ting)?|with|on|holding|as) (?:the |a )?${TUNE}|lead(?:s|ing)?|(?:spielt|ubernimmt|tragt|fuhrt|hat|mit der) (?:die )?(?:melodie|hauptstimme)|im vordergrund|(?:qui )?(?:joue|porte|chante|tient|a|mene) la melodie|au premier plan|(?:que )?(?:lleva|toca|canta|tiene|hace|con) la melodia|en primer plano|na melodia|alla melodia|in primo piano)${END}`,
  "uy",
);
/** Before the instrument that leads. */
const LED = new RegExp(
  `(?:(?:the )?${TUNE}(?: line)? ?: ?|accompan(?:ies|ying) |accompaniment (?:for|to) |begleitet |accompagne |acompana )(?:(?:the|an?|my|der|den|die|das|le|la|el|un|una|une|eine?n?) )?(?:solo )?|(?:the )?${TUNE}(?: line)? (?:is |goes |comes |lies |should be |belongs |given |is given |sits )?(?:in|on|by|from|of|for|to|played by|carried by|played on|auf|in der|im|bei der|a la|au|aux|par|en|por|del?|na|no|al|alla) (?:(?:the|an?|my|der|dem|la|el|le|les|los|las|lo) )?`,
  "uy",
);
/** After an instrument: how high it is. */
const PLACED = new RegExp(
  `(?:(?:stays?|staying|kept|keeps?|remains?|sits?|sitting|lies|is|are|plays?|playing|goes|going) )?(?:(?:very|quite|rather|always|down|up|way|mostly) )*(?:(low|deep|high)(?: (?:down|up))?(?: (?:in|within|on) (?:its|the|their|his|her) (?:range|register|compass))?|(?:up |down )?(?:in|at|near) (?:its|the|their|his|her) (?:very )?(low|bottom|deep|lower|lowest|high|top|upper|higher|highest)(?: end)?(?: (?:of (?:its|the|their) )?(?:range|register|octave|end))?)${END}`,
  "uy",
);

/** The first words of a text that name an instrument, or its last ones. */
function isCast(words: readonly string[], side: "first" | "last"): boolean {
  const isIt = (sense: Sense | undefined) =>
    sense?.is === "ask" && sense.ask.is === "cast" &&
    sense.ask.name !== "drums";
  if (side === "first") return isIt(phraseAt(words)?.sense);
  return [3, 2, 1].some((count) => {
    const some = words.slice(-count);
    const found = phraseAt(some);
    return found?.count === some.length && isIt(found.sense);
  });
}

const wordsOf = (text: string) =>
  plainText(text).split(/[ -]+/).filter((word) => word !== "");

/** Who leads, or how high the instrument before is, at a place of a prompt. */
export function partPlaceAt(
  text: PromptText,
  at: number,
): { readonly end: number; readonly ask: Ask } | undefined {
  const led = text.match(LED, at);
  const leads = { is: "manner", manner: "leads" } as const;
  if (led) {
    const end = at + led[0].length;
    const next = text.words(end, 4).map(({ text }) => text);
    if (isCast(next, "first")) {
      return {
        end: end - (/ $/.test(led[0]) ? 1 : 0),
        ask: { ...leads, side: "after" },
      };
    }
  }
  // Its instrument stands directly before it, or with "the" and the like between.
  const timeless = text.before(at).replace(/\d:\d\d/g, "0");
  const before = /[^,;.:!?\n()]*$/.exec(timeless)?.[0] ?? "";
  const isBeside = isCast(wordsOf(before).slice(-3), "last");
  const leading = text.match(LEADS, at);
  // "A cello comes in at 0:28 and takes the tune".
  const isLater = leading !== null && /\b(?:and|then|&) $/i.test(before) &&
    / (?:the|a) /.test(leading[0]) &&
    wordsOf(before).some((_, i, all) => isCast(all.slice(i), "first"));
  if (!isBeside && !isLater) return undefined;
  if (leading) {
    const end = at + leading[0].length;
    return { end, ask: { ...leads, side: "before" } };
  }
  const placed = text.match(PLACED, at);
  const word = placed?.[1] ?? placed?.[2];
  // "Cello low" alone is known by its words.
  if (!placed || !word || !/ /.test(placed[0])) return undefined;
  const register = /^(?:l|d|b)/.test(word) ? "low" : "high";
  return {
    end: at + placed[0].length,
    ask: { is: "set", fields: { register }, ofPart: "before" },
  };
}
