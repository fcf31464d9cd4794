/** A whole piece: the sections of its form, one after the other. */

import type { Drawing, DrawnSection } from "./drawing.ts";
import type { FormSection } from "./form.ts";

/** Drafts of the bar that leads a loop back to its beginning. */
const LOOP_ATTEMPTS = 8;

/** How {@linkcode drawForm} draws. */
export interface FormOptions {
  readonly form: readonly FormSection[];
  readonly ending: "open" | "closed" | "loop";
  /** Of how many drafts of each section the best is taken. */
  readonly attempts: number;
}

/**
 * Draws the sections of a form.
 *
 * @param drawing Which has been given the bars that are there already.
 * @param given Those bars, ids without `Bar`.
 * @returns All bars in one section, of which the bars given have no part in what
 * was drawn.
 */
export async function drawForm(
  drawing: Drawing,
  given: readonly (readonly number[])[],
  { form, ending, attempts }: FormOptions,
): Promise<DrawnSection> {
  const bars = [...given];
  /** First bar of each section. */
  const starts: number[] = [];
  let nats = 0, drawn = 0, whole = true, end = 0;
  const add = (section: DrawnSection) => {
    bars.push(...section.bars);
    nats += section.nats;
    drawn += section.drawn;
    whole = section.whole;
  };
  for (const [i, section] of form.entries()) {
    starts.push(end);
    const start = end;
    end += section.bars;
    // The bar that ends the piece is drawn by itself.
    const hasEnding = i === form.length - 1 && ending !== "open";
    const left = end - bars.length - (hasEnding ? 1 : 0);
    if (left > 0 && whole) {
      const at = section.repeats === undefined
        ? undefined
        : starts[section.repeats] + bars.length - start;
      const template = at === undefined ? undefined : bars.slice(at, at + left);
      const { distance } = section;
      add(
        await drawing.best(
          { bars: left, template, distance },
          template ? 1 : attempts,
        ),
      );
    }
    if (!hasEnding || !whole || bars.length >= end) continue;
    add(
      ending === "loop"
        ? await drawing.leading({ bars: 1 }, bars[0], LOOP_ATTEMPTS)
        : await drawing.best({ bars: 1, closes: true }, attempts),
    );
  }
  return { header: [], bars, nats, drawn, whole };
}
