/** Reads what someone would write as a request for music. */

import { Random } from "../base/base.ts";
import { type InstrumentName, PITCH_CLASS_NAMES } from "../music/music.ts";
import { withoutAsides } from "./asides.ts";
import { outlineOf } from "./clauses.ts";
import { withComparisons } from "./comparisons.ts";
import {
  bringDrums,
  drumWishOf,
  tellDrumsOfParts,
  tellFills,
} from "./drums.ts";
import { eventsOf } from "./events.ts";
import { isAbrupt } from "./happenings.ts";
import { lengthOf } from "./lengths.ts";
import { heldOf, setHolder, withHolders } from "./holds.ts";
import { genreOf } from "./genres.ts";
import type { Clause, Outline } from "./outline.ts";
import { setApart, setLines, tellLinesOfParts } from "./lines.ts";
import { chordsOf, partWishesOf } from "./parts.ts";
import { tellPassedOver } from "./passed_over.ts";
import { phrasesOf } from "./phrases.ts";
import { withPhrasings } from "./phrasings.ts";
import { extentOf } from "./placing.ts";
import { withRecurrences } from "./recurrences.ts";
import { rangesOf } from "./ranges.ts";
import { Report } from "./report.ts";
import { settle, settleCast } from "./resolve.ts";
import { scopeOf } from "./scope.ts";
import type { ReadClause } from "./section_cast.ts";
import { keepSame } from "./section_sames.ts";
import { joinTempi, setTempoTo, setTempoToChange } from "./tempi.ts";
import { PromptText } from "./text.ts";
import { playersOf } from "./several.ts";
import { sectionsOf } from "./timeline.ts";
import type { Fields, ParsedPrompt, PromptSpec } from "./types.ts";
import { onsetsOf, type Said } from "./said.ts";
import { WishReader } from "./wishes.ts";

/** Tonics to choose from where any will do. */
const USUAL_TONICS = [0, 2, 4, 5, 7, 9] as const;
const MOST_CHARACTERS = 2000;

/**
 * Reads a prompt: key, tempo, length, meter, instruments, density, register,
 * loudness, moods, styles, chords, and how all that changes through the piece.
 *
 * Instruments that are named play alone, or join the ensemble of a genre that is
 * named too. Bpm are quarter notes per minute in every meter. What is said outright
 * overrides moods, and moods override styles. "In D" is D major unless a mood makes
 * it minor. Whatever cannot be done is told, and the rest is followed.
 *
 * @param text What someone would write, in English, German, French or Spanish.
 * @param seed Decides between alternatives, unless the prompt names a seed.
 * @default 1
 * @returns The request, and how every word was understood: each is in one phrase of
 * `understood`, `ignored`, `passedOver` or `problems`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parsePrompt } from "immersic/prompt/prompt.ts";
 * const { request, ignored } = parsePrompt("xyzzy piano in D minor, 70 bpm");
 * assert.deepEqual(request.key, { tonic: 2, mode: "minor" });
 * assert(request.qpm === 70 && request.playing.join() === "piano");
 * assert.deepEqual(ignored, ["xyzzy"]);
 * ```
 */
export function parsePrompt(text: string, seed: number = 1): ParsedPrompt {
  const report = new Report();
  if (text.length > MOST_CHARACTERS) {
    report.fault({
      phrase: "",
      reason:
        `a prompt has at most ${MOST_CHARACTERS} characters, current value is ${text.length}`,
      instead: `the first ${MOST_CHARACTERS} are read`,
    });
  }
  const prompt = new PromptText(text.slice(0, MOST_CHARACTERS));
  const phrases = withComparisons(withRecurrences(
    withHolders(
      withPhrasings(prompt, withoutAsides(prompt, phrasesOf(prompt))),
    ),
  ));
  const outline = outlineOf(prompt, rangesOf(scopeOf(prompt, phrases)));
  const random = new Random(seedOf(outline) ?? seed);
  const request = requestOf(outline, report, random);
  tellRest(outline, report);
  if (outline.form) {
    const { letters, phrase, start } = outline.form;
    report.tell(start, phrase, `sections: ${letters.join(" ")}`);
  }
  for (const { start, phrase, meaning } of outline.shaping) {
    report.tell(start, phrase, meaning);
  }
  tellPassedOver(phrases, outline, report);
  return { request, ...report.finish(prompt, phrases) };
}

/** The seed that a prompt names. */
function seedOf({ whole }: Outline): number | undefined {
  return whole.wishes.flatMap(({ ask }) =>
    ask.is === "set" ? [ask.fields.randomSeed] : []
  ).findLast((seed) => seed !== undefined);
}

