/** Phrases whose words mean something else together than each by itself. */

import { moreAndMore, withTurns } from "./phases.ts";
import { withSeveral } from "./several.ts";
import type { PromptText } from "./text.ts";
import type { Phrase, Sense } from "./types.ts";

const as = (phrase: Phrase, sense: Sense): Phrase => ({ ...phrase, sense });
const isCast = (phrase: Phrase | undefined) =>
  phrase?.sense.is === "ask" && phrase.sense.ask.is === "cast";
const isBreak = (phrase: Phrase | undefined) => phrase?.sense.is === "break";

/** Phrases with such sense as they have together, in the order written. */
export function withPhrasings(
  text: PromptText,
  phrases: readonly Phrase[],
): Phrase[] {
  const corrected = withCorrections(text, withTurns(text, phrases));
  const made = withSeveral(text, nothingBut(corrected)).map((phrase, i, all) =>
    soundOf(phrase, all[i - 1]) ?? loneDrum(text, phrase) ??
      verbOf(phrase, i, all) ?? walking(phrase, all[i - 1]) ??
      asKind(phrase, i, all) ??
      ofIntro(phrase, i, all) ?? phrase
  );
  return returning(text, moving(text, made));
}

/** "Double bass walking": how it plays. */
function walking(
  phrase: Phrase,
  before: Phrase | undefined,
): Phrase | undefined {
  const isOfBass = /^walking$/i.test(phrase.written) && isCast(before) &&
    /bass/i.test(before!.written);
  return isOfBass
    ? as(phrase, {
      is: "ask",
      ask: { is: "manner", manner: "walking", side: "before" },
    })
    : undefined;
}

/** Phrases in which what becomes more and more is a change, with all its words. */
function moving(text: PromptText, phrases: readonly Phrase[]): Phrase[] {
  const made: Phrase[] = [];
  for (const phrase of phrases) {
    const found = moreAndMore(text, phrase);
    if (!found) made.push(phrase);
    else {
      while (made.at(-1) && made.at(-1)!.start >= found.start) made.pop();
      made.push(found);
    }
  }
  return made;
}

