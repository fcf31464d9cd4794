// deno-lint-ignore-file no-console -- set-up may take a minute and reports it
/** Notebooks that are exported, and run by others' tools. */

import assert from "node:assert/strict";
import { join, toFileUrl } from "@std/path";
import type { Page } from "playwright-core";
import { PROJECT_FOLDER } from "../base/base.ts";
import { setUp } from "../tools/tools.ts";
import { runNotebook } from "./headless.ts";
import { BrowserTests, testNotebook, waitFor } from "./lab_testing.ts";

/** A notebook with all that can be lost: figures, tables, players, a link. */
const CELLS = [
  `import {
  audioPlayer, display, fileLink, loopPlayer,
} from "immersic/notebook/notebook.ts";
import { histogram, table } from "immersic/plot/plot.ts";
const bars = [{ label: "C", count: 12 }, { label: "D", count: 7 }];`,
  `await display(
  histogram(bars, { title: "Note names" }),
  table(bars),
  audioPlayer("short.wav", { label: "Short" }),
  audioPlayer("long.wav", { label: "Long" }),
  loopPlayer("long.wav", { label: "Loop" }),
  fileLink("piece.mid"),
);`,
  `histogram(bars, { title: "Again" })`,
];
const ALT_TEXTS = ["Note names", "Again"]
  .map((title) => `${title}. Bar chart of count: C 12, D 7.`);

const browser = new BrowserTests(async (folder) => {
  await Deno.writeFile(join(folder, "short.wav"), wav(1));
  await Deno.writeFile(join(folder, "long.wav"), wav(4));
  await Deno.writeFile(join(folder, "piece.mid"), new Uint8Array(40));
  const notebook = join(folder, "share.ipynb");
  await Deno.writeTextFile(notebook, testNotebook(CELLS));
  const workbench = await setUp(console.error);
  await runNotebook({ notebook, output: notebook }, workbench);
  await Deno.mkdir(join(folder, "elsewhere"));
});

/** A WAV file of a quiet tone, of one channel and 44,100 samples of 16 bits a second. */
function wav(seconds: number): Uint8Array {
  const samples = 44100 * seconds;
  const bytes = new Uint8Array(44 + 2 * samples);
  const view = new DataView(bytes.buffer);
  const words = ["RIFF", 36 + 2 * samples, "WAVE", "fmt ", 16, 65537, 44100];
  for (const [i, word] of [...words, 88200, 1048578, "data"].entries()) {
    if (typeof word === "number") view.setUint32(4 * i, word, true);
    else bytes.set(new TextEncoder().encode(word), 4 * i);
  }
  view.setUint32(40, 2 * samples, true);
  for (let i = 0; i < samples; i++) {
    view.setInt16(44 + 2 * i, 3000 * Math.sin(i / 20), true);
  }
  return bytes;
}

/** Runs a program of `.venv`, which must not fail. */
async function python(args: string[]): Promise<string> {
  const { python, environment } = await setUp(console.error);
  const { success, stdout, stderr } = await new Deno.Command(python, {
    args,
    cwd: browser.folder,
    env: environment,
  }).output();
  const [printed, errors] = [stdout, stderr]
    .map((bytes) => new TextDecoder().decode(bytes));
  assert(success, `${args.join(" ")}: ${printed}${errors}`);
  return printed!;
}

/** Opens an HTML page where none of its files are, without a network. */
async function openElsewhere(html: string | Uint8Array): Promise<Page> {
  const path = join(browser.folder, "elsewhere", "shared.html");
  await Deno.writeFile(
    path,
    typeof html === "string" ? new TextEncoder().encode(html) : html,
  );
  const page = await browser.lab.page();
  await page.route(/^https?:/, (route) => route.abort());
  await page.goto(toFileUrl(path).href);
  return page;
}

/** Alternative texts of the figures that can be seen. */
async function figures(page: Page): Promise<string[]> {
  return await page.evaluate(() =>
    [...document.querySelectorAll<HTMLImageElement>("img")]
      .filter((image) => image.complete && image.naturalWidth > 300)
      .map(({ alt }) => alt)
  );
}

