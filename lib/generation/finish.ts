/** What the finished piece has where the model can only come near. */

import {
  type NoteSequence,
  type PieceSpec,
  secondsToTicks,
} from "../music/music.ts";

/**
 * Gives a piece the exact tempo, the sounding instruments and the exact length
 * that are asked, where the model could only come near.
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
  return { ...played, notes, totalTicks };
}
