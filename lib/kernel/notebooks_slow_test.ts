// deno-lint-ignore-file no-console -- set-up may take a minute and reports it
/**
 * The project's notebooks as people use them: in JupyterLab in a real browser,
 * run whole, stopped, resumed, and cell by cell in the wrong order.
 */

import assert from "node:assert/strict";
import { basename, join, toFileUrl } from "@std/path";
import { listCheckpoints, loadCheckpoint } from "../model/model.ts";
import { copyMidiFiles } from "../commands/testing.ts";
import {
  BrowserTests,
  codeCell,
  type LabCell,
  type LabPage,
  waitFor,
} from "./lab_testing.ts";
import { parseMidi } from "../midi/midi.ts";
import { setUp } from "../tools/tools.ts";
import { projectNotebooks } from "./notebook_check.ts";
import { PROJECT_FOLDER, runFolder, STARTER_FOLDER } from "../base/base.ts";

const run = `browser-test-${crypto.randomUUID()}`;
const stoppedRun = `${run}-stopped`;
const browser = new BrowserTests((folder) =>
  copyMidiFiles(STARTER_FOLDER, join(folder, "midi"), 24)
);

Deno.test.afterAll(async () => {
  for (const name of [run, stoppedRun]) {
    await Deno.remove(runFolder(name), { recursive: true }).catch(() => {});
  }
});

/**
 * Copies a notebook of the project into the test's folder, either with its outputs
 * or without them and with settings.
 */
async function copyNotebook(
  file: string,
  settings?: Record<string, unknown>,
): Promise<void> {
  const path = join(PROJECT_FOLDER, "notebooks", file);
  const content = JSON.parse(await Deno.readTextFile(path));
  for (const cell of settings ? content.cells : []) {
    if (cell.cell_type !== "code") continue;
    cell.outputs = [];
    cell.execution_count = null;
    if (!cell.metadata.tags?.includes("parameters")) continue;
    cell.source = [cell.source].flat().join("") + overriding(settings!);
  }
  await Deno.writeTextFile(join(browser.folder, file), JSON.stringify(content));
}

const overriding = (settings: Record<string, unknown>) =>
  `\nObject.assign(parameters, ${JSON.stringify(settings)});`;

/** After the prompt and seed of the notebook. */
const MIDI_NAME = /^calm-electric-piano-[\w-]+-7\.mid$/;

const SETTINGS = {
  corpus: "./processed",
  outFolder: ".",
  epochs: 3,
  run,
};

/** The number, from 1, of the first code cell with these words. */
async function cellWith(words: string, notebook: LabPage): Promise<number> {
  const cells = await notebook.cells();
  return 1 + cells.findIndex(({ source }) => source.includes(words));
}

/** Everything that a cell shows, as text. */
function shown(cell: LabCell): string {
  return cell.outputs.map(({ data, text, traceback }) =>
    [data?.["text/plain"] ?? text ?? traceback ?? ""].flat().join("")
  ).join("\n");
}

