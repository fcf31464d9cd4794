import assert from "node:assert/strict";
import { join } from "@std/path";
import { runFolder, STARTER_FOLDER } from "../base/base.ts";
import { copyMidiFiles, run, SMALL_NETWORK, withPlace } from "./testing.ts";

/** Asserts that a command ends with 2, one sentence and the usage. */
async function isWrongUsage(line: string, sentence: RegExp): Promise<void> {
  const { status, out, err } = await run(...line.split(" "));
  assert.equal(status, 2, `${line}: ${err}`);
  assert.equal(out, "", line);
  const [first, usage, ...more] = err.split("\n");
  assert.match(first, sentence);
  assert.ok(usage.startsWith(`Usage: deno task ${line.split(" ")[0]} `));
  assert.deepEqual(more, []);
}

/** Asserts that a command ends with 1 and one line. */
async function fails(args: readonly string[], line: RegExp): Promise<void> {
  const { status, out, err } = await run(...args);
  assert.equal(status, 1, `${args.join(" ")}: ${err}`);
  assert.equal(out, "");
  // Before it, progress may have been told.
  const [last, ...before] = err.split("\n").reverse();
  assert.match(last, line);
  assert.ok(
    before.every((told) =>
      /^(native: |wasm: |epoch |\d+ tokens, bar )/.test(told)
    ),
    err,
  );
}

async function succeeds(...args: string[]): Promise<void> {
  const { status, err } = await run(...args);
  assert.equal(status, 0, err);
}

Deno.test("train and generate end with 2, a sentence and the usage for a wrong command line", async () => {
  const table: [string, RegExp][] = [
    ["train", /--data is missing/],
    ["train --data a", /--run is missing/],
    ["train --data a --run b stray", /stray/],
    ["train --data a --run b --bogus", /Unknown option '--bogus'/],
    ["train --data a --run ../b", /only letters, digits.*"\.\.\/b"/],
    ["train --data a --run b --epochs x", /must be a number.*"x"/],
    ["train --data a --run b --epochs 0", /at least 1, current value is 0/],
    ["train --data a --run b --workers 0", /at least 1, current value is 0/],
    ["train --data a --run b --recipe x", /default or original.*"x"/],
    ["train --data a --run b --engine x", /auto or native or .*"x"/],
    ["train --data a --run b --set dropout=1", /below 1, current value is 1/],
    ["train --data a --run b --set dropout=x", /"dropout=x".* a number/],
    ["train --data a --run b --set dropout=", /"dropout=": it must be KNOB/],
    ["train --data a --run b --set carry=yes", /"carry=yes".*true or false/],
    ["train --data a --run b --set toString=1", /"toString=1": it must be KN/],
    [
      "train --data a --run b --set input=x",
      /one of onehot, attributes, scalar.*"x"/,
    ],
    ["generate", /--run is missing/],
    ["generate --run b", /--out is missing/],
    ["generate --run a/b --out c.mid", /only letters, digits.*"a\/b"/],
    ["generate --run b --out c.mid --bars 0", /at least 1, current value is 0/],
    ["generate --run b --out c.mid --bars 1.5", /whole number.*is 1\.5/],
    ["generate --run b --out c.mid --tokens=-4", /at least 1.*is -4/],
    ["generate --run b --out c.mid --temperature=-1", /at least 0.*is -1/],
    ["generate --run b --out c.mid --random-seed x", /must be a number.*"x"/],
  ];
  for (const [line, sentence] of table) await isWrongUsage(line, sentence);
});

Deno.test("train and generate end with 1 and one sentence for what is missing or damaged", () =>
  withPlace(async (folder, name) => {
    const midi = join(folder, "midi"), data = join(folder, "corpus");
    const out = join(folder, "new.mid");
    const [file] = await copyMidiFiles(STARTER_FOLDER, midi, 6);
    const train = ["train", "--data", data, "--run", name];
    const generate = ["generate", "--run", name, "--bars", "6", "--out"];

    await fails(train, /neither manifest\.json nor notes\.json in .*corpus\./);
    await fails([...generate, out], /has no checkpoint\. Train it first: /);
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
    await fails([...generate, midi], /^Cannot write .*midi: /);
    await succeeds(...seed, join(midi, file));

    await Deno.truncate(join(runFolder(name), "epoch-0001", "weights.bin"), 9);
    await fails([...generate, out], /its weights\.bin is damaged/);
    await fails([...train, "--resume", "--epochs", "2"], /is damaged/);
  }));
