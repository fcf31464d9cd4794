import assert from "node:assert/strict";
import { join } from "@std/path";
import { main } from "./commands.ts";
import { writeMidi } from "../midi/midi.ts";
import { emptySequence } from "../music/music.ts";

/** Runs a command line. */
async function run(...args: string[]) {
  const out: string[] = [], err: string[] = [];
  const status = await main(args, {
    log: (line) => out.push(line),
    error: (line) => err.push(line),
  });
  return { status, out: out.join("\n"), err: err.join("\n") };
}

async function withFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function midi(pitch: number): Uint8Array {
  return writeMidi({
    ...emptySequence(480),
    parts: [{ name: "", program: 0, isDrum: false }],
    notes: [{ pitch, velocity: 64, startTicks: 0, endTicks: 480, part: 0 }],
    totalTicks: 480,
  });
}

Deno.test("main() ends with 2 and the commands for no command or an unknown one", async () => {
  const none = await run();
  assert.equal(none.status, 2);
  assert.equal(none.out, "");
  assert.match(none.err, /^Cannot run: no command is given\.\ndeno task prep/);
  for (const name of ["nonsense", "toString", "__proto__"]) {
    const { status, err } = await run(name);
    assert.equal(status, 2);
    assert.ok(err.startsWith(`Cannot run "${name}": there is no such command`));
  }
});

Deno.test("main() shows help on stdout and ends with 0", async () => {
  for (const args of [["--help"], ["data", "--help"], ["data", "-h"]]) {
    const { status, out, err } = await run(...args);
    assert.equal(status, 0);
    assert.match(out, /deno task data/);
    assert.equal(err, "");
  }
});

Deno.test("main() ends with 2, a sentence and the usage for a wrong command line", async () => {
  const table: [string, RegExp][] = [
    ["preprocess", /--midi is missing/],
    ["preprocess --midi", /'--midi <value>' argument missing/],
    ["preprocess --midi a", /--out is missing/],
    ["preprocess --midi= --out b", /--midi is missing/],
    ["preprocess --midi a --out b --bogus", /Unknown option '--bogus'/],
    ["preprocess --midi a --out b stray", /stray/],
    ["preprocess --midi a --out b --tokenizer bpe", /remi or chord.*"bpe"/],
    ["preprocess --midi a --out b --split-by x", /piece or family.*"x"/],
    ["preprocess --midi a --out b --seed 1.5", /whole number.*is 1\.5/],
    ["preprocess --midi a --out b --seed x", /a number.*"x"/],
    ["preprocess --midi a --out b --valid-share=", /a number.*""/],
    ["data one two", /"two" is one word too many/],
    ["data nonsense", /"nonsense": the data sets are starter, /],
  ];
  for (const [line, message] of table) {
    const { status, out, err } = await run(...line.split(" "));
    assert.equal(status, 2, line);
    assert.equal(out, "", line);
    const [sentence, usage, ...more] = err.split("\n");
    assert.match(sentence, message);
    assert.match(usage, /^Usage: deno task (preprocess|data) /);
    assert.deepEqual(more, []);
  }
});

Deno.test("main() ends with 1 and one sentence for a failure", async () => {
  await withFolder(async (folder) => {
    const { status, out, err } = await run(
      ...["preprocess", "--midi", folder, "--out", join(folder, "out")],
    );
    assert.equal(status, 1);
    assert.equal(out, "");
    assert.equal(
      err,
      `Cannot preprocess ${folder}: there is no .mid or .midi file in it or its subfolders.`,
    );
  });
});

Deno.test("preprocess makes a corpus and says so, as text and as JSON", async () => {
  await withFolder(async (folder) => {
    const out = join(folder, "out");
    await Deno.writeFile(join(folder, "a.mid"), midi(60));
    await Deno.writeFile(join(folder, "b.mid"), midi(60));
    await Deno.writeTextFile(join(folder, "c.mid"), "no MIDI");
    const line = ["preprocess", "--midi", folder, "--out", out];
    const first = await run(...line);
    assert.equal(first.status, 0);
    const lines = first.out.split("\n");
    assert.deepEqual(lines.slice(0, 3), [
      "3 MIDI files, 2 of them parsed now, 1 kept:",
      '  rejected for "the file is no MIDI file": c.mid',
      "  dropped b.mid, the same as a.mid",
    ]);
    assert.ok(lines.at(-1)!.startsWith(`Left in ${out} after `));
    assert.match(first.err, /^1 of 3 files, a\.mid/);

    const json = await run(
      ...[...line, "--tokenizer", "remi", "--keep-duplicates", "--json"],
    );
    assert.equal(json.status, 0);
    const result = JSON.parse(json.out.split("\n").at(-1)!);
    const manifest = JSON.parse(
      await Deno.readTextFile(join(out, "manifest.json")),
    );
    assert.equal(result.files, 3);
    assert.equal(result.kept, 2);
    assert.equal(result.parsed, 0);
    assert.equal(result.keepDuplicates, true);
    assert.equal(result.tokens, manifest.tokens);
    assert.equal(result.pieces, undefined);
  });
});

Deno.test("data lists the sets and takes one from a local place", async () => {
  await withFolder(async (folder) => {
    const list = await run("data", "--out", folder, "--json");
    assert.equal(list.status, 0);
    const { datasets } = JSON.parse(list.out);
    assert.deepEqual(
      datasets.map(({ name }: { name: string }) => name),
      ["starter", "lofi-samples", "jsb-chorales"],
    );
    const { status, err } = await run(
      ...["data", "jsb-chorales", "--out", folder, "--from", folder],
    );
    assert.equal(status, 1);
    assert.match(err, /0 files where 1 should be\.$/);
  });
});

Deno.test("commands.ts runs as a program, and preprocess never loads the tensor library", async () => {
  const graph = async (file: string) => {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", file],
    }).output();
    const { modules } = JSON.parse(new TextDecoder().decode(stdout));
    return JSON.stringify(
      modules.map((m: { specifier: string }) => m.specifier),
    );
  };
  const here = import.meta.dirname!;
  const modules = await graph(join(here, "preprocess.ts"));
  assert.match(modules, /corpus\/corpus\.ts/);
  assert.doesNotMatch(modules, /tfjs|\/lstm\//);
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", join(here, "commands.ts"), "preprocess"],
  }).output();
  assert.equal(code, 2);
  assert.match(new TextDecoder().decode(stderr), /--midi is missing/);
});
