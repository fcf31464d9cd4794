// deno-lint-ignore-file no-console -- says with which seed it can be run again
/**
 * Training in JupyterLab while the page is closed, reloaded or offline, or the server
 * is killed and begun again, at random moments.
 *
 * IMMERSIC_RETURNS is how often this happens (default 4), IMMERSIC_RETURNS_SEED where
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

const COUNT = Number(Deno.env.get("IMMERSIC_RETURNS") ?? 4);
const SEED = Number(Deno.env.get("IMMERSIC_RETURNS_SEED") ?? 1);
const EPOCHS = 4;
/** Makes a step take little time, also where other programs run. */
const SMALL = { epochs: EPOCHS, lstmUnits: 32, denseUnits: 16 };
/** How a page can lose its kernel, and how long it then stays away, from a number in [0, 1). */
const LOSSES = {
  closed: (x: number) => 4 * x,
  reloaded: () => 0,
  offline: (x: number) => 0.5 * 120 ** x, // up to a minute, mostly shorter
  // Cells end meanwhile, some of them long before the page saves the file again.
  "without server": (x: number) => 0.5 * 30 ** x,
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
const data = await trainingData(corpus, "processed");
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
  const data = await trainingData(await loadCorpus(folder), folder);
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
      break;
    case "without server":
      await browser.lab.kill();
      await pause();
      await browser.lab.again();
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

/** A notebook that runs at the same time: its cell prints a number now and then. */
const OTHER_CELLS = [`for (let i = 1; i <= 20; i++) {
  console.log(i);
  await new Promise((resolve) => setTimeout(resolve, 300));
}`];
const OTHER_PRINTED = Array.from({ length: 20 }, (_, i) => `${i + 1}\n`)
  .join("");

/** Opens a notebook in the same page, or shows it if it is open. */
async function show({ page }: LabPage, path: string): Promise<void> {
  await page.evaluate(async (path) => {
    // deno-lint-ignore no-explicit-any -- JupyterLab's own object
    const { commands, shell } = (globalThis as any).jupyterapp;
    const widget = await commands.execute("docmanager:open", { path });
    shell.activateById(widget.id);
  }, path);
}

/** Waits until all cells of the notebook that is shown have ended. */
async function ended(page: LabPage): Promise<LabCell[]> {
  await waitFor("the end of the notebook", 240, async () => {
    const cells = await page.cells().catch(() => []);
    return cells.at(-1)?.execution_count && await page.ready();
  });
  await page.idle();
  return await page.cells();
}

/** Ends all kernels, and asserts that no process is left. */
async function end({ page }: LabPage): Promise<void> {
  await page.evaluate(async () => {
    // deno-lint-ignore no-explicit-any -- JupyterLab's own object
    const { serviceManager } = (globalThis as any).jupyterapp;
    await serviceManager.sessions.shutdownAll();
  });
  await page.close();
  await waitFor(
    "the kernels' processes to end",
    60,
    () => browser.lab.kernels().length === 0,
  );
}

/** What happens to a page, and when. */
interface Trial {
  readonly run: string;
  /** Losses one after another, each so many seconds after the one before. */
  readonly losses: readonly { loss: Loss; seconds: number; share: number }[];
  /** Whether another notebook runs in the same page. */
  readonly beside: boolean;
}

async function perform({ run, losses, beside }: Trial): Promise<void> {
  const { seconds: training } = await (undisturbed ??= trainUndisturbed());
  const file = `${run}.ipynb`, other = `other-${run}.ipynb`;
  const write = (name: string, cells: readonly string[]) =>
    Deno.writeTextFile(join(browser.folder, name), testNotebook(cells));
  await write(file, CELLS(run));
  await write(other, OTHER_CELLS);
  let page = await browser.lab.open(file);
  try {
    await page.runAll();
    if (beside) {
      await show(page, other);
      await waitFor("the other kernel", 60, () => page.ready());
      await page.run(1);
      await show(page, file);
    }
    for (const { share, ...loss } of losses) {
      // JupyterLab itself does not survive a loss while it is being loaded.
      await waitFor("the page", 60, async () => {
        return (await page.cells().catch(() => [])).length > 0 &&
          await page.kernel() !== undefined;
      });
      await new Promise((resolve) =>
        setTimeout(resolve, share * training * 1000)
      );
      page = await lose(page, { ...loss, file });
    }
    await assertWhole(await ended(page), run);

    await page.edit(4, "looks + 1");
    await page.run(4);
    await page.idle();
    const next = codeCell(await page.cells(), 4);
    assert.equal(next.execution_count, 5);
    assert.equal(next.outputs[0].data["text/plain"], "2");
    if (beside) {
      await show(page, other);
      assert.equal(printed(codeCell(await ended(page), 1)), OTHER_PRINTED);
    }
  } finally {
    await end(page);
  }
}

const random = new Random(SEED);
console.log(`IMMERSIC_RETURNS=${COUNT} IMMERSIC_RETURNS_SEED=${SEED}`);

for (let number = 0; number < COUNT; number++) {
  const kinds = Object.keys(LOSSES) as Loss[];
  // Now and then before the training begins, or after its end.
  const twice = number % 10 === 4;
  const drawn = Array.from({ length: twice ? 2 : 1 }, (_, i) => {
    const loss =
      kinds[twice ? random.int(kinds.length) : number % kinds.length]!;
    const share = (i === 0 ? 1.3 : 0.3) * random.next();
    return { loss, share, seconds: LOSSES[loss](random.next()) };
  });
  const beside = number % 10 === 9;
  const name = drawn.map(({ loss, seconds, share }) =>
    `${loss} for ${seconds.toFixed(1)} s after ${share.toFixed(2)} trainings`
  ).join(" and ") + (beside ? ", beside another notebook," : "");
  browser.test(
    `${number + 1}: a page that was ${name} shows all of it`,
    () =>
      perform({ run: `run-${number}`, losses: drawn, beside }),
  );
}
