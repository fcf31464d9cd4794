import assert from "node:assert/strict";
import { basename, join } from "@std/path";
import { writeMidi } from "../midi/midi.ts";
import { emptySequence } from "../music/music.ts";
import { fileNameOf, pieceFile, titleOf } from "./piece_file.ts";

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

Deno.test("titleOf() cuts a long prompt where a sentence, a part or a word ends", () => {
  const cut = (prompt: string) => {
    const title = titleOf(prompt);
    assert([...title].length <= 82, title);
    return title;
  };
  assert.equal(cut("  calm\n piano "), "calm piano");
  assert.equal(cut("x".repeat(80)), "x".repeat(80));
  const rest = " and nothing else than that".repeat(5);
  assert.equal(
    cut(`Something for a film about the sea. Slow strings${rest}`),
    "Something for a film about the sea. …",
  );
  assert.equal(
    cut(`Something for a film about the sea, slow strings${rest}`),
    "Something for a film about the sea …",
  );
  assert.equal(
    cut(`Something for a film about the sea with strings${rest}`),
    "Something for a film about the sea with strings and nothing else than that and …",
  );
  assert.equal(cut("🎹".repeat(100)), `${"🎹".repeat(80)} …`);
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
