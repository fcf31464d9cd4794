/**
 * Decides what a clause asks for: what is said outright overrides moods, these
 * override genres, and of each kind the first named overrides the others.
 */

import type { Random } from "../base/base.ts";
import {
  type Band,
  type InstrumentName,
  INSTRUMENTS,
  type Range,
  type ScaleName,
  silencedPrograms,
  TEMPO_BANDS,
} from "../music/music.ts";
import { type Cast, castOf } from "./cast.ts";
import { type Genre, genreOf } from "./genres.ts";
import { type Character, characterOf, meanAffect, MOODS } from "./moods.ts";
import { FIELD_NAMES, modeName } from "./meanings.ts";
import type { Entry, Report } from "./report.ts";
import type { Fields, Measure } from "./types.ts";
import type { Said } from "./said.ts";
import { TEMPI } from "./tempo_words.ts";

/** What a clause asks for, settled. */
export interface Settled {
  readonly fields: { -readonly [F in keyof Fields]?: Fields[F] };
  readonly moods: readonly string[];
  readonly genres: readonly string[];
  /** What the genres bring, the first first. */
  readonly kinds: readonly Genre[];
}

/** Tempi that a word allows, in quarter notes per minute. */
const WORD_RANGES: Readonly<Record<Fields["tempo"], Range>> = {
  largo: [30, 60],
  slow: [50, 80],
  moderate: [76, 126],
  lively: [92, 140],
  fast: [120, 220],
};
/** A word and a genre must share so many tempi to agree. */
const NARROW = 6;
type Filled = { -readonly [F in keyof Fields]?: Fields[F] };

/** Settles the fields of a clause and completes what is told of them. */
export function settle(said: Said, report: Report, random: Random): Settled {
  const filled: Filled = { ...said.fields };
  checkTempo(said, filled, report);
  const suggested: Filled = {};
  const has = (field: keyof Fields) =>
    filled[field] !== undefined || suggested[field] !== undefined ||
    field === "tempo" && filled.qpm !== undefined;
  const fill = (character: Character, entries: readonly Entry[]) => {
    const added = (Object.keys(character) as (keyof Character)[])
      .filter((field) => !has(field));
    for (const field of added) {
      Object.assign(suggested, { [field]: character[field] });
    }
    const words = added.map((field) =>
      field === "mode"
        ? modeName(character.mode!)
        : field === "tempo"
        ? character.tempo!
        : `${character[field]} ${field}`
    );
    if (words.length === 0) return;
    for (const entry of entries) entry.meaning += ` (${words.join(", ")})`;
  };
  const { moods, genres } = said;
  const hasRange = genres.some(({ name }) => {
    const { kind, range } = genreOf(name);
    return kind === "genre" && range && name !== "jazz";
  });
  if (said.usualQpm !== undefined && filled.qpm === undefined && !hasRange) {
    suggested.qpm = said.usualQpm;
  }
  if (moods.length > 0) {
    fill(characterOf(meanAffect(moods)), moods.map(({ entry }) => entry));
  }
  const kinds = genres.map(({ name }) => genreOf(name));
  // A scene says less of the tempo than a kind of music does.
  const order = genres.map((genre, i) => ({
    entry: genre.entry,
    kind: kinds[i]!,
  }))
    .toSorted((a, b) => rankOf(a.kind) - rankOf(b.kind));
  for (const { kind, entry } of order) {
    fillGenre(kind, entry, { filled, suggested, fill, random });
  }
  Object.assign(filled, { ...suggested, ...filled });
  if (filled.qpm === undefined && said.usualQpm !== undefined) {
    filled.qpm = said.usualQpm;
  }
  for (const { of, by, qpm, times } of said.plain ?? []) {
    // "A bit quicker, maybe 84" is at 84.
    const isSaid = said.fields.qpm !== undefined && !said.isTempoPast;
    const isExact = (qpm ?? times) !== undefined;
    if (of === "tempo" && isSaid && !isExact) continue;
    const base = filled.qpm ?? TEMPI[filled.tempo ?? "moderate"];
    const [slowest] = WORD_RANGES.largo, [, fastest] = WORD_RANGES.fast;
    const kept = (value: number) =>
      Math.round(Math.min(fastest, Math.max(slowest, value)));
    if (qpm !== undefined) filled.qpm = kept(base + by * qpm);
    else if (times !== undefined) {
      filled.qpm = kept(by > 0 ? base * times : base / times);
    } else compareWith(filled, of, by);
  }
  // A tempo in numbers makes a word superfluous.
  if (filled.qpm !== undefined) delete filled.tempo;
  keepLimits(said, filled, report, random);
  // "In D" means D major.
  if (filled.tonic !== undefined) filled.mode ??= "major";
  for (const entry of said.tonics) entry.meaning += modeName(filled.mode!);
  return {
    fields: filled,
    moods: moods.map(({ name }) => name),
    genres: genres.map(({ name }) => name),
    kinds,
  };
}

