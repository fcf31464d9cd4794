/** The chords of a note sequence, read as if it were a file of a track per part. */

import { type ReadChord, readChords } from "./reading.ts";
import type { KeyEvent, TrackEvents } from "../../midi/midi.ts";
import { type Note, type NoteSequence, sortNotes } from "../../music/music.ts";

const DRUM_CHANNEL = 9;

/**
 * The chords that music21 would read in a file of the sequence. Parts have no
 * names there, because a name that differs from the program's makes music21 lose
 * the part.
 *
 * @throws {LimitError} See {@linkcode readChords}.
 */
export function chordsOf(sequence: NoteSequence): ReadChord[] {
  const { tempos, timeSignatures, keySignatures, ticksPerQuarter } = sequence;
  const silent = { keys: [], instruments: [] };
  const nothing = { tempos: [], timeSignatures: [], keySignatures: [] };
  const notes = Map.groupBy(sortNotes(sequence.notes), ({ part }) => part);
  const tracks = sequence.parts.map(
    ({ program, isDrum }, part): TrackEvents => {
      const channel = isDrum ? DRUM_CHANNEL : 0;
      return {
        keys: keysOf(notes.get(part) ?? [], channel, isDrum),
        instruments: [{ ticks: 0, channel, program }],
        ...nothing,
      };
    },
  );
  return readChords(
    [{ ...silent, tempos, timeSignatures, keySignatures }, ...tracks],
    ticksPerQuarter,
  );
}

/** The keys of notes; at one tick, those of a note that begins earlier come first. */
function keysOf(
  notes: readonly Note[],
  channel: number,
  isDrum: boolean,
): KeyEvent[] {
  return notes.flatMap(({ pitch, velocity, startTicks, endTicks }) => [
    { ticks: startTicks, channel, isDrum, pitch, velocity },
    { ticks: endTicks, channel, isDrum, pitch, velocity: 0 },
  ]).sort((a, b) => a.ticks - b.ticks);
}
