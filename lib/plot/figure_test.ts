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
      document.querySelectorAll("script, b, foreignObject, [id], [style]")
        .length,
      0,
    );
    assert.deepEqual(
      [...document.querySelectorAll("[class]")].map((one) =>
        one.getAttribute("class")
      ),
      ["immersic-figure"],
    );
    const style = document.querySelector("style")!.textContent;
    const selectors = style.slice(style.indexOf("{") + 1)
      .replaceAll(/\{[^}]*\}/g, ",").split(",").filter((one) => one !== "}");
    assert.deepEqual(
      selectors.filter((one) => one && !one.startsWith(".immersic-figure")),
      [],
    );
  });

  Deno.test(`${name}() is an image in every form, and no HTML`, async () => {
    const bundle = await figure[jupyterDisplay]();
    assert.deepEqual(Object.keys(bundle), [
      "image/svg+xml",
      "image/png",
      "text/plain",
    ]);
    assert.equal(bundle["image/svg+xml"], figure.svg);
    assert.equal(bundle["text/plain"], figure.alt);
    assert.deepEqual(figure.draft(), {
      "image/svg+xml": figure.svg,
      "text/plain": figure.alt,
    });
    const png = Uint8Array.fromBase64(bundle["image/png"]!);
    const { width, height } = sizeOf(png);
    assert.ok(figure.svg.includes(`width="${width}" height="${height}"`));
    assert.ok(png.length < 20_000, `${png.length} bytes`);
  });
}

/** Width and height in the header of a PNG file. */
function sizeOf(png: Uint8Array) {
  const view = new DataView(png.buffer);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

Deno.test("drawCard() breaks a long title, and makes the card higher", () => {
  const height = (title: string) =>
    Number(
      / height="(\d+)"/.exec(
        histogram([{ label: "C", count: 1 }], { title }).svg,
      )![
        1
      ],
    );
  const long = "calm electric piano with pad and soft drums ".repeat(4).trim();
  const { svg, alt } = histogram([{ label: "C", count: 1 }], { title: long });
  const lines = [...svg.matchAll(/font-weight="600">([^<]*)</g)].map(([, t]) =>
    t
  );
  assert.ok(lines.length > 1);
  assert.equal(lines.join(" "), long);
  assert.ok(alt.startsWith(`${long}. `));
  assert.equal(height(long), height("Bars") + 19 * (lines.length - 1));
});
