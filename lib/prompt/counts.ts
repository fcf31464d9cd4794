/** Counts of other things than time: players, voices, and beats to the bar. */

import { NUMBER, numberIn } from "./numbers.ts";
import type { PromptText } from "./text.ts";
import type { Ask } from "./types.ts";

/** Most players and voices that a number says. */
const MOST_PLAYERS = 12, MOST_VOICES = 6;
/** Most sharps or flats of a key. */
const MOST_SIGNS = 7;

/** By beats to the bar: the meter. */
const METERS: Readonly<Record<number, string>> = {
  2: "2/4",
  3: "3/4",
  4: "4/4",
  5: "5/4",
  6: "6/8",
  7: "7/8",
  9: "9/8",
  12: "12/8",
};

const LIMIT =
  "(?:at most|no more than|not more than|max(?:imum)?\\.?(?: of)?|up to|exactly|only|just|hochstens|maximal|genau|nur|au plus|au maximum|como maximo) ";
const PLAYERS =
  "(?:instruments?|players?|musicians?|instrumente[n]?|musiker|musiciens?|instrumentos|musicos)";
const VOICES =
  "(?:voices|melodic lines|independent (?:voices|lines)|stimmen|voix|voces)";
const WRITING =
  "(?:invention|fugue|chorale|harmony|counterpoint|texture|writing|setting|canon|round|arrangement|piece|choir|polyphony|hymn)";
const COUNTED =
  "(?:(?:counted|count|felt|played|written|is|goes|rhythm) )?in (?:a )?(two|three|four|five|six|seven|nine|twelve|2|3|4|5|6|7|9|12)";

type Reader = (groups: readonly (string | undefined)[]) => Ask | undefined;

const READERS: readonly (readonly [source: string, read: Reader])[] = [
  [
    `(?:${LIMIT})?(${NUMBER})(?: (?:different|solo|other))? ${PLAYERS}(?: at most| max(?:imum)?| only| in all| in total)?`,
    ([count]) => {
      const players = numberIn(count!);
      return Number.isInteger(players) && players >= 2 &&
          players <= MOST_PLAYERS
        ? { is: "size", count: players }
        : undefined;
    },
  ],
  [
    `(?:${LIMIT}|for |in |with )?(${NUMBER}) ${VOICES}(?: at most| max| only)?|(${NUMBER})[ -](?:part|voice)(?= ${WRITING})|in (${NUMBER})[ -]part(?= harmony)|(zwei|drei|vier|funf)stimmige?[rsn]?|(?:for |in )?(${NUMBER}) (?:parts|lines)(?= ${WRITING})`,
    (groups) => {
      const count = groups.find((group) => group !== undefined);
      const voices = numberIn(count!);
      return Number.isInteger(voices) && voices >= 2 && voices <= MOST_VOICES
        ? { is: "voices", count: voices }
        : undefined;
    },
  ],
  [
    `(?:with |in |key of |has )?(${NUMBER}) (sharps?|flats?)(?: in the key(?: signature)?)?`,
    ([count, sign]) => {
      const fifths = numberIn(count!) * (/^s/.test(sign!) ? 1 : -1);
      return Math.abs(fifths) <= MOST_SIGNS && Number.isInteger(fifths)
        ? {
          is: "set",
          fields: { tonic: (7 * fifths + 84) % 12, mode: "major" },
        }
        : undefined;
    },
  ],
  [
    `${COUNTED}(?= *(?:$|[,;.!?)\\n]| (?:and|feel|time|with|but|not)\\b))`,
    ([count]) => {
      const meter = METERS[numberIn(count!)];
      return meter === undefined ? undefined : { is: "set", fields: { meter } };
    },
  ],
];

const EXPRESSIONS = READERS.map(([source, read]) => ({
  expression: new RegExp(`(?:${source})(?![\\p{L}\\p{N}:/]|[-.]\\d)`, "uy"),
  read,
}));

/** The longest count at a place of a prompt. */
export function countAt(
  text: PromptText,
  at: number,
): { readonly end: number; readonly ask: Ask } | undefined {
  let longest: { end: number; ask: Ask } | undefined;
  for (const { expression, read } of EXPRESSIONS) {
    const match = text.match(expression, at);
    const ask = match && read(match.slice(1));
    const end = at + (match?.[0].length ?? 0);
    if (ask && (!longest || end > longest.end)) longest = { end, ask };
  }
  return longest;
}
