import assert from "node:assert/strict";
import { jupyterDisplay } from "../plot/plot.ts";
import { promptGuide } from "../prompt/prompt.ts";
import { showGuide } from "./guide.ts";

Deno.test("showGuide() has all that the guide says, folded up", () => {
  const html = showGuide()[jupyterDisplay]()["text/html"]!;
  const headings = [...promptGuide().matchAll(/^## (.*)$/gm)];
  assert.equal(html.match(/<details/g)?.length, headings.length);
  const items = promptGuide().match(/^- /gm)!.length;
  assert.equal(html.match(/<li>/g)?.length, items);
  assert.match(html, /<li><b>happy<\/b>: /);
  assert.doesNotMatch(html, /\*\*|^#/m);
});
