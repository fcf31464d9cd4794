/** Gives a piece what was asked exactly and the model could only approximate. */

import {
  type NoteSequence,
  type PieceSpec,
  secondsToTicks,
} from "../music/music.ts";

/**
 * Gives a piece the exact tempo, the instruments and the exact length that were
 * asked, where the model does not know them.
 */
export function finishPiece(
  sequence: NoteSequence,
  { qpm, soundingPrograms, exactSeconds }: Pick<
    PieceSpec,
    "qpm" | "soundingPrograms" | "exactSeconds"
  >,
): NoteSequence {
  const played: NoteSequence = {
    ...sequence,
    tempos: qpm === undefined ? sequence.tempos : [{ ticks: 0, qpm }],
    parts: sequence.parts.map((part) =>
      part.isDrum ? part : {
        ...part,
        program: soundingPrograms?.get(part.program) ?? part.program,
      }
    ),
  };
  if (exactSeconds === undefined) return played;
  const totalTicks = Math.round(secondsToTicks(played, exactSeconds));
  const notes = played.notes.filter(({ startTicks }) => startTicks < totalTicks)
    .map((note) => ({
      ...note,
      endTicks: Math.min(note.endTicks, totalTicks),
    }));
  const controls = played.controls.filter(({ ticks }) => ticks <= totalTicks);
  return { ...played, notes, controls, totalTicks };
}
