/** Standard MIDI File bytes to and from a `NoteSequence`; only this folder knows them. */

export { type InstrumentEvent, type KeyEvent, MidiError } from "./bytes.ts";
export {
  parseMidi,
  parseMidiEvents,
  type TrackEvents,
  writeMidi,
} from "./midi_file.ts";
