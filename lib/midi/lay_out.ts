/** Events at their places in a track that `@tonejs/midi` wrote. */

import { Cursor } from "./cursor.ts";

/** The largest number that fits in a delta time. */
export const MAX_DELTA_TICKS = 0x0fffffff;

/** An event of a track and when it happens. */
export interface PlacedEvent {
  /** When it happens. */
  readonly ticks: number;
  /**
   * Its bytes without the delta time; absent for the next of the events that
   * `@tonejs/midi` wrote.
   */
  readonly bytes?: readonly number[];
}

/**
 * A track chunk with events that `@tonejs/midi` wrote, at times of our own, and
 * others among them that it cannot write.
 *
 * @param written The data of the chunk it wrote, whatever the times in it.
 * @param events All events in their order, the end of the track last: those
 * without bytes are the written ones one after another.
 * @returns The whole chunk, its type and length first.
 */
export function layOut(
  written: Uint8Array,
  events: readonly PlacedEvent[],
): Uint8Array<ArrayBuffer> {
  const cursor = new Cursor(written, "", {
    start: 0,
    end: written.length,
    what: "the written track",
  });
  // Room for the longest delta time before each event.
  const room = events.reduce(
    (sum, { bytes }) => sum + 4 + (bytes?.length ?? 0),
    8 + written.length,
  );
  const chunk = new Uint8Array(room);
  chunk.set([0x4d, 0x54, 0x72, 0x6b]); // "MTrk"
  let end = 8, now = 0;
  for (const { ticks, bytes } of events) {
    end = putVariableLength(chunk, end, ticks - now);
    now = ticks;
    if (bytes) {
      chunk.set(bytes, end);
      end += bytes.length;
    } else {
      cursor.variableLength("a delta time");
      const start = cursor.position;
      skipEvent(cursor);
      for (let i = start; i < cursor.position; i++) chunk[end++] = written[i]!;
    }
  }
  new DataView(chunk.buffer).setUint32(4, end - 8);
  return chunk.subarray(0, end);
}

/** Passes over an event; `@tonejs/midi` writes the status of each. */
function skipEvent(cursor: Cursor): void {
  const status = cursor.uint8("an event");
  if (status === 0xff) {
    cursor.skip(1, "a meta event");
    const length = cursor.variableLength("a meta event's length");
    cursor.skip(length, "a meta event");
  } else {
    const isProgram = status >> 4 === 0xc;
    cursor.skip(isProgram ? 1 : 2, "an event");
  }
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
