/**
 * Files made to hurt: each of one kind of event without end, as long as asked.
 * No person writes them, but a folder from anywhere may hold them.
 */

import { Random } from "../../base/base.ts";
import { ByteWriter, midiFile, riffFile, TrackWriter } from "./bytes.ts";

/** Makes a file of about so many bytes. */
export type HostileFile = (byteCount: number) => Uint8Array;

/** The largest delta that four bytes hold. */
const MOST_TICKS = 0x0fffffff;

/** A file of one track that repeats some events until it is long enough. */
const repeating = (
  fill: (track: TrackWriter, i: number) => void,
  { before, division = 96 }: {
    readonly before?: (track: TrackWriter) => void;
    readonly division?: number;
  } = {},
): HostileFile =>
(byteCount) => {
  const track = new TrackWriter();
  before?.(track);
  for (let i = 0; track.length < byteCount; i++) fill(track, i);
  return midiFile(0, division, track.end());
};

/** Half of a file holds notes, the rest ends them. */
const nested: HostileFile = (byteCount) => {
  const track = new TrackWriter().event(0, 0x90, 60, 1);
  const count = Math.floor(byteCount / 6);
  for (let i = 0; i < count; i++) track.event(i % 2, 60, 80);
  for (let i = 0; i < count; i++) track.event(i % 2, 60, 0);
  return midiFile(0, 96, track.end());
};

/** Tracks of some bytes, as many as fit. */
const tracks =
  (events: readonly number[], limit = Infinity): HostileFile => (byteCount) => {
    const count = Math.min(limit, Math.floor(byteCount / (8 + events.length)));
    const file = new ByteWriter().text("MThd").uint(6, 4).uint(1, 2)
      .uint(Math.min(count, 0xffff), 2).uint(96, 2);
    const track = new ByteWriter().text("MTrk").uint(events.length, 4)
      .append(events).bytes();
    for (let i = 0; i < count; i++) file.append(track);
    return file.bytes();
  };

/** A file whose only track is of given bytes. */
const filled = (byteOf: (i: number) => number): HostileFile => (byteCount) =>
  midiFile(
    0,
    96,
    new ByteWriter().append(
      Uint8Array.from({ length: byteCount }, (_, i) => byteOf(i)),
    ),
  );

/** A MIDI 2.0 clip file that repeats some words of 32 bits. */
const clip =
  (wordsOf: (i: number) => readonly number[]): HostileFile => (byteCount) => {
    const file = new ByteWriter().text("SMF2CLIP");
    const words = (numbers: readonly number[]) =>
      numbers.forEach((number) => file.uint(number >>> 0, 4));
    words([0x00400000, 0x00300060, 0x00400000, 0xf0200000, 0, 0, 0]);
    for (let i = 0; file.length < byteCount; i++) words(wordsOf(i));
    words([0x00400000, 0xf0210000, 0, 0, 0]);
    return file.bytes();
  };

/** One note, for files of everything else. */
const aNote = (track: TrackWriter) => void track.note(0, 96);

const GS_DRUMS = [0x41, 0x10, 0x42, 0x12, 0x40, 0x1a, 0x15, 2, 0x0f, 0xf7];

const NOTES: Readonly<Record<string, HostileFile>> = {
  "notes at one tick": repeating(
    (track, i) => track.event(0, i % 128, 80),
    { before: (track) => void track.event(0, 0x90, 0, 80) },
  ),
  "notes never released": repeating(
    (track, i) => track.event(1, i % 128, 80),
    { before: (track) => void track.event(0, 0x90, 0, 80) },
  ),
  "notes of one pitch": repeating((track, i) =>
    track.event(1, 0x90, 60, i % 2 ? 0 : 80)
  ),
  "notes of one pitch, nested": nested,
  "notes without length": repeating((track, i) =>
    track.note(1, 0, { pitch: i % 128 })
  ),
  "notes of all channels": repeating((track, i) =>
    track.note(i % 2, 1, { channel: i % 16, pitch: i * 7 % 128 })
  ),
  "notes between drones": repeating(
    (track, i) => track.note(0, 1, { channel: 1, pitch: i % 128 }),
    {
      before: (track) => {
        for (let i = 0; i < 2048; i++) {
          track.event(0, 0x90 | i >> 7, i % 128, 1);
        }
      },
    },
  ),
  "notes far apart": repeating((track) => track.note(MOST_TICKS, 1), {
    division: 1,
  }),
  "notes some bars apart": repeating((track) => track.note(0x3000, 96)),
  "notes, each a drone": repeating((track) => track.note(0, 0x7fff), {
    division: 1,
  }),
};

