/** Loss by epoch, as a figure. */
import * as Plot from "@observablehq/plot";
import { largest, smallest } from "../music/music.ts";
import {
  drawCard,
  drawPlot,
  type Figure,
  formatSeconds,
  type LegendItem,
  plainAxis,
} from "./figure.ts";
import { colours, seriesColours } from "./theme.ts";

/** One epoch of training, as {@linkcode lossCurve} draws it. */
export interface LossPoint {
  /** Counted from 1. */
  readonly epoch: number;
  /** In nats per token. */
  readonly trainLoss: number;
  /** In nats per token; left out if nothing is held out. */
  readonly validLoss?: number | null | undefined;
}

/** How a {@linkcode lossCurve} looks. */
export interface LossCurveOptions {
  /** Epochs planned. @default {the last epoch drawn} */
  epochs?: number | undefined;
  /** The epoch to mark. @default {that of the lowest validation loss} */
  bestEpoch?: number;
  /** Estimated time to the end; left out once training is over. */
  etaSeconds?: number | undefined;
  /** The heading. @default {"Loss"} */
  title?: string;
  /** In pixels. @default {720} */
  width?: number;
  /** Of the plot without its card, in pixels. @default {280} */
  height?: number;
}

/**
 * Draws training and validation loss by epoch and marks the best epoch. Each line
 * has one vertex per epoch.
 *
 * @param history The epochs so far, in order; may be empty.
 * @returns A figure that shows itself as a cell's value.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lossCurve } from "immersic/plot/plot.ts";
 * const curve = lossCurve([
 *   { epoch: 1, trainLoss: 3.1, validLoss: 3.0 },
 *   { epoch: 2, trainLoss: 2.4, validLoss: 2.6 },
 * ], { epochs: 10, etaSeconds: 80 });
 * assert(curve.alt.includes("best 2.600 at epoch 2"));
 * ```
 */
export function lossCurve(
  history: readonly LossPoint[],
  options: LossCurveOptions = {},
): Figure {
  const last = history.at(-1);
  const {
    epochs = last?.epoch ?? 1,
    bestEpoch = leastLoss(history)?.epoch,
    etaSeconds,
    title = "Loss",
    width = 720,
    height = 280,
  } = options;
  const best = history.find((point) => point.epoch === bestEpoch);
  const facts = [
    last
      ? `epoch ${last.epoch} of ${epochs}`
      : `0 of ${epochs} epochs, the first point comes when one ends`,
    best ? `best ${shownLoss(best).toFixed(3)} at epoch ${best.epoch}` : "",
    // Before the first epoch ends, it is a guess that the next figure would correct.
    etaSeconds === undefined || !last
      ? ""
      : `${formatSeconds(etaSeconds)} left`,
  ].filter((fact) => fact !== "").join(" · ");

  const series: LossSeries[] = [
    { name: "training", colour: seriesColours[0]!, loss: trainLoss },
    { name: "validation", colour: seriesColours[1]!, loss: validLoss },
  ].filter(({ loss }) => history.some((point) => Number.isFinite(loss(point))));
  const legend: LegendItem[] = series.map(({ name, colour, loss }) => {
    const latest = loss(last!);
    const shown = Number.isFinite(latest) ? ` ${latest.toFixed(3)}` : "";
    return { label: name + shown, colour };
  });
  const body = drawLossPlot(history, { series, best, epochs, width, height });
  const names = series.map(({ name }) => name);
  return drawCard({
    title,
    subtitle: facts,
    legend,
    width,
    bodyHeight: height + 46,
    // Plot labels every line "line", and its option ariaLabel labels each point.
    body: body.replace(
      /(?<=aria-label=")line(?=")/g,
      () => `${names.shift()} loss`,
    ),
    alt: `${title} in nats per token by epoch: ${facts}.${
      legend.map(({ label }) => ` Latest ${label}.`).join("")
    }`,
  });
}

const trainLoss = (point: LossPoint) => point.trainLoss;
const validLoss = (point: LossPoint) => point.validLoss ?? NaN;
const shownLoss = (point: LossPoint) => point.validLoss ?? point.trainLoss;

/**
 * The epoch of the lowest validation loss, or of the lowest training loss if
 * nothing is held out; undefined if there is no epoch.
 */
export function leastLoss(
  history: readonly LossPoint[],
): LossPoint | undefined {
  let best: LossPoint | undefined;
  for (const point of history) {
    if (!best || shownLoss(point) < shownLoss(best)) best = point;
  }
  return best;
}

/** One line of the curve. */
interface LossSeries {
  readonly name: string;
  readonly colour: string;
  readonly loss: (point: LossPoint) => number;
}

/** The plot's settings, defaults filled in. */
interface LossPlot {
  readonly series: readonly LossSeries[];
  readonly best: LossPoint | undefined;
  readonly epochs: number;
  readonly width: number;
  readonly height: number;
}

function drawLossPlot(history: readonly LossPoint[], plot: LossPlot): string {
  const { series, best, epochs, width, height } = plot;
  const lastEpoch = history.at(-1)?.epoch ?? 1;
  return drawPlot({
    width,
    height: height + 46,
    marginTop: 14,
    marginRight: 20,
    marginBottom: 40,
    marginLeft: 56,
    x: {
      domain: [1, Math.max(2, lastEpoch, Math.min(epochs, axisEnd(lastEpoch)))],
    },
    y: { nice: true, domain: lossDomain(history) },
    marks: [
      Plot.gridY({ stroke: colours.grid, strokeOpacity: 1 }),
      Plot.axisX({
        ...plainAxis,
        label: "epoch",
        ticks: Math.min(12, epochs),
        interval: 1,
        tickFormat: "d",
        tickSize: 4,
      }),
      Plot.axisY({
        ...plainAxis,
        label: "nats per token",
        labelOffset: 42,
        ticks: 6,
      }),
      best
        ? Plot.ruleX([best.epoch], {
          stroke: colours.softInk,
          strokeDasharray: "2,3",
        })
        : null,
      ...series.flatMap(({ colour, loss }) => [
        Plot.lineY(history, {
          x: "epoch",
          y: loss,
          stroke: colour,
          strokeWidth: 2,
        }),
        history.length <= 40
          ? Plot.dot(history, { x: "epoch", y: loss, r: 2.5, fill: colour })
          : null,
      ]),
      best
        ? Plot.dot([best], {
          x: "epoch",
          y: shownLoss,
          r: 6,
          stroke: colours.ink,
          strokeWidth: 1.5,
        })
        : null,
    ],
  });
}

/**
 * Lowest and highest loss shown. They are at least a nat apart, so that noise does
 * not look large.
 */
function lossDomain(history: readonly LossPoint[]): [number, number] {
  const losses = [...history.map(trainLoss), ...history.map(validLoss)]
    .filter(Number.isFinite);
  if (losses.length === 0) return [0, 1];
  const low = smallest(losses), high = largest(losses);
  const missing = Math.max(0, 1 - (high - low)) / 2;
  return [Math.max(0, low - missing), high + missing];
}

/** Last epoch on the axis: near enough for the curve to fill the width. */
function axisEnd(epoch: number): number {
  return Math.max(20, Math.ceil(epoch * 1.25));
}
