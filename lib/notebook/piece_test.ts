import assert from "node:assert/strict";
import { join } from "@std/path";
import { Generator } from "../generation/generation.ts";
import { untrainedRemi } from "../generation/testing.ts";
import { parseMidi } from "../midi/midi.ts";
import { jupyterDisplay } from "../plot/plot.ts";
import { makePiece, type MakePieceOptions } from "./piece.ts";
import { readWav } from "../synthesis/testing.ts";

Deno.test("makePiece() writes a MIDI file and its sound, and reports", async () => {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    using generator = await Generator.open(untrainedRemi());
    const midiFile = join(folder, "deep", "piece.mid");
    const piece = await makePiece(
      generator,
      "gloomy qwerty, 60 bpm, 2 bar loop",
      {
        midiFile,
      },
    );
    assert.equal(piece.wavFile, join(folder, "deep", "piece.wav"));
    const sequence = parseMidi(await Deno.readFile(midiFile));
    assert.equal(sequence.notes.length, piece.sequence.notes.length);
    const { left, sampleRate } = readWav(await Deno.readFile(piece.wavFile));
    assert.equal(left.length, 8 * sampleRate, "a loop is as long as its score");
    assert.deepEqual(piece.prompt.ignored, ["qwerty"]);
    assert.ok(piece.delivered.some(({ what, met }) => what === "tempo" && met));
    assert.deepEqual(piece.copying, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("makePiece() reports copies of the corpus that it is given", async () => {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    const model = untrainedRemi();
    using generator = await Generator.open(model);
    const options = { midiFile: join(folder, "a.mid"), randomSeed: 5 };
    const { piece, copying: none } = await makePiece(
      generator,
      "dense, 6 bars",
      options,
    );
    assert.equal(none.length, 0);
    const ids = model.vocabulary.encode(piece.tokens);
    const corpus = {
      vocabulary: model.vocabulary,
      pieces: [{ file: "itself.mid", split: "train" as const, ids }],
    };
    const { copying } = await makePiece(generator, "dense, 6 bars", {
      ...options,
      corpus,
    });
    assert.deepEqual(copying.map(({ reading }) => reading), [
      "notes",
      "skyline",
    ]);
    assert.equal(copying[0]!.longest?.file, "itself.mid");
    assert.ok(copying[0]!.longest!.notes > 3);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("makePiece() refuses options that it does not know, before anything is made", async () => {
  using generator = await Generator.open(untrainedRemi());
  const options = { midifile: "a.mid" } as MakePieceOptions;
  await assert.rejects(makePiece(generator, "calm", options), {
    name: "RangeError",
    message:
      'Cannot set options of makePiece: there is no "midifile". Did you mean "midiFile"?',
  });
});

Deno.test("makePiece() names files after prompt and seed, and shows itself in a line", async () => {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    using generator = await Generator.open(untrainedRemi());
    const made = await makePiece(generator, "calm, 2 bars", {
      folder,
      randomSeed: 3,
    });
    assert.equal(made.midiFile, join(folder, "calm-2-bars-3.mid"));
    assert.equal(made.wavFile, join(folder, "calm-2-bars-3.wav"));
    const shown = made[jupyterDisplay]() as Record<string, string>;
    assert.deepEqual(Object.keys(shown), ["text/plain"]);
    assert.match(shown["text/plain"]!, /^calm, 2 bars: .+\.mid, .+\.wav$/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
