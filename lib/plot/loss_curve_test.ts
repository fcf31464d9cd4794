import assert from "node:assert/strict";
import { parseHTML } from "linkedom";
import { groupedBars, histogram } from "./bars.ts";
import { lossCurve } from "./loss_curve.ts";
import { pianoRoll, pianoRollGrid } from "./piano_roll.ts";
import { table } from "./table.ts";
import { emptySequence } from "../music/music.ts";
import { type Figure, jupyterDisplay } from "./figure.ts";

const threeEpochs = [
  { epoch: 1, trainLoss: 3, validLoss: 2.9 },
  { epoch: 2, trainLoss: 2, validLoss: 2.4 },
  { epoch: 3, trainLoss: 1, validLoss: 2.6 },
];

/** Path commands of one of the figure's lines. */
function lineOf(figure: Figure, name: string): string | undefined {
  return new RegExp(`aria-label="${name}"><path d="([^"]*)"`).exec(figure.svg)
    ?.[1];
}

function vertices(path: string | undefined): number {
  return path?.match(/[ML]/g)?.length ?? 0;
}

Deno.test("lossCurve() draws one vertex an epoch", () => {
  const history = Array.from({ length: 137 }, (_, i) => ({
    epoch: i + 1,
    trainLoss: 4 / (i + 1),
    validLoss: 3.5 / (i + 1) + 0.01 * i,
  }));
  const curve = lossCurve(history, { epochs: 500 });
  assert.equal(vertices(lineOf(curve, "training loss")), 137);
  assert.equal(vertices(lineOf(curve, "validation loss")), 137);
});

Deno.test("lossCurve() puts each epoch at its place", () => {
  const curve = lossCurve(threeEpochs, { width: 276, height: 100 });
  // 200 pixels for two epochs, 92 for two nats.
  assert.equal(
    lineOf(curve, "training loss"),
    "M56,14L156,60L256,106",
  );
});

Deno.test("lossCurve() says epoch, best and time left in title and alternative text", () => {
  const curve = lossCurve(threeEpochs, { epochs: 40, etaSeconds: 200.4 });
  const facts = "epoch 3 of 40 · best 2.400 at epoch 2 · 3 min 20 s left";
  assert.ok(curve.svg.includes(`>${facts}</text>`));
  assert.equal(
    curve.alt,
    `Loss in nats per token by epoch: ${facts}. Latest training 1.000. Latest validation 2.600.`,
  );
});

Deno.test("lossCurve() marks the best epoch it is given", () => {
  const curve = lossCurve(threeEpochs, { bestEpoch: 3 });
  assert.match(curve.alt, /best 2\.600 at epoch 3/);
});

Deno.test("lossCurve() draws no validation line where nothing is held out", () => {
  const curve = lossCurve(threeEpochs.map(({ epoch, trainLoss }) => ({
    epoch,
    trainLoss,
  })));
  assert.equal(vertices(lineOf(curve, "training loss")), 3);
  assert.equal(lineOf(curve, "validation loss"), undefined);
  assert.match(curve.alt, /best 1\.000 at epoch 3/);
});

Deno.test("lossCurve() shows epochs beyond the plan, and gaps in validation", () => {
  const curve = lossCurve([...threeEpochs, { epoch: 4, trainLoss: 0.5 }], {
    epochs: 2,
    width: 276,
  });
  assert.match(lineOf(curve, "training loss")!, /L256,[\d.]+$/);
  assert.equal(vertices(lineOf(curve, "validation loss")), 3);
  assert.match(curve.alt, /Latest training 0\.500\. Latest validation\.$/);
});

Deno.test("lossCurve() draws an empty frame before the first epoch", () => {
  assert.equal(
    lossCurve([], { epochs: 40 }).alt,
    "Loss in nats per token by epoch: 0 of 40 epochs.",
  );
});

