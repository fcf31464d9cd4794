/**
 * Stretches of a prompt whose words ask for nothing, or for the opposite, because of
 * what they stand in: a title, a piece made earlier, what someone plays themselves.
 */

import { phraseAt } from "./lexicon.ts";
import { plainText, type PromptText } from "./text.ts";
import type { Phrase, Sense } from "./types.ts";

/** A stretch of the text and what stands in its place. */
interface Aside {
  readonly start: number;
  readonly end: number;
  readonly sense: Sense;
  /** Whether a phrase within it keeps its own sense. */
  readonly keeps?: (phrase: Phrase) => boolean;
  /** Whether a wish is to follow it directly. */
  readonly needsAsk?: true | "cast";
}

/** Finds asides in the text as written, and in the same in lower case. */
type Finder = (written: string, plain: string) => Aside[];

const NAMING =
  "(?:called|titled|entitled|named|with the title|title ?[:=]|namens|mit dem titel|titel ?[:=]|intitulee?|titre ?[:=]|titulad[oa]|llamad[oa])";
const TITLE: Sense = {
  is: "ask",
  ask: { is: "echo", meaning: "a title, which asks for no more than its mood" },
};
/** Words of a title that have no capital. */
const LINKS =
  "of|the|and|in|to|a|an|for|on|at|my|der|die|das|und|im|de|la|le|du|el|los|y";
const CAPITALS =
  `\\p{Lu}[\\p{L}\\p{N}']+(?:(?: (?:${LINKS}))* \\p{Lu}[\\p{L}\\p{N}']*)*`;

const isMood = ({ sense }: Phrase) =>
  sense.is === "ask" && sense.ask.is === "mood";

/** "Called "Loud Drums"", "titled Drums of War", ""The Slow Train", fast banjo". */
const titles: Finder = (written) => {
  const found: Aside[] = [];
  const add = (match: RegExpExecArray) =>
    found.push({
      start: match.index,
      end: match.index + match[0].length,
      sense: TITLE,
      keeps: isMood,
    });
  const named = new RegExp(
    `\\b${NAMING} ?:? ?(?:"[^"\\n]+"|'[^'\\n]+'(?!\\p{L}))`,
    "giu",
  );
  for (const match of written.matchAll(named)) add(match);
  for (const match of written.matchAll(/"([^"\n]+)"/gu)) {
    if (isTitle(match[1]!, written.slice(0, match.index))) add(match);
  }
  const run = new RegExp(
    `\\b(?:called|titled|entitled|named|(?:his|her|its|whose|my) name is) ${CAPITALS}`,
    "gu",
  );
  for (const match of written.matchAll(run)) add(match);
  return found;
};

/** Whether words in quotation marks are a title, Written Like This. */
function isTitle(quoted: string, before: string): boolean {
  const isLabelled = /(?:style|genre|mood|key|tempo|feel|like) ?[:=]? ?$/i.test(
    before,
  );
  const words = quoted.trim().split(/\s+/);
  const long = words.filter((word) => /\p{L}{4}/u.test(word));
  const known = phraseAt(words.map(plainText));
  return !isLabelled && words.length > 1 && long.length > 0 &&
    long.every((word) => /^\p{Lu}\p{Ll}/u.test(word)) &&
    known?.count !== words.length;
}

const MADE =
  "(?:one|piece|track|version|song|attempt|try|take|prompt|result|output|file|music|demo|draft|generation|guy|person|composer|musician|producer|designer|dj|friend|team)s?";
const EARLIER =
  `(?:(?:my|our|the|your|that|this) )?(?:very )?(?:last|previous|earlier|former|old|other|original) ${MADE}|(?:the )?(?:last|other) time|yesterday(?:'s ${MADE})?|(?:level|part|episode|track|stage|scene|chapter|number) (?:\\d+|one|two|three)|(?:what|the ${MADE}) (?:you|i|we) (?:gave|made|got|had|did)(?: me| us)?(?: (?:before|last time|yesterday))?`;
const WAS =
  "(?:,? (?:which|that|it))? (?:was|were|wasn't|weren't|had|came out|sounded|felt|got|ended|went|turned out|didn't|used|lacked|gave|sent|made|wrote|put|did|played|added)";
const UP_TO =
  "(?:(?! (?:so|but|now|and now|this time|please|make|keep|->) )[^,.;:!?\\n()])*";
const PAST: Sense = {
  is: "ask",
  ask: {
    is: "cannot",
    reason: "earlier or uploaded music is not known here",
    instead: "a new piece is made",
  },
};

