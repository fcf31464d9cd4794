import assert from "node:assert/strict";
import { join } from "@std/path";
import { PROJECT_FOLDER } from "../base/base.ts";
import { promptGuide } from "./guide.ts";

/** Without the line breaks and the spelling of lists that the formatter decides. */
const plain = (text: string) => text.replace(/\\/g, "").replace(/\s+/g, " ");

Deno.test("promptGuide() is what docs/prompts.md says", () => {
  const page = Deno.readTextFileSync(join(PROJECT_FOLDER, "docs/prompts.md"));
  assert(
    plain(page) === plain(promptGuide()),
    'docs/prompts.md is stale. Renew it: deno eval \'import { promptGuide } from "immersic/prompt/prompt.ts"; Deno.writeTextFileSync("docs/prompts.md", promptGuide())\' && deno fmt docs/prompts.md',
  );
});