const rankOf = ({ kind }: Genre) => kind === "genre" ? 0 : 1;

/** How much "a bit faster" changes a tempo in numbers. */
const COMPARED = 1.2;

/** "A bit slower", "but louder": a step from what it would be. */
function compareWith(filled: Filled, of: Measure, by: 1 | -1): void {
  if (of === "build") {
    compareWith(filled, "loudness", by);
    return compareWith(filled, "density", by);
  }
  if (of === "tempo" && filled.qpm !== undefined) {
    const qpm = by > 0 ? filled.qpm * COMPARED : filled.qpm / COMPARED;
    const [slowest] = WORD_RANGES.largo, [, fastest] = WORD_RANGES.fast;
    filled.qpm = Math.round(Math.min(fastest, Math.max(slowest, qpm)));
    return;
  }
  const scale: readonly string[] = SCALES[of];
  const now = scale.indexOf(filled[of] ?? MIDDLES[of]);
  // A bit slower than slow is not yet the slowest.
  const least = of === "tempo" && now > 0 ? 1 : 0;
  const next = scale[Math.min(scale.length - 1, Math.max(least, now + by))]!;
  Object.assign(filled, { [of]: next });
}

/** Fills in what a genre brings beyond its character. */
function fillGenre(
  genre: Genre,
  entry: Entry,
  { filled, suggested, fill, random }: {
    readonly filled: Filled;
    readonly suggested: Filled;
    readonly fill: (character: Character, entries: readonly Entry[]) => void;
    readonly random: Random;
  },
): void {
  const { range, meter, swing } = genre;
  const { tempo, density, loudness, register, mode } = genre;
  const added: string[] = [];
  if (range && filled.qpm === undefined && suggested.qpm === undefined) {
    const qpm = tempoIn(genre, range, [filled.tempo, suggested.tempo], random);
    if (qpm !== undefined) {
      suggested.qpm = qpm;
      added.push(`${qpm} bpm of ${range[0]} to ${range[1]}`);
    }
  }
  const rest = { meter, swing };
  for (const field of ["meter", "swing"] as const) {
    const value = rest[field];
    const isOpen = filled[field] === undefined &&
      suggested[field] === undefined;
    if (value === undefined || !isOpen) continue;
    Object.assign(suggested, { [field]: value });
    added.push(field === "swing" ? "swing" : `${value}`);
  }
  if (added.length > 0) entry.meaning += ` (${added.join(", ")})`;
  fill({
    ...mode && { mode },
    ...tempo && { tempo },
    ...density && { density },
    ...register && { register },
    ...loudness && { loudness },
  }, [entry]);
}

/**
 * A genre's tempo: where a word and its range meet, or in the middle half of the
 * range; undefined where the word said lies outside of it.
 */
function tempoIn(
  { kind }: Genre,
  [low, high]: Range,
  [said, suggested]: readonly (Fields["tempo"] | undefined)[],
  random: Random,
): number | undefined {
  const word = said ?? suggested;
  if (word === undefined || word === "moderate") {
    return Math.round(low + (high - low) * (0.25 + random.next() / 2));
  }
  const [slowest, fastest] = WORD_RANGES[word];
  const from = Math.max(low, slowest), to = Math.min(high, fastest);
  if (to - from >= NARROW) return Math.round((from + to) / 2);
  // A mood outweighs what music is for.
  if (said !== undefined || kind !== "genre") return undefined;
  return slowest > high ? high : low;
}

/** Tells where a word and a number are too far apart, such as slow and 140. */
function checkTempo({ phrases }: Said, { qpm, tempo }: Filled, report: Report) {
  if (qpm === undefined || tempo === undefined) return;
  const bands: readonly Band[] = TEMPO_BANDS;
  const word = bands.findIndex((band) => band.name === tempo);
  const number = bands.findLastIndex((band) => band.from <= qpm);
  if (Math.abs(word - number) <= 1) return;
  const phrase = phrases.get("tempo")!;
  report.fault({
    phrase,
    reason: `"${phrase}" and "${
      phrases.get("qpm")
    }" contradict each other: a piece has one tempo`,
    instead: "the number is taken",
  });
}

const SCALES = {
  tempo: ["largo", "slow", "moderate", "lively", "fast"],
  density: ["sparse", "medium", "dense"],
  register: ["low", "middle", "high"],
  loudness: ["soft", "medium", "loud"],
} as const;
/** By field: the value for what is not an extreme. */
const MIDDLES = {
  tempo: "moderate",
  density: "medium",
  register: "middle",
  loudness: "medium",
} as const;
/** What is taken in place of a meter or a mode that is not wanted. */
const OTHERS = {
  meter: ["3/4", "4/4", "6/8"],
  mode: ["major", "minor"] as readonly ScaleName[],
} as const;

