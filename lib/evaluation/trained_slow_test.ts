import assert from "node:assert/strict";
import { join } from "@std/path";
import { loadBest } from "../checkpoint.ts";
import { loadCorpus, preprocess } from "../corpus.ts";
import { Generator } from "../generation.ts";
import { PROJECT_FOLDER, runFolder } from "../paths.ts";
import {
  judgeMade,
  likenessRows,
  musicRows,
  predictHeldOut,
} from "./trained.ts";

Deno.test("the starter model predicts and makes pieces as well as the README says", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await preprocess({
      midiFolder: join(PROJECT_FOLDER, "data", "starter"),
      outFolder: folder,
    });
    const corpus = await loadCorpus(folder);
    const checkpoint = await loadBest(runFolder("starter"));
    assert.equal(corpus.hash, checkpoint.corpus.hash);
    using generator = await Generator.open(checkpoint);

    const heldOut = predictHeldOut(generator, corpus);
    assert.ok(heldOut.belowBestNgram > 0.3, `${heldOut.belowBestNgram}`);

    const made = await judgeMade(generator, corpus, { pieces: 20 });
    assert.equal(made.wellFormed, 20);
    const { music } = made;
    assert.ok(music.copying.generated.notes.copiedShare <= 0.05);
    assert.ok(music.repetition.generated.longestRun <= 4);
    assert.ok(
      music.likeness.meanOverlap > 0.8,
      `${music.likeness.meanOverlap}`,
    );
    // Music of the same hand is the measure of what can be reached.
    assert.ok(music.trainingLikeness.meanOverlap > 0.85);

    const overlaps = likenessRows(made);
    assert.equal(overlaps.at(-1)?.feature, "mean");
    assert.equal(
      overlaps.at(-1)?.generated,
      Number(music.likeness.meanOverlap.toFixed(3)),
    );
    const rows = musicRows(made);
    const all = rows.find(({ what }) => what.endsWith("all three"));
    assert.equal(all?.generated, 100 * music.withinBands.generated.all);
    assert.ok(rows.every(({ heldOut }) => Number.isFinite(heldOut)));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