Deno.test("histogram() keeps the order and says every bar", () => {
  const figure = histogram(
    [{ label: "D", count: 5 }, { label: "C", count: 7 }],
    { title: "Note names", valueName: "notes" },
  );
  assert.equal(figure.alt, "Note names. Bar chart of notes: D 5, C 7.");
  assert.ok(figure.svg.indexOf(">D<") < figure.svg.indexOf(">C<"));
});

Deno.test("histogram() lays bars with long labels down", () => {
  const bars = [{ label: "half-diminished", count: 5 }];
  const lying = histogram(bars, { title: "Chords" });
  const upright = histogram(bars, { title: "Chords", orientation: "vertical" });
  const barWidth = (figure: Figure) =>
    Number(/aria-label="bar"><rect[^>]* width="([\d.]+)"/.exec(figure.svg)![1]);
  assert.ok(barWidth(lying) > 400);
  assert.ok(barWidth(upright) < 100);
});

Deno.test("histogram() refuses what it cannot draw", () => {
  assert.throws(
    () => histogram([{ label: "C", count: NaN }], { title: "Bars" }),
    { name: "RangeError", message: /current value of "C" is NaN/ },
  );
  const twice = [{ label: "C", count: 1 }, { label: "C", count: 2 }];
  assert.throws(() => histogram(twice, { title: "Bars" }), {
    name: "RangeError",
    message: /each label may come once/,
  });
});

Deno.test("groupedBars() gives each series a colour and a legend entry", () => {
  const bars = ["unigram", "LSTM"].flatMap((label) => [
    { label, series: "starter", value: 2.5 },
    { label, series: "lofi", value: 3 },
  ]);
  const { svg, alt } = groupedBars(bars, { title: "Loss" });
  const fills = svg.match(/(?<=<rect [^>]*fill=")#[0-9a-f]{6}/g)!;
  const counts = Map.groupBy(fills, (fill) => fill);
  // Two bars and a legend entry each.
  assert.equal(counts.get("#3a57b0")?.length, 3);
  assert.equal(counts.get("#c98a2b")?.length, 3);
  assert.match(alt, /unigram starter 2\.50, unigram lofi 3\.00, LSTM starter/);
});

Deno.test("table() aligns numbers and escapes text", () => {
  const figures = table(
    [{ model: "a <b>", nats: 5.4123, best: false }, {
      model: "LSTM",
      nats: null,
      best: true,
    }],
    ["model", { key: "nats", label: "nats/token", digits: 2 }, "best"],
    { caption: "Held out" },
  );
  assert.equal(
    figures.text,
    [
      "Held out",
      "model  nats/token  best",
      "a <b>        5.41  no",
      "LSTM            –  yes",
    ].join("\n"),
  );
  assert.match(figures.html, /<th scope="col" align="right"[^>]*>nats\/token</);
  assert.match(figures.html, /<td align="left"[^>]*>a &#60;b&#62;<\/td>/);
});

Deno.test("table() says how many rows it leaves out", () => {
  const rows = Array.from({ length: 70 }, (_, i) => ({ file: `${i}.mid` }));
  const { text, html } = table(rows);
  assert.equal(text.split("\n").length, 62);
  assert.ok(text.endsWith("… and 10 more rows"));
  assert.ok(html.endsWith("<p>… and 10 more rows</p>"));
});

const piece = { ...emptySequence(480), totalTicks: 1920 };
const hostile = `<b onload="x()">Bach's & co</b>`;
const figures: Record<string, Figure> = {
  lossCurve: lossCurve(threeEpochs, { title: hostile }),
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
    assert.equal(decodeURIComponent(encoded), figure.svg.replaceAll('"', "'"));
    assert.equal(bundle["image/svg+xml"], figure.svg);
    assert.equal(bundle["text/plain"], figure.alt);
  });
}

Deno.test("lossCurve() stays small at 500 epochs", () => {
  const history = Array.from({ length: 500 }, (_, i) => ({
    epoch: i + 1,
    trainLoss: Math.exp(-i / 100) + Math.sin(i) / 50,
    validLoss: Math.exp(-i / 100) + Math.cos(i) / 50 + 0.2,
  }));
  assert.ok(lossCurve(history).svg.length < 20_000);
});
