/** Samples a whole piece: the sections of its form, one after the other. */

import type { PieceSpec } from "../music/music.ts";
import type { Section, SectionSampler } from "./section_sampler.ts";

/** Drafts of the bar that leads a loop back to its beginning. */
const LOOP_ATTEMPTS = 8;

/**
 * Samples the sections of a form.
 *
 * @param sampler Of a writer that has read the bars given.
 * @param given The seed's bars, ids without `Bar`.
 * @param spec Read for its form and ending.
 * @returns All bars as one section; its nats and count leave out those given.
 */
export async function samplePiece(
  sampler: SectionSampler,
  given: readonly (readonly number[])[],
  { form, ending }: Required<Pick<PieceSpec, "form" | "ending">>,
): Promise<Section> {
  const bars = [...given];
  /** First bar of each section. */
  const starts: number[] = [];
  let nats = 0, sampled = 0, whole = true, end = 0;
  const add = (section: Section) => {
    bars.push(...section.bars);
    nats += section.nats;
    sampled += section.sampled;
    whole = section.whole;
  };
  for (const [i, section] of form.entries()) {
    starts.push(end);
    const start = end;
    end += section.bars;
    // The bar that leads a loop back is sampled by itself.
    const hasEnding = i === form.length - 1 && ending === "loop";
    const left = end - bars.length - (hasEnding ? 1 : 0);
    if (left > 0 && whole) {
      const at = section.repeats === undefined
        ? undefined
        : starts[section.repeats]! + bars.length - start;
      const template = at === undefined ? undefined : bars.slice(at, at + left);
      const { distance } = section;
      add(await sampler.section({ bars: left, template, distance }));
    }
    if (!hasEnding || !whole || bars.length >= end) continue;
    const [first] = bars;
    add(
      first === undefined
        // A loop of one bar has no other bar to lead back to.
        ? await sampler.section({ bars: 1 })
        : await sampler.leading({ bars: 1 }, first, LOOP_ATTEMPTS),
    );
  }
  return { header: [], bars, nats, sampled, whole };
}
