/** Loudness that comes and goes in time: "swells every ten seconds", "in waves". */

import type { Period, Swell } from "../music/music.ts";
import { NUMBER, numberIn } from "./numbers.ts";
import type { PromptText } from "./text.ts";
import type { Ask } from "./types.ts";

/** Bars from one swell to the next where nothing says how often they come. */
const USUAL_BARS = 4;
/** Longest half of a breath in seconds; longer ones are sections. */
const LONGEST_HALF = 15;
/** Most swells that a number of times stands for. */
const MOST_TIMES = 32;

const END = "(?![\\p{L}\\p{N}])";
const JOIN =
  "(?:,? ?(?:and|then|&|und|et|puis|y|luego|e)? ?(?:then )?(?:it )?)";
/** What rises and falls by itself, and nothing else is meant. */
const BOTH = [
  "swell(?:s|ing)? in and out",
  "swell(?:s|ing)? up and down",
  "breath(?:es?|ing) in and out",
  "ebb(?:s|ing)? and flow(?:s|ing)?",
  "waxe?s? and wanes?",
  "(?:in|like|coming in|comes in|come in) (?:slow |long |gentle |soft |big )*(?:waves|swells)(?! of)",
  "like (?:slow |deep |gentle )*(?:breathing|breath|breaths|the tide|the sea|a tide)",
  "an-? und abschwellend",
  "schwillt an und (?:wieder )?ab",
  "auf- und abschwellend",
  "in wellen|wellenformig",
  "wie (?:ein(?:e)? )?(?:atem|atmen|atmung|wellen)",
  "(?:par|comme des) vagues|comme une respiration|va et vient",
  "en oleadas|como (?:las )?olas|como una respiracion|va y viene",
].join("|");
/** Words for one way and for the other. */
const UP =
  "(?:ris(?:es?|ing)|swell(?:s|ing)?(?: up)?|grow(?:s|ing)?|build(?:s|ing)?(?: up)?|(?:gets? |getting |grows? |becom(?:es?|ing) )?(?:louder|stronger)|crescendo(?:s|es|ing)?|inhal(?:es?|ing)|breath(?:es?|ing)? in|com(?:es?|ing) up|goes up|in|up|anschwellen(?:d)?|lauter|einatmen|monte(?:nt)?|plus fort|inspire[rz]?|sub(?:e|en|iendo)|crec(?:e|en|iendo)|mas fuerte|inspira)";
const DOWN =
  "(?:fall(?:s|ing)?|sink(?:s|ing)?|d(?:ies?|ying)(?: (?:down|away|back))?|fad(?:es?|ing)(?: (?:away|down|back|out))?|reced(?:es?|ing)|drop(?:s|ping)?(?: back)?|(?:gets? |getting |grows? |becom(?:es?|ing) )?(?:softer|quieter|weaker)|decrescendo(?:s|es|ing)?|diminuendo(?:s|es)?|subsid(?:es?|ing)|shrink(?:s|ing)?|ebb(?:s|ing)?(?: away)?|(?:going|goes|comes|coming|back(?:s|ing)?) (?:back )?(?:down|off|away)|exhal(?:es?|ing)|breath(?:es?|ing)? out|back|out|down|abschwellen(?:d)?|leiser|ausatmen|descend(?:ent)?|plus doux|expire[rz]?|baj(?:a|an|ando)|decrec(?:e|en|iendo)|mas suave|espira)";
/** Both ways, which are swells where they come again and again. */
const PAIR =
  `(?:${UP}${JOIN}(?:again )?${DOWN}|${DOWN}${JOIN}(?:again )?${UP})`;
/** One word, which is a swell where it says how often. */
const ONE =
  "(?:swell(?:s|ing)?|breath(?:es?|ing)?|waves?|pulsat(?:es?|ing)|surg(?:es?|ing)|an- und abschwellen|respire(?:nt)?|respira(?:n)?|atmet|atmen)";
const UNIT =
  "(seconds?|secs?|s|bars?|measures?|sekunden?|takte?n?|secondes?|mesures?|segundos?|compases)";
const EVERY =
  `(?:(?:once )?(?:every|each|alle|toutes les|cada|tous les)|over) (?:about |around |roughly |ca\\.? |etwa |unos? )?(${NUMBER})[ -]?${UNIT}`;
const AGAIN =
  "(?:again and again|over and over(?: again)?|repeatedly|all the time|constantly|continuously|continually|throughout|the whole (?:time|way through)|all along|on and on|immer wieder|sans cesse|una y otra vez)";
