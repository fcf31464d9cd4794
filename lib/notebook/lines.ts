/** Text that a cell shows. */

import { escapeXml, jupyterDisplay, type ReadyDisplay } from "../plot/plot.ts";

/** Sentences, a line each. */
export function lines(sentences: readonly string[]): ReadyDisplay {
  return {
    [jupyterDisplay]: () => ({
      "text/html": `<p>${sentences.map(escapeXml).join("<br>")}</p>`,
      "text/plain": sentences.join("\n"),
    }),
  };
}
