// deno-lint-ignore-file no-console -- set-up may take a minute and reports it
/**
 * Committed notebooks are what their code makes today: executed again at a
 * small size, they show the same kinds of things.
 */

import assert from "node:assert/strict";
import { basename, join } from "@std/path";
import { runNotebook } from "./headless.ts";
import { copyMidiFiles } from "../commands/testing.ts";
import { notebookStructure, projectNotebooks } from "./notebook_check.ts";
import { runFolder, STARTER_FOLDER } from "../base/base.ts";
import { setUp } from "../tools/tools.ts";

const run = `notebook-test-${crypto.randomUUID()}`;
let folder: string;

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "immersic-" });
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
  await Deno.remove(runFolder(run), { recursive: true }).catch(() => {});
});

/** What makes each notebook quick, in the order of running. */
const SETTINGS: Record<string, () => Record<string, unknown>> = {
  preprocess: () => ({
    midiFolder: join(folder, "midi"),
    corpus: join(folder, "corpus"),
  }),
  Immersic: () => ({
    corpus: join(folder, "corpus"),
    outFolder: folder,
    epochs: 2,
    run,
  }),
  tour: () => ({ outFolder: folder }),
};

Deno.test("every notebook of the project is executed again here", async () => {
  const names = (await projectNotebooks()).map((path) =>
    basename(path, ".ipynb")
  );
  assert.deepEqual(names.sort(), Object.keys(SETTINGS).sort());
});

for (const [name, settings] of Object.entries(SETTINGS)) {
  Deno.test(`${name}.ipynb shows what its code makes today`, async () => {
    if (name === "preprocess") {
      await copyMidiFiles(STARTER_FOLDER, join(folder, "midi"), 20);
    }
    const notebook = (await projectNotebooks()).find((path) =>
      basename(path) === `${name}.ipynb`
    )!;
    const output = join(folder, `${name}.ipynb`);
    await runNotebook(
      { notebook, output, parameters: settings() },
      await setUp(console.error),
    );
    const executed = JSON.parse(await Deno.readTextFile(output));
    executed.cells = executed.cells.filter((
      { metadata }: { metadata: { tags?: string[] } },
    ) => !metadata.tags?.includes("injected-parameters"));
    const committed = JSON.parse(await Deno.readTextFile(notebook));
    assert.deepEqual(
      notebookStructure(committed),
      notebookStructure(executed),
      `${name}.ipynb is out of date: execute it anew (deno task notebooks).`,
    );
  });
}
