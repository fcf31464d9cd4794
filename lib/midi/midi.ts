/** Standard MIDI File bytes to and from a `NoteSequence`; only this folder knows them. */

export { MidiError } from "./cursor.ts";
export { parseMidi, parseMidiEvents, type TrackEvents } from "./read.ts";
export { type InstrumentEvent, type KeyEvent } from "./track.ts";
export { writeMidi } from "./write.ts";
