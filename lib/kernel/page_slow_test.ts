/** The extension of JupyterLab's page, in a real browser. */

import assert from "node:assert/strict";
import { join } from "@std/path";
import {
  BrowserTests,
  codeCell,
  type LabPage,
  testNotebook,
  waitFor,
} from "./lab_testing.ts";

const browser = new BrowserTests();

/** Writes a notebook of these code cells, and returns its name. */
async function write(cells: readonly string[]): Promise<string> {
  const file = `${crypto.randomUUID()}.ipynb`;
  await Deno.writeTextFile(join(browser.folder, file), testNotebook(cells));
  return file;
}

/** Titles of the dialogs in the page. */
async function dialogs({ page }: LabPage): Promise<string[]> {
  return await page.locator(".jp-Dialog-header").allTextContents();
}

browser.test("a notebook is saved when a cell begins", async () => {
  const file = await write(["1", "2"]);
  await using notebook = await browser.lab.open(file);
  await notebook.edit(
    1,
    "await new Promise((resolve) => setTimeout(resolve, 2000));",
  );
  await notebook.run(1);
  await waitFor("the edit in the file", 10, async () => {
    const path = join(browser.folder, file);
    return (await Deno.readTextFile(path)).includes("setTimeout");
  });
  assert(await notebook.busy());
  await notebook.idle();
});

browser.test("saving at each run does not disturb quick runs", async () => {
  const file = await write(["1"]);
  await using notebook = await browser.lab.open(file);
  for (let run = 1; run <= 20; run++) {
    await notebook.run(1);
    await notebook.page.waitForTimeout(20 * run);
  }
  await notebook.idle();
  assert.equal(codeCell(await notebook.cells(), 1).execution_count, 20);
  assert.deepEqual(await dialogs(notebook), []);
});
