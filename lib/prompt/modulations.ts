/** Changes of key by distance or kinship: "up a whole step", "to the relative minor". */

import { majorOrMinor, type ScaleName } from "../music/music.ts";
import type { PromptText } from "./text.ts";
import type { Modulation } from "./types.ts";

/** A change of key found in a prompt. */
export interface FoundModulation {
  readonly end: number;
  readonly to: Modulation;
}

/** A key, as far as it is known. */
export interface KnownKey {
  readonly tonic?: number;
  readonly mode?: ScaleName;
}

/** The key that a section changes to, and how far it moves where its mode stays. */
export interface KeyMove {
  readonly key: KnownKey;
  readonly semitones?: number;
}

/** Semitones of intervals, by the beginnings of their names. */
const INTERVALS: readonly (readonly [RegExp, number])[] = [
  [/^(?:semi|half|halb|demi|minor second)/, 1],
  [/^minor third|^kleine terz/, 3],
  [/^major third|^(?:grosse )?terz|^third/, 4],
  [/fourth|quart/, 5],
  [/fifth|quint/, 7],
  [/./, 2],
];
/** Distances between keys and nothing else. */
const STEP =
  "(?:(?:whole|full|half)[ -](?:steps?|tones?)|semi-?tones?|tones?|ganzt(?:on|one)|halbt(?:on|one)|(?:demi-?)?tons?|(?:semi)?tonos?)";
/** Distances that are also those of a melody. */
const INTERVAL =
  `(?:${STEP}|steps?|(?:minor |major |perfect )?(?:seconds?|thirds?|fourths?|fifths?)|(?:kleine |grosse )?terz|quarte?|quinte?)`;
const COUNT = "(?:(an?|one|two|three|1|2|3|einen?|eine|zwei|une?|deux|dos) )?";
const COUNTS: Readonly<Record<string, number>> = {
  two: 2,
  2: 2,
  zwei: 2,
  deux: 2,
  dos: 2,
  three: 3,
  3: 3,
};
const CHANGE =
  "(?:an? )?(?:key changes?|changes? (?:of |the |its )?key|key shifts?|key lift|modulat(?:es?|ing|ions?)|truck driver'?s?(?: gear change| modulation| key change)?|transpos(?:es?|ed|ing)|moduliert|tonartwechsel|ruckung|changement de tonalite|change de tonalite|module|cambio de tonalidad|modula|cambia de tonalidad)";
const MOVE =
  `(?:${CHANGE}|(?:the )?key (?:goes|moves|rises|falls|drops|jumps|steps|shifts)|(?:shifts|moves|goes|jumps|steps|lifts|rises|drops)|pitched)`;
const LIFT =
  "(lift|raise|lower|move|shift|bump|take|transpose|push|drop)(?:s|ed|ing)? (?:up |down )?(?:the |its )?(?:whole )?(?:key|tonality|pitch|music|piece|song|tune|thing|it|everything)";
const UP =
  "(up|down|higher|lower|above|below|hoher|tiefer|nach oben|nach unten|plus haut|plus bas|mas alto|mas bajo|arriba|abajo|rauf|runter)";
const TO = "(?:in)?to|zur?|nach|vers|a la?|al";
const sticky = (source: string) =>
  new RegExp(`${source}(?![\\p{L}\\p{N}#])`, "uy");

type Reader = (match: RegExpExecArray) => Modulation;
const byInterval = (
  count: string | undefined,
  interval: string,
  direction: string,
): Modulation => {
  const isDown = /down|low|below|tief|unten|bas$|bajo|abajo|runter/.test(
    direction,
  );
  const [, size] = INTERVALS.find(([name]) => name.test(interval))!;
  const semitones = size * (COUNTS[count ?? ""] ?? 1);
  return { semitones: isDown ? -semitones : semitones };
};

const READERS: readonly (readonly [RegExp, Reader])[] = [
  [
    sticky(`${MOVE} ${UP}(?: by| um| de)? ${COUNT}(${INTERVAL})`),
    ([, direction, count, interval]) =>
      byInterval(count, interval!, direction!),
  ],
  [
    sticky(`${UP}(?: by| um| de)? ${COUNT}(${STEP})`),
    ([, direction, count, interval]) =>
      byInterval(count, interval!, direction!),
  ],
  [
    sticky(`${MOVE}(?: by| um| de)? ${COUNT}(${INTERVAL}) ${UP}`),
    ([, count, interval, direction]) =>
      byInterval(count, interval!, direction!),
  ],
  [
    sticky(
      `(climb|rise|rising|ascend|creep|go|move|step|descend|fall|sink)(?:s|ing|es)?(?: (up|down))?(?: by)? ${COUNT}(${STEP})(?= (?:every|each|at each|with each|with every|per|alle|jede))`,
    ),
    ([, verb, direction, count, interval]) =>
      byInterval(
        count,
        interval!,
        direction ?? (/desc|fall|sink/.test(verb!) ? "down" : "up"),
      ),
  ],
  [
    sticky(`${LIFT}(?: up| down)?(?: by)? ${COUNT}(${INTERVAL})`),
    ([, verb, count, interval]) =>
      byInterval(count, interval!, /lower|drop/.test(verb!) ? "down" : "up"),
  ],
  [
    sticky(`(?:by |um )?${COUNT}(${STEP}) ${UP}`),
    ([, count, interval, direction]) =>
      byInterval(count, interval!, direction!),
  ],
  [
    sticky(
      `(?:${MOVE} (?:${TO}) )?(?:the |its )?(relative|parallel) (?:minor|major|key)(?: key)?`,
    ),
    ([, kin]) => ({ kin: kin as "relative" | "parallel" }),
  ],
  [
    sticky(
      `(?:${MOVE}|turns|switches|changes) (?:${TO}) (?:the |its )?(dominant|subdominant|dominante|subdominante)(?: key)?`,
    ),
    ([, degree]) => ({ semitones: degree!.startsWith("sub") ? 5 : 7 }),
  ],
  [
    sticky(`(?:${CHANGE}) (up|down)`),
    ([, direction]) => ({ semitones: direction === "down" ? -2 : 2 }),
  ],
  [sticky(CHANGE), () => ({ semitones: 2, isUnsaid: true })],
];

/** A change of key at a place of a prompt. */
export function modulationAt(
  text: PromptText,
  at: number,
): FoundModulation | undefined {
  let longest: FoundModulation | undefined;
  for (const [expression, read] of READERS) {
    const match = text.match(expression, at);
    if (!match) continue;
    const end = at + match[0].length;
    if (!longest || end > longest.end) longest = { end, to: read(match) };
  }
  // "Modulates to E major" names the key that follows.
  const isNamed = longest?.to.isUnsaid &&
    /^ (?:from|to|into|nach|zu|von|vers|en|a|de) /.test(
      text.after(longest.end),
    );
  return isNamed ? undefined : longest;
}

/** The key that another one changes to. */
export function keyAfter(
  { tonic = 0, mode = "major" }: KnownKey,
  { semitones = 0, kin }: Modulation,
): Required<KnownKey> {
  const isMinor = majorOrMinor(mode) === "minor";
  const other = isMinor ? "major" : "minor";
  const moved = kin === "relative" ? (isMinor ? 3 : -3) : semitones;
  return {
    tonic: (tonic + moved + 12) % 12,
    mode: kin === undefined ? mode : other,
  };
}
