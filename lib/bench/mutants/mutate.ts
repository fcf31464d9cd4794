/** Changes bytes of files at random, the way that files get broken. */

import { Random } from "../../base/base.ts";

/** Bytes that mean something in MIDI, or are at the edge of a range. */
const TELLING_BYTES = [
  ...[0, 1, 0x20, 0x21, 0x2f, 0x3f, 0x40, 0x51, 0x58, 0x59, 0x7f],
  ...[0x80, 0x81, 0x90, 0x99, 0xb0, 0xc0, 0xe0, 0xf0, 0xf7, 0xf8, 0xfe, 0xff],
];
/** Most changes to one file. */
const MOST_CHANGES = 6;
/** Longest stretch that is inserted, removed or moved. */
const LONGEST_STRETCH = 40;
/** Longest mutant. */
const MOST_BYTES = 8_000;

/** Changes a file somewhere, and returns it or another. */
type Mutation = (
  bytes: number[],
  random: Random,
  other: Uint8Array,
) => number[];

const flipBit: Mutation = (bytes, random) => {
  const at = random.int(bytes.length);
  return bytes.with(at, bytes[at]! ^ 1 << random.int(8));
};

const overwrite: Mutation = (bytes, random) =>
  bytes.with(random.int(bytes.length), random.int(256));

const overwriteTelling: Mutation = (bytes, random) =>
  bytes.with(random.int(bytes.length), random.pick(TELLING_BYTES));

const insert: Mutation = (bytes, random) => {
  const count = 1 + random.int(4);
  const added = Array.from(
    { length: count },
    () => random.next() < 0.5 ? random.pick(TELLING_BYTES) : random.int(256),
  );
  return bytes.toSpliced(random.int(bytes.length), 0, ...added);
};

const remove: Mutation = (bytes, random) =>
  bytes.toSpliced(random.int(bytes.length), 1 + random.int(4));

const repeat: Mutation = (bytes, random) => {
  const stretch = stretchOf(bytes, random);
  const times = 1 + random.int(4);
  return bytes.toSpliced(
    random.int(bytes.length),
    0,
    ...Array.from({ length: times }, () => stretch).flat(),
  );
};

const move: Mutation = (bytes, random) => {
  const start = random.int(bytes.length);
  const count = 1 + random.int(LONGEST_STRETCH);
  const stretch = bytes.slice(start, start + count);
  const rest = bytes.toSpliced(start, count);
  return rest.toSpliced(random.int(rest.length + 1), 0, ...stretch);
};

const truncate: Mutation = (bytes, random) =>
  bytes.slice(0, 1 + random.int(bytes.length));

const splice: Mutation = (bytes, random, other) => [
  ...bytes.slice(0, random.int(bytes.length)),
  ...other.subarray(random.int(other.length)),
];

/** The length of a track, or a number before it, becomes another. */
const changeLength: Mutation = (bytes, random) => {
  const starts = tracksOf(bytes);
  if (starts.length === 0) return bytes;
  const at = random.pick(starts) + 4 + random.int(4);
  if (at >= bytes.length) return bytes;
  return bytes.with(at, random.pick([0, 1, 0xff, (bytes[at]! + 1) % 256]));
};

/** A number of seven bits a byte becomes a long or an endless one. */
const lengthen: Mutation = (bytes, random) => {
  const at = random.int(bytes.length);
  const count = 1 + random.int(5);
  const long = Array.from({ length: count }, () => 0x80 | random.int(128));
  return bytes.toSpliced(at, random.int(2), ...long);
};

/** A field of the header: its length, the type, the tracks or the division. */
const changeHeader: Mutation = (bytes, random) => {
  if (bytes.length < 14) return bytes;
  const at = 4 + random.int(10);
  return bytes.with(at, random.pick([...TELLING_BYTES, 2, 3, 0xe2, 0xe7]));
};

