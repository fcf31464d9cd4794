/** The form of a piece that goes on from a user's passage. */

import { type Passage, planForm, type Seed } from "../generation/generation.ts";
import {
  findKey,
  type FormSection,
  hasPitch,
  type PieceSpec,
  sliceSequence,
} from "../music/music.ts";

/** Of a passage, the form takes up at most so many of the last bars. */
const LONGEST_SECTION = 8;

/**
 * Plans the form of a piece that begins with a seed: that of {@linkcode planForm},
 * but after a passage it begins with the passage's last bars, as its A, or with
 * the new bars where those last ones are in another key or have other
 * instruments than the new ones are to have.
 *
 * @param spec Read for its length, key and instruments.
 * @returns Sections as long in all as the piece; one without a name is of bars
 * that come back nowhere.
 */
export function planFormAfter(
  seed: Seed | undefined,
  spec: PieceSpec,
): FormSection[] {
  const { bars = 1 } = spec;
  const { passage, heardBars = 0 } = seed ?? {};
  if (!passage || heardBars === 0) return planForm(bars);
  const longest = Math.min(heardBars, LONGEST_SECTION);
  const [{ bars: length } = { bars: longest }] = planForm(
    bars - heardBars + longest,
  );
  const quoted = Math.min(length, longest);
  const before = canComeBack(passage, quoted, spec)
    ? heardBars - quoted
    : heardBars;
  if (before === 0) return planForm(bars);
  return [
    { name: "", bars: before },
    ...planForm(bars - before).map((section) => ({
      ...section,
      ...section.repeats !== undefined && { repeats: section.repeats + 1 },
    })),
  ];
}

/** Whether the last bars that are heard have the piece's key and instruments. */
function canComeBack(
  { heard: { music, barSteps } }: Passage,
  bars: number,
  { targets, constraints = {} }: PieceSpec,
): boolean {
  const from = Math.max(0, music.totalTicks - bars * barSteps);
  const last = sliceSequence(music, from, music.totalTicks);
  const { programs, kits } = constraints;
  const isPlayed = last.notes.every(({ part }) => {
    const { program, isDrum } = last.parts[part]!;
    return (isDrum ? kits : programs)?.includes(program) ?? true;
  });
  if (!isPlayed || !targets?.key || !hasPitch(last)) return isPlayed;
  const { tonic, mode } = findKey(last);
  return tonic === targets.key.tonic && mode === targets.key.mode;
}
