/** Bar charts: bars in the order given, of one series or several side by side. */
import * as Plot from "@observablehq/plot";
import { largest } from "../music/music.ts";
import { drawCard, drawPlot, type Figure, plainAxis } from "./figure.ts";
import { shortenText, textWidth } from "./text.ts";
import { colours, seriesColours } from "./theme.ts";

/** How a bar chart looks. */
export interface BarOptions {
  /** The heading. */
  title: string;
  /** A line below the title. @default {none} */
  subtitle?: string | undefined;
  /** What the labels are, for example "pitch". @default {none} */
  labelName?: string;
  /** What the values are, for example "notes". @default {"count"} */
  valueName?: string;
  /** Direction of the bars. @default {horizontal if any label is long, else vertical} */
  orientation?: "vertical" | "horizontal";
  /** Digits after the decimal point. @default {0 if all values are integers, else 2} */
  digits?: number;
  /** In pixels. @default {720} */
  width?: number;
  /** Height of vertical bars with their axis, in pixels. @default {220} */
  height?: number;
}

/**
 * Draws counts as bars, in the order given.
 *
 * @param bars Labels and their counts.
 * @returns A figure that shows itself as a cell's value.
 * @throws {RangeError} If a value is not finite or a label comes twice.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { histogram } from "immersic/plot/plot.ts";
 * const figure = histogram(
 *   [{ label: "C", count: 12 }, { label: "D", count: 7 }],
 *   { title: "Note names", valueName: "notes" },
 * );
 * assert(figure.alt.includes("C 12"));
 * ```
 */
export function histogram(
  bars: readonly { label: string | number; count: number }[],
  options: BarOptions,
): Figure {
  return drawBars(
    bars.map(({ label, count }) => ({
      label: String(label),
      series: "",
      value: count,
    })),
    options,
  );
}

/** One bar of {@linkcode groupedBars}. */
export interface GroupedBar {
  /** The group, for example a model. */
  readonly label: string;
  /** The bar's place and colour in its group, for example a split. */
  readonly series: string;
  /** Its length. */
  readonly value: number;
}

/**
 * Draws bars side by side: one group per label, one colour per series.
 *
 * @param bars One record per bar; groups and series in order of appearance.
 * @returns A figure that shows itself as a cell's value.
 * @throws {RangeError} If a value is not finite or a label comes twice.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { groupedBars } from "immersic/plot/plot.ts";
 * const figure = groupedBars([
 *   { label: "trigram", series: "starter", value: 2.9 },
 *   { label: "LSTM", series: "starter", value: 2.1 },
 * ], { title: "Held-out loss", valueName: "nats per token" });
 * assert(figure.svg.includes("trigram"));
 * ```
 */
export function groupedBars(
  bars: readonly GroupedBar[],
  options: BarOptions,
): Figure {
  return drawBars(bars, options);
}

function drawBars(bars: readonly GroupedBar[], options: BarOptions): Figure {
  const labels = [...new Set(bars.map((bar) => bar.label))];
  const series = [...new Set(bars.map((bar) => bar.series))];
  checkBars(bars, labels.length * series.length);
  const {
    title,
    subtitle,
    labelName = null,
    valueName = "count",
    orientation = labels.some((label) => label.length > 7)
      ? "horizontal"
      : "vertical",
    digits = bars.every((bar) => Number.isInteger(bar.value)) ? 0 : 2,
    width = 720,
    height = 220,
  } = options;
  if (bars.length === 0) {
    const none = "There are no values to draw.";
    const alt = `${title}. ${none}`;
    const legend: [] = [];
    return drawCard({
      ...{ title, legend, width, alt },
      subtitle: none,
      bodyHeight: 0,
      body: "",
    });
  }
  const chart: BarChart = {
    bars,
    labels,
    series,
    labelName,
    valueName,
    format: (value) => value.toFixed(digits),
    width,
    height,
  };
  const [body, bodyHeight] = orientation === "vertical"
    ? drawColumns(chart)
    : drawRows(chart);
  const legend = series.length > 1
    ? series.map((label, i) => ({ label, colour: colourOf(i) }))
    : [];
  const said = bars.slice(0, 24).map((bar) =>
    `${bar.label}${bar.series && ` ${bar.series}`} ${chart.format(bar.value)}`
  );
  const rest = bars.length - said.length;
  const alt = `${title}. Bar chart of ${valueName}: ${said.join(", ")}${
    rest > 0 ? ` and ${rest} more` : ""
  }.`;
  return drawCard({ title, subtitle, legend, width, bodyHeight, body, alt });
}

function checkBars(bars: readonly GroupedBar[], most: number): void {
  for (const { label, value } of bars) {
    if (!Number.isFinite(value)) {
      throw new RangeError(
        `Cannot draw bars: a value must be a finite number, current value of "${label}" is ${value}.`,
      );
    }
  }
  const distinct = new Set(bars.map((bar) => `${bar.label}\n${bar.series}`));
  if (distinct.size < bars.length || bars.length > most) {
    throw new RangeError(
      "Cannot draw bars: each label may come once (once a series); did you mean to add up counts first?",
    );
  }
}

