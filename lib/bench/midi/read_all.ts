/** Our reader, from bytes to notes. */

import { MidiError, readMidi } from "../../midi/midi.ts";

/**
 * Reads files to notes.
 *
 * @returns How many notes there are, so that none can be left unread.
 */
export function readAll(files: readonly Uint8Array[]): number {
  let notes = 0;
  for (const bytes of files) {
    try {
      notes += readMidi(bytes).sequence.notes.length;
    } catch (error) {
      if (!(error instanceof MidiError)) throw error;
    }
  }
  return notes;
}
