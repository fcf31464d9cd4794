/** A passage cut out of a piece. */

import { channelsOf } from "./channels.ts";
import type { NoteSequence } from "./note_sequence.ts";

/**
 * A passage as a sequence of its own, moved to begin at tick 0. It holds the
 * notes that begin inside it, cut at its end; a note sounding into it from
 * before is not struck again. The tempo, meter, key, marker and controller values
 * in force at its start hold from its tick 0. To keep the bars in place, cut at
 * {@linkcode barStarts}.
 *
 * @param sequence The sequence to cut from.
 * @param startTicks First tick of the passage.
 * @param endTicks Tick after the passage; beyond `totalTicks` means to the end.
 * @returns The passage, with the same parts.
 * @throws {RangeError} If the ticks are not integers with
 * 0 ≤ `startTicks` ≤ `endTicks`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { emptySequence, sliceSequence } from "immersic/music/music.ts";
 * const sequence = { ...emptySequence(480), totalTicks: 4000 };
 * assert(sliceSequence(sequence, 1920, 3840).totalTicks === 1920);
 * ```
 */
export function sliceSequence(
  sequence: NoteSequence,
  startTicks: number,
  endTicks: number,
): NoteSequence {
  if (
    !Number.isSafeInteger(startTicks) || !Number.isSafeInteger(endTicks) ||
    startTicks < 0 || endTicks < startTicks
  ) {
    throw new RangeError(
      `Cannot slice a sequence: startTicks and endTicks must be integers with 0 ≤ startTicks ≤ endTicks, current values are ${startTicks} and ${endTicks}.`,
    );
  }
  const end = Math.min(endTicks, sequence.totalTicks);
  /** What lies in the passage, after what is in force as it begins. */
  function cut<T extends { readonly ticks: number }>(
    changes: readonly T[],
    keyOf: (change: T) => number,
  ): T[] {
    const inForce = new Map<number, T>();
    const inside: T[] = [];
    for (const change of changes) {
      const ticks = change.ticks - startTicks;
      if (ticks <= 0) inForce.set(keyOf(change), { ...change, ticks: 0 });
      else if (change.ticks < end) inside.push({ ...change, ticks });
    }
    return [...inForce.values(), ...inside];
  }
  const one = () => 0;
  const channels = channelsOf(sequence.parts);
  return {
    ...sequence,
    notes: sequence.notes
      .filter((note) => note.startTicks >= startTicks && note.startTicks < end)
      .map((note) => ({
        ...note,
        startTicks: note.startTicks - startTicks,
        endTicks: Math.min(note.endTicks, end) - startTicks,
      })),
    tempos: cut(sequence.tempos, one),
    timeSignatures: cut(sequence.timeSignatures, one),
    keySignatures: cut(sequence.keySignatures, one),
    controls: cut(
      sequence.controls,
      ({ part, controller }) => channels[part]! * 128 + controller,
    ),
    ...sequence.markers && { markers: cut(sequence.markers, one) },
    totalTicks: Math.max(0, end - startTicks),
  };
}
