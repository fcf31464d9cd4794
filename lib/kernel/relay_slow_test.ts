/**
 * The kernel and its relay as a front end sees them: a real JupyterLab in a
 * real browser.
 */

import assert from "node:assert/strict";
import { join } from "@std/path";
import { STARTER_FOLDER } from "../base/base.ts";
import { copyMidiFiles } from "../commands/testing.ts";
import {
  BrowserTests,
  codeCell,
  type LabPage,
  printed,
  waitFor,
} from "./lab_testing.ts";

const browser = new BrowserTests((folder) =>
  copyMidiFiles(STARTER_FOLDER, join(folder, "midi"), 6)
);

const CELLS = Array.from({ length: 8 }, (_, index) => `cell ${index + 1}`);

browser.testNotebook(
  "relay.py keeps each output under its cell when all cells run at once",
  CELLS.map((cell) => `
    for (let i = 0; i < 30; i++) console.log("${cell}", i);
    for (let i = 0; i < 5; i++) {
      Deno.jupyter.display({ "text/plain": "${cell}" }, { raw: true });
    }
    "${cell}";`),
  async (notebook) => {
    await notebook.runAll();
    await notebook.idle();
    const cells = await notebook.cells();
    CELLS.forEach((name, index) => {
      const lines = Array.from({ length: 30 }, (_, i) => `${name} ${i}\n`);
      const cell = codeCell(cells, index + 1);
      assert.equal(printed(cell), lines.join(""));
      const shown = cell.outputs.filter(({ data }) => data)
        .map((output) => `${output.output_type} ${output.data["text/plain"]}`);
      assert.deepEqual(shown, [
        ...Array(5).fill(`display_data ${name}`),
        `execute_result "${name}"`,
      ]);
    });
  },
);

browser.testNotebook(
  "a figure redraws itself in the page while its cell runs",
  [
    `const circle = (r: number) => ({
      "image/svg+xml":
        \`<svg xmlns="http://www.w3.org/2000/svg" width="50" height="50"><circle r="\${r}" cx="25" cy="25"/></svg>\`,
    });
    for (let r = 1; r <= 20; r++) {
      await Deno.jupyter.display(circle(r), {
        raw: true,
        display_id: "circle",
        update: r > 1,
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }`,
  ],
  async (notebook) => {
    const seen = new Set<string>();
    await notebook.runAll();
    await waitFor("the last figure", 30, async () => {
      // JupyterLab shows an SVG as an image with the source in its URL.
      const source = await notebook.page.locator(".jp-RenderedSVG img")
        .first().getAttribute("src", { timeout: 10_000 });
      const radius = decodeURIComponent(source!).match(/ r="(\d+)"/)?.[1];
      seen.add(radius!);
      return radius === "20";
    });
    await notebook.idle();
    assert(seen.size >= 5, `the page showed only radius ${[...seen]}`);
    const { outputs } = codeCell(await notebook.cells(), 1);
    assert.equal(outputs.length, 1);
    assert.match([outputs[0].data["image/svg+xml"]].flat().join(""), / r="20"/);
  },
);

browser.testNotebook(
  "relay.py gives back the cells behind one that failed",
  ["1 + 1", `console.log("before"); throw new RangeError("no")`, "3", "4"],
  async (notebook) => {
    await notebook.runAll();
    await notebook.idle();
    const cells = await notebook.cells();
    assert.deepEqual(
      cells.map((cell) => cell.outputs.map((output) => output.output_type)),
      [["execute_result"], ["stream", "error"], [], []],
    );
    assert.equal(codeCell(cells, 2).outputs[1].ename, "RangeError");
  },
);

browser.testNotebook(
  "relay.py shows why a cell cannot be parsed",
  ["const a = 1;\nconst b = ;"],
  async (notebook) => {
    await notebook.runAll();
    await notebook.idle();
    const { outputs: [error] } = codeCell(await notebook.cells(), 1);
    assert.equal(error.ename, "SyntaxError");
    assert.match(error.evalue, /line 2, column 11/);
  },
);

browser.testNotebook(
  "listenForInterrupt() ends a long cell on Stop and keeps its variables",
  [
    `import { listenForInterrupt } from "immersic/notebook/bootstrap.ts";
    let steps = 0;`,
    `using interrupt = listenForInterrupt();
    console.log("started");
    while (!interrupt.signal.aborted) {
      const end = performance.now() + 100;
      while (performance.now() < end);
      steps++;
      await new Promise((resolve) => setTimeout(resolve));
    }
    console.log("ended in good order");`,
    `"not run"`,
  ],
  async (notebook) => {
    await notebook.runAll();
    const cell = async (number: number) =>
      codeCell(await notebook.cells(), number);
    const output = async () => printed(await cell(2));
    await waitFor("the first step", 30, async () => await output() !== "");
    await notebook.stop();
    await notebook.idle(10);
    assert.equal(await output(), "started\nended in good order\n");
    assert.deepEqual((await cell(3)).outputs, []);
    // The kernel still works.
    await notebook.runAll();
    await waitFor("the second start", 30, async () => await output() !== "");
    await notebook.stop();
    await notebook.idle(10);
    assert.equal(await output(), "started\nended in good order\n");
  },
);

