/** A number without a unit that is a tempo: "brass band, 112". */

import { phraseAt, SMALL_WORDS } from "./lexicon.ts";
import { plainText, type PromptText } from "./text.ts";

/** A number after "at", such as 88 in "a click at 88 and a drone", or what it is called elsewhere. */
const AT_NUMBER =
  /(?:at|a|à|bei|auf) (\d{2,3})(?= (?:and|with|on|for|over|con|y|sin|avec|et|sans|mit|und|ohne)\b)/uy;

/** A bare number that ends a thought, such as 112 in "brass band, 112". */
const BARE =
  /(\d{2,3})(?:[ -]?ish)?(?= *(?:$|[,;.!?\n)\]}|]|\/\/| (?:at|by|um|à) \d| half[ -]?time| double[ -]?time))/uy;

/** A number that a word of tempo or measure is before, and no noun after. */
const AFTER_WORD =
  /(\d{2,3})(?:[ -]?ish)?(?= (?:for|on|with|throughout|and|or so|please|in|the whole|all|from start|but|to keep|maybe|roughly|most of)\b)/uy;
const WORD_BEFORE =
  /\b(?:an?|at|around|about|roughly|say|maybe|near|circa|ca\.?|it at|stays? at|sits? (?:at|around)|hovers? (?:at|around)|go with|something like|steady|constant|strict|solid|even|brisk|leisurely|relaxed|easy|driving|gentle|comfortable|lively|moderate|slow|fast|quick) (?:(?:steady|constant|strict|solid|even|brisk|leisurely|relaxed|easy|driving|gentle|comfortable|lively|moderate|slow|fast|quick|lazy|punchy|calm|cool) )?$/i;

/** Words before a number that is no tempo: "route 66", "aged 72", "program 46". */
const NUMBERED =
  /(?:program|patch|number|instrument|gm|bars?|#|aged?|turn(?:s|ed|ing)?|over|under|apollo|route|highway|road|room|chapter|page|part|level|opus|op\.|no\.|nr\.?|episode|season|year|windows|studio|area|district|class|born in|since|born|floor|house|gate|track|flight|unit|day|week|verse|psalm|symphony|sonata|hymn)\s*$/i;

const UP_TO =
  /\b(?:silence|silent|holds?|rings?|rests?|nothing|quiet) (?:to|until|till|up to) $/i;

/** Whether the word before a number is what it counts or numbers. */
function countsOther(before: string): boolean {
  return NUMBERED.test(before) ||
    // A name with a number, as in "Camelot 51".
    isName(/(\p{Lu}\p{Ll}{2,}) $/u.exec(before)?.[1]);
}

/** Whether a word with a capital is none that is known here. */
function isName(word: string | undefined): boolean {
  const plain = plainText(word ?? "");
  return plain !== "" && !SMALL_WORDS.has(plain) && !phraseAt([plain]);
}

/** A number by itself that is a tempo, in quarter notes per minute. */
export function bareTempoAt(
  text: PromptText,
  at: number,
): { readonly end: number; readonly qpm: number } | undefined {
  const match = text.match(BARE, at) ?? text.match(AT_NUMBER, at) ??
    (WORD_BEFORE.test(text.before(at))
      ? text.match(AFTER_WORD, at)
      : undefined);
  const qpm = Number(match?.[1]);
  if (!match || !(qpm >= 40 && qpm <= 240)) return undefined;
  if (countsOther(text.before(at))) return undefined;
  // "A hit & silence to 90".
  if (UP_TO.test(text.before(at))) return undefined;
  return { end: at + match[0].length, qpm };
}