const TIMES =
  `(?:(twice|thrice|${NUMBER})(?: times| mal| fois| veces)?(?= in all| altogether)|(${NUMBER}) (?:times|mal|fois|veces)|(twice))`;
/** Words of the same thought between what swells and how often. */
const NEAR = "[^.;!?\\n\\d]{0,40}?";
const CORE = `(?:${BOTH}|${PAIR}|${ONE})`;
const FOR =
  "(?: (?:for|over|in|during|wahrend|pendant|durante|in))?(?: (?:about|another|the next))?";

const of = (source: string) => new RegExp(`(?:${source})${END}`, "uy");
/** "Swells again about every ten seconds", and the other way round. */
const TIMED = of(`${CORE}(?: again)?${NEAR}[ ,]${EVERY}`);
const TIMED_FIRST = of(
  `${EVERY},?(?: (?:it|that|the \\p{L}+|which|everything))? ${CORE}`,
);
/** "Swells for four seconds and dies down for six". */
const HALVES = of(
  `${UP}${FOR} (${NUMBER})(?:[ -]?${UNIT})?${JOIN}(?:it )?${DOWN}${FOR} (${NUMBER})(?:[ -]?${UNIT})?`,
);
/** "4 seconds in, 6 seconds out". */
const COUNTED_HALVES = of(
  `(?:(?:swells?|swelling|breathes?|breathing|rises?|waves?|breaths?) )?(?:for )?(${NUMBER})(?:[ -]?(?:${UNIT}|beats?|counts?))? ${UP}(?: and|,|/|;)? ?(?:then )?(?:for )?(${NUMBER})(?:[ -]?(?:${UNIT}|beats?|counts?))? ${DOWN}`,
);
/** "Grows and backs off, three times", "again and again". */
const COUNTED = of(`${CORE}${NEAR}[ ,]${TIMES}`);
const REPEATED = of(`(?:${PAIR}|${ONE})(?: again)?,? ${AGAIN}`);
const PLAIN = of(BOTH);

const isBars = (unit: string) => /^(?:b|me|t|c)/.test(unit);

function periodOf(count: string, unit: string): Period {
  const value = numberIn(count);
  return isBars(unit) ? { bars: value } : { seconds: value };
}

/** Two halves of a swell; undefined where they are sections. */
function halves(
  [up, down]: readonly [string, string],
  [first, second]: readonly (string | undefined)[],
): Swell | undefined {
  const unit = first ?? second ?? "s";
  const rise = numberIn(up), fall = numberIn(down), whole = rise + fall;
  const isShort = isBars(unit) || Math.max(rise, fall) <= LONGEST_HALF;
  if (!(rise > 0 && fall > 0) || !isShort) return undefined;
  return {
    period: isBars(unit) ? { bars: whole } : { seconds: whole },
    rise: rise / whole,
  };
}

/** What swells, and how often, at a place of a prompt. */
export function swellAt(
  text: PromptText,
  at: number,
): { readonly end: number; readonly ask: Ask } | undefined {
  const found = (length: number, swell: Swell | undefined) =>
    swell && { end: at + length, ask: { is: "swell", swell } as const };
  const two = text.match(HALVES, at);
  if (two) {
    const [all, up, one, down, other] = two;
    const made = found(all.length, halves([up!, down!], [one, other]));
    if (made) return made;
  }
  const counted = text.match(COUNTED_HALVES, at);
  if (counted) {
    const [all, up, one, down, other] = counted;
    return found(all.length, halves([up!, down!], [one, other]));
  }
  const timed = text.match(TIMED, at) ?? text.match(TIMED_FIRST, at);
  if (timed) {
    const period = periodOf(timed[1]!, timed[2]!);
    const isSome = Object.values(period).every((value) => value > 0);
    return found(timed[0].length, isSome ? { period } : undefined);
  }
  const often = text.match(COUNTED, at);
  if (often) {
    const [all, first, second, twice] = often;
    const word = first ?? second ?? twice!;
    const count = /^twice$/.test(word) ? 2 : numberIn(word);
    const isSome = count >= 1 && count <= MOST_TIMES;
    return found(
      all.length,
      isSome ? { period: { share: 1 / count } } : undefined,
    );
  }
  const usual: Swell = { period: { bars: USUAL_BARS } };
  const plain = text.match(REPEATED, at) ?? text.match(PLAIN, at);
  return plain ? found(plain[0].length, usual) : undefined;
}
