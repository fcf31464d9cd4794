/** What a prompt wants exactly and a model can only come near to. */

import { type NoteSequence, secondsToTicks } from "../music/music.ts";
import type { GenerationPlan } from "../prompt/prompt.ts";

/**
 * A piece as a prompt wants it where the model could only come near: its exact
 * tempo, its instruments, its exact length.
 */
export function finishPiece(
  sequence: NoteSequence,
  { qpm, programs, exactSeconds }: Pick<
    GenerationPlan,
    "qpm" | "programs" | "exactSeconds"
  >,
): NoteSequence {
  const played: NoteSequence = {
    ...sequence,
    tempos: qpm === undefined ? sequence.tempos : [{ ticks: 0, qpm }],
    parts: sequence.parts.map((part) =>
      part.isDrum
        ? part
        : { ...part, program: programs.get(part.program) ?? part.program }
    ),
  };
  if (exactSeconds === undefined) return played;
  const totalTicks = Math.round(secondsToTicks(played, exactSeconds));
  const notes = played.notes.filter(({ startTicks }) => startTicks < totalTicks)
    .map((note) => ({
      ...note,
      endTicks: Math.min(note.endTicks, totalTicks),
    }));
  return { ...played, notes, totalTicks };
}
