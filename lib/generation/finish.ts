/** Gives a piece what was asked exactly and the model could only approximate. */

import {
  BarLines,
  inBarsAs,
  type Note,
  type NoteSequence,
  type Part,
  type PieceSpec,
  playableBy,
  playingOf,
  secondsToTicks,
  sliceSequence,
  sortNotes,
  SUSTAIN_PEDAL,
} from "../music/music.ts";

/**
 * Gives a piece the exact tempo, meter, instruments and length that were asked, where the model does not know them. What another instrument plays is moved
 * to where it can play it.
 */
export function finishPiece(
  sequence: NoteSequence,
  { qpm, exactSeconds, barsAs, finishedBars, ...instruments }: Pick<
    PieceSpec,
    | "qpm"
    | "soundingPrograms"
    | "doubledBy"
    | "barsAs"
    | "finishedBars"
    | "exactSeconds"
  >,
): NoteSequence {
  const inMeter = barsAs ? inBarsAs(sequence, barsAs) : sequence;
  const cut = finishedBars === undefined
    ? inMeter
    : sliceSequence(inMeter, 0, BarLines.of(inMeter).startOf(finishedBars));
  const played: NoteSequence = {
    ...withInstruments(cut, instruments),
    tempos: qpm === undefined ? sequence.tempos : [{ ticks: 0, qpm }],
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

/** A piece with the programs that sound, and parts that play what others play. */
function withInstruments(
  sequence: NoteSequence,
  { soundingPrograms, doubledBy }: Pick<
    PieceSpec,
    "soundingPrograms" | "doubledBy"
  >,
): NoteSequence {
  if (!soundingPrograms?.size && !doubledBy?.size) return sequence;
  const { notes, controls } = sequence;
  const parts: Part[] = [];
  const played: Note[] = [], moved: NoteSequence["controls"][number][] = [];
  const add = (from: number, part: Part, isOther: boolean) => {
    const to = parts.push(part) - 1;
    const own = notes.filter((note) => note.part === from);
    const { isMonophonic } = playingOf(part.program);
    played.push(
      ...(isOther ? playableBy(own, part.program) : own)
        .map((note) => ({ ...note, part: to })),
    );
    moved.push(
      ...controls.filter((change) =>
        change.part === from &&
        // One note at a time leaves nothing for a pedal to hold.
        !(isOther && isMonophonic && change.controller === SUSTAIN_PEDAL)
      ).map((change) => ({ ...change, part: to })),
    );
  };
  for (const [i, part] of sequence.parts.entries()) {
    const program = soundingPrograms?.get(part.program);
    const isOther = !part.isDrum && program !== undefined;
    const own = isOther ? { ...part, program } : part;
    add(i, own, isOther);
    if (part.isDrum) continue;
    for (const program of doubledBy?.get(own.program) ?? []) {
      add(i, { ...part, program }, true);
    }
  }
  return {
    ...sequence,
    parts,
    notes: sortNotes(played),
    controls: moved.sort((a, b) => a.ticks - b.ticks || a.part - b.part),
  };
}
