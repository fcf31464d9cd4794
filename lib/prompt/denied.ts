/** Instruments that words after them leave out: "drums are not needed", "piano: none". */

import { phraseAt } from "./lexicon.ts";
import type { Item } from "./item.ts";
import { plainText, type PromptText } from "./text.ts";

const DENIED =
  /(?:(?:is|are|was|were|be|being|should be|must be|can be|'s|stays?|sind|ist|est|sont|es|son) )?(?:(?:strictly|absolutely|not|definitely|completely|totally|please|simply) )*(?:(?:not|n't|nicht|pas|no) (?:at all )?(?:really )?(?:needed|wanted|allowed|welcome|required|necessary|desired|included|invited|permitted|gewunscht|notig|erlaubt|necesari[oa]s?|desead[oa]s?|souhaitee?s?)|banned|forbidden|prohibited|off[ -]limits|excluded|unwanted|unwelcome|a no-?go|taboo|verboten|unerwunscht|interdite?s?|prohibid[oa]s?|vietat[oaie]|verboden|proibid[oa]s?)(?: here| please| this time| at all)?(?![\p{L}])|(?:waits?|waiting|holds? (?:off|back)|holding (?:off|back)|stays? (?:out|silent|quiet)|rests?|sits? out|stays? away|(?:held|kept|saved) (?:back|off|out)|silent|quiet|out|absent|does not|doesn't|do not|don't|won't|not)(?: (?:play|come in|enter|start|appear|sound|be heard|play anything|playing|in|there))?(?= (?:until|till|til|before)\b)|stays? (?:away|out of (?:it|this|the way))|:? ?(?:none|off|keine?|aucune?|ningun[oa]?|nessun[oa]?|geen)(?= *(?:$|[,;.!?\n)|]))|(?:can|may|should|must|could|has to|have to|needs to|need to) (?:please )?(?:stay|be left|be kept|sit) (?:out|home|away)(?: of (?:it|this))?(?! (?:at|until|till|for|from)\b)(?![\p{L}])/uy;

/** Whether words at a place deny the instrument before them; up to where. */
export function deniedAt(
  text: PromptText,
  at: number,
): { readonly end: number } | undefined {
  const match = text.match(DENIED, at);
  if (!match) return undefined;
  const before = /[^;.!?\n]*$/.exec(plainText(text.before(at)))?.[0] ?? "";
  const words = before.replace(/[:,]? *$/, "").split(/[ ,-]+/).slice(-3);
  const isOfCast = [3, 2, 1].some((count) => {
    const some = words.slice(-count);
    const found = phraseAt(some);
    return found?.count === some.length && found.sense.is === "ask" &&
      found.sense.ask.is === "cast";
  });
  return isOfCast ? { end: at + match[0].length } : undefined;
}

const LABEL =
  /(?:the )?(?:instruments?|instrumentation|line-?up|orchestration|scoring|besetzung|instrumente|instrumentos|strumenti|instrumentacion|instrumenten) ?: ?/uy;

/** "Instruments: guitar, bass" lists all who play; up to where the label goes. */
export function labelAt(
  text: PromptText,
  at: number,
): { readonly end: number } | undefined {
  const match = /[\p{L}]$/u.test(text.before(at))
    ? undefined
    : text.match(LABEL, at);
  if (!match) return undefined;
  const end = at + match[0].length;
  const found = phraseAt(text.words(end, 4).map((word) => word.text));
  return found?.sense.is === "ask" && found.sense.ask.is === "cast"
    ? { end }
    : undefined;
}

/**
 * Makes the instruments before such words unwanted, up to where their list began.
 *
 * @param items Those read so far; the last of them are changed.
 * @param end After the words.
 */
export function deny(text: PromptText, items: Item[], end: number): void {
  let isNext = true;
  for (let i = items.length - 1; i >= 0; i--) {
    const item = items[i]!;
    if (item.is === "wish" && item.wish.ask.is === "cast" && isNext) {
      const { wish } = item;
      const phrase = text.written(wish.start, Math.max(end, item.end));
      items[i] = { ...item, end, wish: { ...wish, polarity: "no", phrase } };
      isNext = false;
    } else if (item.is === "sense" && ["and", "or"].includes(item.sense.is)) {
      isNext = true;
    } else if (
      !(item.is === "sense" && isNext &&
        (item.sense.is === "small" || item.phrase === ":"))
    ) return;
  }
}
