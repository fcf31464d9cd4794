/** Keys: "C# minor", "d-Moll", "mi bémol majeur", "in F". */

import type { ScaleName } from "../music/music.ts";
import { NATURALS, SYLLABLES } from "./naturals.ts";
import type { PromptText } from "./text.ts";
import type { Ask } from "./types.ts";

/** A key found in a prompt. */
export interface FoundKey {
  readonly end: number;
  readonly ask: Ask;
}

const MODES: Readonly<Record<string, ScaleName>> = {
  "harmonic minor": "harmonicMinor",
  "melodic minor": "melodicMinor",
  "natural minor": "minor",
  "minor pentatonic": "minorPentatonic",
  "pentatonic minor": "minorPentatonic",
  "major pentatonic": "majorPentatonic",
  "pentatonic major": "majorPentatonic",
  "pentatonic": "majorPentatonic",
  "major": "major",
  "minor": "minor",
  "maj": "major",
  "min": "minor",
  "dorian": "dorian",
  "phrygian": "phrygian",
  "lydian": "lydian",
  "mixolydian": "mixolydian",
  "aeolian": "minor",
  "ionian": "major",
  "locrian": "locrian",
  // As people spell them.
  "phrigian": "phrygian",
  "phyrgian": "phrygian",
  "frygian": "phrygian",
  "frigian": "phrygian",
  "lidian": "lydian",
  "mixolidian": "mixolydian",
  // Other languages.
  "dur": "major",
  "moll": "minor",
  "majeur": "major",
  "mineur": "minor",
  "mayor": "major",
  "menor": "minor",
  "maggiore": "major",
  "minore": "minor",
  "maior": "major",
  "groot": "major",
  "klein": "minor",
  "groote": "major",
  "kleine": "minor",
  "dorisch": "dorian",
  "phrygisch": "phrygian",
  "lydisch": "lydian",
  "mixolydisch": "mixolydian",
  "dorien": "dorian",
  "dorico": "dorian",
  "lydien": "lydian",
  "phrygien": "phrygian",
  "mixolydien": "mixolydian",
  "lidio": "lydian",
  "frigio": "phrygian",
  "mixolidio": "mixolydian",
};
const modesOf = (names: readonly string[]) => `(${names.join("|")})`;
const ENGLISH = modesOf(Object.keys(MODES).slice(0, 25));
const SIGN = "#+|♯|♭|bb?(?![a-z])|[ -]?sharp|[ -]?flat";
const ACCIDENTAL = `(${SIGN})?`;
/** Tonics as German and Dutch write them; B alone is B flat in German. */
const GERMAN: Readonly<Record<string, number>> = {
  ...NATURALS,
  b: 10,
  h: 11,
  cis: 1,
  dis: 3,
  fis: 6,
  gis: 8,
  ais: 10,
  des: 1,
  es: 3,
  ges: 6,
  as: 8,
  bes: 10,
  ces: 11,
};
const TONICS_BY_SYLLABLE: Readonly<Record<string, number>> = {
  ...SYLLABLES,
  ut: 0,
};
/** What follows "a minor" where "a" is an article. */
const THINGS =
  /^ (?:key|mode|scale|tonality|piece|song|tune|track|loop|ballad|theme|waltz|mood|feel|sound)/i;
const END = "(?![\\p{L}\\p{N}#])";
const sticky = (source: string) => new RegExp(source + END, "uy");

