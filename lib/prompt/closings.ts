/** How the last chord closes: "ends on the dominant", "like a question", "Picardy third". */

import type { PromptText } from "./text.ts";
import type { Ask, Fields } from "./types.ts";

const END =
  "(?:(?:it |to |and |that )?(?:ends?|ending|finish(?:es|ing)?|clos(?:es?|ing)|conclud(?:es?|ing)|resolv(?:es?|ing)|cadences?|lands?|comes to rest|(?:the )?(?:last|final) chord(?: is| on)?|endet|schliesst|se termine|finit|termina|acaba)(?: (?:softly|quietly|gently|loudly|clearly|firmly|slowly))?)";
const ON = "(?:on|in|with|at|auf|mit|sur|avec|en|con)";
const THE =
  "(?:(?:the|an?|its|der|dem|einem?r?|einer|la|le|une?) )?(?:(?:surprise|surprising|bright|sudden|final|full|big|warm|proper|real|clear|definite|definitive|solid|strong|nice) )?";

/** By how the piece closes: what says so. */
const SOURCES: readonly (readonly [Fields["close"], string])[] = [
  [
    "open",
    `${END} (?:(?:like|as|with|on|wie|comme|como) (?:if )?(?:asking )?(?:an? |eine |une |una )?(?:open )?(?:question|frage|pregunta)(?: ?mark)?|${ON} ${THE}(?:dominante?|half[ -]cadence|half[ -]close|halbschluss|demi-cadence|fifth degree|v chord|suspended chord|suspension|unresolved chord|cliff-?hanger)(?: chord| seventh)*|(?:open(?:ly)?|unresolved|unfinished|hanging|inconclusively|up in the air|offen|unaufgelost|en suspens|abierto|without resol(?:ution|ving)))`,
  ],
  [
    "open",
    "(?:please )?(?:don't|do not|never|not|without|shouldn't|should not|must not|mustn't) (?:ever )?(?:land(?:ing)?|end(?:ing)?|finish(?:ing)?|clos(?:e|ing)|com(?:e|ing) to rest|com(?:e|ing) home|settl(?:e|ing)) (?:on|in|to) (?:the |a |its )?(?:home|tonic|root|i)(?: (?:chord|note|key))?",
  ],
  [
    "open",
    "(?:an? )?(?:open|unresolved|unfinished|inconclusive|hanging|questioning)[ -](?:ending|end|close|finish|cadence)|(?:with )?(?:no|without) resol(?:ution|ving)(?: at the end)?|(?:never|doesn't|does not|don't|should not|shouldn't|not) (?:quite |fully |really )?resolv(?:es?|ed|ing)|leaves? (?:it|us|you|me|the listener) hanging|offene[rs]? (?:ende|schluss)|fin ouverte|final abierto|cliff-?hanger(?: ending)?",
  ],
  [
    "major tonic",
    `(?:${END} ${ON} )?${THE}(?:picardy(?: third)?|picardische[rn]? terz|tierce picarde|tercera de picardia|terza piccarda)|${END} ${ON} ${THE}major (?:chord|triad|third)|(?:the )?(?:last|final|closing) (?:chord (?:is |in |should be |must be |has to be |ought to be )?(?:a )?major|major chord)|major final chord`,
  ],
  [
    "tonic",
    `${END} ${ON} ${THE}(?:tonic(?: chord| note| key)?|tonika|tonique|tonica|root(?: note| chord)?|home (?:key|note|chord)|home|keynote|i chord|(?:final |closing |last )?chord|(?:full|perfect|authentic) cadence)|button end(?:ing)?|(?:(?:it |and |to )?(?:must |should |has to |needs to )?(?:come|comes|coming|get|gets|getting|arrive|arrives|arriving|return|returns|returning|find its way|finds its way)(?: us| it| back| safely)* (?:home|back home|to rest)|(?:comes?|coming|gets?|arrives?|lands?|landing|settles?|resolves?)(?: back)?)(?: (?:to|on|at|in) (?:the|its) (?:key ?note|tonic|home note|home key|home chord|root(?: note)?|final))(?: at the (?:very )?end)?|(?:(?:with |and |in )?(?:an? )?(?:full|perfect|authentic|proper|final|closing|real|clear|strong|definite|satisfying)[ -])+(?:cadence|resolution)(?: at the (?:very )?end)?|(?:must |should |has to |to |please )?resolve[sd]?(?: it| properly| nicely| cleanly| fully)*(?: at the (?:very )?end| in the end| to finish)|(?:must |should |has to |needs to |it )?(?:come|comes|get|gets|go|goes) (?:back )?home(?: safely)? (?:at the (?:very )?end|in the end|to finish|in the last bar)|(?:the )?(?:last|final) (?:note|chord) (?:is |should be |must be |has to be |on |= ?)?(?:the )?(?:home note|key ?note|tonic|root|home)|${END} ${ON} ${THE}(?:one|1) chord`,
  ],
];
const READERS = SOURCES.map(([close, source]) => ({
  close,
  expression: new RegExp(`(?:${source})(?![\\p{L}\\p{N}#])`, "uy"),
}));

/** How the piece closes, the longest phrase for it at a place of a prompt. */
export function closingAt(
  text: PromptText,
  at: number,
): { readonly end: number; readonly ask: Ask } | undefined {
  let longest: { end: number; ask: Ask } | undefined;
  for (const { close, expression } of READERS) {
    const match = text.match(expression, at);
    const end = at + (match?.[0].length ?? 0);
    if (!match || longest && end <= longest.end) continue;
    longest = { end, ask: { is: "set", fields: { close } } };
  }
  return longest ?? homeAt(text, at);
}

/** "Finishing on G" of a piece in G, and "the last note is C" of one in C. */
const HOME = new RegExp(
  `(?:${END} ${ON} ${THE}(?:note |low |high )?|(?:the )?(?:last|final) (?:note|chord) (?:is |should be |must be |has to be |on |= ?)?(?:an? )?)([a-g](?:[#♯♭b])?)(?! (?:major|minor|maj|min|dur|moll|flat|sharp))(?![\\p{L}\\p{N}#])`,
  "uy",
);

function homeAt(
  text: PromptText,
  at: number,
): { readonly end: number; readonly ask: Ask } | undefined {
  const match = text.match(HOME, at);
  const letter = match?.[1];
  // "Starts and ends on D" is of the line's notes, and not of the last chord.
  const isOfLine = /\b(?:starts?|begins?) (?:and )?$/i.test(text.before(at));
  if (!match || !letter || isOfLine) return undefined;
  const around = `${text.before(at)} ${text.after(at + match[0].length)}`;
  const isHome = new RegExp(
    `(?:\\b(?:in|key of|key:) ${letter}(?![\\p{L}#♯♭])|\\b${letter}[ -](?:major|minor|dur|moll|dorian|mixolydian|lydian|phrygian))`,
    "iu",
  ).test(around);
  return isHome
    ? {
      end: at + match[0].length,
      ask: { is: "set", fields: { close: "tonic" } },
    }
    : undefined;
}
