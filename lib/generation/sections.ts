/** Samples a piece of several sections, each with aims of its own. */

import {
  type Attributes,
  keyOfAttributes,
  type PieceSpec,
} from "../music/music.ts";
import { barsInto } from "./heard_bars.ts";
import type {
  GeneratedSection,
  SectionDrafts,
  SectionedOptions,
} from "./options.ts";
import { samplePiece } from "./piece_sampler.ts";
import type { Section, SectionSampler } from "./section_sampler.ts";
import { planStretches, type Span } from "./stretches.ts";
import type { Place, TokenWriter } from "./token_writer.ts";

/** What {@linkcode sampleSections} works with. */
export interface SectionsOptions {
  readonly writer: TokenWriter;
  readonly sampler: SectionSampler;
  readonly span: Span;
  /** How the last section ends. */
  readonly ending: PieceSpec["ending"];
  /** Ids of the attributes of a spec. */
  readonly headOf: (spec: PieceSpec) => readonly number[];
  /** The section of a spec of some ids: attributes, bars and `End`. */
  readonly decode: (
    ids: readonly number[],
    spec: PieceSpec,
  ) => GeneratedSection;
  /** See {@linkcode SectionedOptions}. */
  readonly draftTokens: number;
  /** How badly section `index` misses its wishes; at 0 no other draft is sampled. */
  readonly missed: NonNullable<SectionedOptions["missed"]>;
}

/** Sections, and the sums that tell of the model's own distribution. */
export interface SampledSections {
  readonly sections: readonly GeneratedSection[];
  readonly nats: number;
  /** Tokens that were kept. */
  readonly sampled: number;
}

/** A draft, and the state after it. */
interface Best {
  readonly made: Section;
  readonly section: GeneratedSection;
  readonly missed: number;
  readonly place: Place;
}

/**
 * Samples sections one after the other. Before each, the network forgets what it
 * read and hears the last bars as they would be in the section: in its scale, on its
 * instruments. So the section goes on from them, and keeps to its own attributes
 * from its first note. After another meter it hears nothing, nor in drafts that are to.
 *
 * Of several drafts of a section the first that misses no wish is kept, or else the
 * one that misses least.
 */
export async function sampleSections(
  plans: readonly SectionDrafts[],
  options: SectionsOptions,
): Promise<SampledSections> {
  const { writer, draftTokens } = options;
  const sections: GeneratedSection[] = [];
  const allBars = plans.reduce((sum, { bars }) => sum + bars, 0);
  let barsSoFar = 0;
  let nats = 0, sampled = 0;
  let last: Heard | undefined, opening: readonly number[] | undefined;
  for (const [index, { bars, drafts }] of plans.entries()) {
    const isLast = index === plans.length - 1;
    const start = writer.place;
    barsSoFar += bars;
    const most = draftTokens * barsSoFar / allBars;
    let best: Best | undefined;
    for (const { spec, hears } of drafts) {
      writer.place = start;
      const before = hears ? last : undefined;
      const draft = { bars, spec, isLast, last: before, opening };
      const { made, section } = await sampleDraft(draft, options);
      const missed = options.missed(
        section.sequence,
        index,
        sections.at(-1)?.sequence,
      );
      if (best === undefined || missed < best.missed) {
        best = { made, section, missed, place: writer.place };
      }
      if (missed === 0 || writer.sampled >= most) break;
    }
    if (best === undefined) {
      throw new Error(`Cannot sample section ${index}: it has no drafts.`);
    }
    writer.place = best.place;
    sections.push(best.section);
    nats += best.made.nats;
    sampled += best.made.sampled;
    last = { bars: best.made.bars, spec: drafts[0]!.spec };
    opening ??= best.made.bars[0];
  }
  return { sections, nats, sampled };
}

/** A section that the next one goes on from. */
interface Heard {
  readonly bars: readonly (readonly number[])[];
  readonly spec: PieceSpec;
}

/** Samples a section once. */
async function sampleDraft(
  { bars, spec, isLast, last, opening }: {
    readonly bars: number;
    readonly spec: PieceSpec;
    readonly isLast: boolean;
    readonly last: Heard | undefined;
    /** The first bar of the piece. */
    readonly opening: readonly number[] | undefined;
  },
  { writer, sampler, span, ending, headOf, decode }: SectionsOptions,
): Promise<{ made: Section; section: GeneratedSection }> {
  const head = headOf(spec);
  writer.retarget(spec, head);
  const heard = heardBefore(spec, last, writer, span);
  const leadsOn = !isLast || ending === "loop";
  const stretches = planStretches(bars, span, leadsOn);
  const [first] = stretches;
  writer.hear(heard, heard.length + first!.bars + first!.ahead);
  const { header } = writer;
  const made = await samplePiece(sampler, [], {
    stretches,
    ending: isLast ? ending : "open",
    span,
    opening,
  });
  const [bar, ...others] = made.bars;
  const section = decode([
    ...head,
    writer.barId,
    ...header,
    ...bar!,
    ...others.flatMap((one) => [writer.barId, ...one]),
  ], spec);
  return { made, section };
}

/** The last bars before a section, as they would be in it. */
export function heardBefore(
  { constraints, attributes }: PieceSpec,
  last: Heard | undefined,
  { alphabet, usable }: TokenWriter,
  span: Span,
): number[][] {
  const isOther = last?.spec.constraints?.meter !== constraints?.meter;
  if (!last || isOther) return [];
  const from = majorOf(last.spec.attributes) ?? 0;
  const to = majorOf(attributes) ?? from;
  // The nearer way round.
  const semitones = (to - from + 18) % 12 - 6;
  return barsInto(last.bars.slice(-span.link), { alphabet, usable, semitones });
}

/** The tonic of the major key of the same notes, undefined where no key is told. */
function majorOf(attributes: Attributes = {}): number | undefined {
  const key = keyOfAttributes(attributes);
  return key && (key.mode === "minor" ? (key.tonic + 3) % 12 : key.tonic);
}