/** By expression: what stands in it. */
const WITH_MODE = sticky(
  `([a-z])${ACCIDENTAL}[ -]?${ENGLISH}(?: (?:key|scale|mode))?`,
);
const AFTER_MODE = sticky(
  `${ENGLISH}(?: scale)? (?:on|in) ([a-g])${ACCIDENTAL}`,
);
const WITH_M = sticky("([a-g])(#|♯|b|♭)?m");
const AFTER_IN = sticky(
  `(?:in |(?:in )?(?:the )?(?:key|tonic|root)(?:(?: of| is| =)? |: ?))(?:the key of )?([a-z])(?!(?:${SIGN})?[ -]?${ENGLISH})${ACCIDENTAL}`,
);
/** "D drone", and "D" of "drone on D" or "one chord D". */
const OF_DRONE =
  /([a-g])(#|♯|b|♭|[ -]?sharp|[ -]?flat)?(?=[ -](?:drone|pedal(?:[ -](?:point|note|tone))?|ostinato|vamp|bordun|orgelpunkt|bourdon)s?(?![\p{L}]))/uy;
const ON_DRONE =
  /(?:(?:on |in |of |auf |sur |en )?)([a-g])(#|♯|b|♭|[ -]?sharp|[ -]?flat)?(?![\p{L}\p{N}#])/uy;
const DRONE_BEFORE =
  /(?:drone|pedal(?: point| note| tone)?|ostinato|vamp|one chord(?: only)?|single chord|centr?e?r?ed|root(?: note)?|tonic|bordun|orgelpunkt|bourdon|grundton)[: ,]*$/i;
const WITH_SIGN = sticky("([a-h])(##?|♯|♭|b|[ -]?sharp|[ -]?flat)");
const ALONE = /([A-G])(?= *(?:$|[,;.!?\n)\]|:]|\/\/|or |and then|->|→))/uy;
const IN_GERMAN = sticky(
  `(?:in )?(${
    Object.keys(GERMAN).toSorted((a, b) => b.length - a.length).join("|")
  })[ -]?(dur|moll|dorisch|phrygisch|lydisch|mixolydisch)`,
);
const IN_DUTCH = sticky(
  "(?:in )?(bes|es|as|[a-g])(is)? (groot|klein|groote?|kleine|majeur|mineur)(?: terts)?",
);
/** "The relative minor of Eb", and "drop D", a guitar's tuning around its tonic. */
const RELATIVE = sticky(
  `(?:in )?(?:the )?(relative|parallel) (minor|major) (?:of|to) ([a-g])${ACCIDENTAL}(?: (?:major|minor))?`,
);
const TUNED = sticky(
  `(?:(?:in )?drop(?:ped)? ([a-d])${ACCIDENTAL}(?: tuning)?|(?:around |on |with )?(?:an? )?([a-g])${ACCIDENTAL} (?:as (?:the |a )?)?(?:tonal )?(?:tonic|cent(?:re|er)|root|home(?: note)?))`,
);
const IN_SYLLABLES = sticky(
  `(?:(?:en|in|em) )?(${
    Object.keys(TONICS_BY_SYLLABLE).join("|")
  })(?:[ -](diese|bemol|bemolle|sostenido|sustenido|diesis))?[ -](majeur|mineur|mayor|menor|maggiore|minore|maior|dorien|dorico|(?<!(?:do|si|ut) )m(?:ajor|inor))`,
);

