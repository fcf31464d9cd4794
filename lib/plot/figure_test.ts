import assert from "node:assert/strict";
import { parseHTML } from "linkedom";
import { groupedBars, histogram } from "./bars.ts";
import { lossCurve } from "./loss_curve.ts";
import { pianoRoll } from "./piano_roll.ts";
import { pianoRollGrid } from "./piano_roll_grid.ts";
import { emptySequence } from "../music/music.ts";
import { type Figure, jupyterDisplay } from "./figure.ts";

const piece = { ...emptySequence(480), totalTicks: 1920 };

const hostile = `<b onload="x()">Bach's & co</b>`;
const figures: Record<string, Figure> = {
  lossCurve: lossCurve([{ epoch: 1, trainLoss: 3, validLoss: 2.9 }], {
    title: hostile,
  }),
  histogram: histogram([{ label: hostile, count: 1 }], { title: hostile }),
  groupedBars: groupedBars(
    [{ label: "a", series: hostile, value: 1 }, {
      label: "a",
      series: "b",
      value: 2,
    }],
    { title: "Bars" },
  ),
  pianoRoll: pianoRoll(piece, { title: hostile }),
  pianoRollGrid: pianoRollGrid([{ title: hostile, sequence: piece }]),
};

for (const [name, figure] of Object.entries(figures)) {
  Deno.test(`${name}() leaks nothing into the page and has alternative text`, () => {
    const { document } = parseHTML(`<html><body>${figure.svg}</body></html>`);
    const svg = document.querySelector("svg")!;
    assert.equal(svg.getAttribute("role"), "img");
    assert.equal(svg.getAttribute("aria-label"), figure.alt);
    assert.equal(svg.querySelector("title")!.textContent, figure.alt);
    assert.equal(
      document.querySelectorAll(
        "style, script, b, foreignObject, [id], [class], [style]",
      )
        .length,
      0,
    );
  });

  Deno.test(`${name}() shows the same drawing as HTML image and as SVG`, () => {
    const bundle = figure[jupyterDisplay]();
    assert.deepEqual(Object.keys(bundle), [
      "text/html",
      "image/svg+xml",
      "text/plain",
    ]);
    const { document } = parseHTML(
      `<html><body>${bundle["text/html"]}</body></html>`,
    );
    const image = document.querySelector("img")!;
    assert.equal(image.getAttribute("alt"), figure.alt);
    const [, encoded] = image.getAttribute("src")!.split("data:image/svg+xml,");
    assert.equal(decodeURIComponent(encoded!), figure.svg.replaceAll('"', "'"));
    assert.equal(bundle["image/svg+xml"], figure.svg);
    assert.equal(bundle["text/plain"], figure.alt);
  });
}
