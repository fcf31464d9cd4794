/** Numbers in figures and in words. */

const ONES = "zero one two three four five six seven eight nine".split(" ");
const TEENS =
  "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
    .split(" ");
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

const VALUES = new Map<string, number>([
  ...[...ONES, ...TEENS].map((word, i) => [word, i] as const),
  ...TENS.map((word, i) => [word, 20 + 10 * i] as const),
  ["a", 1],
  ["an", 1],
  ["dozen", 12],
  ["couple", 2],
  ["half", 0.5],
]);

const SMALL = `(?:(?:${TENS.join("|")})(?:[ -](?:${
  ONES.slice(1).join("|")
}))?|${[...TEENS, ...ONES].join("|")})`;

/**
 * Source of a regular expression for a number, without groups. It includes the
 * sign, so that a negative number can be refused.
 */
export const NUMBER =
  `(?:(?:-|minus |negative )?(?:\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d+(?:\\.\\d+)?|\\.\\d+)|` +
  `(?:minus |negative )?(?:(?:a|${
    ONES.slice(1).join("|")
  }) hundred(?:(?: and)? ${SMALL})?|a dozen|a couple of|a couple|${SMALL}))`;

/**
 * The value of what {@linkcode NUMBER} matches, or of "a", "an" and "half".
 *
 * @param text In lower case.
 */
export function numberIn(text: string): number {
  const unsigned = text.replace(/^(?:-|minus |negative )/, "");
  const sign = unsigned === text ? 1 : -1;
  if (/^[\d.]/.test(unsigned)) return sign * Number(unsigned.replace(/,/g, ""));
  let value = 0;
  for (const word of unsigned.split(/[ -]/)) {
    if (word === "hundred") value *= 100;
    // The "a" of "a dozen" does not count as one.
    else if (word === "dozen" || word === "couple") value = VALUES.get(word)!;
    else value += VALUES.get(word) ?? 0;
  }
  return sign * value;
}