function requestOf(
  outline: Outline,
  report: Report,
  random: Random,
): PromptSpec {
  const reader = new WishReader(report, random);
  const said = reader.read(outline.whole.wishes);
  said.plain = said.mores.filter(({ isPlain }) => isPlain);
  said.mores = said.mores.filter(({ isPlain }) => !isPlain);
  const read = new Map<Clause, ReadClause>();
  const clauses = outline.clauses.map((clause, i): ReadClause => {
    const known = clause.like && read.get(clause.like);
    if (known) return { ...known, clause };
    const inClause = reader.read(clause.wishes);
    inClause.isOpening = isStart(clause, i);
    for (const name of clause.leaves) {
      const entry = inClause.words.get(name)?.yes;
      if (entry) entry.meaning = `${name} stops`;
    }
    const settled = settle(inClause, report, random);
    const ensemble = settled.kinds.find(({ cast }) => cast)?.cast ?? [];
    const joining = inClause.named.size === 0 ? ensemble : [];
    for (const name of joining) inClause.named.set(name, clause.start);
    const [genre] = inClause.genres;
    if (genre && joining.length > 0) {
      genre.entry.meaning += ` with ${joining.join(", ")}`;
    }
    const one = { clause, said: inClause, settled };
    read.set(clause, one);
    return one;
  });
  for (const one of [said, ...clauses.map(({ said }) => said)]) {
    const [first] = one.qpms;
    const isMoving = one.mores.some(({ of }) => of === "tempo");
    if (!first || !isMoving || one !== said && said.qpms.length > 0) continue;
    if (one === said || one.qpms.length > 1) said.fields.qpm = first.qpm;
  }
  const settled = settle(said, report, random);
  const { fields } = settled;
  const [first] = clauses;
  if (fields.tonic === undefined && first && isStart(first.clause, 0)) {
    // The key that a piece starts in is its own where nothing else is said.
    const { tonic, mode } = first.settled.fields;
    if (tonic !== undefined) Object.assign(fields, { tonic, mode });
  }
  const inClauses = clauses.map((one) => one.said);
  if (inClauses.every(({ named }) => named.size === 0)) bringDrums(said);
  tellDrumsOfParts(inClauses, report);
  gatherCast(said, clauses, outline.whole);
  keepSame(clauses, { said, fields });
  setApart([said, ...inClauses], fields);
  joinTempi(clauses, said, fields);
  setTempoTo(outline.happenings, fields);
  setTempoToChange(clauses, fields);
  setHolder(said, inClauses, outline.whole.isOnly);
  const cast = settleCast(said, settled, {
    isOnly: outline.whole.isOnly,
    // "A jazz piano trio" is of two more.
    hasHead: outline.whole.heads.size > 0 &&
      !(said.size && said.named.size < said.size.count),
  }, report);
  setLines(said, cast.playing, report);
  tellLinesOfParts(inClauses, report);
  tellFills([said, ...inClauses], cast.playing, report);
  const ownLength = fields.length ?? lengthOf(outline);
  if (ownLength) fields.length = ownLength;
  const held = heldOf(said, fields);
  const row = chordsOf(settled, report, random);
  const chords = row &&
    { ...row, barsEach: fields.barsEach ?? row.barsEach };
  const rowBars = chords && chords.chords.length * chords.barsEach;
  const isOfRow = !fields.length ||
    "bars" in fields.length && fields.length.bars === rowBars;
  if (rowBars && fields.rounds !== undefined && isOfRow) {
    fields.length = { bars: Math.ceil(rowBars * fields.rounds) };
  } else if (fields.rounds !== undefined && fields.length && !chords) {
    // "A twelve-bar form, played twice".
    const { length, rounds } = fields;
    if ("bars" in length) fields.length = { bars: length.bars * rounds };
  }
  chooseTonic(fields, clauses, report, random);
  const extent = extentOf(fields.length);
  const partWishes = partWishesOf(
    said,
    inClauses,
    settled,
    cast.playing,
  );
  const sections = sectionsOf(
    clauses,
    { said, fields, playing: cast.playing, partWishes, extent, chords },
    outline.happenings,
    report,
  );
  const players = playersOf([said, ...inClauses], cast.playing);
  const events = eventsOf(outline.happenings, extent, report);
  const drums = drumWishOf(
    [said, ...inClauses],
    cast.playing,
    outline.whole.isOnly || outline.clauses.some((clause) => clause.isOnly),
  );
  const onsets = onsetsOf(said);
  return {
    // The beats that can be asked for are those of four.
    ...drums?.beat && { meter: "4/4" },
    ...ofFields(fields),
    ...drums && { drums },
    ...onsets !== undefined && { onsetsPerSecond: onsets },
    ...sections.length > 0 && { sections },
    ...events.length > 0 && { events },
    ...outline.happenings.some(isAbrupt) && { cutsOff: true },
    ...chords && { chords },
    ...partWishes.length > 0 && { partWishes },
    ...players.length > 0 && { players },
    ...held && { held },
    playing: cast.playing,
    silent: cast.silent,
    moods: settled.moods,
    styles: settled.genres,
    loop: fields.loop ?? false,
  };
}

