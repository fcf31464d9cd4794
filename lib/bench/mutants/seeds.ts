/**
 * Small valid files that together use every feature that our reader knows, from
 * which mutants are made.
 */

import { ByteWriter, midiFile, riffFile, TrackWriter } from "./bytes.ts";

const GS_RESET = [0x41, 0x10, 0x42, 0x12, 0x40, 0, 0x7f, 0, 0x41, 0xf7];
/** GS: channel 11 plays drums. */
const GS_DRUMS = [0x41, 0x10, 0x42, 0x12, 0x40, 0x1a, 0x15, 2, 0x0f, 0xf7];
const XG_ON = [0x43, 0x10, 0x4c, 0, 0, 0x7e, 0, 0xf7];
const GM2_ON = [0x7e, 0x7f, 9, 3, 0xf7];
const ascii = (text: string) => new TextEncoder().encode(text);

/** Names, tempi, meters, keys and other meta events. */
function conductor(): TrackWriter {
  return new TrackWriter()
    .meta(0, 0x03, ascii("Conductor")).meta(0, 0x02, ascii("(c) nobody"))
    .meta(0, 0x58, [4, 2, 24, 8]).meta(0, 0x59, [0xfd, 1])
    .meta(0, 0x51, [7, 0xa1, 0x20]).meta(0, 0x01, ascii("text"))
    .meta(0, 0x54, [0x60, 0, 0, 0, 0]).meta(0, 0x7f, [0x43, 0, 1])
    .meta(384, 0x51, [8, 0, 0]).meta(0, 0x06, ascii("A")).meta(
      96,
      0x58,
      [7, 3, 24, 8],
    ).meta(96, 0x59, [2, 0]).end(960);
}

/** Chords under running status, with note-ons of velocity 0. */
function running(channel: number): TrackWriter {
  const track = new TrackWriter().meta(0, 0x03, ascii("Running"))
    .event(0, 0xc0 | channel, 5).event(0, 0x90 | channel, 60, 80);
  for (let i = 0; i < 12; i++) {
    track.event(0, 64 + i, 70).event(48, 60, 0).event(0, 64 + i, 0)
      .event(0, 60, 90);
  }
  return track.event(48, 60, 0).end();
}

/** Pedals, volumes, banks, bends, pressures and programs between notes. */
function controlled(channel: number): TrackWriter {
  const track = new TrackWriter().meta(0, 0x04, ascii("Rhodes"));
  const control = (delta: number, controller: number, value: number) =>
    track.event(delta, 0xb0 | channel, controller, value);
  control(0, 0, 8);
  control(0, 32, 3);
  track.event(0, 0xc0 | channel, 4);
  for (let i = 0; i < 6; i++) {
    control(0, 64, 127);
    track.note(12, 36, { channel, pitch: 48 + 3 * i })
      .event(0, 0xe0 | channel, 0, 70).event(0, 0xd0 | channel, 40)
      .event(0, 0xa0 | channel, 60, 10);
    control(0, 7, 90 + i);
    control(24, 64, 0);
    if (i % 2) track.event(0, 0xc0 | channel, 40 + i);
  }
  control(0, 123, 0);
  return track.end(24);
}

/** Notes of one pitch that overlap, touch, have no length or never end. */
function overlapping(): TrackWriter {
  return new TrackWriter().event(0, 0x91, 60, 80).event(24, 0x91, 60, 81)
    .event(24, 0x81, 60, 0).event(24, 0x81, 60, 0).event(0, 0x91, 60, 82)
    .event(0, 0x81, 60, 0).note(0, 0, { channel: 1 }).event(12, 0x91, 62, 82)
    .event(12, 0x91, 62, 83).event(96, 0x81, 62, 0).note(96, 96).end(48);
}

function drums(channel: number, setup: readonly number[]): TrackWriter {
  const track = new TrackWriter().sysex(0, setup);
  track.event(0, 0xb0 | channel, 0, 127).event(0, 0xc0 | channel, 8);
  for (let i = 0; i < 16; i++) {
    track.note(12, 12, { channel, pitch: [36, 42, 38, 42][i % 4]! });
  }
  return track.end();
}

/** A zone of members from RPN 6, notes with bends of their own. */
function expressive(): TrackWriter {
  const track = new TrackWriter().event(0, 0xb0, 101, 0)
    .event(0, 0xb0, 100, 6).event(0, 0xb0, 6, 15);
  for (let i = 0; i < 14; i++) {
    track.event(0, 0xe0 | 1 + i, 0, 64 + i)
      .note(0, 48, { channel: 1 + i, pitch: 50 + i });
  }
  return track.end();
}