/** What takes back what was just said. */
const CORRECTION =
  /(?:^|[.;!?\n-] ?)((?:no|wait|sorry|actually|scratch that|correction|nein|non|perd[oó]n)[,:]? (?:(?:no|wait|sorry|actually),? )?(?:make (?:it|that)|i mean(?:t)?|rather|better|let's (?:say|make it)|it should be|doch lieber|lieber|plut[oô]t|mejor)|(?:no|nein|non): (?=(?:two|three|four|a|an|the|\d)\b))/giu;

/** "90. No, make that 96": the words that take back say nothing by themselves. */
function withCorrections(
  text: PromptText,
  phrases: readonly Phrase[],
): readonly Phrase[] {
  const written = text.before(text.length);
  const spans = [...written.matchAll(CORRECTION)].map((match) => {
    const start = match.index + match[0].length - match[1]!.length;
    return { start, end: start + match[1]!.length };
  });
  const inside = (phrase: Phrase) =>
    spans.some(({ start, end }) => phrase.start >= start && phrase.end <= end);
  return phrases.map((phrase) =>
    inside(phrase) && phrase.sense.is !== "ask"
      ? as(phrase, { is: "small" })
      : phrase
  );
}

const VERB = /^(?:setz|steig|tret|tritt)(?:t|en)?$/i;
const PARTICLE = /^(?:ein|aus)$/i;

/** "Geige setzt bei 0:30 ein": a verb whose other half ends the thought. */
function verbOf(
  { written, ...phrase }: Phrase,
  index: number,
  phrases: readonly Phrase[],
): Phrase | undefined {
  if (!VERB.test(written)) return undefined;
  const rest = phrases.slice(index + 1);
  const end = rest.findIndex(isBreak);
  const last = (end < 0 ? rest : rest.slice(0, end)).at(-1);
  if (!last || !PARTICLE.test(last.written)) return undefined;
  const is = /^ein$/i.test(last.written) ? "enter" : "leave";
  return { ...phrase, written, sense: { is } };
}

/** "Metal breakdown": a kind of music, and no place in it. */
function asKind(
  phrase: Phrase,
  index: number,
  phrases: readonly Phrase[],
): Phrase | undefined {
  const { sense } = phrase, before = phrases[index - 1];
  const isKind = sense.is === "part" && sense.name === "breakdown" &&
    before?.sense.is === "ask" && before.sense.ask.is === "genre" &&
    !phrases.slice(0, index).some(isBreak) &&
    (index + 1 === phrases.length || isBreak(phrases[index + 1]));
  return isKind ? as(phrase, { is: "unknown" }) : undefined;
}

const isLength = ({ sense }: Phrase) =>
  sense.is === "ask" && sense.ask.is === "set" &&
  sense.ask.fields.length !== undefined;

/** "A 4 bar introduction … 36 bars in all": the first is no length of the piece. */
function ofIntro(
  phrase: Phrase,
  index: number,
  phrases: readonly Phrase[],
): Phrase | undefined {
  const isPart = ({ sense }: Phrase) => sense.is === "part";
  const next = phrases[index + 1];
  const isOfIntro = isLength(phrase) && next !== undefined && isPart(next) &&
    phrases.filter(isLength).length > 1 && phrases.filter(isPart).length < 2 &&
    phrases.every(({ sense }) => sense.is !== "then");
  return isOfIntro
    ? as(phrase, {
      is: "ask",
      ask: { is: "echo", meaning: `of the ${next.written} alone` },
    })
    : undefined;
}

/** What comes first, and that it comes again: "the intro … returns at the end". */
const RETURNS =
  /\b(?:intro(?:duction)?|opening|beginning|first (?:part|section|theme))\b[^.;!?\n]*?((?:which |that |and )*(?:comes? back|returns?|is repeated|are repeated|is played again|is heard again|reappears?|repeats?)(?: again)? (?:at|as|for|to|in) (?:the )?(?:very )?(?:end|finish|close|outro|ending)\b)/giu;
const BETWEEN = /^(?:and )?in between$/i;

/** Has a beginning that comes back at the end be the last section too. */
function returning(text: PromptText, phrases: readonly Phrase[]): Phrase[] {
  const written = text.before(text.length);
  const [found] = written.matchAll(RETURNS);
  // The form that says so has its letters already.
  const hasForm = phrases.some(({ sense }) => sense.is === "form");
  if (!found || hasForm) return [...phrases];
  const [whole, tail = ""] = found;
  const end = found.index + whole.length, start = end - tail.length;
  const rest = phrases.filter((one) => one.end <= start || one.start >= end)
    .map((one) => {
      const isBetween = BETWEEN.test(text.written(one.start, one.start + 10));
      return isBetween ? as(one, { is: "then" }) : one;
    });
  const last = { start: end, end };
  return [
    ...rest,
    { ...last, written: "", sense: { is: "then" } },
    { start, end, written: tail, sense: { is: "reprise" } },
  ];
}

const NOTHING = /^(?:nothing|nobody|no one|nichts|niemand|rien|nada|nadie)$/i;
const BUT =
  /^(?:but|except|except for|als|außer|que|sauf|pero|salvo|excepto)$/i;

/** "Nothing in the last ten seconds but the guitar": only it plays then. */
function nothingBut(phrases: readonly Phrase[]): Phrase[] {
  const made = [...phrases];
  for (const [i, phrase] of phrases.entries()) {
    if (!NOTHING.test(phrase.written)) continue;
    const rest = phrases.slice(i + 1);
    const end = rest.findIndex(isBreak);
    const thought = end < 0 ? rest : rest.slice(0, end);
    const but = thought.findIndex(({ written }) => BUT.test(written));
    const between = thought.slice(0, but);
    const isTime = between.some(({ sense }) => sense.is === "at") &&
      between.every(({ sense }) => ["at", "small", "with"].includes(sense.is));
    const next = thought.slice(but + 1).find(({ sense }) =>
      sense.is !== "small"
    );
    if (but < 0 || !isTime || !isCast(next)) continue;
    made[i] = as(phrase, { is: "small" });
    made[i + 1 + but] = as(thought[but]!, { is: "only" });
  }
  return made;
}

/** What an instrument does that is also done by voices. */
const LIKE_VOICES =
  /^(?:humming|chanting|singing|crooning|whispering|speaking|screaming|summend|singend|chantante?s?|cantando)$/i;

/** "A theremin humming" is no choir: so the theremin sounds. */
function soundOf(phrase: Phrase, before?: Phrase): Phrase | undefined {
  const isOf = LIKE_VOICES.test(phrase.written) && isCast(before) &&
    before!.end + 1 === phrase.start;
  return isOf ? as(phrase, { is: "unknown" }) : undefined;
}

const DRUM = /^(?:drum|trommel|tambour|tambor)$/i;
const LONE =
  /\b(?:one|a single|single|just one|only one|eine|un seul|un solo) $/i;
const KIND = /\b(?:snare|tom|kick|bass drum|frame drum|hand drum|side drum)\b/i;

/** "One drum only (snare)" names no kit. */
function loneDrum(text: PromptText, phrase: Phrase): Phrase | undefined {
  const isLone = DRUM.test(phrase.written) && isCast(phrase) &&
    LONE.test(text.before(phrase.start)) &&
    KIND.test(text.after(phrase.end));
  return isLone ? as(phrase, { is: "small" }) : undefined;
}
