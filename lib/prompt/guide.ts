/** The guide to prompts, made from the lexicon itself. */

import { type InstrumentName, INSTRUMENTS } from "../music/music.ts";
import { GENRES } from "./genres.ts";
import { LANGUAGES, type Words } from "./inflect.ts";
import { CONCEPTS } from "./lexicon.ts";
import { characterOf, MOODS } from "./moods.ts";
import { parsePrompt } from "./parse.ts";
import { FIELD_NAMES, meaningOf, modeName, sentencesOf } from "./meanings.ts";
import type { Ask, Fields } from "./types.ts";

/** Prompts that the guide shows with what is understood of them. */
const EXAMPLES = [
  "slow dreamy piano in D minor, 70 bpm, two minutes, no drums, loopable",
  "Lofi hip hop beats to study to, 1 hour",
  "jazz trio with walking bass, medium swing in F, 3:00",
  "chase scene, not too loud, in D or maybe E minor",
  "Am F C G, pop piano, 100 bpm",
  "calm strings, then faster with drums; hit at 0:40, ends softly, 1 minute",
  "intro 8 bars without drums, verse 16 bars, chorus 16 bars louder. rock in G",
  "Ruhiges Klavierstück in d-Moll, ohne Schlagzeug",
  "berceuse pour boîte à musique, mi bémol majeur",
  "guitarra y flauta, sin batería, la menor, dos minutos",
  "hi, could you write a really slow cello piece for our rooftop party?",
] as const;

/** Fields that have a list of words, in the order of the guide. */
const WORDED = [
  "tempo",
  "density",
  "register",
  "loudness",
  "meter",
  "mode",
  "scaleOnly",
  "swing",
  "loop",
  "length",
  "temperature",
  "progression",
] as const satisfies readonly (keyof Fields)[];

const RULES = [
  "What you say outright counts most, then moods, then kinds of music. What you leave open comes from a piece of the training music that fits, or from chance.",
  "Instruments that you name play alone. With a genre, they join its ensemble, in the places of its own instruments; the genre directly before an instrument (“lofi piano”) and “solo”, “only” or “nothing else” keep the others out. A scene brings instruments only where you name none.",
  "“Two violins”, “flute trio”, “string quartet”, “SATB choir” and “piano four hands” are so many players, each with a part of its own; so are the lines of “a two-part invention for harpsichord”.",
  "“No piano” leaves out every piano; “no drums, bass or pads” leaves out all three. “Not too fast” is a limit, “slightly sad” is less of it.",
  "Of “D or maybe F” one is chosen by chance, and told. The same random seed chooses the same.",
  "“Then”, times (“at 0:30”, “after 20 seconds”, “bars 5-8”, “in the second half”, “at the end”) and names of a song's parts with their lengths (“verse 16 bars”) make sections; “building up”, “slower and slower” and the like make lines; “hit at 0:12”, “silence at 0:20” and “fade out” happen at their times. “0-30 pads, 30-60 drums join” and “spring (0:00-0:20): flute” are stretches, “nothing in the last ten seconds but the guitar” is a solo. A form by letters (“ABA, A in C major with strings, B in A minor with oboe”) or parts of a song that come again bring the same music back. “Everything” and “the full band” have all play, “a breakdown at 2:00” few. “Sudden loud bangs” and “loud/soft contrasts” are sudden, and “a gong at 0:20” strikes alone. “From soft to loud” is a line, “from sad to happy” two sections.",
  "“Strings only in the chorus”, “no drums in the second verse” and “the bridge is for two guitars” are of the sections that the prompt lists elsewhere, or else of verse, chorus, verse, chorus.",
  "“Swells every ten seconds”, “4 seconds in, 6 seconds out”, “grows and fades, three times” and “in waves” rise and fall in time. In a jingle of up to eight seconds “going up” has the lines rise note by note. “Busy” and “many notes” have five notes begin in a second, at any tempo.",
  "“A bell every 30 seconds”, “one chord every two bars” and “a drum fill every 4 bars” come so often. “16 bars each” is how long every section is, “same tempo” takes that of the section before, and “back to the beginning” or “the intro comes back at the end” plays the first one again.",
  "“More like X than Y” is X and not Y, “less busy than usual” or “faster than andante” one step from it, “between slow and fast” the middle. A title, what an earlier piece was like (“my last one was too fast”), what is seen in a film and what you play yourself (“leave room for a violin”) ask for nothing else than that suggests.",
  "The key changes as in “key change up a whole step for the last chorus”, “modulates to the relative minor in the middle” or “starts in C, ends in A minor”. The last chord is on the tonic; “ends like a question” leaves it open, “Picardy third” makes it major.",
  "Keys are written as in “C# minor”, “Bbm”, “d-Moll”, “ré mineur” or “la bemol mayor”; chords as in “Am F C G”, “F#m7” or “ii-V-I”; General MIDI's instruments by name, or as in “program 46”, counted from 0.",
  "Words may be English, German, French or Spanish, and misspelt by a letter or two. With every piece you are told of each word what it was taken for, or that it was not understood, cannot be done, or was passed over, as “please” is; and what was chosen.",
] as const;

