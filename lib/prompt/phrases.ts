/** Cuts a prompt into phrases, each the longest that is known at its place. */

import { chordsAt } from "./chord_symbols.ts";
import { closingAt } from "./closings.ts";
import { countAt } from "./counts.ts";
import { deniedAt, labelAt } from "./denied.ts";
import { formAt, hasForm, letterAt, wordFormAt } from "./forms.ts";
import { holdAt } from "./holds.ts";
import { keyAt } from "./keys.ts";
import { LONGEST_PHRASE, phraseAt, SMALL_WORDS } from "./lexicon.ts";
import { modulationAt } from "./modulations.ts";
import { nameAt } from "./names.ts";
import { BUILDINGS, HAND, isOtherwise, OWN_PART } from "./other_meanings.ts";
import { partPlaceAt } from "./part_places.ts";
import { phaseAt } from "./phases.ts";
import { partRefAt } from "./part_refs.ts";
import { limitAt } from "./pitch_limits.ts";
import { recurrenceAt } from "./recurrences.ts";
import { ordinalAt, sectionsAt } from "./section_counts.ts";
import { handsAt } from "./several.ts";
import { quantityAt } from "./quantities.ts";
import { swellAt } from "./swells.ts";
import { tempoLineAt } from "./tempo_lines.ts";
import type { PromptText, Word } from "./text.ts";
import { runningTimeAt } from "./running_times.ts";
import { listedTimeAt, silenceAt, timeAt } from "./times.ts";
import type { Ask, Phrase, Sense } from "./types.ts";
import {
  asked,
  type Found,
  group,
  program,
  startsAt,
  wordAt,
} from "./words.ts";

/** The phrases of a prompt, breaks included, in the order written. */
export function phrasesOf(text: PromptText): Phrase[] {
  const phrases: Phrase[] = [];
  const context = {
    hasManyTimes: countTimes(text) > 1,
    hasForm: hasForm(text),
  };
  for (let at = 0; at < text.length;) {
    const found = denied(text, at) ?? breakAt(text, at) ?? listed(text, at) ??
      longestAt(text, at, { ...context, isOfEvent: isEvent(phrases) }) ??
      wordAt(text, at);
    if (found) {
      const { end, ...rest } = found;
      phrases.push({ start: at, end, written: text.written(at, end), ...rest });
    }
    at = found?.end ?? at + 1;
  }
  return phrases.map((phrase, i) => {
    const before = phrases[i - 1];
    const sense: Sense = isLeading(phrase, before)
      ? asked({ is: "manner", manner: "leads", side: "before" })
      : registerAfter(phrase, before) ?? phrase.sense;
    return { ...phrase, sense };
  });
}

/** What happens at a time that may follow directly, as "stab (0:17)". */
const EVENTS: readonly Sense["is"][] = [
  "hit",
  "silence",
  "enter",
  "return",
  "leave",
  "abrupt",
];

/** Whether the thought that is being read is of something that happens. */
function isEvent(phrases: readonly Phrase[]): boolean {
  const from = phrases.findLastIndex(({ sense }) =>
    sense.is === "break" && sense.edge !== "open"
  );
  return phrases.slice(from + 1).some(({ sense }) => EVENTS.includes(sense.is));
}

/** "Strings high", "cello low": the register of the instrument before it. */
function registerAfter(
  { sense, written }: Phrase,
  before?: Phrase,
): Sense | undefined {
  const register = /^(?:low|tief|grave|graves)$/i.test(written)
    ? "low"
    : /^(?:high|hoch|aigus?|agudos?)$/i.test(written)
    ? "high"
    : undefined;
  const isOfCast = before?.sense.is === "ask" && before.sense.ask.is === "cast";
  const isOpen = sense.is === "small" ||
    sense.is === "ask" && sense.ask.is === "set" &&
      sense.ask.fields.register !== undefined;
  return register && isOfCast && isOpen
    ? asked({ is: "set", fields: { register }, ofPart: "before" })
    : undefined;
}

