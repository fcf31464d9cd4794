import assert from "node:assert/strict";
import { join } from "@std/path";
import { STARTER_FOLDER } from "../base/base.ts";
import { writeMidi } from "../midi/midi.ts";
import type { NoteSequence } from "../music/music.ts";
import { hashOf } from "./format.ts";
import { loadCorpus, preprocess } from "./corpus.ts";
import { TOKEN_VERSION } from "./token_version.ts";

/** What each tokenizer makes of {@linkcode folderOfAllKinds}, by version. */
const READINGS: Readonly<Record<number, Record<"remi" | "chord", string>>> = {
  1: {
    remi: "d69fd6e3c86e059e8b65489ab154c52dcf5d3dc96913e2a5a82b0cfec93cfe09",
    chord: "d1606af5635ef6a791072022f3532e6ccbf761150af19c664b517c9e865b5386",
  },
  2: {
    remi: "21727b12694f90cc5adebf4d8b465107f6d212ae748d3f9b57c82f257bec2855",
    chord: "b863ba6d79fb3b7e294e7bfa9684fbc8df75daab5f30e6de3ec5803ecc2d0e63",
  },
  3: {
    remi: "2bd1e61fc84eb8c66b8a3e4ad761676fbb26295d8eac2db93146e3eafc8b9582",
    chord: "9394127ed52fe9e611622fb5a36f98a0f5f06ce682d6f0666b197df1b4e2658e",
  },
};

/** A piece with what the starter corpus lacks: triplets, other meters, a pedal, … */
const ODD_PIECE: NoteSequence = {
  ticksPerQuarter: 96,
  parts: [
    { name: "", program: 40, isDrum: false },
    { name: "", program: 0, isDrum: true },
  ],
  notes: [
    [60, 0, 32, 0],
    [64, 32, 64, 0],
    [36, 48, 60, 1],
    [67, 64, 400, 0],
    [67, 200, 300, 0],
    [42, 336, 340, 1],
    [128 - 1, 700, 701, 0],
    [0, 1000, 3000, 0],
  ].map(([pitch = 0, startTicks = 0, endTicks = 0, part = 0]) => ({
    pitch,
    velocity: Math.max(1, pitch),
    startTicks,
    endTicks,
    part,
  })),
  tempos: [{ ticks: 0, qpm: 61.7 }, { ticks: 400, qpm: 190 }],
  timeSignatures: [
    { ticks: 0, numerator: 7, denominator: 8 },
    { ticks: 336, numerator: 2, denominator: 4 },
  ],
  keySignatures: [{ ticks: 0, fifths: -3, mode: "minor" }],
  controls: [
    { ticks: 0, controller: 64, value: 127, part: 0 },
    { ticks: 500, controller: 64, value: 0, part: 0 },
  ],
  totalTicks: 3000,
};

/** Some starter pieces, odd ones, and files that are refused. */
async function folderOfAllKinds(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(STARTER_FOLDER)) {
    if (!/^0[0-3]\d.*\.mid$/.test(name)) continue;
    await Deno.copyFile(join(STARTER_FOLDER, name), join(folder, name));
  }
  const odd = writeMidi(ODD_PIECE);
  await Deno.writeFile(join(folder, "odd.mid"), odd);
  const beats = [{ ticks: 0, numerator: 1, denominator: 4 }];
  await Deno.writeFile(
    join(folder, "beats.mid"),
    writeMidi({ ...ODD_PIECE, timeSignatures: beats }),
  );
  await Deno.writeFile(join(folder, "short.mid"), odd.subarray(0, 60));
  await Deno.writeFile(join(folder, "text.mid"), new Uint8Array(40));
}

Deno.test("TOKEN_VERSION is raised whenever a file gives other results", async () => {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    await folderOfAllKinds(folder);
    for (const tokenizer of ["remi", "chord"] as const) {
      const outFolder = join(folder, tokenizer);
      await preprocess({ midiFolder: folder, outFolder, tokenizer });
      const { pieces, vocabulary, manifest } = await loadCorpus(outFolder);
      const found = hashOf(JSON.stringify([
        pieces.map(({ ids, file, description, twin }) => [
          vocabulary.decode(ids).join(" "),
          { file, description, twin },
        ]),
        manifest.rejections,
      ]));
      assert.equal(
        READINGS[TOKEN_VERSION]?.[tokenizer],
        found,
        `What ${tokenizer} reading makes of MIDI files has changed. If that is meant, raise TOKEN_VERSION to ${
          TOKEN_VERSION + 1
        } and note the new hashes in this test.`,
      );
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