/** Ports beyond the first, on which channels are others. */
function ported(port: number): TrackWriter {
  return new TrackWriter().meta(0, 0x21, [port]).event(0, 0xc0, 30 + port)
    .note(0, 96, { pitch: 50 + port }).note(0, 96, { pitch: 55 + port }).end();
}

function karaoke(): TrackWriter {
  const track = new TrackWriter().meta(0, 0x01, ascii("@KMIDI KARAOKE FILE"));
  for (const syllable of ["\\la", "la ", "/lá"]) {
    track.meta(48, 0x01, ascii(syllable)).meta(0, 0x05, ascii(syllable));
  }
  return track.end();
}

/** Tracks of one note each. */
function manyTracks(count: number): TrackWriter[] {
  return Array.from(
    { length: count },
    (_, i) => new TrackWriter().note(i, 24, { channel: i % 16 }).end(),
  );
}

/** 128 bytes before the file, as old Macintoshes put them. */
function macBinary(content: Uint8Array): Uint8Array {
  const header = new Uint8Array(128);
  header.set([0, 4, ...ascii("song")]);
  header.set(ascii("Midi"), 65);
  header.set(new ByteWriter().uint(content.length, 4).bytes(), 83);
  return new ByteWriter().append(header).append(content).bytes();
}

/** A MIDI 2.0 clip file: universal MIDI packets in words of 32 bits. */
function clipFile(): Uint8Array {
  const file = new ByteWriter().text("SMF2CLIP");
  const words = (...numbers: readonly number[]) =>
    numbers.forEach((number) => file.uint(number, 4));
  words(0x00400000, 0x00300060); // a delta of 0, 96 ticks a quarter note
  words(0x00400000, 0xf0200000, 0, 0, 0); // start of the clip
  words(0x00400000, 0xd0100000, 50_000_000, 0, 0); // 120 quarter notes a minute
  words(0x00400000, 0xd0100001, 0x03020800, 0, 0); // 3/4
  words(0x00400000, 0xd0100005, 0x02000000, 0, 0); // a key
  words(0x00400000, 0x40c00001, 0x28000001); // a program with its bank
  for (let i = 0; i < 8; i++) {
    words(0x00400000, 0x40900000 | 60 + i << 8, 0xc000_0000);
    words(0x00400000, 0x20910000 | 60 + i << 8 | 80); // MIDI 1.0 in a packet
    words(0x00400030, 0x40800000 | 60 + i << 8, 0);
    words(0x00400000, 0x20810000 | 60 + i << 8);
    words(0x00400000, 0x40b04000, 0xffff_ffff);
  }
  words(0x00400060, 0xf0210000, 0, 0, 0); // end of the clip
  return file.bytes();
}

/** The files by name. */
export function syntheticSeeds(): Map<string, Uint8Array> {
  const plain = midiFile(1, 96, conductor(), running(0), controlled(2));
  return new Map([
    ["type 0", midiFile(0, 480, running(3))],
    ["type 1", plain],
    ["type 2", midiFile(2, 96, running(0), controlled(1), overlapping())],
    ["SMPTE", midiFile(1, 0xe728, conductor(), controlled(0))],
    ["drop frames", midiFile(0, 0xe350, running(1))],
    ["overlapping", midiFile(1, 96, conductor(), overlapping())],
    ["GS", midiFile(1, 96, drums(10, GS_DRUMS), drums(9, GS_RESET))],
    ["XG and GM2", midiFile(1, 96, drums(4, XG_ON), drums(10, GM2_ON))],
    ["MPE", midiFile(1, 96, conductor(), expressive())],
    ["ports", midiFile(1, 96, ported(0), ported(1), ported(2), ported(1))],
    ["karaoke", midiFile(1, 96, karaoke(), running(0))],
    ["many tracks", midiFile(1, 96, ...manyTracks(40))],
    [
      "shared channel",
      midiFile(1, 96, controlled(0), running(0), drums(0, [])),
    ],
    ["large division", midiFile(1, 0x7fff, conductor(), controlled(0))],
    ["division 1", midiFile(1, 1, conductor(), overlapping())],
    ["RIFF", riffFile(midiFile(0, 96, controlled(0)))],
    ["MacBinary", macBinary(midiFile(0, 96, running(0)))],
    ["clip", clipFile()],
    ["empty", midiFile(1, 96, new TrackWriter().end())],
  ]);
}
