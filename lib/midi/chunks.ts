/**
 * The chunks of a Standard MIDI File, after "Standard MIDI Files 1.0" (MIDI
 * Manufacturers Association, RP-001). `read.ts` makes music of the tracks.
 */

import { type ControlColumns, NoteColumns } from "../music/music.ts";
import { findFile, isAt } from "./container.ts";
import { Cursor } from "./cursor.ts";
import { areEvents, readEvents, type TrackEnd } from "./events.ts";
import { type Header, readHeader } from "./header.ts";
import { MAX_TICKS, MAX_TRACKS } from "./limits.ts";
import type { Tally } from "./tally.ts";
import { TrackBuilder } from "./track_builder.ts";
import type { Track } from "./track.ts";

/** The notes of a plain file, until the next one is read. */
export interface PlainNotes {
  /**
   * All notes and controllers in order.
   *
   * @param partOfVoice By voice, those of all tracks one after the other.
   * @param partOfChannel The first part of each channel, −1 where there is none.
   */
  inOrder(partOfVoice: readonly number[], partOfChannel: Int32Array): {
    readonly notes: NoteColumns;
    readonly controls: ControlColumns;
    /** How many controllers are of channels without a part. */
    readonly dropped: number;
  };
}

/** What a file says. */
export interface MidiChunks {
  readonly header: Header;
  readonly tracks: readonly Track[];
  /** Of all tracks, one after the other. */
  readonly notes: NoteColumns | PlainNotes;
}

/** Bytes of a note in most files: its beginning and its end. */
const USUAL_NOTE_BYTES = 7;
/** For so many notes room is made before there are any. */
const MOST_ROOM = 2 ** 14;
/** Bytes of the type and the length of a chunk. */
const CHUNK_HEAD = 8;

/**
 * Reads the chunks of a file. The patterns of a type 2 file are laid out one
 * after another.
 *
 * @param file Name of the file, for errors.
 * @param tally Counts what is repaired and dropped.
 * @param withEvents Whether the tracks are to have `keys` and `instruments`.
 * @throws {MidiError} If the bytes are not a Standard MIDI File.
 */
export function readTracks(
  bytes: Uint8Array,
  file: string,
  tally: Tally,
  withEvents: boolean = false,
): MidiChunks {
  const { start, end } = findFile(bytes, tally);
  const cursor = new Cursor(bytes, file, { start, end, what: "the file" });
  const header = readHeader(cursor, tally);
  const notes = new NoteColumns(
    Math.min(Math.ceil((end - start) / USUAL_NOTE_BYTES), MOST_ROOM),
  );
  const tracks = new ChunkReader(cursor, { header, notes, withEvents }, tally)
    .read();
  const { format, trackCount } = header;
  if (tracks.length !== trackCount) {
    tally.repair(
      tracks.length < trackCount
        ? "tracks are missing: those that are there are read"
        : "there are more tracks than announced: all are read",
      `the header announces ${trackCount}, the file has ${tracks.length}`,
      start,
    );
  }
  if (format === 0 && tracks.length > 1) {
    tally.repair(
      "a file of type 0 has several tracks: it is read as type 1",
      `${tracks.length} tracks`,
      start,
    );
  }
  return { header, tracks, notes };
}

class ChunkReader {
  readonly #cursor: Cursor;
  readonly #header: Header;
  readonly #tally: Tally;
  readonly #notes: NoteColumns;
  readonly #withEvents: boolean;
  readonly #tracks: Track[] = [];
  #startTicks = 0;

  constructor(
    cursor: Cursor,
    { header, notes, withEvents }: {
      readonly header: Header;
      readonly notes: NoteColumns;
      readonly withEvents: boolean;
    },
    tally: Tally,
  ) {
    this.#cursor = cursor;
    this.#header = header;
    this.#notes = notes;
    this.#tally = tally;
    this.#withEvents = withEvents;
  }