/** Whether a "lead" or a "melody" is what the instrument before it plays. */
function isLeading({ sense, written }: Phrase, before?: Phrase): boolean {
  const isCast = (one?: Sense) =>
    one?.is === "ask" && one.ask.is === "cast" && one.ask.name !== "drums";
  return /^(?:leads?|melod(?:y|ies|ie|ia|ía))$/i.test(written) &&
    isCast(sense) && isCast(before?.sense);
}

function countTimes(text: PromptText): number {
  return text.before(text.length).match(/\b\d{1,2}:\d\d\b/g)?.length ?? 0;
}

const HARD = /\.{1,3}(?!\d)|[;!?\n[\]{}|]|\/\/| \/ | - (?!\d)/uy;
const SOFT = /[,()]|:(?!\d)|"/uy;

function breakAt(text: PromptText, at: number): Found | undefined {
  const hard = text.match(HARD, at);
  if (hard) {
    return { end: at + hard[0].length, sense: { is: "break", hard: true } };
  }
  const soft = text.match(SOFT, at);
  if (!soft) return undefined;
  const edge = soft[0] === "(" ? "open" : soft[0] === ")" ? "close" : undefined;
  return {
    end: at + soft[0].length,
    sense: { is: "break", hard: false, ...edge && { edge } },
  };
}

function longestAt(
  text: PromptText,
  at: number,
  { hasManyTimes, hasForm, isOfEvent }: {
    readonly hasManyTimes: boolean;
    readonly hasForm: boolean;
    /** Whether what stands before happens at a time. */
    readonly isOfEvent: boolean;
  },
): Found | undefined {
  if (!startsAt(text, at)) return undefined;
  const letter = hasForm ? letterAt(text, at) ?? formAt(text, at) : undefined;
  if (letter) return letter;
  const candidates: (Found | undefined)[] = [
    timed(text, at, { hasManyTimes, isOfEvent }),
    ofAsk(quantityAt(text, at)),
    recurrenceAt(text, at),
    ofAsk(swellAt(text, at)),
    silent(text, at),
    ofAsk(countAt(text, at)),
    ofAsk(keyAt(text, at)),
    modulated(text, at),
    ofAsk(closingAt(text, at)),
    chords(text, at),
    program(text, at),
    ofAsk(limitAt(text, at)),
    ofAsk(holdAt(text, at)),
    ofAsk(tempoLineAt(text, at)),
    ofAsk(partPlaceAt(text, at)),
    partRefAt(text, at),
    group(text, at),
    lexical(text, at),
    bassDrum(text, at),
    lastChord(text, at),
    phaseAt(text, at),
    handsAt(text, at),
    placed(text, at),
    named(text, at),
    ordinalAt(text, at),
    sectionsAt(text, at),
    wordFormAt(text, at),
    denied(text, at),
  ];
  return candidates.reduce((longest, found) =>
    found && (!longest || found.end > longest.end) ? found : longest
  );
}

/** A phrase that asks for something. */
function ofAsk(
  found: { readonly end: number; readonly ask: Ask } | undefined,
): Found | undefined {
  return found && { end: found.end, sense: asked(found.ask) };
}

function listed(text: PromptText, at: number): Found | undefined {
  const found = runningTimeAt(text, at) ?? listedTimeAt(text, at);
  if (!found) return undefined;
  const { end, from, to } = found;
  return { end, sense: { is: "at", from, ...to && { to } } };
}

