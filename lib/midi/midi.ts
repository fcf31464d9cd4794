/** Standard MIDI File bytes to and from a `NoteSequence`; only this folder knows them. */

export { MidiError } from "./cursor.ts";
export { MAX_FILE_BYTES } from "./limits.ts";
export { MAX_PLAIN_BYTES } from "./plain.ts";
export { parseMidi, parseMidiEvents, readMidi } from "./read.ts";
export type { Repair } from "../music/music.ts";
export type { MidiReading, MidiReadOptions } from "./read.ts";
export { DROPPED, type Dropped } from "./tally.ts";
export { MICROSECONDS_PER_MINUTE } from "./track.ts";
export type { InstrumentEvent, KeyEvent, TrackEvents } from "./track.ts";
export { mapDrums, type MappedDrums } from "./map_drums.ts";
export { spliceMidi } from "./splice.ts";
export { writeMidi } from "./write.ts";
