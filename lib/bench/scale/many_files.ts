/** Collections of any number of small MIDI files, a hundredth of them bad. */

import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { dirname, join } from "@std/path";
import { Random } from "../../base/base.ts";
import { writeMidi } from "../../midi/midi.ts";
import { emptySequence, type Note } from "../../music/music.ts";

/** One of so many files is bad. */
const BAD_EVERY = 100;
const FILES_A_FOLDER = 1000;
const TAR_BLOCK = 512;

/** A file of a collection. */
interface OneOfMany {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * The files, always the same.
 *
 * @param count How many.
 */
function* manyFiles(count: number): Generator<OneOfMany> {
  const text = (words: string) => new TextEncoder().encode(words);
  const bad = (whole: Uint8Array): Uint8Array[] => [
    text("this is no MIDI file"),
    new Uint8Array(),
    whole.subarray(0, 20),
    writeMidi(emptySequence(480)),
  ];
  for (let i = 0; i < count; i++) {
    const name = `${i}`.padStart(7, "0");
    const path = `${
      `${Math.floor(i / FILES_A_FOLDER)}`.padStart(4, "0")
    }/${name}.mid`;
    const whole = oneFile(i);
    if (i % BAD_EVERY !== BAD_EVERY - 1) yield { path, bytes: whole };
    else {
      // A number makes each of them another file.
      const kinds = bad(whole), kind = kinds[i / BAD_EVERY % kinds.length | 0]!;
      yield { path, bytes: Uint8Array.of(...kind, ...text(name)) };
    }
  }
}

/** Some bars of one part, of no beauty. */
function oneFile(number: number): Uint8Array {
  const random = new Random(number);
  const notes: Note[] = [];
  let startTicks = 0;
  const count = 60 + random.int(60);
  for (let i = 0; i < count; i++) {
    const length = 120 * (1 + random.int(4));
    notes.push({
      pitch: 48 + random.int(36),
      velocity: 40 + random.int(60),
      startTicks,
      endTicks: startTicks + length,
      part: 0,
    });
    startTicks += length;
  }
  return writeMidi({
    ...emptySequence(480),
    parts: [{ name: "", program: random.int(100), isDrum: false }],
    notes,
    totalTicks: startTicks,
  });
}

/**
 * Writes a collection.
 *
 * @param path Of a folder, or of an archive if it ends in ".tar.gz".
 */
export async function writeManyFiles(
  path: string,
  count: number,
): Promise<void> {
  if (path.endsWith(".tar.gz")) return await writeArchive(path, count);
  const folders = new Set<string>();
  for (const { path: file, bytes } of manyFiles(count)) {
    const target = join(path, file), folder = dirname(target);
    if (!folders.has(folder)) await Deno.mkdir(folder, { recursive: true });
    folders.add(folder);
    await Deno.writeFile(target, bytes);
  }
}

async function writeArchive(path: string, count: number): Promise<void> {
  const gzip = createGzip({ level: 1 });
  const file = gzip.pipe(createWriteStream(path));
  for (const { path, bytes } of manyFiles(count)) {
    const blocks = Math.ceil(bytes.length / TAR_BLOCK);
    const entry = new Uint8Array(TAR_BLOCK * (1 + blocks));
    const write = (text: string, at: number) =>
      entry.set(new TextEncoder().encode(text), at);
    write(path, 0);
    write("0000644", 100);
    write(bytes.length.toString(8).padStart(11, "0"), 124);
    write(" ".repeat(8), 148);
    write("0", 156);
    write("ustar\0" + "00", 257);
    const sum = entry.reduce((sum, byte) => sum + byte, 0);
    write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    entry.set(bytes, TAR_BLOCK);
    if (!gzip.write(entry)) await once(gzip, "drain");
  }
  gzip.end(new Uint8Array(2 * TAR_BLOCK));
  await finished(file);
}
