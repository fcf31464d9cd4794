/**
 * The tracks of a file, written by `@tonejs/midi`.
 *
 * `@tonejs/midi` 2.0.28 copies a track at each delta time above 127 ticks, and the
 * file at each track: 25,000 notes took it 24 seconds, 50,000 took 100. It also
 * takes over a kilobyte for an event. So it is handed the events of a track a block
 * at a time, one tick apart, and `layOut()` puts them at their times.
 */

import type { Track as TrackWriter } from "@tonejs/midi";
import defer * as library from "@tonejs/midi";
import { layOut } from "./lay_out.ts";
import { BLOCK, orderEvents, type PlacedNote } from "./track_order.ts";
import type { TrackPlan } from "./track_plan.ts";

/** The track chunk of a plan. */
export function writeTrack(plan: TrackPlan): Uint8Array {
  const { events, notes } = orderEvents(plan);
  // The first has the name; all have the program.
  const blocks = [writeBlock(plan, (track) => {
    track.name = byteString(plan.name);
  })];
  for (let i = 0; i < notes.length; i += BLOCK) {
    const block = writeBlock(plan, (track) => {
      for (const note of notes.slice(i, i + BLOCK)) addNote(track, note);
    });
    blocks.push(block);
  }
  return layOut(blocks, events);
}

function writeBlock(
  { place, first }: TrackPlan,
  fill: (track: TrackWriter) => void,
): Uint8Array {
  const midi = new library.default.Midi();
  const track = midi.addTrack();
  track.channel = place.channel;
  track.instrument.number = first.program;
  fill(track);
  return lastChunk(midi.toArray());
}

function addNote(
  track: TrackWriter,
  { note: { pitch, velocity }, on, off }: PlacedNote,
): void {
  track.addNote({
    midi: pitch,
    ticks: on,
    durationTicks: off - on,
    velocity: halfUp(velocity),
  });
}

/** Bytes of the header chunk. */
export const HEADER_BYTES = 14;

/** The data of the last chunk of a file that `@tonejs/midi` wrote. */
export function lastChunk(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let start = HEADER_BYTES + 8;
  for (;;) {
    const end = start + view.getUint32(start - 4);
    if (end === bytes.length) return bytes.subarray(start);
    start = end + 8;
  }
}

/**
 * A velocity, 0–127, as the share of 127 that the writer takes. It rounds down; the half unit added brings it back to the same number.
 */
function halfUp(value: number): number {
  return (value + 0.5) / 127;
}

/** UTF-8, a character for each byte, which is how the writer takes text. */
function byteString(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text));
  return bytes.map((byte) => String.fromCharCode(byte)).join("");
}
