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
  for (let run = 1; run <= 12; run++) {
    await notebook.run(1);
    await notebook.page.waitForTimeout(20 * run);
  }
  await notebook.idle();
  assert.equal(codeCell(await notebook.cells(), 1).execution_count, 12);
  assert.deepEqual(await dialogs(notebook), []);
});

/** A cell that draws a figure again and again until there is a file named "enough". */
const TICKING = `for (let tick = 1, enough = false; !enough; tick++) {
  enough = await Deno.stat("enough").then(() => true, () => false);
  const shown = { "text/html": enough ? "last" : "tick " + tick };
  const options = { raw: true, display_id: "ticks", update: tick > 1 } as const;
  await Deno.jupyter.display(shown, options);
  await new Promise((resolve) => setTimeout(resolve, 200));
}
console.log("ticked");`;

/** The cells' outputs, each as text. */
async function outputs(notebook: LabPage): Promise<string[][]> {
  return (await notebook.cells()).map((cell) =>
    cell.outputs.map(({ text, data }) =>
      [text ?? data["text/html"] ?? data["text/plain"]].flat().join("")
    )
  );
}

/** Reloads the page, and waits until its kernel is there again. */
async function reload(notebook: LabPage): Promise<void> {
  await notebook.page.reload();
  await waitFor("the kernel", 60, async () => {
    return /^(?:idle|busy)$/.test(await notebook.kernel() ?? "");
  });
}

/** Breaks the connection to the kernel, and makes it again. */
async function reconnect({ page }: LabPage): Promise<void> {
  await page.evaluate(async () => {
    // deno-lint-ignore no-explicit-any -- JupyterLab's own object
    const { shell } = (globalThis as any).jupyterapp;
    await shell.currentWidget.sessionContext.session.kernel.reconnect();
  });
}

/** Starts a command of JupyterLab. */
async function command({ page }: LabPage, name: string): Promise<void> {
  await page.evaluate((name) => {
    // deno-lint-ignore no-explicit-any -- JupyterLab's own object
    (globalThis as any).jupyterapp.commands.execute(name);
  }, name);
}

browser.test("a reloaded page goes on with a figure that is being drawn", async () => {
  await using notebook = await browser.lab.open(
    await write([TICKING, `console.log("next");`]),
  );
  await notebook.runAll();
  await notebook.page.waitForTimeout(1000);
  await reload(notebook);
  await waitFor("running cells", 10, () => notebook.busy());
  const [first, second] = await notebook.cells();
  assert.equal(first!.execution_count, null);
  assert.equal(second!.execution_count, null);
  assert.equal(first!.outputs.length, 1);
  await reconnect(notebook);
  await notebook.page.waitForTimeout(1000);
  const [ticks] = await outputs(notebook);
  assert.equal(ticks?.length, 1);
  await waitFor("another tick", 10, async () => {
    const [later] = await outputs(notebook);
    return later?.[0] !== ticks?.[0];
  });
  await Deno.writeTextFile(join(browser.folder, "enough"), "");
  await notebook.idle();
  assert.deepEqual(await outputs(notebook), [["last", "ticked\n"], ["next\n"]]);
  assert.equal(codeCell(await notebook.cells(), 2).execution_count, 2);
});

browser.test("a reloaded page shows what comes after the end of a cell", async () => {
  await using notebook = await browser.lab.open(
    await write([`setTimeout(() => console.log("late"), 6000); "ended"`]),
  );
  await notebook.run(1);
  await notebook.idle();
  await reload(notebook);
  await waitFor("the late line", 20, async () => {
    return (await outputs(notebook))[0]?.includes("late\n");
  });
  assert.deepEqual(await outputs(notebook), [['"ended"', "late\n"]]);
});

/** Waits for a question of a cell, and answers it. */
async function answer(
  { page }: LabPage,
  question: string,
  text: string,
): Promise<void> {
  const box = page.locator(".jp-Stdin", { hasText: question }).locator("input");
  await box.fill(text);
  await box.press("Enter");
}

