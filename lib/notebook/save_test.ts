import assert from "node:assert/strict";
import { join } from "@std/path";
import { describeComposition } from "../composition/composition.ts";
import { Generator } from "../generation/generation.ts";
import { untrainedRemi } from "../generation/testing.ts";
import { makePiece } from "./piece.ts";
import { savePiece, saveStems } from "./save.ts";
import { inKernel, texts } from "./testing.ts";

Deno.test("savePiece() and saveStems() write files of a piece, and show them", async () => {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    using generator = await Generator.open(untrainedRemi());
    const shown = texts(
      await inKernel(async () => {
        const piece = await makePiece(generator, "piano, 2 bars, qwerty", {
          midiFile: join(folder, "a.mid"),
        });
        await savePiece(piece, ["mp3", "html"].map((e) => `${folder}/a.${e}`));
        const stems = await saveStems(piece, join(folder, "stems"));
        assert.equal(
          stems.length,
          new Set(
            piece.sequence.notes.map(({ part }) => part),
          ).size,
        );
        const page = await Deno.readTextFile(join(folder, "a.html"));
        assert.match(page, /<h1>piano, 2 bars, qwerty<\/h1>/);
        assert.match(page, /qwerty&#34;: not understood<\/li>/);
        assert.match(page, /instruments<\/td>/);
        // What is told is the same in the cell and on the page.
        const told = describeComposition(piece);
        assert.equal(page.match(/<li>/g)?.length, told.length);
        assert.match(told.at(-1) ?? "", /^Random seed \d+; given again/);
      }),
    );
    assert(shown.some((text) => text.includes('"qwerty": not understood\n')));
    assert(shown.some((text) => text.endsWith("a.mp3")));
    assert(shown.some((text) => text.startsWith("01 ")));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
