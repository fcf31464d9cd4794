import assert from "node:assert/strict";
import { join } from "@std/path";
import { loadBest } from "../model/model.ts";
import { configure, PROJECT_FOLDER, runFolder } from "../base/base.ts";
import { loadCorpus, preprocess } from "../corpus/corpus.ts";
import { Generator } from "../generation/generation.ts";
import { Training, trainingData } from "../training/training.ts";
import {
  Helpers,
  judgeMade,
  likenessRows,
  musicRows,
  predictHeldOut,
} from "./evaluation.ts";

Deno.test("the starter model predicts and makes pieces as well as the README says", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await preprocess({
      midiFolder: join(PROJECT_FOLDER, "data", "starter"),
      outFolder: folder,
    });
    const corpus = await loadCorpus(folder);
    const checkpoint = await loadBest(runFolder("starter"));
    assert.equal(corpus.heldOutHash, checkpoint.corpus.heldOutHash);
    using generator = await Generator.open(checkpoint);
    using helpers = new Helpers(checkpoint);

    const heldOut = await predictHeldOut(generator, corpus, helpers);
    assert.deepEqual(heldOut.missing, []);
    assert.ok(heldOut.belowBestNgram! > 0.7, `${heldOut.belowBestNgram}`);
    const { network } = heldOut.cached!;
    assert.ok(network.testLoss < 1, `${network.testLoss}`);
    assert.ok(heldOut.belowBestNgramCached! > 0.2);
    assert.equal(heldOut.rows.at(-1)?.perToken, network.testLoss);

    const made = await judgeMade(generator, corpus, {
      pieces: 20,
      helpers,
    });
    assert.equal(made.wellFormed, 20);
    const { music } = made;
    assert.deepEqual(music.missing, []);
    const likeness = music.likeness!.meanOverlap;
    const withinBands = music.withinBands.generated!;
    const repetition = music.repetition.generated!;
    assert.ok(music.copying.generated!.notes.copiedShare <= 0.05);
    assert.ok(repetition.longestRun <= 4, `${repetition.longestRun}`);
    // Of so few pieces; 0.90 of 162.
    assert.ok(likeness > 0.83, `${likeness}`);
    // By definition some 72 % of training pieces are within all three.
    for (const [band, share] of Object.entries(withinBands)) {
      assert.ok(share >= (band === "all" ? 0.5 : 0.7), `${band}: ${share}`);
    }
    assert.ok(repetition.repeatedShare > 0.15);
    // Music from the same source: the most that can be expected.
    assert.ok(music.trainingLikeness!.meanOverlap > 0.85);

    const overlaps = likenessRows(made);
    assert.equal(overlaps.at(-1)?.feature, "mean");
    assert.equal(overlaps.at(-1)?.generated, Number(likeness.toFixed(3)));
    const rows = musicRows(made);
    const all = rows.find(({ what }) => what.endsWith("all three"));
    assert.ok(Math.abs(Number(all?.generated) - 100 * withinBands.all) < 0.06);
    const { apart, prompted } = made;
    assert.deepEqual(apart.missing, []);
    assert.equal(prompted.length, 20);
    assert.equal(apart.unprompted!.pieces, 20);
    // It is near 1 where the network does not hear what sounds.
    assert.ok(apart.unprompted!.auc < 0.9, `${apart.unprompted!.auc}`);
    assert.ok(apart.prompted!.auc < 0.9, `${apart.prompted!.auc}`);
    assert.match(rows[0]!.what, /^told from training pieces/);
    assert.equal(rows[0]!.generated, Number(apart.unprompted!.auc.toFixed(3)));
    assert.equal(rows[0]!.prompted, Number(apart.prompted!.auc.toFixed(3)));
    assert.ok(
      rows.every(({ what, heldOut }) =>
        /^(?:told from|by) /.test(what) === (heldOut === undefined)
      ),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const lofi = join(PROJECT_FOLDER, "..", "shared", "data", "lofi-samples");
const missing = await Deno.stat(lofi).then(() => false, () => true);

Deno.test({
  name:
    "a network trained on relabelled pieces predicts new families of lofi-samples better than n-grams do" +
    (missing ? " (skipped: ../shared/data/lofi-samples is not there)" : ""),
  ignore: missing,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const data = join(folder, "corpus"), run = join(folder, "run");
      await preprocess({
        midiFolder: lofi,
        outFolder: data,
        splitBy: "family",
      });
      const corpus = await loadCorpus(data);
      using training = await Training.open({
        folder: run,
        data: await trainingData(corpus),
        config: configure({
          pitchFrame: "absolute",
          relabel: 0.5,
          epochs: 40,
        }),
      });
      for await (const _ of training.run());
      using generator = await Generator.open(await loadBest(run));
      const heldOut = await predictHeldOut(generator, corpus);
      const [, , ngram, , network] = heldOut.rows.map((row) => row.perToken);
      assert.ok(Math.abs(ngram! - 4.049) < 0.001);
      assert.ok(network! < 2.5, `${network}`);
      const { testLoss } = heldOut.cached!.network;
      assert.ok(testLoss < 2, `${testLoss}`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
