/** The words and phrases that a prompt can use, but for numbers. */

import {
  type InstrumentName,
  INSTRUMENTS,
  type PieceSpec,
  type ScaleName,
} from "../music/music.ts";
import { INSTRUMENT_WORDS } from "./instrument_words.ts";
import { type MoodName, MOODS, STYLE_WORDS, type StyleName } from "./moods.ts";

type Fields = Required<PieceSpec>;

/** What a phrase asks for. */
export type Term =
  | {
    [F in "tempo" | "density" | "register" | "loudness" | "meter"]: {
      readonly kind: F;
      readonly value: Fields[F];
    };
  }["tempo" | "density" | "register" | "loudness" | "meter"]
  | { readonly kind: "temperature"; readonly value: number }
  | { readonly kind: "mode"; readonly value: ScaleName }
  | { readonly kind: "instrument"; readonly value: InstrumentName }
  | { readonly kind: "without"; readonly value: InstrumentName }
  | { readonly kind: "mood"; readonly value: MoodName }
  | { readonly kind: "style"; readonly value: StyleName }
  | { readonly kind: "seconds"; readonly value: number }
  | {
    readonly kind: "loop" | "endless" | "voices" | "instrumental";
  };

/** By phrase, in lower case with single blanks in place of hyphens. */
const PHRASES = new Map<string, Term>();

function say(term: Term, phrases: string): void {
  for (const phrase of phrases.split(",")) PHRASES.set(phrase.trim(), term);
}

for (const name of Object.keys(INSTRUMENTS) as InstrumentName[]) {
  const term: Term = { kind: "instrument", value: name };
  const also = INSTRUMENT_WORDS[name] ?? "";
  for (const phrase of [name, ...also.split(",").filter(Boolean)]) {
    const one = phrase.trim();
    say(term, one);
    if (!one.endsWith("s")) say(term, `${one}s`);
    if (one.endsWith("ss")) say(term, `${one}es`);
  }
}
for (const [value, { also }] of MOODS) {
  say({ kind: "mood", value }, also === "" ? value : `${value}, ${also}`);
}
for (const [value, also] of Object.entries(STYLE_WORDS)) {
  say({ kind: "style", value: value as StyleName }, `${value}, ${also}`);
}

say(
  { kind: "tempo", value: "largo" },
  "largo, very slow, extremely slow, really slow, super slow, very low tempo",
);
say(
  { kind: "tempo", value: "slow" },
  "slow, slowly, slow tempo, low tempo, slow paced, adagio, lento, unhurried",
);
say(
  { kind: "tempo", value: "moderate" },
  "moderate, moderate tempo, moderato, andante, mid tempo, midtempo, medium tempo, medium paced, walking pace",
);
say(
  { kind: "tempo", value: "lively" },
  "lively, lively tempo, allegretto, brisk",
);
say(
  { kind: "tempo", value: "fast" },
  "fast, very fast, really fast, fast tempo, high tempo, fast paced, allegro, presto, vivace, quick, rapid",
);
say(
  { kind: "density", value: "sparse" },
  "sparse, very sparse, sparsely, minimal, minimalist, minimalistic, thin, spacious, uncluttered, few notes, low density",
);
say(
  { kind: "density", value: "medium" },
  "medium density, medium dense, moderately dense",
);
say(
  { kind: "density", value: "dense" },
  "dense, very dense, densely, busy, many notes, lots of notes, high density, intricate, full texture, rich texture",
);
say(
  { kind: "register", value: "low" },
  "low register, low range, low pitched, low notes, low octave, low octaves, deep register, deep notes",
);
say(
  { kind: "register", value: "middle" },
  "middle register, mid register, medium register, middle range, mid range, middle octave, middle octaves",
);
say(
  { kind: "register", value: "high" },
  "high register, high range, high pitched, high notes, high octave, high octaves, upper register, treble",
);
say(
  { kind: "loudness", value: "soft" },
  "soft, softly, very soft, quiet, quietly, very quiet, low volume, hushed, pp, pianissimo",
);
say(
  { kind: "loudness", value: "medium" },
  "medium volume, medium loudness, medium loud, mezzo forte, mezzo piano, mf, mp",
);
say(
  { kind: "loudness", value: "loud" },
  "loud, loudly, very loud, high volume, powerful, ff, forte, fortissimo",
);
say(
  { kind: "meter", value: "3/4" },
  "waltz, waltzing, waltz time, triple meter, triple time",
);
say({ kind: "meter", value: "4/4" }, "common time");
say({ kind: "meter", value: "2/2" }, "cut time, alla breve");