  read(): Track[] {
    const cursor = this.#cursor, { bytes } = cursor;
    while (cursor.position < cursor.end) {
      const chunk = cursor.position;
      this.#tally.offset = chunk;
      const isTrack = isAt(bytes, chunk, "MTrk");
      if (isTrack && cursor.end - chunk >= CHUNK_HEAD) this.#readTrack(chunk);
      // The format has readers pass over chunks of unknown types. Where another
      // file begins, this one ends.
      else if (
        !isTrack && !isAt(bytes, chunk, "MThd") && this.#isChunk(chunk)
      ) {
        cursor.position = this.#endOfChunk(chunk);
        this.#tally.drop("chunks of unknown types");
      } else if (!this.#findTrack(chunk)) break;
    }
    return this.#tracks;
  }

  #readTrack(chunk: number): void {
    const tally = this.#tally, cursor = this.#cursor, { bytes } = cursor;
    if (this.#tracks.length === MAX_TRACKS) {
      tally.refuse(
        `there are over ${MAX_TRACKS} tracks`,
        "no piece has so many",
      );
    }
    const start = chunk + CHUNK_HEAD;
    const announcedEnd = this.#endOfChunk(chunk);
    // A length is right if the file or a chunk begins or ends where it says.
    const isRight = announcedEnd === cursor.end ||
      announcedEnd < cursor.end && this.#isChunk(announcedEnd);
    const end = isRight ? announcedEnd : this.#nextTrack(start);
    const startTicks = this.#startTicks;
    const builder = new TrackBuilder(tally, this.#notes, this.#withEvents);
    const track = { bytes, start, end, startTicks };
    let read = readEvents(track, builder, tally);
    if (isRight) read = this.#readOn(track, read, builder);
    const isCutOff = announcedEnd > cursor.end && end === cursor.end;
    if (isCutOff && (read.by === "bytes" || read.by === "cut")) {
      tally.repair(
        "the file ends inside a track: what is there is read",
        `the track has ${announcedEnd - start} bytes, ${end - start} are left`,
        chunk,
      );
    } else {
      if (!isRight && read.position !== announcedEnd) {
        tally.repair(
          WRONG_LENGTH,
          `it says ${announcedEnd - start} bytes, ${
            read.position - start
          } are read`,
          chunk,
        );
      }
      this.#tellEnd(read);
    }
    this.#tracks.push(builder.finish(read.ticks));
    if (this.#header.format === 2) this.#startTicks = read.ticks;
    cursor.position = read.by === "event" ? read.position : end;
  }

  /** What there is after the end-of-track event of a track of the right length. */
  #readOn(
    track: { bytes: Uint8Array; end: number },
    first: TrackEnd,
    builder: TrackBuilder,
  ): TrackEnd {
    const { bytes, end } = track, tally = this.#tally;
    if (first.by !== "event" || first.position === end) return first;
    const { position, ticks } = first;
    const next = this.#nextTrack(position, end);
    if (next < end) {
      tally.repair(
        WRONG_LENGTH,
        `its events take ${end - position} bytes less`,
        position,
      );
      return { ...first, position: next };
    }
    let last: TrackEnd = { ...first, position: end };
    const rest = { bytes, start: position, end, startTicks: ticks };
    if (areEvents(rest)) {
      tally.repair(
        "an end-of-track event is inside its track: the track is read to its end",
        `${end - position} bytes follow it`,
        position,
      );
      last = first;
      while (last.position < end) {
        last = readEvents(
          { ...rest, start: last.position, startTicks: last.ticks },
          builder,
          tally,
        );
      }
    } else {
      tally.repair(
        "bytes that are no events follow an end-of-track event: they are left out",
        `${end - position} bytes`,
        position,
      );
    }
    return last;
  }

  /** Tells of a track that has no end-of-track event. */
  #tellEnd({ by, position, ticks }: TrackEnd): void {
    if (by === "bytes") {
      this.#tally.repair(
        "a track has no end-of-track event: it ends with its last event",
        "",
        position,
      );
    } else if (by === "cut") {
      this.#tally.repair(
        "an event runs past the end of its track: the track ends before it",
        "",
        position,
      );
    } else if (by === "ticks") {
      this.#tally.repair(
        `an event is later than tick ${MAX_TICKS}: its track ends before it`,
        `the event before it is at tick ${ticks}`,
        position,
      );
    }
  }

  /** Goes to the next track, where no chunk begins; false if there is none. */
  #findTrack(position: number): boolean {
    const cursor = this.#cursor;
    const next = this.#nextTrack(position + 1);
    if (next === cursor.end || isAt(cursor.bytes, position, "MThd")) {
      this.#tally.drop("bytes after the last track", 1);
      return false;
    }
    this.#tally.repair(
      "bytes that are no chunk come before a track: they are left out",
      `${next - position} bytes`,
      position,
    );
    cursor.position = next;
    return true;
  }

  /** Whether a chunk can begin at an offset: a track, or one that fits. */
  #isChunk(offset: number): boolean {
    const { bytes, end } = this.#cursor;
    if (offset + CHUNK_HEAD > end) return false;
    if (isAt(bytes, offset, "MTrk")) return true;
    for (let i = offset; i < offset + 4; i++) {
      if (bytes[i]! < 0x20 || bytes[i]! > 0x7e) return false;
    }
    return this.#endOfChunk(offset) <= end;
  }

  /** Where a chunk says that it ends. */
  #endOfChunk(offset: number): number {
    const { bytes } = this.#cursor;
    let length = 0;
    for (let i = offset + 4; i < offset + CHUNK_HEAD; i++) {
      length = length * 256 + bytes[i]!;
    }
    return offset + CHUNK_HEAD + length;
  }

  /** Offset of the next "MTrk" from an offset on, or `end` without one. */
  #nextTrack(from: number, end: number = this.#cursor.end): number {
    const { bytes } = this.#cursor;
    for (let offset = from; offset < end; offset++) {
      offset = bytes.indexOf(M, offset);
      if (offset < 0 || offset + CHUNK_HEAD > end) break;
      if (isAt(bytes, offset, "MTrk")) return offset;
    }
    return end;
  }
}

const WRONG_LENGTH = "the length of a track is wrong: its true end is found";
const M = "M".charCodeAt(0);
