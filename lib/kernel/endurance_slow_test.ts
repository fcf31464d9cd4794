// deno-lint-ignore-file no-console -- says with which seed it can be run again
/**
 * A long training in JupyterLab through everything that befalls one: Stop, a kernel
 * that is killed, a page that is reloaded, a disk that is full. Its losses must be those
 * of a training that nothing befell.
 *
 * IMMERSIC_ENDURANCE=500 trains as many epochs, with ten stops, three kills, three
 * reloads and one full disk among them (default 12, one of each);
 * IMMERSIC_ENDURANCE_SEED decides when (default 1).
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
  type LabPage,
  testNotebook,
  waitFor,
} from "./lab_testing.ts";

const EPOCHS = Number(Deno.env.get("IMMERSIC_ENDURANCE") ?? 12);
const SEED = Number(Deno.env.get("IMMERSIC_ENDURANCE_SEED") ?? 1);
const IS_LONG = EPOCHS >= 100;
/** Short epochs of a long training, and epochs of a short one that last a moment. */
const FILES = IS_LONG ? 3 : 6;
const SMALL = {
  epochs: EPOCHS,
  lstmUnits: IS_LONG ? 16 : 32,
  denseUnits: 16,
  patience: 0,
  keepLast: 2,
};
/** Room for some checkpoints of that network. */
const DISK = "size=80m";

const EVENTS = ["stop", "kill", "reload", "full disk"] as const;
type Event = typeof EVENTS[number];
const COUNTS: Record<Event, number> = IS_LONG
  ? { stop: 10, kill: 3, reload: 3, "full disk": 1 }
  : { stop: 1, kill: 1, reload: 1, "full disk": 1 };

const browser = new BrowserTests((folder) =>
  copyMidiFiles(STARTER_FOLDER, join(folder, "midi"), FILES)
);

const CELLS = [
  `
import { loadCorpus } from "immersic/corpus/corpus.ts";
import { openRun, recipeFor, trainingData } from "immersic/training/training.ts";
import { watchTraining } from "immersic/notebook/notebook.ts";
const corpus = await loadCorpus("processed");
const data = await trainingData(corpus, "processed");
const config = recipeFor(data, ${JSON.stringify(SMALL)});
const folder = "disk/run";
const training = await openRun({ folder, data, config, workers: 1 });`,
  "await watchTraining(training);",
];

/** The losses of the same training, with nothing in its way. */
async function undisturbed(): Promise<readonly number[]> {
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
  for await (const _ of training.run());
  return training.history.map(({ trainLoss }) => trainLoss);
}

/** A file system of its own where that is allowed; what is full then is only that. */
async function mount(folder: string): Promise<boolean> {
  await Deno.mkdir(folder);
  const { success } = await new Deno.Command("mount", {
    args: ["-t", "tmpfs", "-o", DISK, "tmpfs", folder],
    stderr: "null",
  }).output().catch(() => ({ success: false }));
  return success;
}

/** Fills a disk to the last byte. */
async function fill(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true });
  const zeros = new Uint8Array(512);
  try {
    while (true) file.writeSync(zeros);
  } catch (error) {
    assert.match(String(error), /No space left/);
  }
}

async function epochsOf(folder: string): Promise<number> {
  return (await listCheckpoints(folder).catch(() => [])).at(-1)?.epoch ?? 0;
}

/** Everything that the training cell shows, as text. */
async function shown(page: LabPage): Promise<string> {
  const { outputs } = codeCell(await page.cells(), 2);
  return outputs.map(({ data, text, traceback }) =>
    [data?.["text/plain"] ?? text ?? traceback ?? ""].flat().join("")
  ).join("\n");
}

/** Lets something befall the training, and sees to it that it goes on. */
async function befall(
  event: Event,
  { page, disk }: { page: LabPage; disk: string },
): Promise<void> {
  const filler = join(disk, "filler");
  switch (event) {
    case "stop":
      await page.stop();
      await page.idle();
      assert.match(await shown(page), /■ Training stopped in epoch/);
      return await page.run(2);
    case "kill": {
      const before = browser.lab.kernels();
      for (const pid of before) Deno.kill(pid, "SIGKILL");
      await waitFor("another kernel", 120, async () => {
        const pids = browser.lab.kernels();
        return pids.length > 0 && !pids.some((pid) => before.includes(pid)) &&
          await page.ready();
      });
      // JupyterLab says that the kernel died.
      await page.page.locator("dialog button", { hasText: /^ok$/i }).click();
      return await page.runAll();
    }
    case "reload":
      await page.page.reload();
      return await waitFor("the page", 60, async () => {
        const cells = await page.cells().catch(() => []);
        return cells.length > 0 && await page.kernel() === "busy";
      });
    case "full disk":
      await fill(filler);
      await page.idle(120);
      assert.match(await shown(page), /Cannot save .*the disk is full/);
      await Deno.remove(filler);
      return await page.run(2);
  }
}

console.log(`IMMERSIC_ENDURANCE=${EPOCHS} IMMERSIC_ENDURANCE_SEED=${SEED}`);

browser.test(
  `${EPOCHS} epochs in a notebook, whatever befalls them, have the losses of an undisturbed training`,
  async () => {
    const losses = await undisturbed();
    const disk = join(browser.folder, "disk"), run = join(disk, "run");
    const isMounted = await mount(disk);
    if (!isMounted) {
      console.warn(
        "No disk is filled: mounting a small one is not allowed here. Run the test as root.",
      );
    }
    try {
      const random = new Random(SEED);
      const events = random.shuffle(
        EVENTS.flatMap((event) =>
          event === "full disk" && !isMounted
            ? []
            : Array.from({ length: COUNTS[event] }, () => event)
        ),
      );
      await Deno.writeTextFile(
        join(browser.folder, "long.ipynb"),
        testNotebook(CELLS),
      );
      await using page = await browser.lab.open("long.ipynb");
      await page.runAll();
      for (const [i, event] of events.entries()) {
        // Each in its share of the epochs, and early enough to meet the training.
        const epoch = 1 + Math.floor(
          (i + 0.7 * random.next()) * (EPOCHS - 3) / events.length,
        );
        await waitFor(
          `epoch ${epoch}`,
          600,
          async () => await epochsOf(run) >= epoch && await page.busy(),
        ).catch(async (error) => {
          console.log(JSON.stringify(await page.cells()).slice(0, 3000));
          throw error;
        });
        console.log(`${event} after epoch ${await epochsOf(run)}`);
        await befall(event, { page, disk });
      }
      await waitFor(
        "the last epoch",
        1800,
        async () => await epochsOf(run) === EPOCHS,
      );
      await page.idle();
      assert.match(await shown(page), /✓ Training: /);
      const last = (await listCheckpoints(run)).at(-1)!;
      const { history } = await loadCheckpoint(last.folder);
      assert.deepEqual(history.map(({ trainLoss }) => trainLoss), losses);
    } finally {
      if (isMounted) {
        await new Deno.Command("umount", { args: ["-l", disk] }).output();
      }
    }
  },
);
