/** Puts sections in the order of a form, and has those of one name be alike. */

import type { SectionLength } from "./layout.ts";
import type { InstrumentName } from "../music/music.ts";
import { type Clause, newClause, type Outline } from "./outline.ts";
import { usualSong } from "./part_refs.ts";
import { takesPlace } from "./cast.ts";
import { genreOf } from "./genres.ts";
import type { PartReference, Wish } from "./types.ts";

/** How long an intro is, as a share of the piece. */
const INTRO_SHARE = 0.2;
/** Parts of a song of which each one is another verse or chorus, and no new music. */
const RETURNING = /^(?:verse|chorus)$|^[A-E]$/;

/**
 * Clauses in the order of a form: its letters take the place of the sections that are
 * named by letters. Of parts that have one name, those that say nothing are as the
 * first.
 */
export function inForm(
  clauses: readonly Clause[],
  outline: Outline,
): Clause[] {
  const song = outline.form ?? songOf(clauses);
  if (song) outline.form = song;
  const describing = describingIn(clauses);
  for (const { phrase, start, name } of describing) {
    outline.shaping.push({ phrase, start, meaning: `in each ${name}` });
  }
  const listed = clauses.filter((one) => !one.ref && !describing.includes(one));
  const withBand = shortIntro(aloneBefore(listed));
  const refs = [
    ...clauses.filter(({ ref }) => ref),
    ...describing.map((one) => ({ ...one, ref: { isOnly: false } })),
  ];
  return described(
    song ? byForm(withBand, song.letters) : withNames(withBand),
    refs,
    outline.whole,
  );
}

/** The sections of a form, in its order, and the clauses that are none of them. */
function byForm(
  withBand: readonly Clause[],
  form: readonly string[],
): Clause[] {
  const isLetter = ({ how, name = "" }: Clause) =>
    how === "part" && (/^[A-E]$/.test(name) || form.includes(name));
  const named = withBand.filter(isLetter);
  const others = withBand.filter((clause) => !isLetter(clause));
  const ownOf = (name: string) =>
    named.find((one) => one.name === name) ?? { ...newClause("part"), name };
  const haveSpans = form.every((name) => ownOf(name).span);
  const sections: Clause[] = [];
  for (const [i, name] of form.entries()) {
    const first = sections[form.indexOf(name)];
    sections.push({
      ...first ?? ownOf(name),
      ...!haveSpans && { from: { share: i / form.length } },
      ...first && { like: first },
    });
  }
  return [...sections, ...others];
}

/**
 * "The verse quiet, the chorus loud. Verse 8 bars, chorus 8 bars": the first two only
 * describe those that have a length, and so does what is said of one after the list.
 */
function describingIn(clauses: readonly Clause[]): readonly Clause[] {
  const isBare = ({ wishes, enters, leaves, span, isOnly, isAll }: Clause) =>
    span && wishes.length + enters.length + leaves.length === 0 && !isOnly &&
    !isAll;
  return clauses.filter((one) =>
    one.how === "part" && one.name && !one.ref && !one.span &&
    one.from === undefined && !isBare({ ...one, span: { bars: 1 } }) &&
    clauses.some((other) =>
      other.how === "part" && other.name === one.name && isBare(other)
    )
  );
}

/** Parts of one name that say nothing are as the first of them. */
function withNames(clauses: readonly Clause[]): Clause[] {
  const firsts = new Map<string, Clause>();
  return clauses.map((clause) => {
    const { how, name = "", wishes, enters, leaves, span } = clause;
    if (how !== "part" || !RETURNING.test(name)) return clause;
    const first = firsts.get(name);
    if (!first) {
      firsts.set(name, clause);
      return clause;
    }
    const isBare = wishes.length + enters.length + leaves.length === 0;
    // "The chorus a whole step up" is the chorus, but for its key.
    const isMoved = wishes.length > 0 &&
      wishes.every(({ ask }) => ask.is === "modulate");
    const lasting = span ?? first.span;
    if (isMoved) {
      return {
        ...clause,
        wishes: [...first.wishes, ...wishes],
        ...lasting && { span: lasting },
      };
    }
    return isBare
      ? {
        ...first,
        phrase: clause.phrase,
        start: clause.start,
        ...lasting && { span: lasting },
        like: first,
      }
      : {
        ...clause,
        ...lasting && clause.to === undefined && { span: lasting },
      };
  });
}

/**
 * The form of a song of which only parts are spoken of: "strings only in the chorus".
 */
function songOf(clauses: readonly Clause[]): Outline["form"] {
  const refs = clauses.filter(({ ref }) => ref);
  const isListed = clauses.some(({ how, ref }) => how === "part" && !ref);
  const [first] = refs;
  if (!first || isListed) return undefined;
  const { phrase, start } = first;
  const names = refs.map(({ name = "" }) => name);
  return { letters: usualSong(names), phrase, start };
}