/** The loss curves of the training cell now, as SVG. */
function lossCurves(cells: readonly LabCell[]): string[] {
  return cells.filter(({ source }) => /\bwatchTraining\(/.test(source))
    .flatMap(({ outputs }) => outputs)
    .map(({ data }) => [data?.["image/svg+xml"] ?? ""].flat().join(""))
    .filter((svg) => svg !== "");
}

/** How many points a line of a loss curve has. */
function pointsOf(curve: string, line: "training" | "validation"): number {
  const path = new RegExp(`aria-label="${line} loss"><path d="([^"]*)"`)
    .exec(curve)?.[1];
  return path?.match(/[ML]/g)?.length ?? 0;
}

/** Asserts that every cell ran, in order, and none failed. */
function assertRanThrough(cells: readonly LabCell[]): void {
  cells.forEach((cell, index) => {
    assert.equal(cell.execution_count, index + 1);
    const failed = cell.outputs.find((o) => o.output_type === "error");
    assert.equal(failed, undefined);
  });
}

browser.test(
  "preprocess.ipynb runs from top to bottom in JupyterLab",
  async () => {
    await copyNotebook("preprocess.ipynb", {
      midiFolder: "midi",
      corpus: "./processed",
    });
    await using notebook = await browser.lab.open("preprocess.ipynb");
    await notebook.runAll();
    await notebook.idle(300);
    const cells = await notebook.cells();
    assertRanThrough(cells);
    assert.match(
      shown(codeCell(cells, 3)),
      /^✓ Reading MIDI files: 24 of 24 files kept/,
    );
  },
);

browser.test(
  "Immersic.ipynb shows its training live, and its piece can be played and downloaded",
  async () => {
    await copyNotebook("Immersic.ipynb", SETTINGS);
    await using notebook = await browser.lab.open("Immersic.ipynb");
    await notebook.runAll();
    const versions = new Set<number>();
    const progress = new Set<string>();
    const line = notebook.page.locator("p", {
      has: notebook.page.locator('progress[aria-label="Training"]'),
    });
    await waitFor("the end of Immersic.ipynb", 300, async () => {
      for (const curve of lossCurves(await notebook.cells())) {
        versions.add(pointsOf(curve, "training"));
      }
      for (const text of await line.allTextContents()) {
        progress.add(text.trim());
      }
      return !await notebook.busy();
    });
    assertRanThrough(await notebook.cells());

    const curves = lossCurves(await notebook.cells());
    assert.equal(curves.length, 1);
    for (const name of ["training", "validation"] as const) {
      assert.equal(pointsOf(curves[0]!, name), SETTINGS.epochs);
    }
    // The curve also had fewer points: it was redrawn while training ran.
    assert(versions.size >= SETTINGS.epochs, `versions: ${[...versions]}`);
    assert(progress.size >= SETTINGS.epochs, `progress: ${[...progress]}`);
    for (const text of progress) {
      assert.match(
        text,
        /^Epoch \d of 3 · step \d+ of \d+ · loss \d\.\d+ · \d+\.\d steps\/s · .*\d s left$/,
      );
    }
    assert.match(curves[0]!, /aria-label="Loss in nats .*epoch 3 of 3 · best/);
    const figure = notebook.page.locator(".jp-OutputArea-output img");
    assert(
      await figure.nth(1).evaluate((image: HTMLImageElement) =>
        image.naturalWidth
      ),
    );

    const audio = notebook.page.locator("audio").first();
    const heard = await audio.evaluate(async (player: HTMLAudioElement) => {
      player.muted = true;
      await player.play();
      const deadline = Date.now() + 30_000;
      while (player.currentTime < 0.5 && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      player.pause();
      return { seconds: player.duration, at: player.currentTime };
    });
    assert(heard.seconds > 10 && heard.at >= 0.5, JSON.stringify(heard));

    const downloading = notebook.page.waitForEvent("download");
    await notebook.page.getByRole("link", { name: MIDI_NAME }).click();
    const download = await downloading;
    assert.match(download.suggestedFilename(), MIDI_NAME);
    const bytes = await Deno.readFile(await download.path());
    assert(parseMidi(bytes).notes.length > 50);
  },
);

browser.test(
  "Immersic.ipynb stopped during training can be continued",
  async () => {
    await copyNotebook("Immersic.ipynb", {
      ...SETTINGS,
      run: stoppedRun,
      epochs: 6,
    });
    await using notebook = await browser.lab.open("Immersic.ipynb");
    const train = await cellWith("watchTraining(", notebook);
    const now = async (cell: number) =>
      shown(codeCell(await notebook.cells(), cell));
    await notebook.runAll();
    const stopInEpoch = async (epoch: number) => {
      await waitFor(
        `epoch ${epoch}`,
        120,
        async () => (await now(train)).includes(`\nEpoch ${epoch} of 6 · step`),
      );
      await notebook.stop();
      await notebook.idle();
      const [, stopped] = (await now(train)).match(
        /\n■ Training stopped in epoch (\d) of 6, .*run this cell again to go on$/,
      ) ?? assert.fail(await now(train));
      return Number(stopped);
    };

    const stopped = await stopInEpoch(2);
    const place = (await listCheckpoints(runFolder(stoppedRun))).at(-1)!;
    const checkpoint = await loadCheckpoint(place.folder);
    assert.equal(checkpoint.epoch, stopped - 1);
    assert(checkpoint.training, "the checkpoint can be resumed");
    assert.equal(
      pointsOf(lossCurves(await notebook.cells())[0]!, "training"),
      stopped - 1,
    );

    // The next cell was not run. It can be, with what has been trained.
    assert.equal(await now(train + 1), "");
    await notebook.run(train + 1);
    await notebook.idle(120);
    assert.match(await now(train + 1), /^✓ Composing: \d+ tokens/);

    // The same cell continues the run, and can be stopped again …
    await notebook.run(train);
    const again = await stopInEpoch(stopped + 1);
    // … and a new kernel goes on as well.
    await notebook.choose("Kernel", "Restart Kernel and Run All Cells…");
    await notebook.page.getByRole("button", { name: "Confirm Kernel Restart" })
      .click();
    await waitFor("resumption", 60, async () => {
      const found = (await now(train)).match(/\nEpoch (\d) of 6 · step/);
      return found && Number(found[1]) >= again;
    });
    await notebook.idle(300);
    assertRanThrough(await notebook.cells());
    assert.match(await now(train), /\n✓ Training: 6 of 6 epochs in/);
    assert.equal(
      pointsOf(lossCurves(await notebook.cells())[0]!, "training"),
      6,
    );

    // After the last epoch there is nothing left to do, and nothing fails.
    await notebook.run(train);
    await notebook.idle();
    assert.match(
      await now(train),
      /\n✓ Training: nothing left to do, 6 epochs/,
    );
  },
);

browser.test(
  "cells run in the wrong order say which cell to run first",
  async () => {
    await copyNotebook("Immersic.ipynb", SETTINGS);
    await using notebook = await browser.lab.open("Immersic.ipynb");
    const train = await cellWith("watchTraining(", notebook);
    const first = async (cell: number) => {
      await notebook.run(cell);
      await notebook.idle();
      return shown(codeCell(await notebook.cells(), cell));
    };
    assert.equal(
      await first(train),
      "ReferenceError: parameters is not defined. Run code cell 1 (“1. Imports and parameters”) first, or all cells above this one.",
    );
    await first(1);
    await first(2);
    assert.match(
      await first(train),
      new RegExp(
        `training is not defined\\. Run code cell ${
          train - 1
        } \\(“6\\. Training”\\) first`,
      ),
    );
  },
);

/** One of the project's committed notebooks. */
interface Committed {
  readonly file: string;
  /** How many figures it shows. */
  readonly figures: number;
  /** How many players it shows. */
  readonly players: number;
}

/** The project's committed notebooks. */
async function committed(): Promise<Committed[]> {
  const found: Committed[] = [];
  for (const path of await projectNotebooks()) {
    const { cells } = JSON.parse(await Deno.readTextFile(path));
    const outputs = cells.flatMap((cell: LabCell) => cell.outputs ?? []);
    const figures = outputs.filter(({ data }: { data?: object }) =>
      data && "image/svg+xml" in data
    ).length;
    const players = JSON.stringify(outputs).split("<audio").length - 1;
    found.push({ file: basename(path), figures, players });
  }
  return found;
}

/** What of a page can be seen of figures, tables and players. */
async function countVisible(page: LabPage["page"]) {
  return await page.evaluate(() => {
    const all = (selector: string) => [...document.querySelectorAll(selector)];
    const images = all(".jp-OutputArea-output img") as HTMLImageElement[];
    const figures = images.filter((image) =>
      image.complete && image.naturalWidth > 300
    );
    return {
      figures: figures.map(({ src }) => src),
      tables: all("table").filter((table) => table.textContent).length,
      players: all("audio[controls][src]").length,
    };
  });
}

browser.test(
  "committed notebooks show all outputs as web pages",
  async () => {
    const notebooks = await committed();
    const { python, environment } = await setUp(console.error);
    const { success, stderr } = await new Deno.Command(python, {
      args: [
        ...["-m", "nbconvert", "--to", "html", "--output-dir", browser.folder],
        ...await projectNotebooks(),
      ],
      env: environment,
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    const page = await browser.lab.page();
    // From a file, without a network.
    await page.route(/^https?:/, (route) => route.abort());
    for (const { file, figures, players } of notebooks) {
      const html = file.replace(".ipynb", ".html");
      await page.goto(toFileUrl(join(browser.folder, html)).href);
      const visible = await countVisible(page);
      assert.equal(visible.figures.length, figures, file);
      assert(visible.tables > 0, file);
      assert.equal(visible.players, players, file);
    }
    await page.close();
  },
);

browser.test(
  "committed notebooks show all outputs in JupyterLab before they are trusted",
  async () => {
    for (const { file, figures, players } of await committed()) {
      await copyNotebook(file);
      await using notebook = await browser.lab.open(file);
      const count = await notebook.page.evaluate(() => {
        // deno-lint-ignore no-explicit-any -- JupyterLab's own object
        const { content } = (globalThis as any).jupyterapp.shell.currentWidget;
        const trusted = content.widgets.some(
          ({ model }: { model: { type: string; trusted: boolean } }) =>
            model.type === "code" && model.trusted,
        );
        return trusted ? 0 : content.widgets.length;
      });
      assert(count > 0, "the copy is not trusted");
      const seen = new Set<string>();
      let tables = 0, played = 0;
      for (let cell = 0; cell < count; cell++) {
        await notebook.scrollTo(cell);
        const visible = await countVisible(notebook.page);
        for (const source of visible.figures) seen.add(source);
        tables = Math.max(tables, visible.tables);
        played = Math.max(played, visible.players);
      }
      assert.equal(seen.size, figures, file);
      assert(tables > 0, file);
      assert.equal(played > 0, players > 0, file);
    }
  },
);