browser.testNotebook(
  "relay.py ends a cell that never waits on Stop, and the kernel goes on",
  [`var kept = 7;`, `console.log("spinning"); while (true);`, `kept`],
  async (notebook) => {
    await notebook.runAll();
    const cell = async (number: number) =>
      codeCell(await notebook.cells(), number);
    await waitFor("the loop", 30, async () => printed(await cell(2)));
    await notebook.stop();
    await notebook.idle(10);
    assert.equal((await cell(2)).outputs.at(-1).ename, "Interrupted");
    await notebook.page.locator(".jp-CodeCell .jp-InputArea-editor").last()
      .click();
    await notebook.page.keyboard.press("Control+Enter");
    // The kernel is idle until the cell reaches it.
    const result = async () => (await cell(3)).outputs[0]?.data["text/plain"];
    await waitFor("the result", 30, async () => await result() !== undefined);
    assert.equal(await result(), "7");
  },
);

/** Presses Stop. Returns how many seconds the kernel was busy after that. */
async function secondsToStop(notebook: LabPage): Promise<number> {
  await notebook.page.evaluate(() => {
    // deno-lint-ignore no-explicit-any -- JupyterLab's own objects
    const lab = globalThis as any;
    const { kernel } = lab.jupyterapp.shell.currentWidget.sessionContext
      .session;
    lab.stopped = new Promise((resolve) =>
      document.addEventListener("click", () => {
        const begun = performance.now();
        kernel.statusChanged.connect((_: unknown, status: string) => {
          if (status === "idle") resolve((performance.now() - begun) / 1000);
        });
      }, { once: true, capture: true })
    );
  });
  await notebook.stop();
  return await notebook.page.evaluate(() => Reflect.get(globalThis, "stopped"));
}

browser.testNotebook(
  "JupyterLab's stop button ends composing, rendering and training in a second",
  [
    `import { configure, runFolder } from "immersic/base/base.ts";
    import { compose } from "immersic/composition/composition.ts";
    import { loadCorpus, preprocess } from "immersic/corpus/corpus.ts";
    import { Generator } from "immersic/generation/generation.ts";
    import { loadBest } from "immersic/model/model.ts";
    import { makePiece, savePiece, watchTraining } from "immersic/notebook/notebook.ts";
    import { Training, trainingData } from "immersic/training/training.ts";
    const generator = await Generator.open(await loadBest(runFolder("starter")));
    const { sequence } = await compose(generator, "piano, 2 bars", { randomSeed: 1 });
    const long = { ...sequence, totalTicks: 300 * sequence.totalTicks, notes: [] };
    for (let start = 0; start < long.totalTicks; start += sequence.totalTicks) {
      for (const { startTicks, endTicks, ...note } of sequence.notes) {
        long.notes.push({ ...note, startTicks: start + startTicks, endTicks: start + endTicks });
      }
    }
    await preprocess({ midiFolder: "midi", outFolder: "corpus", compose: 0 });
    const data = await trainingData(await loadCorpus("corpus"));
    const config = configure({ lstmUnits: 32, denseUnits: 16, epochs: 500, patience: 0 });
    const training = await Training.open({ folder: "run", data, config, workers: 1 });
    let next = 0;`,
    `await makePiece(generator, "calm piano with strings, ten minutes");`,
    `await savePiece({ sequence: long }, ["long.mp3"]);`,
    `await watchTraining(training);`,
    `++next`,
  ],
  async (notebook) => {
    const cell = async (number: number) =>
      codeCell(await notebook.cells(), number);
    await notebook.run(1);
    await notebook.idle(60);
    for (const [i, work] of ["composing", "rendering", "training"].entries()) {
      await notebook.run(i + 2);
      await waitFor(work, 30, async () => (await cell(i + 2)).outputs.length);
      await notebook.page.waitForTimeout(300);
      const seconds = await secondsToStop(notebook);
      assert(seconds <= 1, `${work} went on for ${seconds} s`);
      await notebook.run(5);
      await notebook.idle();
      const [result] = (await cell(5)).outputs;
      assert.equal(result.data["text/plain"], String(i + 1));
    }
  },
);

browser.testNotebook(
  "Restart and Run All begins anew",
  [`const start = performance.timeOrigin; start`, `console.log("second")`],
  async (notebook) => {
    const result = async () =>
      codeCell(await notebook.cells(), 1).outputs[0]?.data["text/plain"];
    await notebook.runAll();
    await notebook.idle();
    const first = await result();
    await notebook.choose("Kernel", "Restart Kernel and Run All Cells…");
    await notebook.page.getByRole("button", { name: "Confirm Kernel Restart" })
      .click();
    await waitFor("a new kernel's result", 60, async () => {
      const now = await result();
      return now !== undefined && now !== first;
    });
    await notebook.idle();
    const cells = await notebook.cells();
    assert.deepEqual(cells.map((cell) => cell.execution_count), [1, 2]);
    assert.equal(printed(codeCell(cells, 2)), "second\n");
  },
);