const CONTROLS: Readonly<Record<string, HostileFile>> = {
  "controllers without notes": repeating((track, i) =>
    track.event(1, 0xb0, 7, i % 128)
  ),
  "controllers": repeating((track, i) => track.event(1, 0xb0, 7, i % 128), {
    before: aNote,
  }),
  "controllers of many programs": repeating(
    (track, i) => track.event(1, 0xb0 | i % 16, 1 + i % 30, i % 128),
    {
      before: (track) => {
        for (let i = 0; i < 2048; i++) {
          track.event(0, 0xc0 | i % 16, i >> 4).note(0, 1, { channel: i % 16 });
        }
      },
    },
  ),
  "controllers and notes of many programs": repeating((track, i) =>
    track.event(0, 0xb0 | i % 16, 11, i % 128).event(0, 0xc0 | i % 16, i % 127)
      .note(0, 1, { channel: i % 16 })
  ),
  "pedals": repeating((track, i) =>
    track.event(0, 0xb0, 64, 127).note(1, 1, { pitch: i % 128 })
      .event(0, 0xb0, 64, 0)
  ),
  "a pedal never lifted": repeating(
    (track, i) => track.note(1, 1, { pitch: i % 128 }),
    { before: (track) => void track.event(0, 0xb0, 64, 127) },
  ),
  "a program for each note": repeating((track, i) =>
    track.event(0, 0xc0, i % 128).note(0, 1)
  ),
  "a bank for each note": repeating((track, i) =>
    track.event(0, 0xb0, 0, i >> 7 & 127).event(0, 0xb0, 32, i & 127)
      .event(0, 0xc0, i >> 14 & 127).note(0, 1)
  ),
  "programs without notes": repeating((track, i) =>
    track.event(0, 0xc0, i % 128)
  ),
  "pitch bends": repeating((track, i) => track.event(1, 0xe0, 0, i % 128), {
    before: aNote,
  }),
  "zones of MPE": repeating((track, i) =>
    track.event(0, 0xb0, 101, 0).event(0, 0xb0, 100, 6)
      .event(0, 0xb0, 6, i % 16).note(0, 1, { channel: i % 16 })
  ),
};

const METAS: Readonly<Record<string, HostileFile>> = {
  "tempi": repeating(
    (track, i) => track.meta(1, 0x51, [7, i >> 8 & 255, i & 255]),
    { before: aNote },
  ),
  "meters": repeating(
    (track, i) => track.meta(1, 0x58, [1 + i % 9, i % 8, 24, 8]),
    { before: aNote },
  ),
  "meters and notes": repeating((track, i) =>
    track.meta(0, 0x58, [1 + i % 9, i % 8, 24, 8]).note(0, 7)
  ),
  "keys": repeating((track, i) => track.meta(1, 0x59, [i % 15 - 7 & 255, 0]), {
    before: aNote,
  }),
  "keys that there are not": repeating(
    (track) => track.meta(1, 0x59, [99, 9]),
    {
      before: aNote,
    },
  ),
  "empty metas": repeating((track) => track.meta(0, 0x58, []), {
    before: aNote,
  }),
  "texts": repeating((track) => track.meta(0, 1, [0xc3, 0xa9, 65]), {
    before: aNote,
  }),
  "one long text": (byteCount) =>
    midiFile(
      0,
      96,
      new TrackWriter().meta(0, 3, new Uint8Array(byteCount).fill(65))
        .note(0, 96).end(),
    ),
  "a long name and notes": (byteCount) => {
    const half = Math.floor(byteCount / 2);
    return repeating((track, i) => track.note(1, 1, { pitch: i % 128 }), {
      before: (track) => void track.meta(0, 3, new Uint8Array(half).fill(65)),
    })(byteCount);
  },
  "a long name of many channels": (byteCount) => {
    const track = new TrackWriter().meta(0, 3, new Uint8Array(byteCount));
    for (let i = 0; i < 2048; i++) {
      track.meta(0, 0x21, [i >> 4]).note(0, 9, { channel: i % 16 });
    }
    return midiFile(0, 96, track.end());
  },
  "names of a track": repeating((track, i) => track.meta(0, 3, [65 + i % 26]), {
    before: aNote,
  }),
  "ports": repeating((track, i) => track.meta(0, 0x21, [i % 128]).note(0, 1)),
  "ends of the track": repeating((track) => track.end(1), { before: aNote }),
  "short bars of an hour's silence": repeating(
    (track) => track.note(3_600_000, 10),
    {
      division: 500,
      before: (track) => void track.meta(0, 0x58, [1, 7, 24, 8]),
    },
  ),
  "one large system exclusive": (byteCount) =>
    midiFile(
      0,
      96,
      new TrackWriter().sysex(0, new Uint8Array(byteCount)).note(0, 96).end(),
    ),
  "system exclusives of GS": repeating(
    (track, i) => track.sysex(0, GS_DRUMS).note(0, 1, { channel: i % 16 }),
  ),
  "system messages": repeating((track) => track.event(0, 0xf8), {
    before: aNote,
  }),
};

