/** The guide to prompts, to be shown in a notebook. */

import { escapeXml, jupyterDisplay, type ReadyDisplay } from "../plot/plot.ts";
import { promptGuide } from "../prompt/prompt.ts";

/**
 * What a prompt can say, folded up: rules, examples as they are read, and every word
 * that is known. It is made from the word lists that prompts are read by.
 *
 * @returns The guide; it shows itself as a cell's value.
 *
 * @example
 * ```ts
 * import { display, showGuide } from "immersic/notebook/notebook.ts";
 * await display(showGuide());
 * ```
 */
export function showGuide(): ReadyDisplay {
  const [, ...sections] = promptGuide().split(/^## /m);
  const html = sections.map((section) => {
    const end = section.indexOf("\n");
    const title = section.slice(0, end);
    return `<details><summary><b>${escapeXml(title)}</b></summary>${
      htmlOf(section.slice(end))
    }</details>`;
  });
  return {
    [jupyterDisplay]: () => ({
      "text/html": html.join(""),
      "text/plain": "What a prompt can say: docs/prompts.md",
    }),
  };
}

/** The Markdown of the guide as HTML: paragraphs, lists, headings, emphasis. */
function htmlOf(markdown: string): string {
  return markdown.trim().split(/\n{2,}/).map((block) => {
    const heading = /^#+ (.*)$/.exec(block)?.[1];
    if (heading !== undefined) return `<p><b>${inline(heading)}</b></p>`;
    if (!block.startsWith("- ")) return `<p>${inline(block)}</p>`;
    const items = block.slice(2).split(/\n- /);
    return `<ul>${
      items.map((item) => `<li>${inline(item)}</li>`).join("")
    }</ul>`;
  }).join("");
}

function inline(text: string): string {
  return escapeXml(text)
    .replace(/\*\*(.+?)\*\*/gs, "<b>$1</b>")
    .replace(/`(.+?)`/gs, "<code>$1</code>");
}
