/** Sentences on what of a prompt and of a seed was not kept. */

import { sentencesOf } from "../prompt/prompt.ts";
import { isSectioned } from "./plan_sections.ts";
import type { Preparation } from "./prepare.ts";

/** Tells how a piece ends that was to be endless. */
export function notesOnEnd(
  { asked: { length }, spec, sections = [] }: Preparation,
): string[] {
  if (!length || !("endless" in length)) return [];
  const bars = spec.finishedBars ?? spec.bars ??
    sections.reduce((sum, { bars }) => sum + bars, 0);
  return [
    `No file is endless: this one has ${bars} bars, and its end leads back to its beginning.`,
  ];
}

/** Sentences on what of the prompt and of the seed was not kept. */
export function notesOn(
  { prompt, asked, start, seed, spec, addsDrums, newBars, epochs }: Preparation,
): string[] {
  const notes = sentencesOf(prompt);
  if (epochs === 0) {
    notes.push(
      "The network has not been trained for a whole epoch yet: expect little of this piece.",
    );
  }
  if (isSectioned(asked) && seed) {
    notes.push(
      "Sections and events are for new pieces; one that goes on from other music, or varies it, is made without.",
    );
  }
  if (addsDrums) {
    notes.push("The model never heard drums; soft ones are added by rule.");
  }
  notes.push(...seed?.notes ?? []);
  const { passage } = seed ?? {};
  if (passage && newBars > 0) {
    if (new Set(passage.music.tempos.map(({ qpm }) => qpm)).size > 1) {
      notes.push(
        `The piece to start from changes its tempo; the new bars keep ${
          Number(spec.qpm?.toFixed(2))
        } bpm.`,
      );
    }
    if (passage.heard.unheard.drums > 0 && !asked.silent?.includes("drums")) {
      notes.push(
        "The model never heard drums; the last ones of the piece to start from repeat under the new bars.",
      );
    }
  } else if (passage && passage.heard.unheard.drums > 0) {
    notes.push("The model never heard drums; they stay as they are.");
  }
  if (start && seed && seed.bars < start.bars) {
    notes.push(
      `The piece goes on from the last ${seed.bars} of ${start.bars} bars; more bars would have room for more of them.`,
    );
  }
  return notes;
}