function timed(
  text: PromptText,
  at: number,
  { hasManyTimes, isOfEvent }: {
    readonly hasManyTimes: boolean;
    readonly isOfEvent: boolean;
  },
): Found | undefined {
  const found = timeAt(text, at);
  if (!found) {
    const to = text.match(
      /(?:(?:to|bis) (?=\d{1,2}:\d\d)|(?:before|vor|avant|antes de|prima di|voor) (?=(?:\d{1,2}:\d\d|bar \d|takt \d|\d+ ?(?:s|sec|seconds?|bars?)\b|halfway|the (?:halfway|middle|half|second half|last \d|end)\b)))/y,
      at,
    );
    return to ? { end: at + to[0].length, sense: { is: "until" } } : undefined;
  }
  const { end, from, to, isBare, isLater, span, relation } = found;
  // "2:30" by itself is a length, unless there are several such times.
  const isListed = /\d:\d\d,? (?:and )?$/.test(text.before(at)) ||
    /^ ?(?!total|long|in total|min|of )\p{L}|^ ?[,;.]? ?(?:and )?\d|^ *$/u.test(
      text.after(end),
    );
  const isNamed =
    /(?:until|till?|by|before|at|from|to|bis|ab|hasta|jusqu'à)\s*$/i
      .test(text.before(at));
  const isOf = /^ of (?!the\b)/.test(text.after(end));
  const isTotal = /^ ?(?:in )?(?:total|all|altogether|overall|long|lang)\b/i
    .test(text.after(end)) ||
    /\b(?:(?:whole|entire|full) (?:thing|piece|track|cue|song)|in (?:all|total)|total(?: (?:length|time))?|altogether|overall|l[aä]nge|insgesamt|dur[eé]e(?: totale)?|duraci[oó]n)(?: (?:is|of|about|lasts?|runs?|de|es))?[:=]? ?$/i
      .test(text.before(at));
  const isLength = isBare && !isNamed &&
    (isOf || isTotal || !(hasManyTimes && isListed) && !isOfEvent);
  if (isLength) return undefined;
  return {
    end,
    sense: {
      is: "at",
      from,
      ...to && { to },
      ...isLater && { isLater },
      ...span && { span },
      ...relation && { relation },
    },
  };
}

function silent(text: PromptText, at: number): Found | undefined {
  const found = silenceAt(text, at);
  return found &&
    {
      end: found.end,
      sense: {
        is: "silence",
        ...found.seconds !== undefined && { seconds: found.seconds },
      },
    };
}

function modulated(text: PromptText, at: number): Found | undefined {
  const found = modulationAt(text, at);
  return found &&
    { end: found.end, sense: asked({ is: "modulate", to: found.to }) };
}

function chords(text: PromptText, at: number): Found | undefined {
  const found = chordsAt(text, at);
  if (!found) return undefined;
  const { end, progression } = found;
  return { end, sense: asked({ is: "set", fields: { progression } }) };
}

function denied(text: PromptText, at: number): Found | undefined {
  const found = deniedAt(text, at);
  if (found) return { end: found.end, sense: { is: "denied" } };
  const label = labelAt(text, at);
  return label && { end: label.end, sense: { is: "only" } };
}

function lexical(text: PromptText, at: number): Found | undefined {
  const words = text.words(at, LONGEST_PHRASE);
  const found = withoutLast(words.map((word) => word.text));
  const last = found && words[found.count - 1];
  const isCast = found?.sense.is === "ask" && found.sense.ask.is === "cast";
  if (last && isCast && OWN_PART.test(text.before(at))) {
    return { end: last.end, sense: { is: "unknown" } };
  }
  if (!last || found.count === 1 && isKeyLetter(text, last)) return undefined;
  const [only] = words;
  // "The last chord piano", "subito piano" and "dynamics: piano" are soft.
  const isSoft = found.count === 1 && only!.text === "piano" &&
    (DYNAMICS.test(text.before(at)) ||
      // "8 bars forte, 8 bars piano".
      /\bbars $/i.test(text.before(at)) &&
        /\bforte\b/i.test(text.written(0, text.length))) &&
    /^ *(?:$|[,;.!)])/.test(text.after(last.end));
  if (isSoft) {
    return {
      end: last.end,
      sense: asked({ is: "set", fields: { loudness: "soft" } }),
    };
  }
  if (
    (found.count === 1 || HAND.test(text.after(at))) &&
    isOtherwise(text, at, only!)
  ) {
    const is = BUILDINGS.test(only!.text) ? "unknown" : "small";
    return { end: last.end, sense: { is } };
  }
  if (
    /^(?:timbales?|clave)$/.test(only!.text) &&
    LATIN.test(text.written(0, text.length))
  ) {
    return { end: last.end, sense: asked({ is: "cast", name: "drums" }) };
  }
  // "The first day" is no time, "piano first" is.
  const isNoun = found.count === 1 && last.text === "first" &&
    /^ \p{L}/u.test(text.after(last.end));
  return {
    end: last.end,
    sense: isNoun ? { is: "small" } : found.sense,
  };
}