/** Sections with what is said of them elsewhere. */
function described(
  clauses: readonly Clause[],
  refs: readonly Clause[],
  whole: Clause,
): Clause[] {
  for (const ref of refs) {
    // "Drums louder in the chorus": a band's drums play in the verse, too.
    const band = ref.ref!.isOnly ? [] : ref.wishes.filter(isOfBand(whole));
    whole.wishes.push(...band);
  }
  const everywhere = castOf(whole);
  const made = new Map<Clause, Clause>();
  return clauses.map((clause) => {
    if (clause.how !== "part") return clause;
    const mine = clauses.filter(({ name }) => name === clause.name);
    const own = refs.filter(({ name }) => name === clause.name);
    const isNumbered = own.some(({ ref }) => ref!.which !== undefined);
    const first = clause.like && made.get(clause.like);
    const like = first && { ...clause, ...contentOf(first), like: first };
    const ofAll = like ?? own.filter(({ ref }) => ref!.which === undefined)
      .reduce((now, ref) => withRef(now, ref, everywhere), clause);
    made.set(clause, ofAll);
    if (!isNumbered) return ofAll;
    const { like: _, ...alone } = ofAll;
    return own.filter(({ ref }) =>
      ref!.which !== undefined && isMeant(ref!, mine, clause)
    ).reduce((now, ref) => withRef(now, ref, everywhere), alone as Clause);
  });
}

/** A section with what is said of it elsewhere. */
function withRef(
  now: Clause,
  ref: Clause,
  everywhere: readonly InstrumentName[],
): Clause {
  const own = castOf(ref).filter((name) =>
    ref.ref!.isOnly || !everywhere.includes(name)
  );
  return {
    ...now,
    wishes: [...now.wishes, ...ref.wishes],
    enters: [...now.enters, ...ref.enters],
    leaves: [...now.leaves, ...ref.leaves],
    isOnly: now.isOnly || ref.isOnly,
    isAll: now.isAll || ref.isAll,
    own: [...now.own ?? [], ...own],
  };
}

/** Whether a wish names someone of the ensemble of a kind of music. */
function isOfBand({ wishes }: Clause): (wish: Wish) => boolean {
  const band = wishes.flatMap(({ ask, polarity }) =>
    ask.is === "genre" && polarity === "yes" ? genreOf(ask.name).cast ?? [] : []
  );
  return ({ ask, polarity }) =>
    ask.is === "cast" && polarity === "yes" &&
    band.some((member) => takesPlace(ask.name, member));
}

/** Instruments that a clause wants. */
function castOf({ wishes }: Clause): InstrumentName[] {
  return wishes.flatMap(({ ask, polarity }) =>
    ask.is === "cast" && polarity === "yes" ? [ask.name] : []
  );
}

/** Whether words speak of a section, by its place among those of its name. */
function isMeant(
  { which }: PartReference,
  mine: readonly Clause[],
  clause: Clause,
): boolean {
  const index = mine.indexOf(clause);
  return which === undefined ||
    (which === "last" ? index === mine.length - 1 : index === which - 1);
}

/** What a section is like, without when it is. */
function contentOf(
  { wishes, enters, leaves, isOnly, isAll, own }: Clause,
): Pick<Clause, "wishes" | "enters" | "leaves" | "isOnly" | "isAll" | "own"> {
  return { wishes, enters, leaves, isOnly, isAll, ...own && { own } };
}

/** An intro before a "then" takes a small part of the piece. */
function shortIntro(clauses: readonly Clause[]): Clause[] {
  return clauses.map((clause, i) => {
    const { how, to, span, phrase } = clause;
    const isIntro = i === 0 && how !== "part" && !to && !span &&
      /\bintro(?:duction)?\b/i.test(phrase) && clauses[1]?.how === "then";
    return isIntro ? { ...clause, to: { share: INTRO_SHARE } } : clause;
  });
}

/** Where everyone plays later, those who are named at the beginning play alone. */
function aloneBefore(clauses: readonly Clause[]): Clause[] {
  const index = clauses.findIndex(({ isAll }) => isAll);
  return clauses.map((clause, i) => {
    const isNamed = clause.wishes.some(({ ask, polarity }) =>
      ask.is === "cast" && polarity === "yes"
    );
    return i === 0 && index > 0 && isNamed && clause.enters.length === 0
      ? { ...clause, isOnly: true }
      : clause;
  });
}

/** A section once more: as long as the first time, and by the same music. */
export function repeatOf(first: Clause, { phrase, start }: Clause): Clause {
  const { from: _, to: __, isUntil: ___, ...kept } = first;
  return {
    ...kept,
    wishes: [...first.wishes],
    enters: [],
    leaves: [],
    returns: [],
    how: first.how === "at" ? "then" : first.how,
    like: first,
    phrase,
    start,
  };
}

/** Sections that are all as long, where that is said: "16 bars each". */
export function lastEach(
  clauses: readonly Clause[],
  each: SectionLength | undefined,
): Clause[] {
  return clauses.map((clause) => {
    const { how, from, to, span } = clause;
    const isStep = how === "part" || how === "then";
    if (!each || !isStep || to || span) return clause;
    const isSpread = typeof from === "object" && "share" in from;
    const { from: _, ...unplaced } = clause;
    return { ...isSpread ? unplaced : clause, span: each.span };
  });
}
