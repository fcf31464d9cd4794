// deno-lint-ignore-file no-console -- says with which seed it can be run again
/**
 * Training in JupyterLab while the page is closed, reloaded or offline at random
 * moments.
 *
 * IMMERSIC_RETURNS is how often this happens (default 3), IMMERSIC_RETURNS_SEED where
 * the random numbers begin (default 1).
 */

import assert from "node:assert/strict";
import { join } from "@std/path";
import { Random, STARTER_FOLDER } from "../base/base.ts";
import { copyMidiFiles } from "../commands/testing.ts";
import { loadCorpus, preprocess } from "../corpus/corpus.ts";
import { listCheckpoints, loadCheckpoint } from "../model/model.ts";
import { recipeFor, Training, trainingData } from "../training/training.ts";
import {
  BrowserTests,
  codeCell,
  type LabCell,
  type LabPage,
  printed,
  testNotebook,
  waitFor,
} from "./lab_testing.ts";

const COUNT = Number(Deno.env.get("IMMERSIC_RETURNS") ?? 3);
const SEED = Number(Deno.env.get("IMMERSIC_RETURNS_SEED") ?? 1);
const EPOCHS = 4;
/** Makes a step take little time, also where other programs run. */
const SMALL = { epochs: EPOCHS, lstmUnits: 32, denseUnits: 16 };
/** How a page can lose its kernel, and how long it then stays away, from a number in [0, 1). */
const LOSSES = {
  closed: (x: number) => 4 * x,
  reloaded: () => 0,
  offline: (x: number) => 0.5 * 120 ** x, // up to a minute, mostly shorter
};
type Loss = keyof typeof LOSSES;

const browser = new BrowserTests((folder) =>
  copyMidiFiles(STARTER_FOLDER, join(folder, "midi"), 6)
);

const OPENING = (run: string) => `
import { loadCorpus } from "immersic/corpus/corpus.ts";
import { recipeFor, Training, trainingData } from "immersic/training/training.ts";
import { display, watchTraining } from "immersic/notebook/notebook.ts";
import { table } from "immersic/plot/plot.ts";
const corpus = await loadCorpus("processed");
const data = trainingData(corpus, "processed");
const config = recipeFor(data, ${JSON.stringify(SMALL)});
const folder = "${run}";
const training = await Training.open({ folder, data, config, workers: 1 });
console.log("opened");`;

const CELLS = (run: string) => [
  OPENING(run),
  "await watchTraining(training);",
  `await display(table(training.history.map(({ epoch, trainLoss }) => ({ epoch, trainLoss }))));
console.log("table");`,
  "let looks = 1;",
];

/** How the same training goes undisturbed. */
interface Undisturbed {
  readonly losses: readonly number[];
  readonly seconds: number;
}

let undisturbed: Promise<Undisturbed> | undefined;

async function trainUndisturbed(): Promise<Undisturbed> {
  const folder = join(browser.folder, "processed");
  await preprocess({
    midiFolder: join(browser.folder, "midi"),
    outFolder: folder,
  });
  const data = trainingData(await loadCorpus(folder), folder);
  using training = await Training.open({
    folder: join(browser.folder, "undisturbed"),
    data,
    config: recipeFor(data, SMALL),
    workers: 1,
  });
  const begun = performance.now();
  for await (const _ of training.run());
  return {
    losses: training.history.map(({ trainLoss }) => trainLoss),
    seconds: (performance.now() - begun) / 1000,
  };
}

/** Lets the page lose its kernel, and returns the page that has it again. */
async function lose(
  page: LabPage,
  { loss, file, seconds }: { loss: Loss; file: string; seconds: number },
): Promise<LabPage> {
  const pause = () =>
    new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  switch (loss) {
    case "closed":
      await page.page.close();
      await pause();
      return await browser.lab.visit(file);
    case "reloaded":
      await page.page.reload();
      break;
    case "offline":
      await page.page.context().setOffline(true);
      await pause();
      await page.page.context().setOffline(false);
  }
  return page;
}

/** Asserts that all of the notebook ran, and looks as if nothing had happened. */
async function assertWhole(cells: readonly LabCell[], run: string) {
  assert.deepEqual(
    cells.map((cell) => cell.execution_count),
    cells.map((_, index) => index + 1),
  );
  const [opening, training, results] = [1, 2, 3].map((n) => codeCell(cells, n));
  assert.equal(printed(opening!), "opened\n");
  const shown = training!.outputs.map(({ data }) =>
    [data?.["image/svg+xml"] ?? data?.["text/plain"] ?? ""].flat().join("")
  );
  assert.equal(shown.length, 2, "a figure and a line");
  const points = /aria-label="training loss"><path d="([^"]*)"/.exec(shown[0]!)
    ?.[1]?.match(/[ML]/g)?.length;
  assert.equal(points, EPOCHS);
  assert.match(shown[1]!, /^✓ Training: 4 of 4 epochs in/);
  assert.equal(results!.outputs.length, 2, "a table and a line");
  assert.equal(printed(results!), "table\n");

  const last = (await listCheckpoints(join(browser.folder, run))).at(-1)!;
  const { epoch, history } = await loadCheckpoint(last.folder);
  assert.equal(epoch, EPOCHS);
  assert.deepEqual(
    history.map(({ trainLoss }) => trainLoss),
    (await undisturbed)!.losses,
  );
}

const random = new Random(SEED);
console.log(`IMMERSIC_RETURNS=${COUNT} IMMERSIC_RETURNS_SEED=${SEED}`);

for (let trial = 0; trial < COUNT; trial++) {
  const kinds = Object.keys(LOSSES) as Loss[];
  const loss = kinds[trial % kinds.length]!;
  // Now and then before the training, or after it.
  const moment = 1.2 * random.next();
  const seconds = LOSSES[loss](random.next());
  const name = `${loss} for ${seconds.toFixed(1)} s, ${
    (100 * moment).toFixed()
  } % into the training,`;
  browser.test(`a page that was ${name} shows all of it`, async () => {
    const run = `run-${trial}`, file = `${run}.ipynb`;
    const { seconds: training } = await (undisturbed ??= trainUndisturbed());
    await Deno.writeTextFile(
      join(browser.folder, file),
      testNotebook(CELLS(run)),
    );
    let page = await browser.lab.open(file);
    try {
      await page.runAll();
      await new Promise((resolve) =>
        setTimeout(resolve, moment * training * 1000)
      );
      page = await lose(page, { loss, file, seconds });
      let cells: LabCell[] = [];
      await waitFor("the end of the notebook", 120, async () => {
        cells = await page.cells().catch(() => []);
        return cells.at(-1)?.execution_count && await page.ready();
      });
      await page.idle();
      await assertWhole(await page.cells(), run);

      await page.edit(4, "looks + 1");
      await page.run(4);
      await page.idle();
      const next = codeCell(await page.cells(), 4);
      assert.equal(next.execution_count, 5);
      assert.equal(next.outputs[0].data["text/plain"], "2");
    } finally {
      await page[Symbol.asyncDispose]();
    }
    await waitFor(
      "the kernel's processes to end",
      20,
      () => browser.lab.kernels().length === 0,
    );
  });
}