/** Events that readers and tokens stumble over, each after a delta. */
const eventOf = (random: Random): number[] => {
  const delta = random.pick([[0], [24], [0xff, 0x7f], [
    0xff,
    0xff,
    0xff,
    0x7f,
  ]]);
  const byte = () => random.int(128);
  const channel = random.int(16);
  const event = random.pick([
    [0xff, 0x58, 4, random.int(20), random.int(9), 24, 8],
    [0xff, 0x51, 3, random.pick([0, 7, 0xff]), random.int(256), byte()],
    [0xff, 0x59, 2, random.int(256), random.int(3)],
    [0xff, 0x21, 1, random.int(4)],
    [0xff, 0x2f, 0],
    [0xff, random.int(256), 0],
    [0x90 | channel, byte(), byte()],
    [0x80 | channel, byte(), byte()],
    [0xc0 | channel, byte()],
    [0xb0 | channel, random.pick([0, 6, 32, 64, 100, 101, 123]), byte()],
    [0xe0 | channel, byte(), byte()],
    [0xf0, 10, 0x41, 0x10, 0x42, 0x12, 0x40, 0x10 | channel, 0x15, 2, 9, 0xf7],
    [0xf0, 5, 0x7e, 0x7f, 9, random.pick([1, 3]), 0xf7],
    [random.pick([0xf1, 0xf2, 0xf3, 0xf6, 0xf8, 0xfe])],
  ]);
  return [...delta, ...event];
};

const insertEvent: Mutation = (bytes, random) => {
  const events = Array.from(
    { length: 1 + random.int(3) },
    () => eventOf(random),
  );
  return bytes.toSpliced(random.int(bytes.length + 1), 0, ...events.flat());
};

/** Changes the events of one track, whose length stays right. */
const inTrack = (mutation: Mutation): Mutation => (bytes, random, other) => {
  const starts = tracksOf(bytes);
  if (starts.length === 0) return bytes;
  const i = random.int(starts.length);
  const start = starts[i]! + 8, end = starts[i + 1] ?? bytes.length;
  const before = bytes.slice(start, end);
  const events = before.length > 0 ? mutation(before, random, other) : [];
  const length = events.length;
  return [
    ...bytes.slice(0, start - 4),
    ...[24, 16, 8, 0].map((shift) => length >>> shift & 0xff),
    ...events,
    ...bytes.slice(end),
  ];
};

/** Where tracks begin. */
function tracksOf(bytes: readonly number[]): number[] {
  const isAt = (i: number) =>
    [0x4d, 0x54, 0x72, 0x6b].every((byte, j) => bytes[i + j] === byte);
  return bytes.flatMap((byte, i) => byte === 0x4d && isAt(i) ? [i] : []);
}

const MUTATIONS: readonly Mutation[] = [
  ...[flipBit, overwrite, overwriteTelling, overwriteTelling, insert, remove],
  ...[repeat, move, truncate, splice, changeLength, lengthen, changeHeader],
  ...[insertEvent, insertEvent, insertEvent, insertEvent].map(inTrack),
  ...[flipBit, overwrite, overwriteTelling, insert, remove].map(inTrack),
  ...[repeat, move, lengthen].map(inTrack),
];

function stretchOf(bytes: readonly number[], random: Random): number[] {
  const start = random.int(bytes.length);
  return bytes.slice(start, start + 1 + random.int(LONGEST_STRETCH));
}

/**
 * The mutant of a number: always the same for the same seeds.
 *
 * @param seeds Files to change, none of them empty.
 * @param seed Of the run.
 * @param number Of the mutant in the run.
 */
export function mutant(
  seeds: readonly Uint8Array[],
  seed: number,
  number: number,
): Uint8Array {
  const random = new Random(seed * 0x1000003 + number);
  let bytes: number[] = [...random.pick(seeds)];
  const changes = random.next() < 0.5 ? 1 : 1 + random.int(MOST_CHANGES);
  for (let i = 0; i < changes && bytes.length > 0; i++) {
    bytes = random.pick(MUTATIONS)(bytes, random, random.pick(seeds));
  }
  return Uint8Array.from(bytes.slice(0, MOST_BYTES));
}