const CHUNKS: Readonly<Record<string, HostileFile>> = {
  "65,535 empty tracks": tracks([0, 0xff, 0x2f, 0], 0xffff),
  "empty tracks without end": tracks([]),
  "tracks of one note": tracks(
    [0, 0x90, 60, 80, 96, 0x80, 60, 0, 0, 0xff, 0x2f, 0],
  ),
  "tracks of one controller": tracks([0, 0xb0, 7, 80, 0, 0xff, 0x2f, 0]),
  "zeros": filled(() => 0),
  "ones": filled(() => 0xff),
  "numbers without end": filled(() => 0x80),
  "noise": (byteCount) => {
    const random = new Random(1);
    return filled(() => random.int(256))(byteCount);
  },
  "headers of tracks": filled((i) => [0x4d, 0x54, 0x72, 0x6b][i % 4]!),
  "no MIDI at all": (byteCount) => new Uint8Array(byteCount).fill(0x4d),
  "RIFF": (byteCount) => riffFile(NOTES["notes of all channels"]!(byteCount)),
  "RIFF of lying sizes": (byteCount) => {
    const file = riffFile(NOTES["notes of one pitch"]!(byteCount));
    return file.fill(0xff, 4, 8).fill(0xff, 16, 20);
  },
  "RIFF of many chunks": (byteCount) => {
    const file = new ByteWriter().text("RIFF").put(0xff, 0xff, 0xff, 0x7f)
      .text("RMID");
    while (file.length < byteCount) file.text("LIST").uint(0, 4);
    return file.append(midiFile(0, 96, new TrackWriter().note(0, 9).end()))
      .bytes();
  },
};

const CLIPS: Readonly<Record<string, HostileFile>> = {
  "a clip of notes": clip((i) => [
    0x00400001,
    0x40900000 | i % 128 << 8,
    0xc0000000,
    0x00400001,
    0x40800000 | i % 128 << 8,
    0,
  ]),
  "a clip of notes never released": clip((i) => [
    0x00400000,
    0x40900000 | i % 128 << 8,
    0xc0000000,
  ]),
  "a clip of long deltas": clip((i) => [
    0x004fffff,
    0x20900000 | i % 128 << 8 | 80,
    0x004fffff,
    0x20800000 | i % 128 << 8,
  ]),
  "a clip of deltas": clip(() => [0x004fffff]),
  "a clip of controllers": clip((i) => [0x00400001, 0x40b00700, i << 20]),
  "a clip of tempi": clip((i) => [0x00400001, 0xd0100000, 10_000 + i, 0, 0]),
  "a clip of meters": clip((i) => [
    0x00400001,
    0xd0100001,
    (1 + i % 9) << 24 | i % 8 << 16 | 0x800,
    0,
    0,
  ]),
  "a clip of groups and banks": clip((i) => [
    0x00400000,
    0x40c00001 | i % 16 << 24 | i % 16 << 16,
    i % 128 << 24 | i % 128 << 8 | i % 127,
    0x00400000,
    0x40900000 | i % 16 << 24 | i % 16 << 16 | 0x3c00,
    0xc0000000,
  ]),
  "a clip of zeros": clip(() => [0, 0, 0, 0]),
};

/** The files by name. */
export const HOSTILE_FILES: ReadonlyMap<string, HostileFile> = new Map(
  [NOTES, CONTROLS, METAS, CHUNKS, CLIPS].flatMap(Object.entries<HostileFile>),
);
