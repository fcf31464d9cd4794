/**
 * A {@linkcode NoteSequence} to the bytes of a Standard MIDI File, through
 * `@tonejs/midi`.
 */

// Reading alone does not need it, and its beginning takes as long as 20 files.
import defer * as library from "@tonejs/midi";
import type { NoteSequence } from "../music/music.ts";
import { layOut, type PlacedEvent } from "./lay_out.ts";
import { keySignatureBytes, markerBytes } from "./raw_events.ts";
import { MICROSECONDS_PER_MINUTE } from "./track.ts";
import { joined } from "./track_bytes.ts";
import { planTracks } from "./track_plan.ts";
import { HEADER_BYTES, lastChunk, writeTrack } from "./track_writing.ts";
import { microsecondsPerQuarter, requireWritable } from "./writable.ts";

/**
 * Writes a Standard MIDI File of type 1: tempi, meters, keys and markers in the first
 * track, then a track for the parts that share a `track` and `channel`, and one for
 * each other part. {@linkcode parseMidi} reads back what it once read, but for the
 * numbers of the tracks.
 *
 * - Parts on one channel share a MIDI channel, but drums are on the tenth. Beyond
 *   15 channels of pitches, or one of drums, parts go on further ports.
 * - A program is set before the notes that need it, and its bank before it.
 * - At each tick notes end, then controllers change, then notes begin; but a pedal
 *   that alone changes there follows the notes, as a foot follows the hands.
 *
 * Where a note lies within another of its pitch, track and channel, the format
 * cannot say which of the two ends first: {@linkcode parseMidi} takes it to be the
 * earlier. A part without notes is written, but not read.
 *
 * @param sequence The music.
 * @returns The bytes of the file.
 * @throws {RangeError} If a value has no place in the format, for example a
 * pitch above 127 or a tempo below 3.58 qpm.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseMidi, writeMidi } from "immersic/midi/midi.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const bytes = writeMidi({
 *   ...emptySequence(480),
 *   parts: [{ name: "Pad", program: 89, isDrum: false }],
 *   notes: [{ pitch: 60, velocity: 80, startTicks: 0, endTicks: 960, part: 0 }],
 *   totalTicks: 1920,
 * });
 * assert(parseMidi(bytes).parts[0]?.name === "Pad");
 * ```
 */
export function writeMidi(sequence: NoteSequence): Uint8Array {
  requireWritable(sequence);
  const tracks = planTracks(sequence).map(writeTrack);
  const { header, tempoTrack } = writeHeader(sequence);
  new DataView(header.buffer, header.byteOffset).setUint16(
    10,
    1 + tracks.length,
  );
  return joined([header, tempoTrack, ...tracks]);
}

/** The header chunk, of one track, and the track of tempi, meters, keys and markers. */
function writeHeader(
  sequence: NoteSequence,
): { header: Uint8Array; tempoTrack: Uint8Array } {
  const { tempos, timeSignatures, keySignatures, totalTicks } = sequence;
  const { markers = [] } = sequence;
  const changes = [...markers, ...keySignatures, ...tempos, ...timeSignatures]
    .sort((a, b) => a.ticks - b.ticks);
  const events: PlacedEvent[] = [{ ticks: 0, block: 0 }]; // the name
  // Those that the writer writes, at the numbers of their places.
  const writtenTempos: { ticks: number; bpm: number }[] = [];
  const writtenMeters: { ticks: number; timeSignature: number[] }[] = [];
  for (const [slot, change] of changes.entries()) {
    const { ticks } = change;
    if ("fifths" in change) {
      events.push({ ticks, bytes: keySignatureBytes(change) });
      continue;
    }
    if ("text" in change) {
      events.push({ ticks, bytes: markerBytes(change) });
      continue;
    }
    events.push({ ticks, block: 0 });
    if ("qpm" in change) {
      // The writer rounds down to whole microseconds; the half one added brings
      // it back to the same number.
      const microseconds = microsecondsPerQuarter(change.qpm) + 0.5;
      const bpm = MICROSECONDS_PER_MINUTE / microseconds;
      writtenTempos.push({ ticks: slot, bpm });
    } else {
      const timeSignature = [change.numerator, change.denominator];
      writtenMeters.push({ ticks: slot, timeSignature });
    }
  }
  const end = Math.max(totalTicks, changes.at(-1)?.ticks ?? 0);
  events.push({ ticks: end, block: 0 });
  const midi = new library.default.Midi();
  midi.header.fromJSON({
    name: "",
    ppq: sequence.ticksPerQuarter,
    meta: [],
    tempos: writtenTempos,
    timeSignatures: writtenMeters,
    keySignatures: [],
  });
  const bytes = midi.toArray();
  return {
    header: bytes.subarray(0, HEADER_BYTES),
    tempoTrack: layOut([lastChunk(bytes)], events),
  };
}
