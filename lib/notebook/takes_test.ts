import assert from "node:assert/strict";
import { join } from "@std/path";
import { inFolder } from "../model/checkpoint_testing.ts";
import { Generator } from "../generation/generation.ts";
import { music, untrainedRemi } from "../generation/testing.ts";
import { writeMidi } from "../midi/midi.ts";
import { makePiece } from "./piece.ts";
import { changePiece, keepTake, redoPiece, undoPiece } from "./takes.ts";
import { inKernel } from "./testing.ts";

const withGenerator = (
  test: (folder: string, generator: Generator) => Promise<void>,
) =>
  inFolder(async (folder) => {
    using generator = await Generator.open(untrainedRemi());
    await test(folder, generator);
  });

const bytesOf = async (file: string) =>
  new Uint8Array(await Deno.readFile(file));

Deno.test("redoPiece() shows takes side by side, and keepTake() makes one the piece", () =>
  withGenerator(async (folder, generator) => {
    const midiFile = join(folder, "song.mid");
    const piece = await makePiece(generator, "4 bars", {
      midiFile,
      randomSeed: 2,
    });
    const made = await bytesOf(midiFile);
    let takes: Awaited<ReturnType<typeof redoPiece>> | undefined;
    const messages = await inKernel(async () => {
      takes = await redoPiece(generator, piece, "bars 2-3, louder", {
        takes: 2,
        randomSeed: 5,
      });
    });
    const html = messages.map(({ bundle }) => bundle["text/html"] ?? "").join();
    assert.match(html, /Take 1.*song\.take1\.mp3.*Take 2.*song\.take2\.mp3/s);
    const figure = messages.map(({ bundle }) => bundle["image/svg+xml"] ?? "");
    assert.match(figure.join(), /Bars 2 to 3 are new, 0:\d\d to 0:\d\d\./);
    assert.equal(figure.join().match(/stroke-width="3"/g)?.length, 2);
    assert.deepEqual(await bytesOf(midiFile), made);
    await keepTake(takes!, 2);
    assert.deepEqual(await bytesOf(midiFile), takes!.takes[1]!.bytes);
    await undoPiece(generator, piece);
    assert.deepEqual(await bytesOf(midiFile), made);
    await assert.rejects(keepTake(takes!, 3), /there are takes 1 to 2/);
  }));

Deno.test("changePiece() changes any file, written to another, and undoPiece() gives it back", () =>
  withGenerator(async (folder, generator) => {
    const theirs = join(folder, "theirs.mid"), midiFile = join(folder, "a.mid");
    await Deno.writeFile(theirs, writeMidi(music));
    const asked = "up 2 semitones";
    const { sequence } = await changePiece(generator, theirs, asked, {
      midiFile,
    });
    assert.equal(sequence.notes[0]?.pitch, music.notes[0]!.pitch + 2);
    await undoPiece(generator, midiFile);
    assert.deepEqual(await bytesOf(midiFile), writeMidi(music));
    await assert.rejects(
      undoPiece(generator, midiFile),
      /the piece is as it began/,
    );
    await assert.rejects(
      changePiece(generator, theirs, asked),
      /the piece began with this file/,
    );
  }));

Deno.test("keepTake() refuses to throw away what was changed since the takes were made", () =>
  withGenerator(async (folder, generator) => {
    const midiFile = join(folder, "song.mid");
    const piece = await makePiece(generator, "4 bars", {
      midiFile,
      randomSeed: 2,
    });
    const takes = await redoPiece(generator, piece, "bars 2-3, louder", {
      takes: 2,
    });
    await keepTake(takes, 1);
    await keepTake(takes, 2);
    await changePiece(generator, piece, "up 2 semitones");
    const changed = await bytesOf(midiFile);
    await assert.rejects(keepTake(takes, 1), {
      message:
        /changed since it was made, by "up 2 semitones", and that would be lost/,
    });
    assert.deepEqual(await bytesOf(midiFile), changed);
    await undoPiece(generator, piece);
    await keepTake(takes, 1);
    await assert.rejects(
      changePiece(generator, piece, " "),
      /no change is asked/,
    );
  }));