/** The data and settings of a chart, defaults filled in. */
interface BarChart {
  readonly bars: readonly GroupedBar[];
  readonly labels: readonly string[];
  readonly series: readonly string[];
  readonly labelName: string | null;
  readonly valueName: string;
  readonly format: (value: number) => string;
  readonly width: number;
  readonly height: number;
}

/** The colour of a series; colours repeat if there are too few. */
const colourOf = (i: number) => seriesColours[i % seriesColours.length]!;

/** Vertical bars; returns the drawing and its height in pixels. */
function drawColumns(chart: BarChart): [string, number] {
  const { bars, labels, series, format, width } = chart;
  const most = largest(bars.map(({ value }) => Math.abs(value)));
  const numbers = textWidth(Math.ceil(most).toLocaleString("en-US"), 11);
  const marginLeft = Math.max(56, numbers + 36), marginRight = 16;
  const pixels = (width - marginLeft - marginRight) /
    Math.max(1, labels.length);
  const widest = Math.max(
    0,
    largest(labels.map((label) => textWidth(label, 11))),
  );
  const every = Math.max(1, Math.ceil((widest + 6) / pixels));
  const shown = labels.filter((_label, i) => i % every === 0);
  const height = chart.height + (chart.labelName ? 44 : 28);
  const valuesFit = pixels / series.length >
    largest(bars.map((bar) => textWidth(format(bar.value), 10)));
  const at = series.length > 1
    ? { fx: "label", x: "series" } as const
    : { x: "label" } as const;
  const axisLabel = { ...plainAxis, label: chart.labelName };
  const body = drawPlot({
    width,
    height,
    marginTop: 16,
    marginRight,
    marginBottom: chart.labelName ? 38 : 22,
    marginLeft,
    ...(series.length > 1
      ? {
        x: { domain: series, axis: null, padding: 0 },
        fx: { domain: labels, padding: 0.15 },
      }
      // No bar is wider than 90 pixels, however few there are.
      : { x: { domain: labels, padding: Math.max(0.12, 1 - 90 / pixels) } }),
    y: { nice: true, zero: true },
    color: { domain: series, range: series.map((_name, i) => colourOf(i)) },
    marks: [
      Plot.gridY({ stroke: colours.grid, strokeOpacity: 1, ticks: 5 }),
      Plot.axisY({
        ...plainAxis,
        label: chart.valueName,
        labelOffset: marginLeft - 14,
        ticks: 5,
      }),
      series.length > 1
        ? Plot.axisFx({ ...axisLabel, anchor: "bottom" })
        : Plot.axisX(shown, axisLabel),
      Plot.barY(bars, { ...at, y: "value", fill: "series" }),
      valuesFit
        ? Plot.text(bars, {
          ...at,
          y: "value",
          text: (bar: GroupedBar) => format(bar.value),
          dy: -7,
          fontSize: 10,
        })
        : null,
      Plot.ruleY([0], { stroke: colours.softInk }),
    ],
  });
  return [body, height];
}

/** Horizontal bars, for long labels; returns the drawing and its height in pixels. */
function drawRows(chart: BarChart): [string, number] {
  const { bars, labels, series, format, width } = chart;
  const widest = Math.max(
    0,
    largest(labels.map((label) => textWidth(label, 11))),
  );
  const marginLeft = Math.min(width * 0.45, widest + 26);
  const height = labels.length * (series.length * 15 + 9) + 46;
  const valueWidth = Math.max(
    0,
    largest(bars.map((bar) => textWidth(format(bar.value), 10))),
  );
  const at = series.length > 1
    ? { fy: "label", y: "series" } as const
    : { y: "label" } as const;
  const axisLabel = {
    label: chart.labelName,
    tickSize: 0,
    tickFormat: (label: string) => shortenText(label, marginLeft - 20, 11),
  };
  const body = drawPlot({
    width,
    height,
    marginTop: 6,
    marginRight: 16 + valueWidth,
    marginBottom: 36,
    marginLeft,
    ...(series.length > 1
      ? {
        y: { domain: series, axis: null, padding: 0.08 },
        fy: { domain: labels, padding: 0.2 },
      }
      : { y: { domain: labels, padding: 0.25 } }),
    x: { nice: true, zero: true },
    color: { domain: series, range: series.map((_name, i) => colourOf(i)) },
    marks: [
      Plot.gridX({ stroke: colours.grid, strokeOpacity: 1, ticks: 6 }),
      Plot.axisX({
        ...plainAxis,
        anchor: "bottom",
        label: chart.valueName,
        ticks: 6,
      }),
      series.length > 1
        ? Plot.axisFy({ ...axisLabel, anchor: "left" })
        : Plot.axisY(axisLabel),
      Plot.barX(bars, { ...at, x: "value", fill: "series" }),
      Plot.text(bars, {
        ...at,
        x: "value",
        text: (bar: GroupedBar) => format(bar.value),
        dx: 4,
        textAnchor: "start",
        fontSize: 10,
      }),
      Plot.ruleX([0], { stroke: colours.softInk }),
    ],
  });
  return [body, height];
}