/**
 * The longest phrase at the beginning of words, but where its last word begins the
 * name of an instrument: a "short music box" is no short music.
 */
function withoutLast(words: readonly string[]) {
  const found = phraseAt(words);
  if (!found || found.count < 2) return found;
  const next = phraseAt(words.slice(found.count - 1));
  const isCast = next?.sense.is === "ask" && next.sense.ask.is === "cast";
  return isCast && next.count > 1
    ? phraseAt(words.slice(0, found.count - 1))
    : found;
}

const DYNAMICS =
  /\b(?:(?:last|final|closing) (?:chord|note|bar)s?|sempre|molto|mezzo|dynamics?|dynamik|nuances?)(?: is| are| very)?:? $/i;
const LAST_CHORD =
  /(?:(?:on )?(?:the|a) )?(?:last|final) (?:chord|note)s?(?= (?:(?:is|are|very) )*(?:piano|pianissimo|soft|quiet|loud|forte|fortissimo|leise|laut)(?![\p{L}]))/uy;

/** "The last chord soft": when that is. */
function lastChord(text: PromptText, at: number): Found | undefined {
  const match = text.match(LAST_CHORD, at);
  return match
    ? { end: at + match[0].length, sense: { is: "at", from: "end" } }
    : undefined;
}

/** "No bass drum" is of the kick, "piano, bass drums" of two players. */
function bassDrum(text: PromptText, at: number): Found | undefined {
  const match = text.match(/bass drum(?![\p{L}\p{N}])/uy, at);
  const isOne =
    /(?:^|[,;.:(+&\n]|\b(?:no|an?|the|and|with|without|only|just|or|plus|but|one|single|deep|soft|big|low|dull|heavy|hard|muffled)) *$/i
      .test(text.before(at));
  const kick = phraseAt(["kick"]);
  return match && isOne && kick
    ? { end: at + match[0].length, sense: kick.sense }
    : undefined;
}

/** Where timbales are no timpani, and a clave is no harpsichord. */
const LATIN = /salsa|latin|cuba|mambo|merengue|conga|cha cha|timba\b/i;

/** "high strings", "low piano": before an instrument these name a register. */
function placed(text: PromptText, at: number): Found | undefined {
  const [word, ...rest] = text.words(at, LONGEST_PHRASE);
  const register = word?.text;
  if (!word || register !== "high" && register !== "low") return undefined;
  const names = rest.map((one) => one.text);
  // "Low shivery strings".
  const from = names.findIndex((name, i) =>
    i > 2 || SMALL_WORDS.has(name) || phraseAt(names.slice(i)) !== undefined
  );
  const sense = phraseAt(names.slice(Math.max(0, from)))?.sense;
  const isAlone =
    /^ ?(?:$|[,;.]|and\b|und\b|(?:in|at|until|from|during|throughout|after|before)\b(?! the (?:mix|mountains?|sky|hills?|air|clouds?|alps|tower)))/
      .test(text.after(word.end));
  const isDrone = rest[0]?.text === "drone";
  const ofPart = sense?.is === "ask" && sense.ask.is === "cast";
  if (!isAlone && !isDrone && !ofPart) return undefined;
  const ask: Ask = { is: "set", fields: { register }, ofPart };
  return { end: word.end, sense: asked(ask) };
}

/** Whether a word is a capital letter, which is no "e" or "o" of a language. */
function isKeyLetter(text: PromptText, { start, end, text: word }: Word) {
  return word.length === 1 && /[A-Z]/.test(text.written(start, end));
}

function named(text: PromptText, at: number): Found | undefined {
  const found = nameAt(text, at);
  return found && { end: found.end, sense: { is: "name", name: found.name } };
}
