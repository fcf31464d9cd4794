import assert from "node:assert/strict";
import { join } from "@std/path";
import { type EpochResult, listCheckpoints } from "../model/model.ts";
import {
  copyMidiFiles,
  LOFI_FOLDER,
  runProgram,
  SMALL_NETWORK,
  withPlace,
} from "./testing.ts";
import type { Manifest } from "../corpus/corpus.ts";
import { parseMidi } from "../midi/midi.ts";
import { runFolder, STARTER_FOLDER } from "../base/base.ts";

/** Preprocesses a folder twice; returns the manifest that is on disk. */
async function preprocessTwice(
  midi: string,
  data: string,
  ...flags: string[]
): Promise<Manifest> {
  const preprocess = ["preprocess", "--midi", midi, "--out", data, ...flags];
  const first = await runProgram(...preprocess);
  const path = join(data, "manifest.json");
  const text = await Deno.readTextFile(path);
  const manifest: Manifest = JSON.parse(text);
  const contents = new Set([
    ...manifest.pieces,
    ...Object.values(manifest.rejections).flat(),
  ].map(({ sha256 }) => sha256));
  assert.equal(first.parsed, contents.size);
  assert.equal(first.kept, manifest.pieces.length);

  const second = await runProgram(...preprocess);
  assert.equal(second.parsed, 0);
  assert.equal(await Deno.readTextFile(path), text);
  return manifest;
}

/** Every file of a manifest, each as often as it is accounted for. */
function accountedFor(manifest: Manifest): string[] {
  return [
    ...manifest.pieces,
    ...Object.values(manifest.rejections).flat(),
    ...manifest.keepDuplicates ? [] : manifest.duplicates,
  ].map(({ file }) => file).sort();
}

/** Trains two epochs and generates; the piece must be whole and its own. */
async function trainAndGenerate(
  data: string,
  run: string,
  out: string,
): Promise<void> {
  const { history, folder } = await runProgram(
    ...["train", "--data", data, "--run", run, "--epochs", "2"],
    ...["--set", SMALL_NETWORK],
  );
  assert.equal(folder, runFolder(run));
  assert.deepEqual(history.map(({ epoch }: EpochResult) => epoch), [1, 2]);
  for (const { trainLoss, validLoss } of history) {
    assert.ok(trainLoss > 0 && validLoss > 0, `${trainLoss}, ${validLoss}`);
  }
  assert.deepEqual(
    (await listCheckpoints(folder)).map(({ epoch }) => epoch),
    [1, 2],
  );

  const generate = async (file: string, seed: number) => {
    const result = await runProgram(
      ...["generate", "--run", run, "--bars", "4"],
      ...["--random-seed", `${seed}`, "--out", join(out, file)],
    );
    const bytes = await Deno.readFile(join(out, file));
    const { notes } = parseMidi(bytes, file);
    assert.ok(notes.length > 0);
    assert.equal(notes.length, result.notes);
    for (const { pitch, startTicks, endTicks } of notes) {
      assert.ok(pitch >= 21 && pitch <= 108, `pitch ${pitch}`);
      assert.ok(endTicks > startTicks);
    }
    return bytes;
  };
  const first = await generate("first.mid", 1);
  assert.deepEqual(await generate("again.mid", 1), first);
  assert.notDeepEqual(await generate("other.mid", 2), first);
}

Deno.test("preprocess, train and generate make a piece of starter pieces", () =>
  withPlace(async (folder, name) => {
    const midi = join(folder, "midi"), data = join(folder, "corpus");
    const names = await copyMidiFiles(STARTER_FOLDER, midi, 10);
    await Deno.copyFile(join(midi, names[0]!), join(midi, "twice.mid"));
    await Deno.writeTextFile(join(midi, "broken.mid"), "no music");
    const manifest = await preprocessTwice(midi, data);
    assert.equal(manifest.tokenizer, "remi");
    assert.equal(manifest.kept, 10);
    assert.deepEqual(
      accountedFor(manifest),
      [...names, "broken.mid", "twice.mid"].sort(),
    );
    await trainAndGenerate(data, name, folder);
  }));

const missing = await Deno.stat(LOFI_FOLDER).then(() => false, () => true);

Deno.test({
  // Its files are not part of the project: `deno task data` fetches them.
  name: "preprocess, train and generate make a piece of lofi-samples" +
    (missing ? " (skipped: ../shared/data/lofi-samples is not there)" : ""),
  ignore: missing,
  fn: () =>
    withPlace(async (folder, name) => {
      const data = join(folder, "corpus");
      const manifest = await preprocessTwice(
        ...[LOFI_FOLDER, data, "--tokenizer", "chord"] as const,
        "--keep-duplicates",
      );
      assert.equal(manifest.files, 120);
      assert.deepEqual(
        accountedFor(manifest),
        Array.from(Deno.readDirSync(LOFI_FOLDER), (entry) => entry.name)
          .filter((file) => file.endsWith(".mid")).sort(),
      );
      const notes = JSON.parse(
        await Deno.readTextFile(join(data, "notes.json")),
      );
      assert.equal(notes.length, manifest.tokens);
      await trainAndGenerate(data, name, folder);
    }),
});