/** "My last one was too fast" is not too fast now; other words of it are past. */
const earlier: Finder = (_, plain) => {
  const found: Aside[] = [];
  const past = new RegExp(`\\b(?:${EARLIER})${WAS}\\b${UP_TO}`, "gu");
  for (const match of plain.matchAll(past)) {
    const start = match.index, end = start + match[0].length;
    const too =
      /^.*?(?= (?:(?:way|far|much|a bit|a little|a touch|slightly|just) )*too )/
        .exec(match[0]);
    const lacked = /^.*?(?:\bnot|n't) (?:really |quite |nearly )?(?=.* enough)/
      .exec(match[0]);
    if (too) found.push({ start, end: start + too[0].length, sense: NOT });
    else if (lacked) {
      const from = start + lacked[0].length;
      found.push({ start, end: from, sense: { is: "small" } });
      const at = plain.indexOf(" enough", from) + 1;
      found.push({ start: at, end: at + 6, sense: { is: "small" } });
    } else found.push({ start, end, sense: PAST });
  }
  const had =
    /\b(?:i|we) (?:already |once )?had (?:one|something|another)(?: (?:before|made))?\b[^.;:!?\n()]*?(?=,? (?:so|but|now)\b|[.;:!?\n()]|$)/gu;
  for (const { index, 0: { length } } of plain.matchAll(had)) {
    found.push({ start: index, end: index + length, sense: PAST });
  }
  const it =
    /\b(?:it|that|this|they|everything) (?:was|were|came out|sounded|got)(?= (?:(?:way|far|much|a bit|a little|slightly|just) )*too )/gu;
  for (const { index, 0: { length } } of plain.matchAll(it)) {
    found.push({ start: index, end: index + length, sense: NOT });
  }
  return found;
};

const NOT: Sense = { is: "not" };
const THE = "(?: (?:the|my|our|a|an|some|own|in))*";
/** What someone plays themselves, and what room is left for. */
const OWN: readonly RegExp[] = [
  new RegExp(
    `\\b(?:i|we|she|he|they)(?:'ll| will|'m going to| am going to|'re going to) (?:be )?(?:play(?:ing)?|add(?:ing)?|overdub(?:bing)?|record(?:ing)?|put(?:ting)?)(?! (?:it|this|that|along))${THE} (?=\\p{L})`,
    "gu",
  ),
  new RegExp(
    `\\b(?:i|we) (?:play|add|have)${THE} (?=\\p{L}+(?: \\p{L}+)? (?:myself|ourselves|over it|on top|over this|over the top|along))`,
    "gu",
  ),
  new RegExp(
    `\\b(?:i|we)(?:'ve| have|'ve got| have got| already have| got)${THE} (?=\\p{L}+(?: \\p{L}+)? (?:track|part|recording|loop|riff|stem|take|line|melody)\\b)`,
    "gu",
  ),
  new RegExp(
    `\\b(?:leave|leaving|keep|keeping|take|taking)${THE} (?=\\p{L}+(?: \\p{L}+)? out\\b)`,
    "gu",
  ),
  new RegExp(
    `\\b(?:backing(?: track| music)?|play[ -]?along|accompaniment|minus[ -]one) (?:for|to)${THE} (?=\\p{L})`,
    "gu",
  ),
  new RegExp(
    `\\b(?:leave|leaving|leaves|keep|with|has|make|making) (?:some |enough |plenty of |lots of |a lot of )?(?:room|space) for${THE} (?=\\p{L})`,
    "gu",
  ),
];

const own: Finder = (_, plain) =>
  OWN.flatMap((expression) =>
    [...plain.matchAll(expression)].map(({ index, 0: { length } }): Aside => ({
      start: index,
      end: index + length,
      sense: NOT,
      needsAsk: true,
    }))
  );

/** "I play the sax in a band" says who asks, "like a music box but on a harp" what not. */
const others: Finder = (_, plain) => [
  ...[
    ...plain.matchAll(
      /\bi(?:'m| am| play| also play)(?: (?:the|a|an|in|my))* [^,.;:!?\n()]*?\bin (?:a|an|our|my|the) (?:\p{L}+ )?(?:band|orchestra|choir|group|quartet|quintet|trio|ensemble)\b/gu,
    ),
  ].map(({ index, 0: { length } }): Aside => ({
    start: index,
    end: index + length,
    sense: { is: "unknown" },
  })),
  ...[
    ...plain.matchAll(
      /\blike (?:an?|the) (?=\p{L}+(?: \p{L}+)?,? but (?:on|for|by|played on|played by|with) (?:an?|the|solo)? ?\p{L})/gu,
    ),
  ].map(({ index, 0: { length } }): Aside => ({
    start: index,
    end: index + length,
    sense: NOT,
    needsAsk: "cast",
  })),
];

/** "I thought of a waltz, but": what was not chosen in the end. */
const dropped: Finder = (_, plain) => {
  const thought =
    /\b(?:i|we) (?:first |originally |once |almost |nearly |at first )*(?:thought (?:of|about)|considered|was (?:first )?thinking (?:of|about)|were thinking (?:of|about)|was going to (?:ask for|say)|used to (?:like|love|play|want|use)|tried|usually (?:like|love|play|use|make|write|want))\b[^,.;:!?\n()]*?(?=,? but\b)/gu;
  return [...plain.matchAll(thought)].map((
    { index, 0: { length } },
  ): Aside => ({
    start: index,
    end: index + length,
    sense: { is: "unknown" },
  }));
};

/** "The scene is loud, but the music is soft": what is seen is not heard. */
const seen: Finder = (_, plain) => {
  const scene =
    /\b(?:the |my |our )?(?:scene|film|video|picture|room|shot|story|movie|clip|visuals?|images?|footage|action|character|hero|heroine|screen|weather|place|text|poem)s? (?:is|are|has|looks?|feels?|was|were|gets?)\b[^.;:!?\n()]*?(?=,? (?:but|yet|while|whereas)\b|, (?:and )?(?:the )?music\b|[;.] ?(?:the |my )?music\b)/gu;
  return [...plain.matchAll(scene)].map(({ index, 0: { length } }): Aside => ({
    start: index,
    end: index + length,
    sense: { is: "unknown" },
  }));
};

/** "I like drums, but not in this one": none here. */
const notHere: Finder = (_, plain) => {
  const liked =
    /\b(i (?:usually |really |normally |do )?(?:like|love|enjoy|dig) )[^.;:!?\n()]*?,? (but not (?:in|for|on|with|here|today|this|now)\b[^,.;:!?\n()]*)/gu;
  return [...plain.matchAll(liked)].flatMap((match): Aside[] => {
    const [whole, head = "", tail = ""] = match;
    const end = match.index + whole.length;
    return [
      {
        start: match.index,
        end: match.index + head.length,
        sense: NOT,
        needsAsk: true,
      },
      { start: end - tail.length, end, sense: { is: "small" } },
    ];
  });
};

/** "As soft as snow" is soft, and no winter. */
const similes: Finder = (_, plain) =>
  [
    ...plain.matchAll(
      /(?<=\bas \p{L}+) as (?:(?:a|an|the|my|your) )?(?!possible|slow|fast|before|well|long|much)\p{L}+(?: \p{L}+)?/gu,
    ),
  ].map(({ index, 0: { length } }): Aside => ({
    start: index + 1,
    end: index + length,
    sense: { is: "small" },
  }));

/** "Then back to the beginning": the first section once more, after the others. */
const returns: Finder = (_, plain) => {
  const back =
    /\b((?:(?:and|before) )?(?:then )?(?:(?:goes|going|go|comes|and) )?(?:back to|return(?:s|ing)? to)) (?:the |how it )?(?:beginning|start|opening|first (?:part|section|theme|mood|idea)|intro(?:duction)?)\b(?: again)?/gu;
  return [...plain.matchAll(back)].flatMap(
    ({ index, 0: { length }, 1: head = "" }): Aside[] => [
      { start: index, end: index + head.length, sense: { is: "then" } },
      {
        start: index + head.length + 1,
        end: index + length,
        sense: { is: "reprise" },
      },
    ],
  );
};

const FINDERS = [
  returns,
  titles,
  earlier,
  others,
  own,
  notHere,
  dropped,
  seen,
  similes,
];

/**
 * Phrases with those within an aside replaced by what it is as a whole.
 *
 * @param phrases In the order written.
 */
export function withoutAsides(
  text: PromptText,
  phrases: readonly Phrase[],
): Phrase[] {
  const written = text.before(text.length);
  const plain = plainText(written);
  const asides: Aside[] = [];
  for (const aside of FINDERS.flatMap((find) => find(written, plain))) {
    const isIn = asides.some(({ start, end }) =>
      aside.start < end && aside.end > start
    );
    const next = phrases.find(({ start }) => start >= aside.end);
    const isVain = aside.needsAsk &&
      (next?.sense.is !== "ask" ||
        aside.needsAsk === "cast" && next.sense.ask.is !== "cast");
    if (!isIn && !isVain) asides.push(aside);
  }
  return asides.reduce(
    (kept, aside) => replaced(text, kept, aside),
    [...phrases],
  );
}

function replaced(
  text: PromptText,
  phrases: readonly Phrase[],
  { start, end, sense, keeps = () => false }: Aside,
): Phrase[] {
  const isIn = (phrase: Phrase) => phrase.start < end && phrase.end > start;
  const inside = phrases.filter(isIn);
  // Nothing that could be a wish is passed over without a word.
  const isUntold = sense.is === "small" &&
    inside.some((phrase) => phrase.sense.is === "ask");
  const whole: Phrase = {
    start,
    end,
    written: text.written(start, end),
    sense: isUntold ? { is: "unknown" } : sense,
  };
  const before = phrases.filter((phrase) =>
    !isIn(phrase) && phrase.start < start
  );
  const after = phrases.filter((phrase) =>
    !isIn(phrase) && phrase.start >= start
  );
  return [...before, whole, ...inside.filter(keeps), ...after];
}
