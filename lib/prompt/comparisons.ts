/** What is compared: "more like X than Y", "less X", "slower than", "between X and Y". */

import type { Ask, Fields, Measure, Phrase, Sense } from "./types.ts";

/** Classes of which there is one between two others, the least first. */
const SCALES: Readonly<Partial<Record<keyof Fields, readonly string[]>>> = {
  tempo: ["largo", "slow", "moderate", "lively", "fast"],
  density: ["sparse", "medium", "dense"],
  register: ["low", "middle", "high"],
  loudness: ["soft", "medium", "loud"],
};
const THAN = /^(?:than|als|que)$/i;
const MORE = /^(?:more|rather|mehr|eher|plutot|mas|más)$/i;
const LESS = /^(?:less|fewer|weniger|moins|moins de|menos)$/i;
const LIKE = /^(?:like|of a|of an|wie|comme|como)$/i;
const BETWEEN = /^(?:between|in between|zwischen|entre)$/i;
const AND = /^(?:and|to|or|und|et|y|bis)$/i;
/** What something is compared with that says nothing more. */
const USUAL =
  /^(?:usual|normal|average|before|ever|that|this|most|typical|ordinary|standard|usually|it|now|gewohnlich|sonst|d'habitude|normalmente)$/i;

/** What people go by, and how fast that is. */
const PACES: readonly (readonly [RegExp, Fields["tempo"]])[] = [
  [/^(?:walk|walking|steps?|footsteps)$/i, "moderate"],
  [/^(?:stroll|heartbeat|heart|resting|pulse|crawl)$/i, "slow"],
  [/^(?:breath|breathing|snail)$/i, "largo"],
  [/^(?:run|running|jog|jogging|gallop)$/i, "lively"],
];

const askOf = (phrase: Phrase | undefined): Ask | undefined =>
  phrase?.sense.is === "ask" ? phrase.sense.ask : undefined;
const isBreak = (phrase: Phrase | undefined) => phrase?.sense.is === "break";

/** The first of some phrases from an index on, up to a break; −1 without one. */
function indexFrom(
  phrases: readonly Phrase[],
  from: number,
  isIt: (phrase: Phrase) => boolean,
): number {
  for (let i = from; i < phrases.length && !isBreak(phrases[i]); i++) {
    if (isIt(phrases[i]!)) return i;
  }
  return -1;
}

const isAsk = (phrase: Phrase) => phrase.sense.is === "ask";
const isThan = ({ written }: Phrase) => THAN.test(written);

/**
 * Phrases in which comparisons have their sense: what is wanted less becomes a
 * negation, and what is between two classes the class between them.
 *
 * @param phrases In the order written.
 */
export function withComparisons(phrases: readonly Phrase[]): Phrase[] {
  const made: Phrase[] = [];
  for (let i = 0; i < phrases.length;) {
    if (isAsWell(made, phrases[i]!)) made.push(littleBefore(phrases[i]!));
    const found = notUntil(phrases, i) ?? between(phrases, i) ??
      preferred(phrases, i) ??
      compared(phrases, i) ?? lessened(phrases, i);
    made.push(...found?.made ?? [phrases[i]!]);
    i = found?.next ?? i + 1;
  }
  return made;
}

interface Found {
  readonly made: readonly Phrase[];
  /** Index of the first phrase after it. */
  readonly next: number;
}

const as = (phrase: Phrase, sense: Sense): Phrase => ({ ...phrase, sense });
const SMALL: Sense = { is: "small" };

/** "Drums not until 0:30", "don't come in until bar 9": they enter then. */
function notUntil(phrases: readonly Phrase[], at: number): Found | undefined {
  if (phrases[at]!.sense.is !== "not") return undefined;
  const until = indexFrom(phrases, at + 1, ({ sense }) => sense.is === "until");
  const between = phrases.slice(at + 1, until);
  const isEntry = until > at && phrases[until + 1]?.sense.is === "at" &&
    between.every(({ sense }) => ["small", "enter"].includes(sense.is));
  return isEntry
    ? {
      made: [
        as(phrases[at]!, SMALL),
        ...between,
        as(phrases[until]!, { is: "enter" }),
      ],
      next: until + 1,
    }
    : undefined;
}

/** "Between slow and fast": the class in the middle. */
function between(phrases: readonly Phrase[], at: number): Found | undefined {
  if (!BETWEEN.test(phrases[at]!.written)) return undefined;
  const first = indexFrom(phrases, at + 1, isAsk);
  const second = first < 0 ? -1 : indexFrom(phrases, first + 1, isAsk);
  if (second < 0 || !AND.test(phrases[second - 1]!.written)) return undefined;
  const a = askOf(phrases[first])!, b = askOf(phrases[second])!;
  if (a.is !== "set" || b.is !== "set") return undefined;
  for (const [field, scale] of Object.entries(SCALES)) {
    const [low, high] = [a, b].map(({ fields }) =>
      scale.indexOf(String(fields[field as keyof Fields]))
    );
    if (low! < 0 || high! < 0) continue;
    const value = scale[Math.round((low! + high!) / 2)]!;
    const { start } = phrases[at]!, { end } = phrases[second]!;
    return {
      made: [{
        start,
        end,
        written: `${phrases[first]!.written} … ${phrases[second]!.written}`,
        sense: { is: "ask", ask: { is: "set", fields: { [field]: value } } },
      }],
      next: second + 1,
    };
  }
  return undefined;
}

/** "More like a lullaby than a waltz", "less sad than wistful". */
function preferred(phrases: readonly Phrase[], at: number): Found | undefined {
  const { written } = phrases[at]!;
  const isLess = LESS.test(written);
  if (!isLess && !MORE.test(written)) return undefined;
  const than = indexFrom(phrases, at + 1, isThan);
  const first = indexFrom(phrases, at + 1, isAsk);
  const second = than < 0 ? -1 : indexFrom(phrases, than + 1, isAsk);
  if (second < 0 || first < 0 || first > than) return undefined;
  const isLike = phrases.slice(at, than).some((one) => LIKE.test(one.written));
  const isCast = askOf(phrases[first])!.is === "cast";
  // "More strings than brass": both play.
  if (isCast && !isLike) return undefined;
  const not: Sense = { is: "not" };
  return {
    made: phrases.slice(at, second).map((phrase, i) =>
      i === 0 && isLess || i === than - at && !isLess
        ? as(phrase, not)
        : i === 0 || i === than - at
        ? as(phrase, SMALL)
        : phrase
    ),
    next: second,
  };
}

/** "Less busy than usual", "slower than allegro": once, and no change in time. */
function compared(phrases: readonly Phrase[], at: number): Found | undefined {
  const phrase = phrases[at]!, ask = askOf(phrase), than = phrases[at + 1];
  const isCompared = than !== undefined &&
    (isThan(than) || /^as(?: |$)/i.test(than.written));
  if (ask?.is !== "more" || ask.ends || !isCompared) return undefined;
  const next = indexFrom(
    phrases,
    at + 2,
    ({ sense, written }) => sense.is !== "small" || USUAL.test(written),
  );
  const value = next < 0 ? undefined : stepFrom(ask.of, ask.by, phrases[next]!);
  if (value) return { made: [as(phrase, value)], next: next + 1 };
  const isUsual = next >= 0 && USUAL.test(phrases[next]!.written);
  return {
    made: [littleBefore(phrase), phrase, as(than, SMALL)],
    next: isUsual ? next + 1 : at + 2,
  };
}

/** What makes a change that follows it a comparison. */
const littleBefore = (phrase: Phrase): Phrase => ({
  ...phrase,
  end: phrase.start,
  written: "",
  sense: { is: "little" },
});

/** "Quieter than usual, and slower": both are compared. */
function isAsWell(made: readonly Phrase[], phrase: Phrase): boolean {
  if (askOf(phrase)?.is !== "more") return false;
  const last = made.findLastIndex((one) => askOf(one)?.is === "more");
  return last > 0 && made[last - 1]!.written === "" &&
    made.slice(last + 1).some(({ sense }) => sense.is === "and") &&
    made.slice(last + 1).every(({ sense }) =>
      ["and", "small", "unknown"].includes(sense.is) ||
      sense.is === "break" && !sense.hard
    );
}

/** The class next to one that is named. */
function stepFrom(of: Measure, by: 1 | -1, other: Phrase): Sense | undefined {
  const ask = askOf(other);
  if (of === "build") return undefined;
  const pace = PACES.find(([words]) => words.test(other.written))?.[1];
  const scale = SCALES[of]!;
  const named = of === "tempo" && pace
    ? pace
    : ask?.is === "set"
    ? String(ask.fields[of])
    : "";
  const index = scale.indexOf(named);
  if (index < 0) return undefined;
  const value = scale[Math.min(scale.length - 1, Math.max(0, index + by))]!;
  return { is: "ask", ask: { is: "set", fields: { [of]: value } } };
}

/** "Less sad": a limit, where nothing says less than what. */
function lessened(phrases: readonly Phrase[], at: number): Found | undefined {
  const phrase = phrases[at]!;
  const ask = askOf(phrases[at + 1]);
  const isQuality = ask?.is === "mood" ||
    ask?.is === "set" &&
      Object.keys(ask.fields).some((field) => field in SCALES);
  if (!LESS.test(phrase.written) || !isQuality) return undefined;
  const too: Phrase = { ...phrase, start: phrase.end, sense: { is: "too" } };
  return { made: [as(phrase, { is: "not" }), too], next: at + 1 };
}