browser.test("a question that waits for an answer is there again after a reload", async () => {
  await using notebook = await browser.lab.open(
    await write([
      `const first = prompt("First?"), second = prompt("Second?");
await new Promise((resolve) => setTimeout(resolve, 1000));
const third = prompt("Third?");`,
      "[first, second, third].join()",
    ]),
  );
  const boxes = notebook.page.locator(".jp-Stdin-input");
  await notebook.runAll();
  await boxes.waitFor();
  await reload(notebook);
  await boxes.waitFor();
  await reconnect(notebook);
  await notebook.page.waitForTimeout(500);
  assert.equal(await boxes.count(), 1);
  await answer(notebook, "First?", "one");
  await answer(notebook, "Second?", "two");
  await answer(notebook, "Third?", "three");
  await notebook.idle();
  assert.deepEqual((await outputs(notebook))[1], ['"one,two,three"']);
});

browser.test("outputs that were cleared and saved stay away", async () => {
  await using notebook = await browser.lab.open(await write(["1", "2"]));
  await notebook.runAll();
  await notebook.idle();
  await notebook.page.waitForTimeout(6000);
  await command(notebook, "editmenu:clear-all");
  await command(notebook, "docmanager:save");
  await notebook.page.waitForTimeout(1000);
  await reload(notebook);
  await notebook.page.waitForTimeout(2000);
  assert.deepEqual(await outputs(notebook), [[], []]);
});

browser.test("a reloaded page can restart the kernel of a running cell", async () => {
  await using notebook = await browser.lab.open(
    await write([`await new Promise(() => setInterval(() => {}, 1000));`, "2"]),
  );
  await notebook.runAll();
  await reload(notebook);
  await waitFor("running cells", 10, () => notebook.busy());
  await command(notebook, "kernelmenu:restart");
  await notebook.page.getByRole("button", { name: "Confirm Kernel Restart" })
    .click();
  await waitFor("the kernel", 30, () => notebook.ready());
  assert.equal(await notebook.busy(), false);
  await notebook.run(2);
  await notebook.idle();
  assert.deepEqual(await outputs(notebook), [[], ["2"]]);
});

browser.test("a kernel that was shut down stays so", async () => {
  await using notebook = await browser.lab.open(await write(["1"]));
  await notebook.run(1);
  await notebook.idle();
  await command(notebook, "kernelmenu:shutdown");
  await notebook.page.waitForTimeout(4000);
  assert.equal(await notebook.kernel(), undefined);
  assert.deepEqual(browser.lab.kernels(), []);
});

browser.test("boxes about a lost connection close when the server answers again", async () => {
  const file = await write(["1"]);
  await using notebook = await browser.lab.open(file);
  await notebook.run(1);
  await notebook.idle();
  await notebook.page.context().setOffline(true);
  await notebook.edit(1, "'changed'");
  await command(notebook, "docmanager:save");
  await notebook.page.evaluate(() => {
    // deno-lint-ignore no-explicit-any -- JupyterLab's own object
    const { serviceManager } = (globalThis as any).jupyterapp;
    serviceManager.sessions.refreshRunning().catch(() => {});
  });
  await waitFor("a box", 20, async () => (await dialogs(notebook)).length);
  await notebook.page.waitForTimeout(500);
  await notebook.page.context().setOffline(false);
  await waitFor("its end", 10, async () => {
    return (await dialogs(notebook)).length === 0;
  });
  await waitFor("the edit in the file", 10, async () => {
    const path = join(browser.folder, file);
    return (await Deno.readTextFile(path)).includes("changed");
  });
  assert.deepEqual(await dialogs(notebook), []);
  await notebook.run(1);
  await notebook.idle();
});

browser.test("a page gets its kernel back where its session was begun but half", async () => {
  await using notebook = await browser.lab.open(
    await write(["const kept = 41;", "kept + 1"]),
  );
  await notebook.run(1);
  await notebook.idle();
  await browser.lab.kill();
  // JupyterLab begins a session under another path, and then gives it the right one.
  let refused = 0;
  await notebook.page.route("**/api/sessions/*", async (route) => {
    const isRefused = route.request().method() === "PATCH" && refused++ === 0;
    await (isRefused ? route.abort() : route.continue());
  });
  await browser.lab.again();
  await waitFor("the kernel", 60, () => notebook.ready());
  assert.equal(refused > 0, true);
  await notebook.run(2);
  await notebook.idle();
  assert.deepEqual((await outputs(notebook))[1], ["42"]);
});
