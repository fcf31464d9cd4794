/**
 * What a MIDI file may hold. No file of music comes near, and a file within the
 * limits is read in a second or two and in a few hundred megabytes.
 */

/**
 * Bytes of a file. The largest files in wide use are orchestral scores of one or
 * two megabytes; longer ones are made to bring players down.
 */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;

/**
 * Notes of a file: half a day of piano playing. The largest of 17,000 files of
 * 70 origins, a computer's composition, has 242,332.
 */
export const MAX_NOTES = 300_000;

/**
 * Other events that are kept: controllers, programs, tempi, meters, keys, names.
 * A synthesizer that sends a controller every 10 ms takes an hour to so many; the
 * most of 17,000 files are 100,957.
 */
export const MAX_EVENTS = 400_000;

/** Characters of a name; what follows is no name, and is left out. */
export const MAX_NAME_CHARACTERS = 1000;

/**
 * Parts, one for each track, channel, bank and program that plays a note. The
 * whole sound list of a synthesizer has some thousand.
 */
export const MAX_PARTS = 8192;

/**
 * Tracks of a file: one for each part, and that of the tempi, so that what was
 * read can be written. Sequencers stop at some hundreds.
 */
export const MAX_TRACKS = MAX_PARTS + 1;

/** The largest number that fits in a delta time; no event lies beyond it. */
export const MAX_TICKS = 0x0fffffff;

/**
 * Channels of pitched parts, and of drums, as many as can be written: 15 and one
 * for each of 256 ports. Pieces have one port, or some.
 */
export const MAX_PITCHED_CHANNELS = 15 * 256, MAX_DRUM_CHANNELS = 256;
