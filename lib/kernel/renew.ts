// deno-lint-ignore-file no-console -- a program
/**
 * `deno task notebooks`: executes the project's notebooks in place, so that they can be
 * committed with their outputs. They show training from its beginning: a run of the same
 * name is put aside meanwhile.
 */

import { join } from "@std/path";
import { PROJECT_FOLDER, runFolder } from "../base/base.ts";
import { NOTEBOOKS_TASK, readTask } from "../tasks/tasks.ts";
import { setUp } from "../tools/tools.ts";
import { runNotebook } from "./headless.ts";
import { NOTEBOOKS } from "./start.ts";

/** The run that Immersic.ipynb trains. */
const RUN = "notebook";

/** Puts a run aside; returns what puts it back. */
async function putAside(run: string): Promise<AsyncDisposable> {
  const folder = runFolder(run), aside = runFolder(`${run}-put-aside`);
  const isThere = await Deno.rename(folder, aside).then(
    () => true,
    (error) => {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    },
  );
  return {
    async [Symbol.asyncDispose]() {
      if (!isThere) return;
      await Deno.remove(folder, { recursive: true }).catch(() => {});
      await Deno.rename(aside, folder);
    },
  };
}

if (import.meta.main) {
  await readTask(NOTEBOOKS_TASK);
  const workbench = await setUp(console.error);
  await using _run = await putAside(RUN);
  for (const name of [...NOTEBOOKS, "tour"]) {
    const notebook = join(PROJECT_FOLDER, "notebooks", `${name}.ipynb`);
    await runNotebook({ notebook, output: notebook }, workbench);
  }
}
