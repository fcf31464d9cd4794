/** The form of a piece: its sections, how long they are, and which repeat. */

import type { FormSection } from "../music/music.ts";

/** Share of the notes of A that are sampled anew in A′. */
const VARIED = 0.25;
/** A piece of fewer bars is one section. */
const SHORTEST_FORM = 12;

/**
 * Lays out a piece of so many bars: A A′ B A, in sections of four or eight bars.
 * Shorter forms leave out A′ first; longer ones go on as a rondo, A A′ B A C A′
 * D A … Bars that fill no section are a coda of their own.
 *
 * @param bars At least 1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { planForm } from "immersic/generation/generation.ts";
 * const form = planForm(32);
 * assert.equal(form.map(({ name }) => name).join(" "), "A A′ B A");
 * assert.deepEqual(form[3], { name: "A", bars: 8, repeats: 0, distance: 0 });
 * ```
 */
export function planForm(bars: number): FormSection[] {
  if (bars < SHORTEST_FORM) return [{ name: "A", bars }];
  const length = bars < 24 ? 4 : 8;
  const count = Math.floor(bars / length);
  const sections = Array.from(
    { length: count },
    (_, i) => formSection(i, count, length),
  );
  const rest = bars - count * length;
  return rest === 0 ? sections : [...sections, { name: "coda", bars: rest }];
}

/**
 * Section `index` of a form that has `count` of them, Infinity for a stream.
 *
 * @param length Of a section, in bars.
 */
export function formSection(
  index: number,
  count: number,
  length: number,
): FormSection {
  const again = (distance: number): FormSection => ({
    name: distance === 0 ? "A" : "A′",
    bars: length,
    repeats: 0,
    distance,
  });
  if (index === 0) return { name: "A", bars: length };
  // Of three sections the middle one is the contrast.
  if (count === 3) return index === 1 ? letter(1, length) : again(0);
  if (index === 1) return again(VARIED);
  // A form does not end on what is new.
  if (index % 2 === 0 && index < count - 1) return letter(index / 2, length);
  return again(index % 4 === 3 ? 0 : VARIED);
}

/** A new section, "B" for 1. After Z the letters begin again. */
function letter(number: number, bars: number): FormSection {
  return { name: String.fromCharCode(66 + (number - 1) % 25), bars };
}
