/** A piece made longer: all its bars, and new ones after them. */

import { type Generator, readSeed } from "../generation/generation.ts";
import { writeMidi } from "../midi/midi.ts";
import {
  BarLines,
  type NoteSequence,
  rescaleSequence,
  sortNotes,
} from "../music/music.ts";
import { compose } from "./compose.ts";
import type { Longer } from "./takes.ts";

/**
 * Adds bars to the end of a piece, which go on from it.
 *
 * @param longer Its bars are more than the piece has.
 */
export async function lengthen(
  generator: Generator,
  piece: NoteSequence,
  { bars, randomSeed, wishes }: Longer,
): Promise<NoteSequence> {
  const { count } = BarLines.of(piece);
  const added = bars - count;
  const seed = readSeed(generator.checkpoint, writeMidi(piece));
  // A continuation begins with at most half of its bars.
  const made = await compose(generator, "", {
    seed,
    randomSeed,
    wishes,
    bars: Math.min(2 * added, bars),
  });
  const { passage } = seed(Math.min(2 * added, bars));
  if (!passage) return made.sequence;
  return append(piece, made.sequence, passage);
}

/** A piece, and after its last bar what a continuation has after its passage. */
function append(
  piece: NoteSequence,
  made: NoteSequence,
  passage: { readonly music: NoteSequence; readonly endTicks: number },
): NoteSequence {
  const { ticksPerQuarter } = made;
  const whole = rescaleSequence(piece, ticksPerQuarter);
  const join = passage.endTicks * ticksPerQuarter /
    passage.music.ticksPerQuarter;
  const lines = BarLines.of(whole);
  const by = lines.startOf(lines.count) - join;
  const later = <T extends { readonly ticks: number }>(changes: readonly T[]) =>
    changes.filter(({ ticks }) => ticks >= join)
      .map((change) => ({ ...change, ticks: change.ticks + by }));
  return {
    ...whole,
    parts: [...whole.parts, ...made.parts.slice(whole.parts.length)],
    notes: sortNotes([
      ...whole.notes,
      ...made.notes.filter(({ startTicks }) => startTicks >= join)
        .map((note) => ({
          ...note,
          startTicks: note.startTicks + by,
          endTicks: note.endTicks + by,
        })),
    ]),
    tempos: [...whole.tempos, ...later(made.tempos)],
    timeSignatures: [...whole.timeSignatures, ...later(made.timeSignatures)],
    keySignatures: [...whole.keySignatures, ...later(made.keySignatures)],
    controls: [...whole.controls, ...later(made.controls)],
    totalTicks: made.totalTicks + by,
  };
}
