/** What a continuation and a variation of a real file must have. */

import assert from "node:assert/strict";
import { basename } from "@std/path";
import {
  type Generator,
  readSeed,
  readVariation,
} from "../generation/generation.ts";
import { parseMidi, writeMidi } from "../midi/midi.ts";
import {
  findKey,
  hasPitch,
  type Note,
  type NoteSequence,
  sliceSequence,
} from "../music/music.ts";
import { compose } from "./compose.ts";

/** A file of other people. */
export interface RealFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What a continuation came to. */
export interface Continued {
  /** Whether the new bars are in the passage's key; undefined without pitches. */
  readonly sameKey: boolean | undefined;
  readonly sequence: NoteSequence;
  readonly notes: readonly string[];
  readonly seconds: number;
}

/**
 * Goes on from a file, and asserts that the passage is in the result exactly, that
 * new bars follow at its tempo and in its scale, and that MIDI bytes keep it all.
 *
 * @returns Undefined for a file without notes.
 */
export async function checkContinuation(
  generator: Generator,
  { name, bytes }: RealFile,
  bars?: number,
): Promise<Continued | undefined> {
  const seed = readSeed(generator.checkpoint, bytes, basename(name));
  const whole = seed().passage;
  if (!whole) return undefined;
  const started = performance.now();
  const { sequence, notes, piece } = await compose(generator, "", {
    randomSeed: 1,
    seed,
    bars,
  });
  const seconds = (performance.now() - started) / 1000;
  const passage = seed(bars ?? Infinity).passage!;
  const factor = sequence.ticksPerQuarter / passage.music.ticksPerQuarter;
  assert.ok(Number.isInteger(factor), "resolution");
  const join = factor * passage.endTicks;
  const before = notesWith(sequence, ({ startTicks }) => startTicks < join);
  assert.deepEqual(before, notesWith(passage.music, () => true, factor));
  const added = {
    ...sliceSequence(sequence, join, sequence.totalTicks),
  };
  assert.ok(added.notes.length > 0, "no new notes");
  const spec = seed(bars ?? Infinity).spec!;
  assert.equal(added.tempos.at(-1)?.qpm ?? 120, spec.qpm);
  assertReadBack(sequence);
  assert.ok(piece.natsPerToken >= 0);
  if (!hasPitch(passage.music) || !hasPitch(added)) {
    return { sameKey: undefined, sequence, notes, seconds };
  }
  const old = findKey(passage.music), made = findKey(added);
  const sameKey = old.tonic === made.tonic && old.mode === made.mode;
  return { sameKey, sequence, notes, seconds };
}

/** What a variation came to. */
export interface Varied {
  /** Share of the pitched notes that moved; NaN without any. */
  readonly share: number;
  readonly pitched: number;
  readonly sequence: NoteSequence;
  readonly seconds: number;
}

/**
 * Varies a file, and asserts that nothing but pitches changes, and at distance 0
 * nothing at all.
 *
 * @returns Undefined for a file without notes.
 */
export async function checkVariation(
  generator: Generator,
  { name, bytes }: RealFile,
  distance: number,
): Promise<Varied | undefined> {
  const of = readVariation(generator.checkpoint, bytes, basename(name));
  if (!of.passage) return undefined;
  const started = performance.now();
  const { sequence } = await compose(generator, "", {
    randomSeed: 1,
    variation: { of, distance },
  });
  const seconds = (performance.now() - started) / 1000;
  const { music } = of.passage;
  const { notes: made, ...others } = sequence;
  const { notes: given, ...kept } = music;
  assert.deepEqual(others, kept);
  if (distance === 0) assert.deepEqual(made, given);
  const rhythm = ({ notes }: Pick<NoteSequence, "notes">) =>
    notes.map(({ startTicks, endTicks, velocity, part }) =>
      [startTicks, part, endTicks, velocity].join()
    ).sort();
  assert.deepEqual(rhythm({ notes: made }), rhythm({ notes: given }));
  assertReadBack(sequence);
  const pitches = ({ notes, parts }: NoteSequence) =>
    notes.filter(({ part }) => !parts[part]!.isDrum);
  const counts = new Map<string, number>();
  for (const note of pitches(music)) {
    counts.set(keyOf(note), (counts.get(keyOf(note)) ?? 0) + 1);
  }
  let kept0 = 0;
  for (const note of pitches(sequence)) {
    const left = counts.get(keyOf(note)) ?? 0;
    if (left === 0) continue;
    counts.set(keyOf(note), left - 1);
    kept0++;
  }
  const pitched = pitches(music).length;
  return { share: 1 - kept0 / pitched, pitched, sequence, seconds };
}

function keyOf({ pitch, startTicks, endTicks, velocity, part }: Note): string {
  return [startTicks, part, pitch, endTicks, velocity].join();
}

/** What notes are: times, pitch, velocity, program, bank, drum or not. */
function notesWith(
  { notes, parts }: NoteSequence,
  isIn: (note: Note) => boolean,
  factor = 1,
): string[] {
  return notes.filter(isIn).map((note) => {
    const { program, bank = 0, isDrum, name } = parts[note.part]!;
    return [
      factor * note.startTicks,
      factor * note.endTicks,
      note.pitch,
      note.velocity,
      program,
      bank,
      isDrum,
      name,
    ].join();
  });
}

/** Asserts that the notes of a sequence survive MIDI bytes. */
function assertReadBack(sequence: NoteSequence): void {
  const read = parseMidi(writeMidi(sequence));
  assert.equal(read.notes.length, sequence.notes.length, "read back");
}
