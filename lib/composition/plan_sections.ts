/** Plans the sections of a piece: what each is asked to be, and for how many bars. */

import type { PieceSpec, SectionWish } from "../music/music.ts";
import { type Profile, RemiAlphabet } from "../tokens/remi/remi.ts";
import type { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import { withContrast } from "./contrast.ts";
import { toGeneration, withTargets } from "./for_model.ts";
import { timeSections } from "./section_times.ts";
import { planTime } from "./time.ts";

/** A section of a piece, planned. */
export interface SectionPlan {
  /** What is asked of it: what the whole piece is to be, and what differs. */
  readonly asked: PieceSpec;
  /** The same, with a middle way where other sections ask for more or less. */
  readonly aims: PieceSpec;
  /** Its wish. */
  readonly wish: SectionWish;
  /** Its wishes in the model's terms, with targets. */
  readonly spec: PieceSpec;
  readonly bars: number;
  readonly meter: string;
  /** Quarter notes per minute at its beginning and at its end. */
  readonly qpm: readonly [from: number, to: number];
}

/** What {@linkcode planSections} knows of a model. */
export interface PlanOptions {
  readonly vocabulary: Vocabulary;
  /** The training piece that fills in what is left open, for all sections alike. */
  readonly like: Profile;
  readonly longest: number;
  /** Programs that usually play one note at a time. */
  readonly singleVoices: readonly number[];
}

/** Whether a piece has sections, or events, which need their times planned. */
export function isSectioned(
  { sections = [], events = [] }: PieceSpec,
): boolean {
  return sections.length + events.length > 0;
}

/**
 * Plans sections: a piece without any is one.
 *
 * @param notes Gets a sentence for what is met approximately, or left out.
 * @throws {PromptError} If a section cannot be made.
 */
export function planSections(
  asked: PieceSpec,
  { vocabulary, like, longest, singleVoices }: PlanOptions,
  notes: string[],
): SectionPlan[] {
  const alphabet = RemiAlphabet.of(vocabulary);
  if (asked.secondMeter) {
    notes.push(
      `Two meters take turns only in a piece without sections; all its bars are of ${asked.meter}.`,
    );
  }
  const wishes = withFirst(asked.sections ?? []);
  const { bars: usualBars } = like.constraints;
  const wanted = wishes.map((wish) => sectionSpec(asked, wish));
  const timed = withContrast(wanted, wishes).map((aims, i) => {
    const { meter, qpm } = planTime(aims, alphabet, [], like.constraints);
    // A profile has both.
    return { wish: wishes[i]!, aims, meter: meter!, qpm: qpm! };
  });
  const times = timeSections(
    timed.map(({ wish, aims, meter, qpm }) => ({
      from: wish.from,
      letter: wish.letter,
      meter,
      qpm: wish.curve?.qpm ?? [qpm, qpm],
      isTempoFree: aims.qpm === undefined && !wish.curve?.qpm,
    })),
    { length: asked.length, usualBars },
    asked.events ?? [],
    notes,
  );
  const bars = times.reduce((sum, { bars }) => sum + bars, 0);
  return times.map(({ index, bars: own, qpm }) => {
    const { wish, aims, meter } = timed[index]!;
    const { notes: told, ...spec } = withTargets(
      toGeneration(
        { ...aims, qpm: (qpm[0] + qpm[1]) / 2, length: { bars } },
        vocabulary,
        { like, longest },
      ),
      singleVoices,
    );
    for (const note of told) if (!notes.includes(note)) notes.push(note);
    const asked = wanted[index]!;
    return { asked, aims, wish, spec, bars: own, meter, qpm };
  });
}

/** Sections in order, the first from the beginning. */
function withFirst(wishes: readonly SectionWish[]): readonly SectionWish[] {
  const [first] = wishes;
  const from = first?.from;
  const isAtStart = from &&
    ("share" in from
      ? from.share === 0
      : "bar" in from
      ? from.bar <= 1
      : from.seconds === 0);
  return isAtStart ? wishes : [{ from: { share: 0 }, spec: {} }, ...wishes];
}

/**
 * What is asked of a section: the piece's wishes, but where it has its own. A tempo
 * in words takes the place of one in numbers and the other way round; who plays in
 * the section plays though the piece is without; in a key of its own it has not the
 * piece's chords.
 */
function sectionSpec(
  asked: PieceSpec,
  { spec, curve }: SectionWish,
): PieceSpec {
  const {
    sections: _,
    events: __,
    length: ___,
    loop: ____,
    secondMeter: _____,
    ...whole
  } = asked;
  const { qpm, tempo, chords, ...others } = whole;
  const isTempoOwn = spec.qpm !== undefined || spec.tempo !== undefined ||
    curve?.qpm !== undefined;
  const silent = (whole.silent ?? []).filter((name) =>
    !spec.playing?.includes(name)
  );
  const playing = (whole.playing ?? []).filter((name) =>
    !spec.silent?.includes(name)
  );
  return {
    ...others,
    ...!isTempoOwn && {
      ...qpm !== undefined && { qpm },
      ...tempo !== undefined && { tempo },
    },
    // The piece's chords are in its own key.
    ...chords && !spec.key && { chords },
    ...silent.length > 0 && { silent },
    ...playing.length > 0 && { playing },
    ...spec,
    // "In major" leaves the tonic, and the other way round.
    ...spec.key && { key: { ...whole.key, ...spec.key } },
  };
}
