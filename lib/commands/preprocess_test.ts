import assert from "node:assert/strict";
import { join } from "@std/path";
import { writeMidi } from "../midi/midi.ts";
import { emptySequence } from "../music/music.ts";
import { run, withPlace } from "./testing.ts";

function midi(pitch: number): Uint8Array {
  return writeMidi({
    ...emptySequence(480),
    parts: [{ name: "", program: 0, isDrum: false }],
    notes: [{ pitch, velocity: 64, startTicks: 0, endTicks: 480, part: 0 }],
    totalTicks: 480,
  });
}

Deno.test("preprocess makes a corpus and says so, as text and as JSON", async () => {
  await withPlace(async (folder) => {
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

Deno.test("preprocess reads an archive, and tells a file from one", () =>
  withPlace(async (folder) => {
    const archive = join(folder, "songs.tar"), out = join(folder, "out");
    await Deno.mkdir(join(folder, "songs"));
    await Deno.writeFile(join(folder, "songs", "a.mid"), midi(60));
    await Deno.writeFile(join(folder, "songs", "b.kar"), midi(62));
    const packed = await new Deno.Command("tar", {
      args: ["-C", folder, "-cf", archive, "songs"],
    }).output();
    assert.ok(packed.success);
    const line = ["preprocess", "--out", out, "--midi"];
    const { status, out: text, err } = await run(...line, archive);
    assert.equal(status, 0, err);
    assert.match(text, /^2 MIDI files, 2 of them parsed now, 2 kept:/);
    const single = await run(...line, join(folder, "songs", "a.mid"));
    assert.equal(single.status, 1);
    assert.match(single.err, /it is a single MIDI file\. Give a folder or an/);
  }));

Deno.test("preprocess reads parts on their own, and merges them to the same corpus", () =>
  withPlace(async (folder) => {
    const place = (name: string) => join(folder, name);
    await Deno.mkdir(place("songs"));
    for (let i = 0; i < 9; i++) {
      await Deno.writeFile(join(place("songs"), `${i}.mid`), midi(60 + i % 7));
    }
    await Deno.writeTextFile(join(place("songs"), "5b.mid"), "no MIDI");
    const line = ["preprocess", "--midi", place("songs"), "--seed", "3"];
    await run(...line, "--out", place("whole"));
    const parts = [1, 2, 3].map((part) => place(`part${part}`));
    for (const [i, part] of parts.entries()) {
      const shard = ["--shard", `${i + 1}/3`, "--out", part];
      const { status, out, err } = await run(...line, ...shard);
      assert.equal(status, 0, err);
      assert.match(out, /^Part \d of 3: [34] of 10 MIDI files, \d of them/);
    }
    // In any order.
    const merge = ["preprocess", "--merge", ...parts.toReversed(), "--out"];
    const { status, out, err } = await run(...merge, place("merged"));
    assert.equal(status, 0, err);
    assert.match(out, /^10 MIDI files, 0 of them parsed now, 7 kept:/);
    for (const name of ["manifest.json", "tokens.bin", "vocabulary.json"]) {
      assert.deepEqual(
        await Deno.readFile(join(place("merged"), name)),
        await Deno.readFile(join(place("whole"), name)),
        name,
      );
    }
    const refused = async (args: string[], message: RegExp) => {
      const { status, err } = await run("preprocess", ...args);
      assert.equal(status, 1, err);
      assert.match(err, message);
    };
    const [one = "", two = "", three = ""] = parts;
    const to = ["--out", place("merged")];
    await refused(
      ["--merge", one, three, ...to],
      /1 of 3 are missing, with --shard 2\/3\./,
    );
    await refused(["--merge", one, one, ...to], /are both part 1 of 3/);
    await refused(
      ["--merge", place("whole"), ...to],
      /there is no whole part in .*whole\. Was preprocess --shard run with/,
    );
    await run(...line, "--strict", "--shard", "2/3", "--out", two);
    await refused(
      ["--merge", ...parts, ...to],
      /were made of other files, or with other options/,
    );
  }));

Deno.test("preprocess shows names of files without their control characters", async () => {
  await withPlace(async (folder) => {
    await Deno.writeFile(join(folder, "a.mid"), midi(60));
    await Deno.writeTextFile(join(folder, "\u001b[2J.mid"), "no MIDI");
    const args = ["--midi", folder, "--out", join(folder, "out")];
    const { status, out } = await run("preprocess", ...args);
    assert.equal(status, 0);
    assert.match(out, /: �\[2J\.mid/);
    assert.ok(!out.includes("\u001b"));
  });
});