/** The phrases of a concept, all languages one after the other. */
function phrasesOf(words: Words, except?: string): string {
  const phrases = LANGUAGES.flatMap((language) =>
    words[language]?.split(",").map((phrase) => phrase.trim()) ?? []
  ).filter((phrase) => phrase !== "" && phrase !== except);
  return [...new Set(phrases)].join(", ");
}

const item = (name: string, ...rest: readonly string[]) =>
  `- **${name}**${
    rest.filter(Boolean).map((one, i) => `${i === 0 ? ": " : ". "}${one}`)
      .join("")
  }`;

function asksOf<K extends Ask["is"]>(
  is: K,
): { ask: Extract<Ask, { readonly is: K }>; words: Words }[] {
  return CONCEPTS.flatMap(({ sense, words }) =>
    sense.is === "ask" && sense.ask.is === is
      ? [{ ask: sense.ask as Extract<Ask, { readonly is: K }>, words }]
      : []
  );
}

function fieldLists(): string[] {
  return WORDED.flatMap((field) => {
    const rows = asksOf("set").filter(({ ask }) => field in ask.fields);
    const name = FIELD_NAMES[field];
    return [
      `### ${name[0]!.toUpperCase()}${name.slice(1)}`,
      ...rows.map(({ ask, words }) =>
        item(meaningOf(ask).replace(/^\w+: /, ""), phrasesOf(words))
      ),
    ];
  });
}

function instrumentList(): string[] {
  return asksOf("cast").filter(({ ask }) => !ask.isOpen && !ask.drums)
    .map(({ ask: { name }, words }) => {
      const { programs, isRole } = INSTRUMENTS[name as InstrumentName];
      const what = programs.length === 0
        ? "drum kit"
        : `${isRole ? "role of programs" : "program"} ${programs[0]}`;
      return item(`${name}`, `${what}`, phrasesOf(words, name));
    });
}

function drumList(): string[] {
  return asksOf("cast").flatMap(({ ask: { drums }, words }) =>
    drums ? [item(drums.name, phrasesOf(words, drums.name))] : []
  );
}

function moodList(): string[] {
  return asksOf("mood").map(({ ask: { name }, words }) => {
    const asked = Object.entries(characterOf(MOODS.get(name)!)).map((
      [field, value],
    ) => field === "mode" || field === "tempo" ? value : `${value} ${field}`);
    return item(name, asked.join(", "), phrasesOf(words, name));
  });
}

