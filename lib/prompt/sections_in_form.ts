/** Puts sections in the order of a form, and has those of one name be alike. */

import type { SectionLength } from "./layout.ts";
import { type Clause, newClause } from "./outline.ts";

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
  form: readonly string[] | undefined,
): Clause[] {
  const withBand = shortIntro(aloneBefore(asDescribed(clauses)));
  if (!form) return withNames(withBand);
  const isLetter = ({ how, name = "" }: Clause) =>
    how === "part" && /^[A-E]$/.test(name);
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
 * describe those that have a length.
 */
function asDescribed(clauses: readonly Clause[]): readonly Clause[] {
  const isPart = ({ how, name }: Clause) => how === "part" && name;
  const isBare = ({ wishes, enters, leaves, span, isOnly, isAll }: Clause) =>
    span && wishes.length + enters.length + leaves.length === 0 && !isOnly &&
    !isAll;
  const describing = clauses.filter((one, i) =>
    isPart(one) && !one.span && one.from === undefined &&
    clauses.slice(i + 1).some((other) =>
      isPart(other) && other.name === one.name && isBare(other)
    )
  );
  return clauses.filter((one) => !describing.includes(one)).map((one) => {
    const description = describing.find(({ name }) => name === one.name);
    if (!description || !isPart(one) || !isBare(one)) return one;
    const { phrase, start, span } = one;
    return { ...description, phrase, start, ...span && { span } };
  });
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
    if (isMoved) return { ...clause, wishes: [...first.wishes, ...wishes] };
    return isBare
      ? {
        ...first,
        phrase: clause.phrase,
        start: clause.start,
        ...span ?? first.span ? { span: span ?? first.span! } : {},
        like: first,
      }
      : clause;
  });
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
