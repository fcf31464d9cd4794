/** Times that follow each other as bare numbers: "0-30 pads, 30-60 hats, 60 a hit". */

import type { PromptText } from "./text.ts";
import type { FoundTime } from "./times.ts";

const SECONDS =
  "(?: ?(?:s|secs?|seconds?|sek(?:unden)?|secondes?|segundos?)(?![\\p{L}]))?";
const RANGE =
  `(\\d{1,3}) ?(?:-|to|until|bis|a) ?(\\d{1,3})${SECONDS} ?:?(?![\\p{L}\\p{N}.:/]|-\\d)`;
const AT_PLACE = new RegExp(RANGE, "uy");
const ANYWHERE = new RegExp(`(?<![\\p{L}\\p{N}.:/-])${RANGE}`, "gu");
/** What comes at a number by itself. */
const EVENT =
  /^ ?:? (?:(?:a|one|the|big|final|last|loud) )*(?:hits?|stops?|silence|bang|boom|crash|stab|cut|ends?)\b/;
/** What counts other things than seconds. */
const OTHERS =
  /(?:bars?|takte?|mesures?|compases|tempo|bpm|notes?|midi|aged?|grades?|years?|pages?|level) $/i;

/** The ranges of a text, where each begins with the end of the one before it. */
function chainIn(text: PromptText): readonly (readonly [number, number])[] {
  const plain = text.before(text.length).toLowerCase();
  const ranges = [...plain.matchAll(ANYWHERE)].flatMap((match) =>
    OTHERS.test(plain.slice(0, match.index))
      ? []
      : [[Number(match[1]), Number(match[2])] as const]
  );
  const isChain = ranges.length > 1 && ranges[0]![0] === 0 &&
    ranges.every(([from, to], i) =>
      from < to && (i === 0 || from === ranges[i - 1]![1])
    );
  return isChain ? ranges : [];
}

/**
 * The stretch or the time that numbers at a place of a prompt name, where they are
 * one of several that follow each other from 0 on.
 */
export function runningTimeAt(
  text: PromptText,
  at: number,
): FoundTime | undefined {
  if (!/\d/.test(text.after(at)[0] ?? "")) return undefined;
  if (/[\p{L}\p{N}.:/-]$/u.test(text.before(at))) return undefined;
  const chain = chainIn(text);
  if (chain.length === 0) return undefined;
  const match = text.match(AT_PLACE, at);
  const range = chain.find(([from, to]) =>
    from === Number(match?.[1]) && to === Number(match?.[2])
  );
  if (match && range) {
    const [from, to] = range;
    return {
      end: at + match[0].length,
      from: from === 0 ? { share: 0 } : { seconds: from },
      to: { seconds: to },
    };
  }
  const number = text.match(/\d{1,3}(?![\p{L}\p{N}.:/-])/uy, at);
  const seconds = Number(number?.[0]);
  if (!number || chain.at(-1)![1] !== seconds) return undefined;
  const end = at + number[0].length;
  return EVENT.test(text.after(end)) ? { end, from: { seconds } } : undefined;
}
