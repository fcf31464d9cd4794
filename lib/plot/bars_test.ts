import assert from "node:assert/strict";
import { groupedBars, histogram } from "./bars.ts";
import type { Figure } from "./figure.ts";

Deno.test("histogram() keeps the order and describes every bar", () => {
  const figure = histogram(
    [{ label: "D", count: 5 }, { label: "C", count: 7 }],
    { title: "Note names", valueName: "notes" },
  );
  assert.equal(figure.alt, "Note names. Bar chart of notes: D 5, C 7.");
  assert.ok(figure.svg.indexOf(">D<") < figure.svg.indexOf(">C<"));
});

Deno.test("histogram() draws bars with long labels horizontally", () => {
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

Deno.test("bars without values say so, and draw no axis", () => {
  const { svg, alt } = groupedBars([], { title: "Likeness" });
  assert.equal(alt, "Likeness. There are no values to draw.");
  assert.match(svg, /There are no values to draw\./);
  assert.doesNotMatch(svg, /0\.0/);
});
