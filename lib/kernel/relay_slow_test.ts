/**
 * The kernel and its relay as a front end sees them: a real JupyterLab in a
 * real browser.
 */

import assert from "node:assert/strict";
import { join } from "@std/path";
import {
  findChromium,
  type LabPage,
  printed,
  TestLab,
  testNotebook,
  waitFor,
} from "./lab_testing.ts";
import { PROJECT_FOLDER } from "../base/base.ts";

const chromium = findChromium();
if (!chromium) {
  // deno-lint-ignore no-console -- the reason why tests are skipped
  console.warn(
    "Browser tests are skipped: no Chromium or Chrome was found. Install one, on Debian with: apt-get install chromium",
  );
}

let folder: string;
let lab: TestLab;

Deno.test.beforeAll(async () => {
  if (!chromium) return;
  // Beside notebooks/, so that imports and paths lead as they do there.
  folder = await Deno.makeTempDir({
    dir: PROJECT_FOLDER,
    prefix: ".browser-test-",
  });
  lab = await TestLab.start(folder, chromium);
});

Deno.test.afterAll(async () => {
  if (!chromium) return;
  await lab[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

/** A test with a notebook of these code cells open in JupyterLab. */
function browserTest(
  name: string,
  cells: readonly string[],
  body: (notebook: LabPage) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: !chromium,
    // Playwright keeps timers and streams of its own.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const file = `${crypto.randomUUID()}.ipynb`;
      await Deno.writeTextFile(join(folder, file), testNotebook(cells));
      await using notebook = await lab.open(file);
      await body(notebook);
    },
  });
}

const CELLS = Array.from({ length: 8 }, (_, index) => `cell ${index + 1}`);

browserTest(
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
      assert.equal(printed(cells[index]), lines.join(""));
      const shown = cells[index].outputs.filter(({ data }) => data)
        .map((output) => `${output.output_type} ${output.data["text/plain"]}`);
      assert.deepEqual(shown, [
        ...Array(5).fill(`display_data ${name}`),
        `execute_result "${name}"`,
      ]);
    });
  },
);

browserTest(
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
      // An SVG of its own is shown as an image, its source in the address.
      const source = await notebook.page.locator(".jp-RenderedSVG img")
        .first().getAttribute("src", { timeout: 10_000 });
      const radius = decodeURIComponent(source!).match(/ r="(\d+)"/)?.[1];
      seen.add(radius!);
      return radius === "20";
    });
    await notebook.idle();
    assert(seen.size >= 5, `the page showed only radius ${[...seen]}`);
    const [{ outputs }] = await notebook.cells();
    assert.equal(outputs.length, 1);
    assert.match([outputs[0].data["image/svg+xml"]].flat().join(""), / r="20"/);
  },
);

browserTest(
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
    assert.equal(cells[1].outputs[1].ename, "RangeError");
  },
);

browserTest(
  "relay.py shows why a cell cannot be parsed",
  ["const a = 1;\nconst b = ;"],
  async (notebook) => {
    await notebook.runAll();
    await notebook.idle();
    const [{ outputs: [error] }] = await notebook.cells();
    assert.equal(error.ename, "SyntaxError");
    assert.match(error.evalue, /line 2, column 11/);
  },
);

browserTest(
  "listenForInterrupt() ends a long cell by Stop with its variables alive",
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
    const output = async () => printed((await notebook.cells())[1]);
    await waitFor("the first step", 30, async () => await output() !== "");
    await notebook.stop();
    await notebook.idle(10);
    assert.equal(await output(), "started\nended in good order\n");
    assert.deepEqual((await notebook.cells())[2].outputs, []);
    // The kernel is as good as before.
    await notebook.runAll();
    await waitFor("the second start", 30, async () => await output() !== "");
    await notebook.stop();
    await notebook.idle(10);
    assert.equal(await output(), "started\nended in good order\n");
  },
);

browserTest(
  "relay.py ends a cell that never waits by Stop, and the kernel lives on",
  [`var kept = 7;`, `console.log("spinning"); while (true);`, `kept`],
  async (notebook) => {
    await notebook.runAll();
    const cells = () => notebook.cells();
    await waitFor("the loop", 30, async () => printed((await cells())[1]));
    await notebook.stop();
    await notebook.idle(10);
    assert.equal((await cells())[1].outputs.at(-1).ename, "Interrupted");
    await notebook.page.locator(".jp-CodeCell .jp-InputArea-editor").last()
      .click();
    await notebook.page.keyboard.press("Control+Enter");
    // The kernel looks idle until it has heard of the cell.
    const result = async () =>
      (await cells())[2].outputs[0]?.data["text/plain"];
    await waitFor("the result", 30, async () => await result() !== undefined);
    assert.equal(await result(), "7");
  },
);

browserTest(
  "Restart and Run All begins anew",
  [`const start = performance.timeOrigin; start`, `console.log("second")`],
  async (notebook) => {
    const result = async () =>
      (await notebook.cells())[0].outputs[0]?.data["text/plain"];
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
    assert.equal(printed(cells[1]), "second\n");
  },
);
