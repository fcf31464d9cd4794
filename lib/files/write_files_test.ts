import assert from "node:assert/strict";
import { basename, join } from "@std/path";
import { inFolder } from "../model/checkpoint_testing.ts";
import { parseMidi } from "../midi/midi.ts";
import { renderWav } from "../synthesis/synthesis.ts";
import { readWav } from "../synthesis/testing.ts";
import { BASS_AND_DRUMS, decoded, hasProgram } from "./testing.ts";
import { writePiece, writeStems } from "./write_files.ts";

const names = (folder: string) =>
  Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();

/** As `assert.deepEqual`, which would print megabytes. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

Deno.test("writePiece() writes what each ending names", () =>
  inFolder(async (folder) => {
    const paths = ["a.mid", "a.wav", "a.FLAC", "a.ogg", "a.mp3"]
      .map((name) => join(folder, name));
    await writePiece(paths, { sequence: BASS_AND_DRUMS });
    assert.deepEqual(names(folder), [
      "a.FLAC",
      "a.mid",
      "a.mp3",
      "a.ogg",
      "a.wav",
    ]);
    const [midi, wav, flac, ogg, mp3] = await Promise.all(
      paths.map((path) => Deno.readFile(path)),
    );
    assert.equal(parseMidi(midi!).notes.length, BASS_AND_DRUMS.notes.length);
    assert(isSame(wav!, await renderWav(BASS_AND_DRUMS)));
    const mark = (bytes: Uint8Array) =>
      new TextDecoder().decode(bytes.subarray(0, 4));
    assert.deepEqual([mark(flac!), mark(ogg!)], ["fLaC", "OggS"]);
    assert.deepEqual([mp3![0], mp3![1]! >> 5], [0xff, 7]); // a frame begins
  }));

Deno.test("writePiece() writes a loop as long as its score", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.wav");
    await writePiece([path], { sequence: BASS_AND_DRUMS, isLoop: true });
    const bytes = await Deno.readFile(path);
    assert(isSame(bytes, await renderWav(BASS_AND_DRUMS, { isLoop: true })));
  }));

Deno.test("writePiece() refuses an ending that it does not know, and writes nothing", () =>
  inFolder(async (folder) => {
    const paths = [join(folder, "a.mid"), join(folder, "a.aac")];
    await assert.rejects(writePiece(paths, { sequence: BASS_AND_DRUMS }), {
      name: "RangeError",
      message:
        /must end with \.mid, .*\.musicxml or \.html, current value is ".*aac"/,
    });
    assert.deepEqual(names(folder), []);
  }));

Deno.test("writeStems() writes a file for each part, named and in step, that add up to the sound", () =>
  inFolder(async (folder) => {
    const sound = { vinyl: true };
    const paths = await writeStems(
      folder,
      { sequence: BASS_AND_DRUMS },
      sound,
    );
    assert.deepEqual(paths.map((path) => basename(path)), [
      "01 Bass 1.wav",
      "02 Drums.wav",
      "03 Record noise.wav",
    ]);
    assert.deepEqual(names(folder), paths.map((path) => basename(path)));
    const mix = readWav(await renderWav(BASS_AND_DRUMS, sound));
    const sum = new Float32Array(mix.left.length);
    for (const path of paths) {
      // After a header of 58 bytes, left and right in turn.
      const bytes = await Deno.readFile(path);
      const stem = new Float32Array(bytes.slice(58).buffer);
      assert.equal(stem.length, 2 * sum.length);
      for (let i = 0; i < sum.length; i++) sum[i]! += stem[2 * i]!;
    }
    const most = sum.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - mix.left[i]!)),
      0,
    );
    assert(most < 2 ** -14, `${most}`); // two steps of 16 bits
  }));

Deno.test({
  name: hasProgram("ffmpeg")
    ? "writePiece() writes sound that ffmpeg reads, as long and alike"
    : "writePiece() is not tried with ffmpeg, which is not installed",
  ignore: !hasProgram("ffmpeg"),
  fn: () =>
    inFolder(async (folder) => {
      const paths = ["a.wav", "a.flac", "a.ogg", "a.mp3"]
        .map((name) => join(folder, name));
      await writePiece(paths, { sequence: BASS_AND_DRUMS });
      const [wav, flac, ogg, mp3] = await Promise.all(
        paths.map((path) => decoded(path)),
      );
      assert.equal(wav!.length, 2 * 6 * 44100);
      assert.deepEqual(flac, wav);
      assert.equal(ogg!.length, wav!.length);
      assert(likeness(ogg!, wav!) > 0.99);
      // The encoder of MP3 begins with 1105 frames of its own.
      const begun = mp3!.subarray(2 * 1105, 2 * 1105 + wav!.length);
      assert(likeness(begun, wav!) > 0.99);
      assert(mp3!.length - wav!.length < 2 * 4608);
    }),
});

/** Correlation of two sounds. */
function likeness(a: Float32Array, b: Float32Array): number {
  let ab = 0, aa = 0, bb = 0;
  for (let i = 0; i < b.length; i++) {
    ab += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}
