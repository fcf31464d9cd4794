/** Music without end, section by section, whose wishes may change. */

import type { NoteSequence, PieceSpec } from "../music/music.ts";
import type { Section, SectionSampler } from "./section_sampler.ts";
import { heardBefore } from "./sections.ts";
import { returnsAt, type Span } from "./stretches.ts";
import type { TokenWriter } from "./token_writer.ts";

/** Bars of a section of a stream. */
const SECTION_BARS = 8;

/** What {@linkcode streamSections} works with. */
export interface StreamOptions {
  /** Aims at what is asked first. */
  readonly writer: TokenWriter;
  readonly sampler: SectionSampler;
  readonly span: Span;
  /** Ids of the attributes of a spec. */
  readonly headOf: (spec: PieceSpec) => readonly number[];
  /** The notes of some ids: attributes, bars and `End`. */
  readonly decode: (ids: readonly number[]) => NoteSequence;
}

/** Bars of the first stretch of a stream, and of those after it. */
export function streamStretches(span: Span): { outer: number; inner: number } {
  return {
    outer: Math.max(span.outer, SECTION_BARS),
    inner: Math.max(span.inner, SECTION_BARS),
  };
}

/**
 * Samples sections of eight bars without end. Every few of them the network hears a
 * few bars as if the music began with them, by turns the theme, which are the first
 * ones, and the last ones.
 *
 * @param asked Called before each section. Where it gives another value than before,
 * the section is sampled for that, and its bars are the new theme.
 */
export async function* streamSections(
  asked: () => PieceSpec,
  { writer, sampler, span, headOf, decode }: StreamOptions,
): AsyncGenerator<NoteSequence, never> {
  const { theme: themeBars } = span;
  const { inner, outer } = streamStretches(span);
  const { barId, endId } = writer;
  let spec = asked(), head = headOf(spec);
  let theme: Section["bars"] = [], last = theme;
  let stretch = 0, left = outer;
  /** Has the network hear what the next stretch goes on from. */
  const goOn = (heard: Section["bars"]) => {
    left = inner;
    sampler.hear(heard, heard.length + left + themeBars);
  };
  /** Aims at what is asked from now on. */
  const change = (next: PieceSpec) => {
    const before = { bars: last, spec };
    spec = next;
    head = headOf(spec);
    writer.retarget(spec, head);
    stretch = 0;
    theme = [];
    goOn(heardBefore(spec, before, writer, span));
  };
  // In a function, for a generator keeps its locals alive while it waits.
  const makeSection = async () => {
    const next = asked();
    if (next !== spec) change(next);
    else if (left <= 0) goOn(returnsAt(++stretch, Infinity) ? theme : last);
    const { header } = writer;
    const section = await sampler.section({ bars: SECTION_BARS });
    left -= SECTION_BARS;
    if (theme.length === 0) theme = section.bars.slice(0, themeBars);
    last = section.bars.slice(-span.link);
    const [opening, ...others] = section.bars;
    return decode(head.concat(
      barId,
      header,
      opening!,
      ...others.flatMap((bar) => [barId, bar]),
      endId,
    ));
  };
  while (true) yield await makeSection();
}
