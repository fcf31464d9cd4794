/** Events at their places in a track that `@tonejs/midi` wrote. */

import { Cursor } from "./cursor.ts";

/** An event of a track and when it happens. */
export type PlacedEvent =
  & { readonly ticks: number }
  & (
    /** Its bytes without the delta time. */
    | { readonly bytes: readonly number[] }
    /** Index of the block whose next event it is. */
    | { readonly block: number }
  );

/** The name and the program, which each block but the first repeats. */
const REPEATED_EVENTS = 2;

/**
 * A track chunk of the events that `@tonejs/midi` wrote, at times of our own, and
 * of others among them that it cannot write.
 *
 * @param blocks The data of the chunks it wrote, whatever the times in them.
 * @param events All events in their order, the end of the track last.
 * @returns The whole chunk, its type and length first.
 */
export function layOut(
  blocks: readonly Uint8Array[],
  events: readonly PlacedEvent[],
): Uint8Array {
  const cursors = blocks.map((block, i) => {
    const stretch = { start: 0, end: block.length, what: "a written track" };
    const cursor = new Cursor(block, "", stretch);
    for (let left = i > 0 ? REPEATED_EVENTS : 0; left > 0; left--) {
      nextEvent(cursor);
    }
    return cursor;
  });
  let room = 8;
  for (const block of blocks) room += block.length;
  // The longest delta time has four bytes.
  for (const event of events) {
    room += 4 + ("bytes" in event ? event.bytes.length : 0);
  }
  const chunk = new Uint8Array(room);
  chunk.set([0x4d, 0x54, 0x72, 0x6b]); // "MTrk"
  let end = 8, now = 0;
  for (const event of events) {
    end = putVariableLength(chunk, end, event.ticks - now);
    now = event.ticks;
    const bytes = "bytes" in event
      ? event.bytes
      : nextEvent(cursors[event.block]!);
    chunk.set(bytes, end);
    end += bytes.length;
  }
  new DataView(chunk.buffer).setUint32(4, end - 8);
  return chunk.subarray(0, end);
}

/** The bytes of an event; `@tonejs/midi` writes the status of each. */
function nextEvent(cursor: Cursor): Uint8Array {
  cursor.variableLength("a delta time");
  const start = cursor.position;
  const status = cursor.uint8("an event");
  if (status === 0xff) {
    cursor.skip(1, "a meta event");
    const length = cursor.variableLength("a meta event's length");
    cursor.skip(length, "a meta event");
  } else cursor.skip(status >> 4 === 0xc ? 1 : 2, "an event");
  return cursor.bytes.subarray(start, cursor.position);
}

/** Writes a number in bytes of seven bits; returns the offset after them. */
function putVariableLength(
  bytes: Uint8Array,
  offset: number,
  value: number,
): number {
  for (let shift = 21; shift > 0; shift -= 7) {
    if (value >= 2 ** shift) bytes[offset++] = value >> shift & 0x7f | 0x80;
  }
  bytes[offset++] = value & 0x7f;
  return offset;
}
