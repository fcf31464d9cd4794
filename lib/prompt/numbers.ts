/** Numbers in figures and in words. */

const ONES = "zero one two three four five six seven eight nine".split(" ");
const TEENS =
  "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
    .split(" ");
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

/** Numbers of other languages, without accents, by value. */
const ABROAD: readonly (readonly [number, string])[] = [
  [1, "ein eine einen einer un une uno una um uma een"],
  [2, "zwei deux dos due dois duas twee"],
  [3, "drei trois tres tre drie"],
  [4, "vier quatre cuatro quattro quatro"],
  [5, "funf cinq cinco cinque vijf"],
  [6, "sechs six seis sei zes"],
  [7, "sieben sept siete sette sete zeven"],
  [8, "acht huit ocho otto oito"],
  [9, "neun neuf nueve nove negen"],
  [10, "zehn dix diez dieci dez tien"],
  [12, "zwolf douze doce dodici doze twaalf"],
  [15, "funfzehn quinze quince quindici vijftien"],
  [16, "sechzehn seize dieciseis sedici dezesseis zestien"],
  [20, "zwanzig vingt veinte venti vinte twintig"],
  [30, "dreissig dreisig trente treinta trenta trinta dertig"],
  [40, "vierzig quarante cuarenta quaranta quarenta veertig"],
  [45, "funfundvierzig"],
  [50, "funfzig cinquante cincuenta cinquanta cinquenta vijftig"],
  [60, "sechzig soixante sesenta sessanta sessenta zestig"],
  [90, "neunzig noventa novanta negentig"],
];

const VALUES = new Map<string, number>([
  ...[...ONES, ...TEENS].map((word, i) => [word, i] as const),
  ...TENS.map((word, i) => [word, 20 + 10 * i] as const),
  ...ABROAD.flatMap(([value, words]) =>
    words.split(" ").map((word) => [word, value] as const)
  ),
  ["six", 6],
  ["a", 1],
  ["an", 1],
  ["dozen", 12],
  ["couple", 2],
  ["half", 0.5],
]);

const SMALL = `(?:(?:${TENS.join("|")})(?:[ -](?:${
  ONES.slice(1).join("|")
}))?|${[...TEENS, ...ONES].join("|")})`;
const FOREIGN = ABROAD.flatMap(([, words]) => words.split(" "))
  .toSorted((a, b) => b.length - a.length).join("|");

/**
 * Source of a regular expression for a number, without groups. It includes the
 * sign, so that a negative number can be refused.
 */
export const NUMBER =
  `(?:(?:-|minus |negative )?(?:\\d{1,3}(?:,\\d{3})+(?!\\d)|\\d+(?:\\.\\d+)?|\\.\\d+)|` +
  `(?:minus |negative )?(?:(?:a|${
    ONES.slice(1).join("|")
  }) hundred(?:(?: and)? ${SMALL})?|a dozen|a couple of|a couple|${SMALL}|(?:${FOREIGN})(?!\\p{L})))`;

/**
 * The value of what {@linkcode NUMBER} matches, or of "a", "an" and "half".
 *
 * @param text In lower case, without accents.
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
