/** Pieces one after the other as one piece. */

import { DEFAULT_METER, meterName } from "./meter.ts";
import {
  emptySequence,
  type Note,
  type NoteSequence,
  type Part,
} from "./note_sequence.ts";
import { sortNotes } from "./sort_notes.ts";
import { firstQpm } from "./tempo.ts";

/**
 * Joins pieces of one resolution. Each begins where the one before ends, at its own
 * tempo, in its own meter and key. Parts of one program are one part, of the first
 * such part's name; a second one of a program within a piece stays a second one.
 *
 * @param pieces At least one, each as long as its `totalTicks`.
 * @throws {RangeError} If there is none, or they differ in their resolution.
 *
 * @example
 * ```ts
 * import { emptySequence, joinSequences } from "immersic/music/music.ts";
 * const at = (qpm: number) => ({
 *   ...emptySequence(480),
 *   tempos: [{ ticks: 0, qpm }],
 *   totalTicks: 1920,
 * });
 * const { tempos, totalTicks } = joinSequences([at(70), at(120)]);
 * console.assert(tempos[1]?.ticks === 1920 && totalTicks === 3840);
 * ```
 */
export function joinSequences(pieces: readonly NoteSequence[]): NoteSequence {
  const [first] = pieces;
  const other = pieces.find(({ ticksPerQuarter }) =>
    ticksPerQuarter !== first?.ticksPerQuarter
  );
  if (!first || other) {
    throw new RangeError(
      first
        ? `Cannot join pieces: all must have ${first.ticksPerQuarter} ticks to a quarter note, current value is ${other?.ticksPerQuarter}.`
        : "Cannot join pieces: there is none.",
    );
  }
  const parts: Part[] = [];
  const joined = {
    tempos: [] as NoteSequence["tempos"][number][],
    timeSignatures: [] as NoteSequence["timeSignatures"][number][],
    keySignatures: [] as NoteSequence["keySignatures"][number][],
    controls: [] as NoteSequence["controls"][number][],
    markers: [] as NonNullable<NoteSequence["markers"]>[number][],
  };
  const notes: Note[] = [];
  let start = 0;
  for (const piece of pieces) {
    const partOf = partsInto(parts, piece.parts);
    const later = <T extends { readonly ticks: number }>(
      changes: readonly T[],
    ) => changes.map((change) => ({ ...change, ticks: start + change.ticks }));
    for (const note of piece.notes) {
      notes.push({
        ...note,
        startTicks: start + note.startTicks,
        endTicks: start + note.endTicks,
        part: partOf[note.part]!,
      });
    }
    // What a piece does not state would go on from the piece before.
    const [meter] = piece.timeSignatures;
    joined.tempos.push(
      ...piece.tempos[0]?.ticks === 0
        ? []
        : [{ ticks: start, qpm: firstQpm(piece) }],
      ...later(piece.tempos),
    );
    joined.timeSignatures.push(
      ...meter?.ticks === 0 ? [] : [{ ticks: start, ...DEFAULT_METER }],
      ...later(piece.timeSignatures),
    );
    joined.keySignatures.push(...later(piece.keySignatures));
    joined.markers.push(...later(piece.markers ?? []));
    joined.controls.push(
      ...later(piece.controls)
        .map((change) => ({ ...change, part: partOf[change.part]! })),
    );
    start += piece.totalTicks;
  }
  const { tempos, timeSignatures, keySignatures, controls, markers } = joined;
  return {
    ...emptySequence(first.ticksPerQuarter),
    parts,
    notes: sortNotes(notes),
    tempos: changesOf(tempos, ({ qpm }) => qpm),
    timeSignatures: changesOf(timeSignatures, meterName),
    keySignatures: changesOf(
      keySignatures,
      ({ fifths, mode }) => `${fifths} ${mode}`,
    ),
    controls: controls.sort((a, b) => a.ticks - b.ticks || a.part - b.part),
    ...markers.length > 0 && { markers },
    totalTicks: start,
  };
}

/** Adds parts to those there are, unless one is there; tells where each is. */
function partsInto(parts: Part[], added: readonly Part[]): number[] {
  const taken = new Set<number>();
  return added.map((part) => {
    let index = parts.findIndex((one, i) =>
      !taken.has(i) && one.isDrum === part.isDrum &&
      one.program === part.program && (one.bank ?? 0) === (part.bank ?? 0)
    );
    if (index < 0) index = parts.push(part) - 1;
    taken.add(index);
    return index;
  });
}

/** Only those that differ from the one before; the first always. */
function changesOf<T>(
  changes: readonly T[],
  valueOf: (change: T) => unknown,
): T[] {
  return changes.filter((change, i) =>
    i === 0 || valueOf(change) !== valueOf(changes[i - 1]!)
  );
}