say(
  { kind: "mode", value: "major" },
  "major, major key, major mode, major scale, ionian",
);
say(
  { kind: "mode", value: "minor" },
  "minor, minor key, minor mode, minor scale, aeolian, natural minor",
);
say({ kind: "mode", value: "dorian" }, "dorian, dorian mode");
say({ kind: "mode", value: "phrygian" }, "phrygian, phrygian mode");
say({ kind: "mode", value: "lydian" }, "lydian, lydian mode");
say({ kind: "mode", value: "mixolydian" }, "mixolydian, mixolydian mode");
say({ kind: "mode", value: "locrian" }, "locrian, locrian mode");
say({ kind: "mode", value: "harmonicMinor" }, "harmonic minor");
say({ kind: "mode", value: "melodicMinor" }, "melodic minor");
say(
  { kind: "mode", value: "majorPentatonic" },
  "major pentatonic, pentatonic major, pentatonic",
);
say(
  { kind: "mode", value: "minorPentatonic" },
  "minor pentatonic, pentatonic minor",
);

say(
  { kind: "temperature", value: 1.15 },
  "adventurous, experimental, surprising, unpredictable, daring, wild",
);
say(
  { kind: "temperature", value: 0.85 },
  "safe, conservative, predictable, cautious, conventional",
);

say(
  { kind: "loop" },
  "loop, loops, looping, looped, loopable, seamless loop, endless loop, infinite loop, seamlessly looping",
);
say(
  { kind: "endless" },
  "endless, endlessly, infinite, neverending, never ending, forever, endless stream",
);
say(
  { kind: "seconds", value: 30 },
  "short piece, short track, short song, short tune, short clip, short music",
);
say(
  { kind: "seconds", value: 240 },
  "long piece, long track, long song, long tune, long music",
);
say(
  { kind: "without", value: "drums" },
  "drum free, drumless, drumfree, beatless, percussion free",
);
say(
  { kind: "voices" },
  "vocals, vocal, voice, voices, singing, singer, lyrics",
);
say({ kind: "instrumental" }, "instrumental");

const MOST_WORDS = Math.max(
  ...[...PHRASES.keys()].map((phrase) => phrase.split(" ").length),
);

/**
 * The longest known phrase at the beginning of some words.
 *
 * @param words In lower case, in the order they were written.
 * @returns What it asks for and how many words it has; undefined if there is none.
 */
export function termAt(
  words: readonly string[],
): { term: Term; count: number } | undefined {
  for (let count = Math.min(MOST_WORDS, words.length); count > 0; count--) {
    const term = PHRASES.get(words.slice(0, count).join(" "));
    if (term) return { term, count };
  }
  return undefined;
}

/**
 * Words that ask for nothing by themselves and are reported neither as understood
 * nor as ignored.
 */
export const SMALL_WORDS: ReadonlySet<string> = new Set(
  `a about also an and any approximately are around as at be bit both but by can
  could create featuring feel feeling following for from generate give go goes
  going have having i i'd i'm in instrument instruments into is it it's its just
  key like little make making me mode mood music musical my need of on only or
  our over piece please play played playing plus quite rather really roughly
  scale set should so solo some something song sound sounding sounds tempo than
  that the then this time to track tune under use using very want wants we with
  would write you your compose composition style vibe x`
    .split(/\s+/),
);
