/** The bars that a text names: "bars 5-8", "the last 4 bars", "0:12-0:20". */

import { BarLines, type NoteSequence, secondsToTicks } from "../music/music.ts";
import { PromptError } from "../prompt/prompt.ts";
import { type RedoText, TO, wordForm } from "./redo_text.ts";

const BAR = "(?:bars?|measures?|mm?\\.|takte?n?|mesures?|compas(?:es)?|compás)";
const TIME = "(\\d+):(\\d\\d)";
const COUNT = "(\\d+|two|three|four|five|six|seven|eight|twelve|sixteen)";
const COUNTS = new Map<string | undefined, number>([
  ["two", 2],
  ["three", 3],
  ["four", 4],
  ["five", 5],
  ["six", 6],
  ["seven", 7],
  ["eight", 8],
  ["twelve", 12],
  ["sixteen", 16],
]);
const countOf = (word: string | undefined) =>
  COUNTS.get(word?.toLowerCase()) ?? Number(word ?? 1);

/** How bars are named: what is matched, and the first and last of them. */
const BAR_FORMS: readonly {
  readonly form: RegExp;
  readonly bars: (
    groups: readonly (string | undefined)[],
    count: number,
    barAt: (seconds: number) => number,
  ) => [number, number];
}[] = [
  {
    form: wordForm(`${BAR}\\s*(\\d+)${TO}(?:${BAR}\\s*)?(\\d+)`),
    bars: ([first, last]) => [Number(first), Number(last)],
  },
  {
    form: wordForm(
      `(?:from|after|ab|nach)\\s+${BAR}\\s*(\\d+)(?: on(?:wards?)?)?`,
    ),
    bars: ([first], count) => [Number(first), count],
  },
  {
    form: wordForm(`(?:up to|until|till|before|bis)\\s+${BAR}\\s*(\\d+)`),
    bars: ([last]) => [1, Number(last)],
  },
  {
    form: wordForm(`${BAR}\\s*(\\d+)`),
    bars: ([bar]) => [Number(bar), Number(bar)],
  },
  {
    form: wordForm(`(?:the )?first(?: ${COUNT})? ${BAR}`),
    bars: ([bars]) => [1, countOf(bars)],
  },
  {
    form: wordForm(`(?:the )?last(?: ${COUNT})? ${BAR}`),
    bars: ([bars], count) => [count - countOf(bars) + 1, count],
  },
  {
    form: wordForm(`(?:the )?(first|second|last) half`),
    bars: ([which], count) =>
      which?.toLowerCase() === "first"
        ? [1, Math.ceil(count / 2)]
        : [Math.ceil(count / 2) + 1, count],
  },
  {
    form: wordForm(`(?:from )?${TIME}${TO}${TIME}`),
    bars: ([a, b, c, d], _, barAt) => [
      barAt(60 * Number(a) + Number(b)),
      barAt(60 * Number(c) + Number(d) - 0.01),
    ],
  },
];

/** The bars that a text names, undefined for all. */
export function readBars(
  reader: RedoText,
  piece: NoteSequence,
): readonly [number, number] | undefined {
  const lines = BarLines.of(piece);
  const barAt = (seconds: number) =>
    lines.barAt(Math.max(0, Math.round(secondsToTicks(piece, seconds)))) + 1;
  let bars: readonly [number, number] | undefined, phrase = "";
  for (let i = 0; i < BAR_FORMS.length;) {
    const { form, bars: barsOf } = BAR_FORMS[i]!;
    const match = reader.take(form, (found) => {
      const [first, last] = barsOf(found.slice(1), lines.count, barAt);
      return first === last ? `bar ${first}` : `bars ${first} to ${last}`;
    });
    if (!match) {
      i++;
      continue;
    }
    if (bars) {
      throw new PromptError(
        match[0],
        `"${phrase}" and "${
          match[0]
        }" are two stretches. Redo one after the other.`,
      );
    }
    bars = barsOf(match.slice(1), lines.count, barAt);
    phrase = match[0];
  }
  if (!bars) return undefined;
  const [first, last] = bars;
  if (first >= 1 && first <= last && last <= lines.count) return bars;
  throw new PromptError(
    phrase,
    first > last
      ? `"${phrase}" ends before it begins. Name the first bar first.`
      : `the piece has bars 1 to ${lines.count}, and "${phrase}" is not within them.`,
  );
}
