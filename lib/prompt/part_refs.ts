/** Words that speak of a part of a song which is listed elsewhere: "strings only in the chorus". */

import { phraseAt } from "./lexicon.ts";
import type { PromptText } from "./text.ts";
import type { PartReference, Sense } from "./types.ts";

const END = "(?![\\p{L}\\p{N}])";
/** Parts of a song, also those that the lexicon has no word for. */
const PART =
  "(?:intros?|introduction|verses?|chorus(?:es)?|pre-?chorus(?:es)?|bridges?|middle (?:eight|8)|breakdowns?|interludes?|outros?|coda|refrains?|stroph(?:es?|en)|einleitung|uberleitung|couplets?|ponts?|estrofas?|estribillos?|puentes?)";
const ONLY = "(?:only|just|nur|seulement|uniquement|solo(?= en )|solamente)";
const IN =
  "(?:in|during|for|throughout|inside|wahrend|im|bei|dans|pendant|durante|en)";
const ARTICLE =
  "(?:the|each|every|all(?: of)?(?: the)?|both(?: the)?|der|den|dem|das|jede[mnr]|allen?|les?|la|chaque|tous les|el|los|las|cada|todos los)";
const EACH =
  /\b(?:each|every|all|both|jede[mnr]|allen?|chaque|tous|cada|todos)\b/;
const ORDINAL =
  "(?:1st|2nd|3rd|4th|first|second|third|fourth|last|final|erste[nmrs]?|zweite[nmrs]?|dritte[nmrs]?|letzte[nmrs]?|premi(?:er|ere)|deuxieme|troisieme|derni(?:er|ere)|primera?|segund[oa]|tercera?|ultim[oa])";
const NAMED =
  `(?:(${ORDINAL}) )?(${PART})(?: (\\d)(?![\\d\\p{L}:.]| (?:bars?|takte|s\\b|sec|min)))?`;
/** "Only in the second verse", "in every chorus only". */
const REFERENCE = new RegExp(
  `(?:(${ONLY}) )?${IN} (?:(${ARTICLE}) )?${NAMED}(?: (${ONLY})(?= ?(?:$|[,;.:)\\n!?]|and${END}|und${END})))?${END}`,
  "uy",
);
/** "The bridge is for …": what is said of it. */
const SUBJECT = new RegExp(
  `(?:the|der|die|das|le|la|el) ${NAMED}(?= (?:is|are|has|have|should|must|gets?|needs|ist|hat|soll|est|tiene)${END})`,
  "uy",
);
const ANY = new RegExp(`(?<![\\p{L}\\p{N}])${PART}${END}`, "gu");
const LAST = /^(?:last|final|letzt|derni|ultim)/;
const NUMBERS: readonly RegExp[] = [
  /^(?:1|first|erst|prem|prim)/,
  /^(?:2|second|zweit|deux|segund)/,
  /^(?:3|third|dritt|trois|terc)/,
  /^(?:4|fourth)/,
];

/** The name that the lexicon has for a part. */
function nameOf(word: string): string | undefined {
  const sense = phraseAt(word.split(/[ -]/))?.sense;
  return sense?.is === "part" ? sense.name : undefined;
}

/** Where parts of a song are listed in a plain text, and where they are spoken of. */
function mentionsIn(plain: string) {
  return [...plain.matchAll(ANY)].flatMap((match) => {
    const name = nameOf(match[0]);
    if (name === undefined) return [];
    const before = plain.slice(0, match.index);
    const isSpoken = new RegExp(
      `(?<![\\p{L}])(?:${IN} (?:${ARTICLE} )?|(?:the|der|die|das|le|la|el) )(?:${ORDINAL} )?$`,
      "u",
    ).test(before);
    return [{ name, isSpoken }];
  });
}

/** A part of a song that is spoken of at a place of a prompt. */
export function partRefAt(
  text: PromptText,
  at: number,
): { readonly end: number; readonly sense: Sense } | undefined {
  const spoken = text.match(REFERENCE, at);
  const match = spoken ?? text.match(SUBJECT, at);
  if (!match) return undefined;
  const [before, article, ordinal, word, number, after] = spoken
    ? spoken.slice(1)
    : [, , ...match.slice(1)];
  const name = nameOf(word!);
  if (name === undefined) return undefined;
  const listed = mentionsIn(plainOf(text)).filter(({ isSpoken }) => !isSpoken);
  const isListed = listed.length > 1 &&
    listed.some((one) => one.name === name);
  const isOnly = (before ?? after) !== undefined;
  const isEach = EACH.test(article ?? "") ||
    /s$/.test(word!) && word !== "chorus";
  // With nothing listed a song is made where something is of one part alone.
  const isSong = /^(?:verse|chorus|bridge)$/.test(name);
  if (!isListed && !(listed.length === 0 && isSong && (isOnly || isEach))) {
    return undefined;
  }
  const which = ordinal !== undefined
    ? LAST.test(ordinal)
      ? "last"
      : NUMBERS.findIndex((one) => one.test(ordinal)) + 1
    : number === undefined
    ? undefined
    : Number(number);
  return {
    end: at + match[0].length,
    sense: {
      is: "part",
      name,
      ref: { isOnly, ...which !== undefined && { which } },
    },
  };
}

const plainOf = (text: PromptText): string =>
  text.match(/[^]*/uy, 0)?.[0] ?? "";

/** The order of the parts of a song of which only some are spoken of. */
export function usualSong(names: readonly string[]): readonly string[] {
  return [
    ...names.includes("intro") ? ["intro"] : [],
    ...["verse", "chorus", "verse", "chorus"],
    ...names.includes("bridge") ? ["bridge", "chorus"] : [],
    ...names.includes("outro") ? ["outro"] : [],
  ];
}

/** Where something holds that is said of a part of a song, in words. */
export function placeName(
  name: string,
  { isOnly, which }: PartReference,
): string {
  const place = which === undefined
    ? `each ${name}`
    : which === "last"
    ? `the last ${name}`
    : `${name} ${which}`;
  return `in ${place}${isOnly ? ", and nowhere else" : ""}`;
}