/** A change of key by distance needs a key to begin with. */
function chooseTonic(
  fields: ReadClause["settled"]["fields"],
  clauses: readonly ReadClause[],
  report: Report,
  random: Random,
): void {
  const isKnown = fields.tonic !== undefined ||
    clauses.every(({ said }) => said.modulations.length === 0) ||
    clauses.some(({ settled }) => settled.fields.progression !== undefined);
  if (isKnown) return;
  fields.tonic = random.pick(USUAL_TONICS);
  fields.mode ??= "major";
  const value = PITCH_CLASS_NAMES[fields.tonic]!;
  const from = USUAL_TONICS.map((tonic) => PITCH_CLASS_NAMES[tonic]!);
  report.choose({ what: "key to begin with", from, value });
}

/** Fields as a request has them; those that are not asked are left out. */
function ofFields(
  {
    tonic,
    mode,
    progression: _,
    loop: __,
    barsEach: ___,
    rounds: ____,
    swing,
    ...rest
  }: Partial<Fields>,
): Omit<PromptSpec, "playing" | "silent" | "moods" | "styles" | "loop"> {
  const hasKey = tonic !== undefined || mode !== undefined;
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return {
    ...hasKey && {
      key: {
        ...tonic !== undefined && { tonic },
        ...mode !== undefined && { mode },
      },
    },
    ...Object.fromEntries(given),
    ...swing !== undefined && swing > 0.5 && { swing },
  };
}

/** Adds the instruments of the clauses to those of the whole. */
function gatherCast(
  said: Said,
  clauses: readonly ReadClause[],
  whole: Clause,
): void {
  const inClauses = clauses.flatMap(({ clause, said: { named, without } }) => [
    ...named.keys(),
    ...clause.isUntil || clause.isOnly ? without.keys() : [],
  ]);
  if (inClauses.length === 0) return;
  const band = bandOf(
    said,
    clauses,
    new Set([...said.named.keys(), ...inClauses]),
  );
  inClauses.push(...band);
  const isNamed = said.named.size > 0 ||
    said.genres.some(({ name }) => {
      const { kind, cast } = genreOf(name);
      return kind === "genre" && cast;
    });
  const isFirst = clauses.some(({ clause, said: { named } }, i) =>
    named.size > 0 && isStart(clause, i)
  );
  // Someone plays before the first instrument named comes in.
  const before: InstrumentName[] = isNamed || isFirst || whole.isOnly
    ? []
    : ["keys"];
  said.late = [...new Set([...before, ...inClauses])]
    .filter((name) => !said.named.has(name));
}

/** Who joins one who plays alone, where nothing says who everyone is. */
const BANDS = {
  pop: ["guitar", "bass", "drums"],
  orchestra: ["strings", "french horn", "timpani"],
} as const satisfies Record<string, readonly InstrumentName[]>;
/** Words of instruments that have an orchestra around them. */
const CLASSICAL =
  /string|violin|viola|cello|flute|oboe|clarinet|bassoon|horn|harp|trumpet|trombone|tuba|brass|timpani|choir|celesta|harpsichord/;

/** Who plays with the others where everyone plays, and nobody but soloists is named. */
function bandOf(
  said: Said,
  clauses: readonly ReadClause[],
  named: ReadonlySet<InstrumentName>,
): InstrumentName[] {
  const all = clauses.find(({ clause }) => clause.isAll);
  const hasBand = said.genres.some(({ name }) => genreOf(name).cast) ||
    clauses.some(({ said: { genres } }) =>
      genres.some(({ name }) => genreOf(name).cast)
    );
  if (!all || hasBand) return [];
  const alone = new Set(
    clauses.filter(({ clause }) => clause.isOnly).flatMap(({ said }) => [
      ...said.named.keys(),
    ]),
  );
  const others = [...named].filter((name) => !alone.has(name));
  if (others.length > 0) return [];
  const isClassical = [...named].every((name) => CLASSICAL.test(name));
  const isOf = (name: string) => [...named].some((one) => one.endsWith(name));
  return BANDS[isClassical ? "orchestra" : "pop"].filter((name) => !isOf(name));
}

function isStart({ from, isUntil }: Clause, index: number): boolean {
  if (from === undefined) return index === 0 && !isUntil;
  if (typeof from !== "object") return false;
  return "share" in from && from.share === 0 ||
    "seconds" in from && from.seconds === 0 || "bar" in from && from.bar === 1;
}

const NOTHING =
  /(?:instruments?|music|notes|sounds?|instrumente?|noten|notas|musik|musique)$/i;

/** Tells of names, and of what was not understood. */
function tellRest({ names, unknown, solos }: Outline, report: Report): void {
  for (const phrase of solos) {
    report.fault({
      phrase,
      reason: "a solo and several instruments contradict each other",
      instead: "those named play, and no others",
    });
  }
  for (const { phrase, name } of names) {
    report.fault({
      phrase,
      reason:
        `"${name}" seems to be the name of an artist or a work, and is not known as a style`,
      instead: "the rest of the prompt is followed",
    });
  }
  for (const { phrase, start } of unknown) {
    if (/\s/.test(phrase) && NOTHING.test(phrase)) {
      report.fault({
        phrase,
        reason: `"${phrase}" leaves nothing to play`,
        instead: "instruments are chosen freely",
      });
    } else report.ignore(start, phrase);
  }
}
