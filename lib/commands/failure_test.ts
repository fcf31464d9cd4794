import assert from "node:assert/strict";
import { join } from "@std/path";
import { runFolder, STARTER_FOLDER } from "../base/base.ts";
import { copyMidiFiles, run, SMALL_NETWORK, withPlace } from "./testing.ts";

/** Asserts that a command ends with 1 and one line, the same as JSON. */
async function fails(args: readonly string[], line: RegExp): Promise<void> {
  const { status, out, err } = await run(...args, "--json");
  assert.equal(status, 1, `${args.join(" ")}: ${err}`);
  assert.deepEqual(JSON.parse(out), { error: err.split("\n").at(-1) });
  // Before it there may be lines of progress.
  const [last = "", ...before] = err.split("\n").reverse();
  assert.match(last, line);
  assert.ok(
    before.every((text) =>
      /^(reading |native: |wasm: |epoch |\d+ tokens, bar )/.test(text)
    ),
    err,
  );
}

async function succeeds(...args: string[]): Promise<void> {
  const { status, err } = await run(...args);
  assert.equal(status, 0, err);
}

Deno.test("main() ends with 1 and one sentence for a failure", async () => {
  await withPlace(async (folder) => {
    const { status, out, err } = await run(
      ...["preprocess", "--midi", folder, "--out", join(folder, "out")],
    );
    assert.equal(status, 1);
    assert.equal(out, "");
    assert.equal(
      err,
      `Cannot preprocess ${folder}: there is no .mid, .midi, .kar, .rmi, .smf, .midi2, .musicxml, .mxl, .xml, .csv or .json file in it or its subfolders.`,
    );
  });
});

Deno.test("train and generate end with 1 and one sentence for what is missing or damaged", () =>
  withPlace(async (folder, name) => {
    const midi = join(folder, "midi"), data = join(folder, "corpus");
    const out = join(folder, "new.mid");
    const [file = ""] = await copyMidiFiles(STARTER_FOLDER, midi, 6);
    const train = [
      ...["train", "--data", data, "--run", name, "--engine", "wasm"],
    ];
    const generate = ["generate", "--run", name, "--bars", "6", "--out"];

    await fails(train, /neither manifest\.json nor notes\.json in .*corpus\./);
    await fails(
      [...generate, out],
      /has no checkpoint\. (?:Train it first: |Did you mean )/,
    );
    await assert.rejects(Deno.stat(runFolder(name)), Deno.errors.NotFound);

    const preprocess = ["preprocess", "--midi", midi, "--out", data];
    await succeeds(...preprocess);
    const tokens = join(data, "tokens.bin");
    const bytes = await Deno.readFile(tokens);
    await Deno.truncate(tokens, 50);
    await fails(train, /It is damaged; preprocess the MIDI files again\.$/);
    await Deno.writeFile(tokens, bytes);
    await Deno.writeTextFile(join(data, "vocabulary.json"), '["x"]');
    await fails(train, /of another vocabulary/);
    await succeeds(...preprocess);

    const small = ["--epochs", "1", "--set", SMALL_NETWORK];
    await succeeds(...train, ...small);
    await fails([...train, ...small], /has 1 checkpoints already\. Resume it/);

    const seed = [...generate, out, "--seed-midi"];
    await fails(
      [...seed, join(midi, "none.mid")],
      /^Cannot read .*none\.mid: /,
    );
    await fails([...seed, tokens], /^Cannot read .*the file is no MIDI file/);
    await fails([...seed, midi], /^Cannot read .*midi: /);
    await succeeds(...seed, join(midi, file));

    await Deno.truncate(join(runFolder(name), "epoch-0001", "weights.bin"), 9);
    await fails([...generate, out], /its weights\.bin is damaged/);
    await fails([...train, "--resume", "--epochs", "2"], /is damaged/);
  }));

Deno.test("commands find out before the work where they cannot write", () =>
  withPlace(async (folder, name) => {
    const file = join(folder, "file"), data = join(folder, "corpus");
    await Deno.writeTextFile(file, "in the way");
    await copyMidiFiles(STARTER_FOLDER, join(folder, "midi"), 6);
    const preprocess = ["preprocess", "--midi", join(folder, "midi"), "--out"];
    await fails(
      [...preprocess, file],
      /file: it is a file, not a folder\. Give/,
    );
    await fails(
      [...preprocess, join(file, "a", "b")],
      /^Cannot write in .*b: .*\/file is a file, not a folder\. Give another/,
    );
    await fails([...preprocess, "/proc/out"], /^Cannot write in \/proc\/out: /);
    await succeeds(...preprocess, data);

    const run = ["generate", "--run", "starter", "--out"];
    await fails(
      [...run, join(file, "a.mid")],
      /file: it is a file, not a folder/,
    );
    const taken = join(folder, "folder.mid"), full = join(folder, "full.mid");
    await Deno.mkdir(taken);
    await fails([...run, taken], /it is a folder\. Give the name of a file/);
    await Deno.symlink("/dev/full", full);
    await fails([...run, full], /it is a device or a pipe\. Give/);
    await Deno.remove(taken);
    await Deno.remove(full);
    await fails(
      [...run, join(folder, "a.mid"), "--wav", join(file, "a.wav")],
      /file: it is a file, not a folder/,
    );
    await fails(
      [...run, join(folder, "a.mid"), "--stems", file],
      /file: it is a file, not a folder/,
    );
    await fails(
      [
        "generate",
        "--run",
        "starter",
        "--piece",
        join(folder, "no.mid"),
        "--undo",
      ],
      /no\.mid: there is no such file/,
    );
    await fails(["data", "lofi-samples", "--out", file], /is a file, not a/);

    await Deno.writeTextFile(runFolder(name), "in the way");
    await fails(
      [
        ...["train", "--data", data, "--run", name],
        ...["--set", SMALL_NETWORK, "--engine", "wasm"],
      ],
      /^Cannot list the checkpoints in .*: it or a part of its path is a file, not/,
    );
    const left = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    assert.deepEqual(left.sort(), ["corpus", "file", "midi"]);
  }));