/** Keeps away from what is not wanted, and completes what is told of it. */
function keepLimits(
  said: Said,
  filled: Filled,
  report: Report,
  random: Random,
): void {
  for (const { fields, entry, isCap } of said.limits) {
    const meanings = (Object.keys(fields) as (keyof Fields)[]).map((field) =>
      keepLimit(field, fields, filled, { isCap, report, random })
    ).filter((one) => one !== "");
    entry.meaning = meanings.join(", ") || "nothing to keep away from";
  }
  const avoided = said.unwanted.find(({ mood, isCap }) =>
    !isCap && MOODS.get(mood)!.valence < -0.15
  );
  if (avoided && filled.mode === undefined && said.moods.length === 0) {
    filled.mode = "major";
  }
}

function keepLimit(
  field: keyof Fields,
  fields: Partial<Fields>,
  filled: Filled,
  { isCap, report, random }: {
    readonly isCap: boolean;
    readonly report: Report;
    readonly random: Random;
  },
): string {
  if (field in SCALES) {
    const scale: readonly string[] = SCALES[field as keyof typeof SCALES];
    const limit = scale.indexOf(fields[field] as string);
    const middle = scale.indexOf(MIDDLES[field as keyof typeof SCALES]);
    const now = filled[field] === undefined
      ? undefined
      : scale.indexOf(filled[field] as string);
    const isHigh = limit >= middle;
    const isKept = now !== undefined && (isHigh ? now < limit : now > limit);
    const isTimed = field === "tempo" && filled.qpm !== undefined;
    if (!isKept && !isTimed) {
      // Next to what is too much, or the middle where nothing else is said.
      const nearest = isHigh ? limit - 1 : limit + 1;
      const value = now === undefined && isCap ? middle : nearest;
      Object.assign(filled, {
        [field]: scale[value === limit ? nearest : value],
      });
    }
    const bound = isHigh ? "below" : "above";
    return `${FIELD_NAMES[field]} ${bound} ${fields[field]}`;
  }
  if (field === "meter" || field === "mode") {
    const others = (OTHERS[field] as readonly string[])
      .filter((one) => one !== fields[field]);
    if (filled[field] === undefined || filled[field] === fields[field]) {
      const value = random.pick(others);
      Object.assign(filled, { [field]: value });
      report.choose({ what: FIELD_NAMES[field], from: others, value });
    }
    return `not ${fields[field]}`;
  }
  return `not this ${FIELD_NAMES[field]}`;
}

/** Kinds of music; swing with nobody named is of a jazz trio. */
function withBand(
  { fields, size }: Said,
  kinds: readonly Genre[],
  named: number,
): readonly Genre[] {
  const isJazz = (fields.swing ?? 0) > 0.5 && named < (size?.count ?? 1);
  return isJazz ? [...kinds, genreOf("jazz")] : kinds;
}

/** Who plays in a clause. */
export function settleCast(
  said: Said,
  { kinds }: Settled,
  { isOnly, hasHead }: { readonly isOnly: boolean; readonly hasHead: boolean },
  report: Report,
): Cast {
  const named = [...said.named].toSorted(([, a], [, b]) => a - b)
    .map(([name]) => name);
  if (said.size && named.length > said.size.count) {
    const { count, phrase } = said.size;
    report.fault({
      phrase,
      reason:
        `"${phrase}" is of ${count} and contradicts the ${named.length} that are named`,
      instead: "those named play",
    });
  }
  const isDrone = kinds.some(({ drone }) => drone) && isOnly &&
    named.every((name) => name === "drums");
  const drone: InstrumentName[] = isDrone ? ["pad"] : [];
  const cast = castOf({
    named: [...named, ...said.late ?? [], ...drone],
    without: [...said.without.keys()],
    // "A three-part invention for harpsichord" is all of the harpsichord.
    isOnly: isOnly || hasHead || said.voices !== undefined && named.length > 0,
    isOpen: named.length > 0 &&
      named.every((name) => said.open.has(name) && !said.closed.has(name)),
    size: said.size?.count ?? said.voices?.count,
    // Swing with nobody named is of a jazz trio.
    genres: withBand(said, kinds, named.length),
  });
  const silent = cast.silent.filter((name) => {
    const gone = silencedPrograms(name);
    const victim = named.find((other) => {
      const { programs } = INSTRUMENTS[other];
      return programs.length > 0 &&
        programs.every((program) => gone.includes(program));
    });
    if (victim === undefined) return true;
    report.fault({
      phrase: name,
      reason: `${victim} cannot play and be silent`,
      instead: `${victim} plays, which is named`,
    });
    return false;
  });
  const bringer = said.genres.find(({ name }) => genreOf(name).cast);
  if (cast.brought.length > 0 && bringer) {
    bringer.entry.meaning += ` with ${cast.brought.join(", ")}`;
  }
  // Nobody expects a beat of a lullaby.
  const isBeatless = kinds.some(({ drums }) => drums === false) &&
    cast.playing.length === 0 && !silent.includes("drums");
  return { ...cast, silent: isBeatless ? [...silent, "drums"] : silent };
}