/** Plays each player for half a second; returns the lengths of their sounds. */
async function play(page: Page): Promise<number[]> {
  return await page.evaluate(async () => {
    const lengths: number[] = [];
    for (const player of document.querySelectorAll("audio")) {
      player.muted = true;
      await player.play();
      const deadline = Date.now() + 30_000;
      while (player.currentTime < 0.5) {
        if (Date.now() > deadline) throw new Error("The sound does not play.");
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      player.pause();
      lengths.push(Math.round(player.duration));
    }
    return lengths;
  });
}

/** What nbconvert makes of the notebook. */
async function nbconvert(...options: string[]): Promise<string> {
  return await python([
    ...["-m", "nbconvert", "share.ipynb", "--stdout", ...options],
  ]);
}

for (const to of ["html", "slides"]) {
  browser.test(`nbconvert --to ${to} gives a page that stands alone`, async () => {
    const page = await openElsewhere(await nbconvert("--to", to));
    assert.deepEqual(await figures(page), ALT_TEXTS);
    assert.deepEqual(await play(page), [1, 4, 4]);
    const link = page.getByRole("link", { name: "piece.mid" });
    assert.match(
      (await link.getAttribute("href"))!,
      /^data:audio\/midi;base64,/,
    );
    await page.close();
  });
}

browser.test("nbconvert keeps figures and links on a page that is sanitised", async () => {
  const html = await nbconvert("--to", "html", "--sanitize-html");
  const page = await openElsewhere(html);
  assert.equal((await figures(page)).length, 2);
  const link = page.getByRole("link", { name: "piece.mid" });
  assert.equal(await link.getAttribute("href"), "piece.mid");
  assert(await page.locator("table").count() > 0);
  await page.close();
});

browser.test("shared_html.py says which sound a page does not have", async () => {
  const huge = join(browser.folder, "huge.wav");
  await Deno.writeFile(huge, new Uint8Array());
  await Deno.truncate(huge, 12_500_000);
  const html = await python([
    "-c",
    `import sys
from pathlib import Path
sys.path.append(${JSON.stringify(join(PROJECT_FOLDER, "lib", "kernel"))})
from shared_html import with_files
for name in "huge.wav", "lost.wav", "https://a.b/c.wav", "long.wav?v=0123456789ab":
    print(with_files(f'<audio controls src="{name}"></audio>', Path()))
print(with_files('<p><a href="../x.mp3" download="x.mp3">x.mp3</a></p>', Path()))`,
  ]);
  const [tooLarge, lost, others, changed, link] = html.trim().split(/\r?\n/);
  assert.match(tooLarge!, /src="huge\.wav".*huge\.wav has 12 MB/);
  assert.match(lost!, /src="lost\.wav".*lost\.wav was not there/);
  assert.match(others!, /c\.wav"><\/audio>$/);
  assert.match(changed!, /src="".*long\.wav has changed since\./);
  assert.match(link!, /x\.mp3<\/a> <small>\(not part of this page\)/);
});

/** What JupyterLab's menu exports the notebook to. */
async function exported(isSanitised: boolean): Promise<Uint8Array> {
  await using notebook = await browser.lab.open("share.ipynb");
  const { page } = notebook;
  await page.evaluate(() => {
    // It opens a window with the page, which the browser would then download.
    globalThis.open = (url) => {
      Reflect.set(globalThis, "exported", String(url));
      return null;
    };
    // deno-lint-ignore no-explicit-any -- JupyterLab's own object
    const { commands } = (globalThis as any).jupyterapp;
    commands.execute("notebook:export-to-format", { format: "html" });
  });
  const dialog = page.locator(".jp-Dialog");
  await dialog.getByRole("checkbox").setChecked(isSanitised);
  await dialog.locator("button.jp-mod-accept").click();
  const address = await page.waitForFunction(() =>
    Reflect.get(globalThis, "exported") as string | undefined
  );
  const url = new URL(String(await address.jsonValue()), page.url());
  const headers = { referer: page.url() };
  return await (await page.request.get(url.href, { headers })).body();
}

browser.test("JupyterLab's menu exports a page that stands alone", async () => {
  const page = await openElsewhere(await exported(false));
  assert.deepEqual(await figures(page), ALT_TEXTS);
  assert.deepEqual(await play(page), [1, 4, 4]);
  await page.close();
});

browser.test("JupyterLab's menu exports figures to a page that it sanitises", async () => {
  const page = await openElsewhere(await exported(true));
  assert.equal((await figures(page)).length, 2);
  assert.equal(await page.locator("audio").count(), 0);
  await page.close();
});

browser.test("JupyterLab shows figures with alternative texts, and plays sound", async () => {
  await using notebook = await browser.lab.open("share.ipynb");
  await notebook.runAll();
  await notebook.idle();
  await waitFor("the figures", 10, async () => {
    const seen = await figures(notebook.page);
    return ALT_TEXTS.every((text) => seen.includes(text));
  });
  assert.deepEqual(await play(notebook.page), [1, 4, 4]);
});

/** Tests of tools that are only there where someone installed them. */
function testTool(tool: string, name: string, body: () => Promise<void>): void {
  browser.test(`${tool} ${name}`, async () => {
    try {
      await python(["-c", `import ${tool}`]);
    } catch {
      console.warn(
        `${tool} is not tested: it is not installed. Run .venv/bin/pip install -r lib/kernel/requirements-share.txt`,
      );
      return;
    }
    await body();
  });
}

testTool("papermill", "sets parameters", async () => {
  const notebook = JSON.parse(testNotebook([
    "const parameters = { epochs: 1, name: '' };",
    "console.log(parameters.epochs * 2, parameters.name);",
  ]));
  notebook.cells[0].metadata.tags = ["parameters"];
  notebook.metadata.language_info = { name: "typescript" };
  const path = join(browser.folder, "parameters.ipynb");
  await Deno.writeTextFile(path, JSON.stringify(notebook));
  const papermill = join(PROJECT_FOLDER, "lib", "kernel", "papermill_run.py");
  const output = join(browser.folder, "set.ipynb");
  await python([
    ...[papermill, path, output, "-p", "epochs", "21", "-p", "name", 'é "q"'],
  ]);
  const { cells } = JSON.parse(await Deno.readTextFile(output));
  assert.match(cells.at(-1).outputs[0].text.join(""), /^42 é "q"/);
});

testTool(
  "jupytext",
  "makes a script of a notebook, and the notebook again",
  async () => {
    const tour = join(PROJECT_FOLDER, "notebooks", "tour.ipynb");
    const convert = (to: string, source: string, output: string) =>
      python(["-m", "jupytext", "--to", to, source, "--output", output]);
    const script = join(browser.folder, "tour.ts");
    const again = join(browser.folder, "tour-again.ipynb");
    await convert("ts:percent", tour, script);
    await convert("ipynb", script, again);
    const sources = async (path: string) =>
      JSON.parse(await Deno.readTextFile(path)).cells
        .map((
          cell: { cell_type: string; source: string[]; metadata: object },
        ) => [
          cell.cell_type,
          cell.source.join(""),
          cell.metadata,
        ]);
    assert.deepEqual(await sources(again), await sources(tour));
  },
);

testTool("nbval", "runs notebooks, in its lax mode", async () => {
  await python(["-m", "pytest", "-q", "--nbval-lax", "share.ipynb"]);
});
