/** Samples a whole piece: its stretches, one after the other. */

import type { PieceSpec } from "../music/music.ts";
import type { Section, SectionSampler } from "./section_sampler.ts";
import type { Span, Stretch } from "./stretches.ts";

/** Drafts of the bar that leads a loop back to its beginning. */
const LOOP_ATTEMPTS = 8;

/**
 * Samples the stretches of a piece.
 *
 * @param sampler Of a writer that has read the bars given.
 * @param given The seed's bars, ids without `Bar`.
 * @param plan The stretches, how the piece ends, and how long the model's pieces are.
 * The theme is the last bars given, or else the first that are made. A loop leads
 * back to the opening, by default to its own first bar.
 * @returns All bars as one section; its nats and count leave out those given.
 */
export async function samplePiece(
  sampler: SectionSampler,
  given: readonly (readonly number[])[],
  { stretches, ending, span, opening }: {
    readonly stretches: readonly Stretch[];
    readonly ending: PieceSpec["ending"];
    readonly span: Span;
    readonly opening?: readonly number[] | undefined;
  },
): Promise<Section> {
  const bars = [...given];
  let nats = 0, sampled = 0, whole = true;
  const add = (section: Section) => {
    bars.push(...section.bars);
    nats += section.nats;
    sampled += section.sampled;
    whole = section.whole;
  };
  for (const [i, stretch] of stretches.entries()) {
    if (!whole) break;
    if (i > 0) {
      const theme = given.length > 0
        ? given.slice(-span.theme)
        : bars.slice(0, span.theme);
      const heard = stretch.returns ? theme : bars.slice(-span.link);
      sampler.hear(heard, heard.length + stretch.bars + stretch.ahead);
    }
    // The bar that leads a loop back is sampled by itself.
    const isLast = i === stretches.length - 1;
    const leads = isLast && ending === "loop" ? 1 : 0;
    if (stretch.bars > leads) {
      add(await sampler.section({ bars: stretch.bars - leads }));
    }
    if (leads === 0 || !whole) continue;
    const first = opening ?? bars[0];
    add(
      first === undefined
        // A loop of one bar has no other bar to lead back to.
        ? await sampler.section({ bars: 1 })
        : await sampler.leading({ bars: 1 }, first, LOOP_ATTEMPTS),
    );
  }
  return { header: [], bars, nats, sampled, whole };
}
