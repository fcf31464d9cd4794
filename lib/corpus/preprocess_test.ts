import assert from "node:assert/strict";
import { join } from "@std/path";
import { loadCorpus } from "./folder.ts";
import type { PreprocessOptions } from "./preprocess.ts";
import { FILES, midi, PitchTokenizer, TEXT, withFiles } from "./testing.ts";

Deno.test("preprocess() refuses values of options that there are not", async () => {
  await withFiles({ "a.mid": midi(60) }, async (run) => {
    const refused = async (options: unknown, message: string) =>
      await assert.rejects(run(options as Partial<PreprocessOptions>), {
        message,
      });
    await refused(
      { tokenizer: "rem" },
      'Cannot set the tokenizer to "rem". Did you mean "remi"?',
    );
    await refused(
      { splitBy: "peace" },
      'Cannot set splitBy to "peace". Did you mean "piece"?',
    );
    await refused(
      { keepDuplicates: "no" },
      'Cannot set keepDuplicates to "no": it is true or false, without quotes.',
    );
  });
});

Deno.test("preprocess() reads subfolders and accounts for every file", async () => {
  await withFiles(FILES, async (run, _, outFolder) => {
    const manifest = await run();
    assert.equal(manifest.files, 8);
    assert.equal(manifest.kept, 3);
    assert.deepEqual(manifest.pieces.map(({ file }) => file), [
      "a.MIDI",
      "b.mid",
      "deep/er/c.Mid",
    ]);
    assert.deepEqual(manifest.duplicates, [
      { file: "copy of b.mid", duplicateOf: "b.mid" },
    ]);
    assert.deepEqual(
      Object.entries(manifest.rejections).map(([reason, files]) => [
        reason,
        files.map(({ file }) => file),
      ]),
      [
        ["the file is no MIDI file", ["broken too.mid", "broken.mid"]],
        ["no notes", ["silent.mid"]],
        ["no note that chord tokens can say", ["too high.mid"]],
      ],
    );
    assert.equal(manifest.pieces[1]!.description?.notes, 3);
    assert.equal(manifest.tokens, 6);
    assert.equal(manifest.vocabularySize, 5);

    const names = Array.from(Deno.readDirSync(outFolder), ({ name }) => name);
    assert.deepEqual(names.sort(), [
      "manifest.json",
      "notes.json",
      "readings.bin",
      "tokens.bin",
      "vocabulary.json",
    ]);
    const read = async (name: string) =>
      JSON.parse(await Deno.readTextFile(join(outFolder, name)));
    const { sha256, ...saved } = await read("manifest.json");
    assert.match(sha256, /^[0-9a-f]{64}$/);
    assert.deepEqual(saved, manifest);
    assert.deepEqual(await read("notes.json"), [
      "p60",
      "p67",
      "p60",
      "p62",
      "p64",
      "p72",
    ]);
  });
});

Deno.test("preprocess() keeps duplicates on request, in one split", async () => {
  await withFiles(FILES, async (run) => {
    for (let seed = 0; seed < 5; seed++) {
      const manifest = await run({ keepDuplicates: true, seed });
      assert.equal(manifest.kept, 4);
      assert.equal(manifest.duplicates.length, 1);
      const split = (file: string) =>
        manifest.pieces.find((piece) => piece.file === file)?.split;
      assert.ok(split("b.mid"));
      assert.equal(split("b.mid"), split("copy of b.mid"));
    }
  });
});

Deno.test("preprocess() keeps transpositions together always, and families on request", async () => {
  const files: Record<string, Uint8Array> = {};
  for (let i = 1; i <= 10; i++) {
    files[`up${i}.mid`] = midi(60 + i, 64 + i, 67 + i);
    files[`walk${i}.mid`] = midi(60, 60 + i);
    files[`other${i}.mid`] = midi(50, 40, 60 + i);
  }
  await withFiles(files, async (run) => {
    const splitsOf = async (stem: string, options = {}) => {
      const { pieces } = await run(options);
      const own = pieces.filter(({ file }) => file.startsWith(stem));
      assert.equal(own.length, 10);
      return new Set(own.map(({ split }) => split)).size;
    };
    for (let seed = 0; seed < 3; seed++) {
      assert.equal(await splitsOf("up", { seed }), 1);
      assert.ok(await splitsOf("walk", { seed }) > 1);
      assert.equal(await splitsOf("walk", { seed, splitBy: "family" }), 1);
    }
  });
});

