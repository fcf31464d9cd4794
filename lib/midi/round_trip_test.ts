import assert from "node:assert/strict";
import { Random } from "../base/base.ts";
import type { NoteSequence } from "../music/music.ts";
import { readMidi } from "./read.ts";
import { end, smf } from "./testing.ts";
import { writeMidi } from "./write.ts";

/** What is to come back: all but the numbers of the tracks. */
const withoutTracks = (sequence: NoteSequence) => ({
  ...sequence,
  parts: sequence.parts.map(({ track: _, ...part }) => part),
});

/**
 * A file in which everything happens on few channels and pitches, so that it
 * meets: lost note-offs, notes of no length, tracks that share channels, banks,
 * programs, ports, drums and MPE zones that come and go.
 */
function randomFile(random: Random): Uint8Array {
  const pick = <T>(of: readonly T[]): T => of[random.int(of.length)]!;
  const any = (count: number) => Array.from({ length: count }, pickChannel);
  const channels = [0, ...any(random.int(5))];
  const pitches = 1 + random.int(4), programs = 1 + random.int(3);
  const hasZones = random.int(4) === 0, hasMessages = random.int(3) === 0;
  function pickChannel(): number {
    return pick([0, 1, 9, 15, random.int(16)]);
  }
  function event(): number[] {
    const channel = pick(channels), pitch = 60 + random.int(pitches);
    const roll = random.int(25);
    if (roll < 8) return [0x90 | channel, pitch, 1 + random.int(3)];
    if (roll < 15) return [0x80 | channel, pitch, 0];
    if (roll < 17) return [0xc0 | channel, random.int(programs)];
    if (roll < 19) {
      const controllers = [0, 32, 6, 38, 64, 98, 99, 100, 101, 120, 123, 127];
      return [
        0xb0 | channel,
        pick(controllers),
        pick([0, 1, 6, 120, 121, 127]),
      ];
    }
    if (roll < 21) return [0xb0 | channel, random.int(128), random.int(128)];
    if (roll < 22) return [0xff, 0x51, 3, random.int(256), random.int(256), 1];
    if (roll < 23) {
      return [0xff, 0x58, 4, 1 + random.int(9), pick([2, 3]), 24, 8];
    }
    if (roll < 24 || !hasMessages) {
      return [0xff, 0x59, 2, random.int(8), random.int(2)];
    }
    return pick([
      [0xff, 0x21, 1, random.int(3)],
      [0xf0, 5, 0x7e, 0x7f, 9, pick([1, 3]), 0xf7],
      [0xf0, 8, 0x43, 0x10, 0x4c, 0, 0, 0x7e, 0, 0xf7],
      [
        ...[0xf0, 10, 0x41, 0x10, 0x42, 0x12, 0x40, 0x10 | random.int(16)],
        ...[0x15, random.int(2), 0, 0xf7],
      ],
    ]);
  }
  function track(): number[] {
    const name = Array.from(
      { length: random.int(7) },
      () => pick([0x41, 0xe9, 0xef, 0xbb, 0xbf]),
    );
    const events = [0, 0xff, 3, name.length, ...name];
    if (random.int(3) === 0) events.push(0, 0xff, 0x21, 1, random.int(3));
    if (hasZones && random.int(2) === 0) {
      events.push(...[0, 0xb0, 101, 0, 0, 0xb0, 100, 6]);
      events.push(...[0, 0xb0, 6, random.int(16)]);
    }
    for (let left = random.int(60); left > 0; left--) {
      events.push(random.int(2) * random.int(30), ...event());
    }
    return [...events, ...end(random.int(20))];
  }
  const tracks = Array.from({ length: 1 + random.int(5) }, track);
  return smf(random.int(3), 96, ...tracks);
}

Deno.test("writeMidi() keeps whatever readMidi() gives, and needs no repair", () => {
  for (let seed = 0; seed < 600; seed++) {
    const { sequence } = readMidi(randomFile(new Random(seed)));
    const again = readMidi(writeMidi(sequence));
    assert.deepEqual(again.repairs, [], `seed ${seed}`);
    assert.deepEqual(
      withoutTracks(again.sequence),
      withoutTracks(sequence),
      `seed ${seed}`,
    );
  }
});

Deno.test("writeMidi() keeps a channel in each of many tracks, and many channels", () => {
  const note = [0, 0x90, 60, 80, 96, 0x80, 60, 0];
  const onPort = (port: number) => [0, 0xff, 0x21, 1, port, ...note, ...end()];
  for (
    const tracks of [
      Array.from({ length: 200 }, () => [...note, ...end()]),
      Array.from({ length: 200 }, (_, port) => onPort(port)),
    ]
  ) {
    const { sequence } = readMidi(smf(1, 96, ...tracks));
    assert.equal(sequence.parts.length, 200);
    const again = readMidi(writeMidi(sequence)).sequence;
    assert.deepEqual(withoutTracks(again), withoutTracks(sequence));
  }
});

Deno.test("readMidi() ends notes of one pitch in an MPE zone in the order of their starts", () => {
  // A note inside another on a channel next to it.
  const zone = [0, 0xb0, 101, 0, 0, 0xb0, 100, 6, 0, 0xb0, 6, 5];
  const notes = [
    ...[0, 0x91, 60, 80, 10, 0x92, 60, 81],
    ...[10, 0x82, 60, 0, 80, 0x81, 60, 0],
  ];
  const { sequence } = readMidi(smf(0, 96, [...zone, ...notes, ...end()]));
  assert.deepEqual(
    sequence.notes.map((n) => [n.velocity, n.startTicks, n.endTicks]),
    [[80, 0, 20], [81, 10, 100]],
  );
});
