// deno-lint-ignore-file no-console -- a program
/**
 * `deno task notebooks`: executes the project's notebooks in place, so that they can be
 * committed with their outputs.
 */

import { join } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";
import { setUp } from "../tools/tools.ts";
import { runNotebook } from "./headless.ts";
import { NOTEBOOKS } from "./start.ts";

if (import.meta.main) {
  const workbench = await setUp(console.error);
  for (const name of [...NOTEBOOKS, "tour"]) {
    const notebook = join(PROJECT_FOLDER, "notebooks", `${name}.ipynb`);
    await runNotebook({ notebook, output: notebook }, workbench);
  }
}
