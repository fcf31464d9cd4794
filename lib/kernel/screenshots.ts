/**
 * `deno run -A lib/kernel/screenshots.ts`: takes new pictures of the committed notebooks
 * for the README, in JupyterLab's light and dark themes. Run the notebooks before, as
 * their sounds must be in outputs/.
 */

import { join } from "@std/path";
import { OUTPUTS_FOLDER, PROJECT_FOLDER } from "../base/base.ts";
import { findChromium } from "./chromium_testing.ts";
import { type LabPage, TestLab } from "./lab_testing.ts";

/** Pictures: notebook, first words of the cell at the top, height in pixels. */
const PICTURES = [
  {
    name: "training",
    notebook: "Immersic",
    from: "A checkpoint is",
    height: 700,
  },
  {
    name: "tour",
    notebook: "tour",
    from: "The network composes",
    height: 1010,
  },
] as const;

const THEMES = { light: "JupyterLab Light", dark: "JupyterLab Dark" } as const;

/** Saves a screenshot of a page. */
async function take(page: LabPage["page"], file: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", {
    format: "webp",
    quality: 80,
  });
  await Deno.writeFile(file, Uint8Array.fromBase64(data));
}

if (import.meta.main) {
  const chromium = findChromium();
  if (!chromium) {
    throw new Error("Cannot take pictures: no Chromium was found.");
  }
  const folder = join(OUTPUTS_FOLDER, "readme");
  await Deno.mkdir(folder, { recursive: true });
  await using lab = await TestLab.start(PROJECT_FOLDER, chromium);
  for (const { name, notebook, from, height } of PICTURES) {
    await using opened = await lab.open(`notebooks/${notebook}.ipynb`);
    const { page } = opened;
    const first = await page.evaluate((from) => {
      // deno-lint-ignore no-explicit-any -- JupyterLab's own object
      const { content } = (globalThis as any).jupyterapp.shell.currentWidget;
      return content.widgets.findIndex((
        { model }: { model: { sharedModel: { source: string } } },
      ) => model.sharedModel.source.startsWith(from));
    }, from);
    await page.setViewportSize({ width: 900, height });
    await page.keyboard.press("Control+b"); // hides the list of files
    for (const [theme, title] of Object.entries(THEMES)) {
      await page.evaluate(async (theme) => {
        // deno-lint-ignore no-explicit-any -- JupyterLab's own object
        const { commands } = (globalThis as any).jupyterapp;
        await commands.execute("apputils:change-theme", { theme });
      }, title);
      await opened.scrollTo(first);
      await page.waitForTimeout(1000);
      await opened.scrollTo(first);
      await take(page, join(folder, `${name}-${theme}.webp`));
    }
  }
}