/** What a kind of music brings, in words. */
function bringsOf(name: string): string {
  const { cast = [], range, meter, swing, mode, walking, ...rest } = GENRES
    .get(name)!;
  const { tempo, density, loudness, register, progression } = rest;
  return [
    cast.join(", "),
    range ? `${range[0]} to ${range[1]} bpm` : tempo,
    meter,
    mode && modeName(mode),
    swing && "swing",
    walking && "walking bass",
    density && `${density} density`,
    register && `${register} register`,
    loudness && `${loudness} loudness`,
    progression && `chords such as ${progression}`,
  ].filter(Boolean).join(", ");
}

const KINDS = [
  ["genre", "Genres", "With an ensemble that named instruments join."],
  ["scene", "Scenes", "With an ensemble for prompts that name no instruments."],
  ["use", "Uses and forms", "Without an ensemble of their own, but for a few."],
  [
    "composer",
    "Composers",
    "Those who died over 70 years ago, by a trait or two. The manner of others is not known here, and told so.",
  ],
] as const;

function genreLists(): string[] {
  return KINDS.flatMap(([kind, title, about]) => [
    `### ${title}`,
    about,
    ...asksOf("genre").filter(({ ask }) => GENRES.get(ask.name)?.kind === kind)
      .map(({ ask: { name }, words }) =>
        item(name, bringsOf(name), phrasesOf(words, name))
      ),
  ]);
}

function otherLists(): string[] {
  return [
    "### What grows or lessens",
    ...asksOf("more").map(({ ask, words }) =>
      item(meaningOf(ask), phrasesOf(words))
    ),
    "### How parts play",
    ...asksOf("manner").map(({ ask, words }) =>
      item(meaningOf(ask), phrasesOf(words))
    ),
    "### What notes keep to",
    "“Not above C5”, “from C4 to G5”, “within an octave”, “no leaps bigger than a fifth”, “stepwise”, “nothing shorter than eighth notes”: of the instrument that the same thought names, or of all. C4 is middle C.",
    "### What cannot be made",
    ...asksOf("cannot").map(({ ask, words }) =>
      item(ask.reason, phrasesOf(words))
    ),
  ];
}

function exampleList(): string[] {
  return EXAMPLES.flatMap((prompt) => {
    const parsed = parsePrompt(prompt);
    return [
      `“${prompt}”`,
      ...parsed.understood.map(({ phrase, meaning }) =>
        `- “${phrase}”: ${meaning}`
      ),
      ...parsed.ignored.map((phrase) => `- “${phrase}”: not understood`),
      ...parsed.passedOver.length === 0
        ? []
        : [`- Passed over: “${parsed.passedOver.join("”, “")}”`],
      ...sentencesOf(parsed).map((sentence) => `- ${sentence}`),
    ];
  });
}

/** Puts blank lines between paragraphs, and none within a list. */
function joinLines(lines: readonly string[]): string {
  return lines.map((line, i) => {
    const isInList = line.startsWith("- ") && lines[i - 1]?.startsWith("- ");
    return (i === 0 ? "" : isInList ? "\n" : "\n\n") + line;
  }).join("") + "\n";
}

/**
 * The guide to prompts, in Markdown: rules, examples as they are read, and every
 * word that is known.
 *
 * @example
 * ```ts
 * import { promptGuide } from "immersic/prompt/prompt.ts";
 * console.assert(promptGuide().startsWith("# What a prompt can say"));
 * ```
 */
export function promptGuide(): string {
  return joinLines([
    "# What a prompt can say",
    "This page is made from the word lists that prompts are read by (`promptGuide()`).",
    "## Rules",
    ...RULES.map((rule) => `- ${rule}`),
    "## Examples, as they are read",
    ...exampleList(),
    "## Moods",
    ...moodList(),
    "## Kinds of music",
    ...genreLists(),
    "## Instruments",
    ...instrumentList(),
    "## Drums, and how they play",
    ...drumList(),
    "## Words of measure",
    ...fieldLists(),
    ...otherLists(),
  ]);
}