/** The shift of an accidental in semitones; NaN of a double one. */
function shiftOf(accidental: string): number {
  const sign = accidental.replace(/[ -]/g, "");
  if (sign === "") return 0;
  if (/^(?:#|♯|sharp|diese|sostenido|sustenido|diesis|is)$/.test(sign)) {
    return 1;
  }
  return /^(?:b|♭|flat|bemol|bemolle)$/.test(sign) ? -1 : NaN;
}

function keyAsk(letter: string, accidental: string, mode?: ScaleName): Ask {
  // The German H is B.
  const natural = letter === "h" ? 11 : NATURALS[letter];
  const shift = shiftOf(accidental);
  if (natural === undefined || Number.isNaN(shift)) {
    return {
      is: "cannot",
      reason:
        "a key is on one of the notes A to G, with at most one sharp (#) or flat (b)",
      instead: "the key is left open",
    };
  }
  return asKey((natural + shift + 12) % 12, mode);
}

function asKey(tonic: number, mode?: ScaleName): Ask {
  return { is: "set", fields: { tonic, ...mode && { mode } } };
}

/** The longest key at a place of a prompt. */
export function keyAt(text: PromptText, at: number): FoundKey | undefined {
  return relativeAt(text, at) ?? tunedAt(text, at) ?? germanAt(text, at) ??
    syllablesAt(text, at) ?? englishAt(text, at) ??
    droneAt(text, at) ?? afterModeAt(text, at) ?? minorAt(text, at) ??
    afterInAt(text, at) ?? signedAt(text, at) ?? reachedAt(text, at) ??
    aloneAt(text, at);
}

function relativeAt(text: PromptText, at: number): FoundKey | undefined {
  const match = text.match(RELATIVE, at);
  if (!match) return undefined;
  const [all, kin, mode, letter, accidental = ""] = match;
  const tonic = NATURALS[letter!]! + shiftOf(accidental);
  const shift = kin === "parallel" ? 0 : mode === "minor" ? 9 : 3;
  return {
    end: at + all.length,
    ask: asKey((tonic + shift + 12) % 12, MODES[mode!]),
  };
}

function tunedAt(text: PromptText, at: number): FoundKey | undefined {
  const match = text.match(TUNED, at);
  if (!match) return undefined;
  const letter = match[1] ?? match[3]!, sign = match[2] ?? match[4] ?? "";
  return { end: at + match[0].length, ask: keyAsk(letter, sign) };
}

function germanAt(text: PromptText, at: number): FoundKey | undefined {
  const german = text.match(IN_GERMAN, at);
  if (german) {
    const [all, tonic, mode] = german;
    return { end: at + all.length, ask: asKey(GERMAN[tonic!]!, MODES[mode!]) };
  }
  const dutch = text.match(IN_DUTCH, at);
  if (!dutch) return undefined;
  const [all, letter, sharp = "", mode] = dutch;
  const tonic = (GERMAN[letter!]! + (letter === "b" ? 1 : 0) +
    shiftOf(sharp)) % 12;
  return { end: at + all.length, ask: asKey(tonic, MODES[mode!]) };
}

function syllablesAt(text: PromptText, at: number): FoundKey | undefined {
  const match = text.match(IN_SYLLABLES, at);
  if (!match) return undefined;
  const [all, syllable, sign = "", mode] = match;
  const tonic = (TONICS_BY_SYLLABLE[syllable!]! + shiftOf(sign) + 12) % 12;
  return { end: at + all.length, ask: asKey(tonic, MODES[mode!]) };
}

function englishAt(text: PromptText, at: number): FoundKey | undefined {
  const match = text.match(WITH_MODE, at);
  if (!match) return undefined;
  const [all, letter, accidental = "", mode] = match;
  const end = at + all.length;
  const phrase = text.written(at, end);
  const afterMode = all.endsWith(mode!)
    ? text.after(end)
    : all.slice(all.indexOf(mode!) + mode!.length);
  const hasArticle = letter === "a" && accidental === "" &&
    phrase.startsWith("a ") && THINGS.test(afterMode) &&
    !/\bkey of\s*$/i.test(text.before(at));
  // Without a blank it is a word, as "amin…", or the name of a chord.
  const isWord = accidental === "" && all[1] !== " " && all[1] !== "-" &&
    phrase[0] === letter;
  if (hasArticle || isWord) return undefined;
  return { end, ask: keyAsk(letter!, accidental, MODES[mode!]) };
}

/** "D drone", "drone on D", "one chord, D". */
function droneAt(text: PromptText, at: number): FoundKey | undefined {
  const before = text.match(OF_DRONE, at);
  const match = before ?? text.match(ON_DRONE, at);
  if (!match || !before && !DRONE_BEFORE.test(text.before(at))) {
    return undefined;
  }
  const [all, letter, accidental = ""] = match;
  const end = at + all.length;
  // "A drone" has an article, "A drone" alone perhaps not: both want a drone.
  const isArticle = letter === "a" && accidental === "" ||
    !/[A-G]/.test(text.written(at, end).replace(/^(?:on|in|of) /i, ""));
  return isArticle ? undefined : { end, ask: keyAsk(letter!, accidental) };
}

/** "Harmonic minor on E". */
function afterModeAt(text: PromptText, at: number): FoundKey | undefined {
  const match = text.match(AFTER_MODE, at);
  if (!match) return undefined;
  const [all, mode, letter, accidental = ""] = match;
  const isArticle = letter === "a" && accidental === "" &&
    text.written(at + all.length - 1, at + all.length) === "a";
  return isArticle ? undefined : {
    end: at + all.length,
    ask: keyAsk(letter!, accidental, MODES[mode!]),
  };
}

function minorAt(text: PromptText, at: number): FoundKey | undefined {
  const match = text.match(WITH_M, at);
  if (!match) return undefined;
  const [all, letter, accidental = ""] = match;
  const end = at + all.length;
  const phrase = text.written(at, end);
  const isName = phrase.endsWith("m") &&
    (phrase[0] !== letter
      ? !/^ I\b/.test(text.after(end))
      : isLast(text, at, end));
  return isName
    ? { end, ask: keyAsk(letter!, accidental, "minor") }
    : undefined;
}

/** Whether a phrase stands between punctuation, as "am" in "piano, am". */
function isLast(text: PromptText, at: number, end: number): boolean {
  return /[,;:(]\s*$/.test(text.before(at)) &&
    /^\s*(?:$|[,;.)\]])/.test(text.after(end));
}

