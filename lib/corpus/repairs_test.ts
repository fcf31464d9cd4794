import assert from "node:assert/strict";
import { join } from "@std/path";
import { parseMidi, writeMidi } from "../midi/midi.ts";
import { accountOf } from "./account.ts";
import { loadCorpus } from "./folder.ts";
import { midi, PitchTokenizer, withFiles } from "./testing.ts";

/** A file with the last bytes missing. */
const cut = (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 4);

/** The same notes after 16 bars of silence. */
function late(bytes: Uint8Array): Uint8Array {
  const sequence = parseMidi(bytes);
  const later = 64 * sequence.ticksPerQuarter;
  return writeMidi({
    ...sequence,
    notes: sequence.notes.map(({ startTicks, endTicks, ...note }) => ({
      ...note,
      startTicks: startTicks + later,
      endTicks: endTicks + later,
    })),
    totalTicks: sequence.totalTicks + later,
  });
}

const FILES = {
  "cut.mid": cut(midi(60, 62)),
  "cut too.mid": cut(midi(60, 64)),
  "late.mid": late(midi(60, 65)),
  "whole.mid": midi(60, 67),
};

Deno.test("preprocess() tells what was put right, by reason and file", async () => {
  await withFiles(FILES, async (run) => {
    for (const tokenizer of ["remi", "chord"] as const) {
      const manifest = await run({ tokenizer });
      assert.equal(manifest.kept, 4);
      assert.deepEqual(manifest.rejections, {});
      const rows = accountOf(manifest).repaired;
      const of = (file: string) =>
        rows.filter((row) => row.file === file).map(({ reason }) => reason);
      assert.match(of("cut.mid").join(), /the file ends inside a track/);
      assert.deepEqual(of("cut too.mid"), of("cut.mid"));
      assert.match(of("late.mid").join(), /bars of silence before the first/);
      assert.deepEqual(of("whole.mid"), []);
    }
  });
});

Deno.test("preprocess() knows repairs from an earlier run, and reads again for others", async () => {
  await withFiles(FILES, async (run, midiFolder, outFolder) => {
    const tokenizer = new PitchTokenizer();
    const first = await run({ tokenizer });
    assert.deepEqual(await run({ tokenizer }), first);
    assert.equal(tokenizer.encoded, 4);
    assert.deepEqual((await loadCorpus(outFolder)).manifest, first);

    await Deno.remove(join(midiFolder, "cut too.mid"));
    const { repairs } = await run({ tokenizer });
    assert.equal(tokenizer.encoded, 4);
    assert.ok(Object.values(repairs).flat().length > 0);
    assert.ok(
      Object.values(repairs).flat().every(({ file }) => file !== "cut too.mid"),
    );

    const strict = await run({ tokenizer, strict: true });
    assert.deepEqual(
      Object.values(strict.rejections).flat().map(({ file }) => file),
      ["cut.mid"],
    );
    assert.equal(strict.kept, 2);
    await run({ tokenizer, maxGapBars: 2 });
    assert.equal(tokenizer.encoded, 4 + 2 + 3);
    await assert.rejects(run({ tokenizer, maxGapBars: 1.5 }), {
      name: "RangeError",
      message: /maxGapBars must be a whole number/,
    });
  });
});

Deno.test("preprocess() reads a pitched part where the original's reading finds none", async () => {
  const sequence = parseMidi(midi(60, 64));
  const drums = { name: "", program: 0, isDrum: true };
  const files = {
    "drums first.mid": writeMidi({
      ...sequence,
      parts: [drums, ...sequence.parts],
      notes: sequence.notes.flatMap((note) => [
        { ...note, pitch: 36, part: 0 },
        { ...note, part: 1 },
      ]),
    }),
  };
  await withFiles(files, async (run) => {
    const { kept, tokens, repairs } = await run({ tokenizer: "chord" });
    assert.deepEqual([kept, tokens], [1, 2]);
    assert.match(Object.keys(repairs).join(), /the first pitched part is read/);
  });
});

Deno.test("loadCorpus() takes corpora made before repairs were told", async () => {
  await withFiles(FILES, async (run, _, outFolder) => {
    await run();
    const path = join(outFolder, "manifest.json");
    const older = JSON.parse(await Deno.readTextFile(path));
    for (
      const name of ["repairs", "dropped", "strict", "maxGapBars", "sha256"]
    ) {
      delete older[name];
    }
    await Deno.writeTextFile(path, JSON.stringify({ ...older, version: 1 }));
    const { manifest } = await loadCorpus(outFolder);
    assert.deepEqual([manifest.repairs, manifest.dropped], [{}, {}]);
    assert.deepEqual([manifest.strict, manifest.maxGapBars], [
      false,
      undefined,
    ]);
  });
});