Deno.test("preprocess() parses only what changed since the last run", async () => {
  await withFiles(FILES, async (run, midiFolder, outFolder) => {
    const tokenizer = new PitchTokenizer();
    const parsed: string[] = [];
    const again = (options: Partial<PreprocessOptions> = {}) => {
      tokenizer.encoded = 0;
      parsed.length = 0;
      return run({
        tokenizer,
        onProgress: (at) => at.parsed && parsed.push(at.file),
        ...options,
      });
    };
    const first = await again();
    assert.equal(tokenizer.encoded, 4); // a, b, c and the one too high.
    assert.equal(parsed.length, 6); // Not the copies of b and of broken.mid.

    assert.deepEqual(await again(), first);
    assert.deepEqual([tokenizer.encoded, parsed], [0, []]);

    // Another name, another content, one more, one fewer.
    await Deno.rename(join(midiFolder, "b.mid"), join(midiFolder, "z.mid"));
    await Deno.writeFile(join(midiFolder, "a.MIDI"), midi(61));
    await Deno.writeFile(join(midiFolder, "new.mid"), midi(62));
    await Deno.remove(join(midiFolder, "deep/er/c.Mid"));
    const changed = await again();
    assert.deepEqual(parsed, ["a.MIDI", "new.mid"]);
    await Deno.remove(outFolder, { recursive: true });
    assert.deepEqual(await again(), changed);
  });
});

Deno.test("preprocess() reads all files again for another tokenizer, and what is damaged", async () => {
  await withFiles(FILES, async (run, _, outFolder) => {
    await run();
    const other = new PitchTokenizer({ resolution: 2 });
    const manifest = await run({ tokenizer: other });
    assert.equal(other.encoded, 4);
    assert.deepEqual(manifest.tokenizerOptions, { resolution: 2 });
    await Deno.truncate(join(outFolder, "tokens.bin"), 50);
    assert.deepEqual(await run({ tokenizer: other }), manifest);
    assert.equal(other.encoded, 4);
    const readings = join(outFolder, "readings.bin");
    const { size } = await Deno.stat(readings);
    for (const left of [size - 1, 3, 0]) {
      await Deno.truncate(readings, left);
      other.encoded = 0;
      assert.deepEqual(await run({ tokenizer: other }), manifest);
      assert.equal(other.encoded, left === size - 1 ? 1 : 4, `${left} bytes`);
    }
  });
});

Deno.test("preprocess() gives the bytes to a tokenizer that reads files", async () => {
  await withFiles(FILES, async (run, _, outFolder) => {
    const tokenizer = new PitchTokenizer();
    const manifest = await run({
      tokenizer: Object.assign(tokenizer, {
        encodeFile: (bytes: Uint8Array) => [`${bytes.length} bytes`],
      }),
    });
    assert.equal(tokenizer.encoded, 0);
    const { vocabulary } = await loadCorpus(outFolder);
    assert.ok(vocabulary.has(`${FILES["b.mid"].length} bytes`));
    assert.equal(manifest.tokens, manifest.kept);
  });
});

Deno.test("preprocess() reports progress file by file", async () => {
  await withFiles({ "a.mid": midi(60), "b.mid": TEXT }, async (run) => {
    const seen: string[] = [];
    await run({
      onProgress: ({ done, total, file }) =>
        seen.push(`${done}/${total} ${file}`),
    });
    assert.deepEqual(seen, ["1/2 a.mid", "2/2 b.mid"]);
  });
});

Deno.test("preprocess() refuses folders without music, saying why", async () => {
  await withFiles(
    { "a.mid": TEXT, "b.mid": midi() },
    async (run, midiFolder) => {
      await assert.rejects(run(), {
        name: "CorpusError",
        message:
          /none of its 2 MIDI files can be used\.\n {2}the file is no MIDI file: a\.mid\n {2}no notes: b\.mid$/,
      });
      const empty = join(midiFolder, "deep");
      await assert.rejects(run({ midiFolder: empty }), {
        name: "CorpusError",
        message:
          /there is no \.mid, .* or \.json file in it or its subfolders\.$/,
      });
      await assert.rejects(run({ midiFolder: join(midiFolder, "absent") }), {
        name: "CorpusError",
        message: /Is the path of the MIDI folder right\?$/,
      });
      await assert.rejects(run({ validShare: 0.6, testShare: 0.4 }), {
        name: "RangeError",
        message: /current values are 0\.6 and 0\.4/,
      });
    },
  );
});
