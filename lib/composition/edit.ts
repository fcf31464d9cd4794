/** Changes to a whole piece that need no new notes: key, tempo, loudness of parts. */

import {
  channelsOf,
  type ControlChange,
  DEFAULT_QPM,
  type Note,
  type NoteSequence,
  transposeSequence,
} from "../music/music.ts";

/** One change. */
export type Edit =
  /** Semitones up, or down where negative; drums stay. */
  | { readonly transpose: number }
  /** Quarter notes per minute at the beginning; later tempi keep their ratio to it. */
  | { readonly qpm: number }
  /** How much louder a part is, or softer where negative. */
  | { readonly part: number; readonly decibels: number };

/** The controller of a part's volume, and what holds without it. */
const VOLUME = 7, USUAL_VOLUME = 100;
/** Gain of a volume or velocity, in decibels: 40 × log10 of its share. */
const DECIBELS = 40;
const SLOWEST = 10, FASTEST = 400, MOST_DECIBELS = 40;

/**
 * Changes a piece.
 *
 * @returns The piece with the change; all else are the same objects.
 * @throws {RangeError} If a note would leave the pitches of MIDI, a tempo be out of
 * bounds, or the part is not there.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { editPiece } from "immersic/composition/composition.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const { tempos } = editPiece(emptySequence(480), { qpm: 90 });
 * assert.deepEqual(tempos, [{ ticks: 0, qpm: 90 }]);
 * ```
 */
export function editPiece(piece: NoteSequence, edit: Edit): NoteSequence {
  if ("transpose" in edit) return transposeSequence(piece, edit.transpose);
  return "qpm" in edit ? withTempo(piece, edit.qpm) : withVolume(piece, edit);
}

function withTempo(piece: NoteSequence, qpm: number): NoteSequence {
  if (!(qpm >= SLOWEST && qpm <= FASTEST)) {
    throw new RangeError(
      `Cannot change the tempo: it must be from ${SLOWEST} to ${FASTEST} bpm, current value is ${qpm}.`,
    );
  }
  const [first] = piece.tempos;
  const own = first?.qpm ?? DEFAULT_QPM;
  const before = first?.ticks === 0 ? [] : [{ ticks: 0, qpm }];
  // Before the first tempo that is stated, the usual one holds.
  const factor = qpm / (first?.ticks === 0 ? own : DEFAULT_QPM);
  return {
    ...piece,
    tempos: [
      ...before,
      ...piece.tempos.map((tempo) => ({
        ...tempo,
        qpm: tempo === first && first.ticks === 0 ? qpm : factor * tempo.qpm,
      })),
    ],
  };
}

/**
 * Changes the volume controller of a part; where that is at its end, or others share
 * its channel, the velocities.
 */
function withVolume(
  piece: NoteSequence,
  { part, decibels }: { readonly part: number; readonly decibels: number },
): NoteSequence {
  const { parts, controls } = piece;
  if (!parts[part] || !(Math.abs(decibels) <= MOST_DECIBELS)) {
    throw new RangeError(
      parts[part]
        ? `Cannot change the loudness: it must be by at most ${MOST_DECIBELS} decibels, current value is ${decibels}.`
        : `Cannot change the loudness of part ${part}: the piece has parts 0 to ${
          parts.length - 1
        }.`,
    );
  }
  const channels = channelsOf(parts);
  const isOwn = (change: ControlChange) =>
    change.controller === VOLUME && channels[change.part] === channels[part];
  const factor = 10 ** (decibels / DECIBELS);
  const volumes = controls.filter(isOwn);
  const loudest = volumes.reduce(
    (most, { value }) => Math.max(most, value),
    volumes[0]?.ticks === 0 ? 0 : USUAL_VOLUME,
  );
  const isAlone =
    channels.filter((channel) => channel === channels[part]).length === 1;
  if (!isAlone || loudest * factor > 127) {
    return { ...piece, notes: louder(piece.notes, part, factor) };
  }
  const scaled = (value: number) => Math.round(factor * value);
  const start = { ticks: 0, part, controller: VOLUME };
  return {
    ...piece,
    controls: [
      ...volumes[0]?.ticks === 0
        ? []
        : [{ ...start, value: scaled(USUAL_VOLUME) }],
      ...controls.map((change) =>
        isOwn(change) ? { ...change, value: scaled(change.value) } : change
      ),
    ],
  };
}

function louder(notes: readonly Note[], part: number, factor: number): Note[] {
  return notes.map((note) =>
    note.part === part
      ? {
        ...note,
        velocity: Math.min(
          127,
          Math.max(1, Math.round(factor * note.velocity)),
        ),
      }
      : note
  );
}