function afterInAt(text: PromptText, at: number): FoundKey | undefined {
  const match = text.match(AFTER_IN, at);
  if (!match) return undefined;
  // The second group is within what must not follow.
  const [all, letter, , accidental = ""] = match;
  const end = at + all.length;
  // "in a …", "in A slow tempo": an article, unless no noun follows.
  const isArticle = letter === "a" && accidental === "" &&
    !/^\s*(?:$|[^\p{L}\s]|(?:and|at|for|with|no|without|or)\b)/u.test(
      text.after(end),
    );
  // "in e…" of another language, and "in i…".
  const isWord = /^in [^A-Z]$/.test(text.written(at, end)) && letter !== "a" &&
    NATURALS[letter!] === undefined;
  if (isArticle || isWord) return undefined;
  return { end, ask: keyAsk(letter!, accidental) };
}

function signedAt(text: PromptText, at: number): FoundKey | undefined {
  const match = text.match(WITH_SIGN, at);
  if (!match) return undefined;
  const [all, letter, accidental = ""] = match;
  const phrase = text.written(at, at + all.length);
  if (phrase[0] === letter || /^A /.test(phrase)) return undefined;
  return { end: at + all.length, ask: keyAsk(letter!, accidental) };
}

/** A capital at which the music starts or arrives, as in "begins in C", "from G to A". */
const REACHED =
  /([A-G])(?![\p{L}\p{N}#'♯♭-])(?! [a-z]+ (?:note|string|section|part))/uy;
const STARTS_IN =
  /\b(?:starts?|starting|begins?|beginning|opens?|opening|ends?|ending|finish(?:es|ing)?|concludes?|back|again|returns?|returning) (?:off )?(?:in|on|to) $/i;
const CHANGES =
  /\b(?:key|modulat\w*|transpos\w*|moduliert|tonart)\b[^.;\n]*\b(?:from|to|into|nach|zu|von|vers|en) $/i;

function reachedAt(text: PromptText, at: number): FoundKey | undefined {
  const match = text.matchWritten(REACHED, at);
  const before = text.before(at);
  const isReached = STARTS_IN.test(before) || CHANGES.test(before) ||
    // "From G to A": after a key comes another.
    /\bfrom [A-G](?:#|b|♯|♭| minor| major)? to $/.test(before) ||
    /\bfrom $/.test(before) &&
      /^[A-G] to [A-G](?:\b|[#♯♭])/.test(text.after(at));
  // "In A slow tempo": an article, unless no noun follows.
  const isArticle = match?.[1] === "A" &&
    /^ (?!and\b|then\b|to\b|at\b|with\b|for\b|but\b)[a-z]/.test(
      text.after(at + 1),
    );
  return match && isReached && !isArticle
    ? { end: at + 1, ask: keyAsk(match[1]!.toLowerCase(), "") }
    : undefined;
}

/** A capital by itself, as in "pop rock, G, 118 bpm" and "in D or F". */
function aloneAt(text: PromptText, at: number): FoundKey | undefined {
  const match = text.matchWritten(ALONE, at);
  const before = text.before(at);
  const isAlone = /(?:^|[,;:.(|\n]|\/\/|\bor(?: maybe| perhaps)?)\s*$/i.test(
    before,
  );
  return match && isAlone
    ? { end: at + 1, ask: keyAsk(match[1]!.toLowerCase(), "") }
    : undefined;
}
