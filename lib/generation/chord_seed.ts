/** The chord tokens of any file that a piece is to go on from. */

import { parseMidi } from "../midi/midi.ts";
import { pitchedNotes } from "../music/music.ts";
import { ChordTokenizer } from "../tokens/chord/chord.ts";

/**
 * The chord tokens of a file. Where music21's reading has none, because drums come
 * first or a track's name contradicts its program, they are of all pitched parts.
 *
 * @param file Its name, for errors.
 * @returns None if no note has a pitch.
 * @throws {MidiError} If the bytes are not a Standard MIDI File.
 * @throws {LimitError} If there are far too many bars.
 */
export function chordTokens(bytes: Uint8Array, file?: string): string[] {
  const tokenizer = new ChordTokenizer();
  const tokens = tokenizer.encodeFile(bytes, file);
  if (tokens.length > 0) return tokens;
  const sequence = parseMidi(bytes, file);
  return tokenizer.encode({ ...sequence, notes: pitchedNotes(sequence) });
}
