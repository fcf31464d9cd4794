/**
 * What the user is told of a prompt: whether an answer in words is given, and whether
 * something is said about what is missing.
 */

import type { Requirement, RequirementOf } from "./requirement.ts";
import { type Verdict, verdict } from "./verdict.ts";

/** What a composition tells its user. */
export interface Told {
  /** Phrases that were understood, and their meaning. */
  readonly understood: readonly { phrase: string; meaning: string }[];
  /** Words that were told as not understood. */
  readonly ignored: readonly string[];
  /** Sentences on what could not be met, what was chosen, what was taken instead. */
  readonly notes: readonly string[];
}

/** How a requirement that is not met was dealt with in words. */
export type Treatment =
  /** A sentence says that it is missing, or its words were told as not understood. */
  | "told"
  /** Its words were told as understood, and nothing says that it is missing. */
  | "believed"
  /** Nothing of what is told covers it. */
  | "silent";

/** Words that mean an admission: it cannot be, or something else was taken. */
const DENIAL =
  /\b(?:no|not|none|never|cannot|can't|unknown|without|instead|instrumental|nothing)\b/i;
const CHOICE =
  /\b(?:chose|chosen|chance|choice|taken|took|picked|pick|rather|instead|alternative)/i;
const CONTRADICTION =
  /contradict|conflict|exclude|cannot both|not both|against|followed|instead|wins|taken|rather|after the end|beyond the end|too late|overrid/i;

/** Words of a sentence that say nothing on their own. */
const EMPTY_WORDS = new Set(
  "the and are for that this not with was were which what known style rest prompt obeyed taken cannot made music whether counted from against followed done recordings words one game's make out all way"
    .split(" "),
);

const wordsOf = (text: string): string[] =>
  text.toLowerCase().match(/[\p{L}\p{N}#']+/gu) ?? [];

/** Words of a requirement on what is to be told, but for empty ones. */
function keywordsOf(what: string): string[] {
  return wordsOf(what).filter((word) =>
    !EMPTY_WORDS.has(word) && (word.length > 2 || /^[a-g][#b]?$/.test(word))
  );
}

/** Other words for what a requirement names. */
const SAME: Readonly<Record<string, RegExp>> = {
  singing: /sing|vocal|voice|lyric|shout|text/i,
  upload: /upload|remix|yesterday/i,
  rain: /rain|thunder|recording/i,
  metre: /met(?:er|re)/i,
};

/** Checks an answer in words. */
export function checkTold(
  told: Told,
  { topic, what }: RequirementOf<"told">,
): Verdict {
  const { ignored, notes, understood } = told;
  const keywords = keywordsOf(
    topic === "name-not-known" ? what.split(" is not ")[0]! : what,
  );
  const names = (text: string, least = 1) =>
    keywords.filter((word) => wordsOf(text).includes(word)).length >= least ||
    keywords.some((word) => SAME[word]?.test(text));
  const meanings = [
    ...notes,
    ...understood.map(({ phrase, meaning }) => `${phrase}: ${meaning}`),
  ];
  const found = (isSaid: (text: string) => boolean) => meanings.find(isSaid);
  const said = {
    "name-not-known": () =>
      ignored.find((text) => names(text)) ??
        found((text) => names(text) && DENIAL.test(text)),
    "not-possible": () =>
      ignored.find((text) => names(text)) ??
        found((text) => names(text) && DENIAL.test(text)),
    // A sentence may name the alternatives in place of what they are of.
    "choice": () =>
      found((text) =>
        CHOICE.test(text) && (names(text) || /\bor\b/.test(text))
      ),
    "contradiction": () =>
      found((text) =>
        names(text) && (CONTRADICTION.test(text) || CHOICE.test(text))
      ),
  }[topic]();
  return verdict(said !== undefined, said ?? "nothing told");
}

/** Words, in the prompt or in what is told, that a kind of requirement is about. */
const TOPICS: Readonly<Record<string, RegExp>> = {
  tempo:
    /tempo|bpm|slow|fast|quick|speed|pace|langsam|schnell|lent|rapid|adagio|andante|allegro|accel|ritard|rit\b|swift/i,
  key:
    /\bkey\b|major|minor|\bdur\b|\bmoll\b|majeur|mineur|mayor|menor|maggiore|minore|maior|dorian|lydian|mixolydian|phrygian|mode|sad|happy|cheer|bright|dark/i,
  "mode-not":
    /major|minor|key|mode|sad|happy|dark|spooky|horror|mournful|tense/i,
  meter: /meter|metre|waltz|walzer|valse|march|jig|\d\/\d/i,
  seconds:
    /length|second|minute|hour|\bmin\b|\bs\b|sec|stunde|sekunde|minuto|long|\d:\d\d/i,
  bars: /bars?\b|takte|mesures|measure|length|compases/i,
  program: /program|instrument|patch|with /i,
  parts: /parts?|voices?|channels?|quartet|trio|duo|solo|line|with /i,
  beat: /beat|kick|four|floor|back|half|techno|house|drum/i,
  fills: /fill|drum/i,
  loudness:
    /loud|soft|quiet|gentle|leise|doux|douce|piano|suave|calm|volume|velocity|dynamic|cresc/i,
  density: /dens|sparse|busy|few|many|notes|full|thin|minimal/i,
  rate: /dens|sparse|few|notes/i,
  register: /register|high|low|deep|tief|grave|hoch|aigu/i,
  range: /range|pitch|middle|\b[A-G][#b]?\d?\b/,
  chords: /chord|progression|[A-G][#b]?(?:m|maj|7)/,
  harmony: /chord|seventh|ninth|jazz|7th|9th|harmon/i,
  "in-scale": /scale|pentatonic|accidental|white|black|key/i,
  loop: /loop|repeat|endless|seamless|boucle|wiederhol|again/i,
  change:
    /build|cresc|rise|rising|grow|fade|end|then|until|faster|slower|louder|quieter|chorus|change|second half|gets|more|less|accel|ritard|fuller|section/i,
  steady: /steady|constant|same|even|no sudden|tempo|loudness|density/i,
  enters: /enter|add|join|come|then|intro|start|after|at \d|section/i,
  leaves: /leave|drop|out|without|until|section/i,
  hit: /hit|strike|chime|stab|accent|at \d|\d:\d\d/i,
  silence: /silence|stop|pause|rest|break|\d:\d\d/i,
  cycle: /every|second|wave|cycle|period|up and down|louder and softer/i,
  ends: /end|final|finale|fade|close|last|schluss|finish|cut|termine|arrête/i,
  starts: /start|begin/i,
  swing: /swing|shuffle|jazz|lilt|straight/i,
  monophonic: /melody|one note|mono|solo|single|alone|right hand/i,
  leads: /lead|melody|solo|top|over/i,
  walking: /walking|bass/i,
  arpeggio: /arpeggi|pick|broken|finger/i,
  drone: /drone/i,
  notes: /long|short|staccato|legato|sustain|pizz|note|pluck|held|pad/i,
  shortest: /shortest|note value|quarters|eighth/i,
  leaps: /leap|jump|step/i,
  steps: /step|semitone|chromatic/i,
  form: /form|repeat|aabb|verse|chorus|section/i,
};

/** Words for families in what people write, beside the family's own name. */
const FAMILY_WORDS: Readonly<Record<string, RegExp>> = {
  drums:
    /drum|percussion|beat|kick|snare|hat|clap|cymbal|brush|bodhran|darbuka|conga|taiko|tom|batterie|batería|schlagzeug|rhythm|groove|woodblock|güira|kit|tambour|shaker/i,
  piano: /piano|pianno|keys|klavier|keyboard/i,
  "electric piano": /e-?piano|electric piano|rhodes|wurli|keys/i,
  strings: /string|streich|violin|fiddle|cello|cuerdas|corde|pizz|orchest/i,
  guitar: /guitar|gutiar|gitarr|violão|ukulele|ukelele|strum|guitarra|oud/i,
  bass: /bass|bajo|contrabass/i,
  pad: /pad|nappe|synth|atmos|ambient/i,
  lead: /lead|synth|8-?bit|chip|pulse/i,
  flute: /flute|whistle|ocarina|shakuhachi|flauta|woodwind/i,
  brass: /brass|horn|trumpet|trombone|tuba|cuivre|bugle/i,
  bells: /bell|chime|glock|celesta|vibe|marimba|kalimba|music box|bowl/i,
  organ: /organ|orgel|orgue/i,
  choir: /choir|coro|chor|monk|voice|aah/i,
  sax: /sax/i,
  plucked: /koto|banjo|shamisen|sitar|lute|pluck|cavaquinho|oud/i,
  harp: /harp|arpa|harfe/i,
};

/** Families that a requirement is about. */
function familiesOf(asked: Requirement): readonly string[] {
  switch (asked.is) {
    case "plays":
      return asked.any;
    case "only":
      return asked.families;
    case "drums":
    case "drum-sound":
    case "fills":
      return ["drums"];
    default:
      return "family" in asked && asked.family !== undefined
        ? [asked.family]
        : [];
  }
}

/** Whether a text is about a requirement. */
function isAbout(asked: Requirement): (text: string) => boolean {
  const families = familiesOf(asked);
  const topic = TOPICS[asked.is];
  return (text) =>
    topic?.test(text) === true ||
    families.some((family) =>
      text.toLowerCase().includes(family) ||
      FAMILY_WORDS[family]?.test(text) === true
    ) ||
    asked.is === "only" && /solo|only|alone|nothing else|\bwith\b/i.test(text);
}

/** Share of the words of a prompt that mean something which some phrases have. */
function shareOf(prompt: string, phrases: readonly string[]): number {
  const known = new Set(phrases.flatMap(wordsOf));
  const words = wordsOf(prompt).filter(({ length }) => length >= 4);
  return words.filter((word) => known.has(word)).length /
    Math.max(1, words.length);
}

/** How a requirement that is not met is dealt with in what the user is told. */
export function treatmentOf(
  prompt: string,
  told: Told,
  asked: Requirement,
): Treatment {
  const about = isAbout(asked);
  if (told.notes.some(about) || told.ignored.some(about)) return "told";
  const isBelieved = told.understood.some(({ phrase, meaning }) =>
    about(phrase) || about(meaning)
  );
  if (isBelieved) return "believed";
  // No word names what a scene implies: it is told with most of the scene.
  const { ignored } = told;
  if (asked.implied && shareOf(prompt, ignored) >= 0.5) return "told";
  const phrases = [...ignored, ...told.understood.map(({ phrase }) => phrase)];
  if (shareOf(prompt, phrases) < 1) return "silent";
  return ignored.length > 0 ? "told" : "believed";
}
