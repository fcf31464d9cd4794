import assert from "node:assert/strict";
import { basename, join } from "@std/path";
import { writeMidi } from "../midi/midi.ts";
import { emptySequence } from "../music/music.ts";
import { fileNameOf, pieceFile } from "./piece_file.ts";

Deno.test("fileNameOf() keeps whole words of a prompt, in plain letters", () => {
  assert.equal(
    fileNameOf("Calm electric piano with pad, bass and soft drums in A minor"),
    "calm-electric-piano-with-pad-bass-and",
  );
  assert.equal(fileNameOf("Träume, d-Moll!"), "traume-d-moll");
  assert.equal(fileNameOf("../../etc"), "etc");
  assert.equal(fileNameOf("静かな夜"), "piece");
  assert.equal(fileNameOf(""), "piece");
  assert.equal(fileNameOf("x".repeat(90)).length, 40);
});

Deno.test("pieceFile() never names the file of another piece", async () => {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    const piece = (beats: number) => ({
      prompt: "calm",
      randomSeed: 7,
      sequence: { ...emptySequence(480), totalTicks: 480 * beats },
    });
    const save = async (beats: number) => {
      const path = await pieceFile(folder, piece(beats));
      await Deno.writeFile(path, writeMidi(piece(beats).sequence));
      return basename(path);
    };
    assert.equal(await save(1), "calm-7.mid");
    assert.equal(await save(2), "calm-7-2.mid");
    assert.equal(await save(1), "calm-7.mid");
    assert.equal(await save(3), "calm-7-3.mid");
    assert.equal(
      await pieceFile(join(folder, "none"), piece(1)),
      join(folder, "none", "calm-7.mid"),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
