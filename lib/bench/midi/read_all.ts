/** Our reader, from bytes to notes. */

import { MidiError, readMidi } from "../../midi/midi.ts";
import { noteCount } from "../../music/music.ts";

/**
 * Reads files to notes in columns, as symusic has them: no object is made of each.
 *
 * @returns How many notes there are, so that none can be left unread.
 */
export function readAll(files: readonly Uint8Array[]): number {
  let notes = 0;
  for (const bytes of files) {
    try {
      notes += noteCount(readMidi(bytes).sequence);
    } catch (error) {
      if (!(error instanceof MidiError)) throw error;
    }
  }
  return notes;
}
