/**
 * What all figures share: the card around a drawing, and the display object that a
 * notebook shows.
 *
 * A figure has its own background, light on light pages and dark on dark ones. Scripts
 * and ids could affect the page around it, or be removed by it: it has none.
 */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { drawPng } from "./png.ts";
import { shortenText, textWidth, wrapText } from "./text.ts";
import { colours, FIGURE_CLASS, themeStyle } from "./theme.ts";

/** The method that the Deno kernel calls to ask a value how to show it. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

/** MIME type → representation, as the Jupyter protocol carries it. */
export type MimeBundle = Record<string, string>;

/** A value that tells a notebook cell how to show it. */
export interface DisplayObject {
  /** Its representations. */
  [jupyterDisplay](): MimeBundle | Promise<MimeBundle>;
  /**
   * Those that are made at once, for a value that another soon replaces.
   * @default {all}
   */
  draft?(): MimeBundle;
}

/** A display object that is ready at once. */
export interface ReadyDisplay extends DisplayObject {
  /** Its representations. */
  [jupyterDisplay](): MimeBundle;
}

/** Escapes text for XML and HTML, attributes included. */
export function escapeXml(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}

/**
 * A drawn figure. It shows itself when it is a cell's value.
 *
 * It is an image, not HTML: converters that remove HTML from notebooks keep images.
 * Most viewers take the SVG; code hosts, and JupyterLab in a notebook that is not trusted
 * yet, take the PNG.
 */
export class Figure implements DisplayObject {
  #png: Promise<Uint8Array | undefined> | undefined;

  /**
   * A figure of its drawing and its words.
   *
   * @param svg A whole SVG document.
   * @param alt What the figure shows, in words.
   */
  constructor(readonly svg: string, readonly alt: string) {}

  /** The figure as SVG, as PNG and as text. */
  async [jupyterDisplay](): Promise<MimeBundle> {
    // Without its font, for example, a figure is still a figure.
    const png = await (this.#png ??= drawPng(this.svg).catch(() => undefined));
    return {
      "image/svg+xml": this.svg,
      ...png && { "image/png": png.toBase64() },
      "text/plain": this.alt,
    };
  }

  /** The figure as SVG and as text: the PNG takes some hundredths of a second. */
  draft(): MimeBundle {
    return { "image/svg+xml": this.svg, "text/plain": this.alt };
  }
}

/** One entry of a figure's legend. */
export interface LegendItem {
  readonly label: string;
  readonly colour: string;
}

/** A drawing and the text around it. Lengths are in CSS pixels. */
export interface Card {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly legend?: readonly LegendItem[];
  readonly width: number;
  /** Of the drawing below the heading. */
  readonly bodyHeight: number;
  /** SVG elements of the drawing, their origin at its upper left corner. */
  readonly body: string;
  /** The alternative text. */
  readonly alt: string;
}

const padding = 16;
const fontFamily = "system-ui, -apple-system, Segoe UI, Roboto, sans-serif";

/** Combines a drawing, its heading and its legend into one figure. */
export function drawCard(card: Card): Figure {
  const { width, title, subtitle, legend = [] } = card;
  const parts: string[] = [];
  let y = padding + 15;
  for (const [i, line] of wrapText(title, width - 2 * padding, 16).entries()) {
    if (i > 0) y += 19;
    parts.push(
      `<text x="${padding}" y="${y}" font-size="15" font-weight="600">${
        escapeXml(line)
      }</text>`,
    );
  }
  for (const line of subtitle ? wrapText(subtitle, width - 2 * padding) : []) {
    y += 19;
    parts.push(
      `<text x="${padding}" y="${y}" fill="${colours.softInk}">${
        escapeXml(line)
      }</text>`,
    );
  }
  const [entries, height] = drawLegend(legend, width);
  parts.push(`<g transform="translate(0,${y})">${entries}</g>`);
  y += height + 10;
  return finishCard(card, y, parts.join(""));
}

/** A legend whose entries fill rows; returns it and its height in pixels. */
function drawLegend(
  legend: readonly LegendItem[],
  width: number,
): [string, number] {
  const parts: string[] = [];
  let x = padding, y = 0;
  for (const [i, { label, colour }] of legend.entries()) {
    const shown = shortenText(label, width - 2 * padding - 16);
    const itemWidth = 16 + textWidth(shown) + 16;
    if (i === 0 || x + itemWidth > width - padding) {
      x = padding;
      y += 21;
    }
    parts.push(
      `<rect x="${px(x)}" y="${
        y - 9
      }" width="10" height="10" rx="2" fill="${colour}"/>` +
        `<text x="${px(x + 16)}" y="${y}">${escapeXml(shown)}</text>`,
    );
    x += itemWidth;
  }
  return [parts.join(""), y];
}

/** Puts heading and drawing, which begins at `y`, on the card. */
function finishCard(
  { width, bodyHeight, body, alt }: Card,
  y: number,
  heading: string,
): Figure {
  const height = Math.ceil(y + bodyHeight + 8);
  const root = `fill="${colours.ink}"`;
  const drawing =
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${
      height - 1
    }" rx="8" fill="${colours.background}" stroke="${colours.border}"/>` +
    `${heading}<g transform="translate(0,${y})">${body}</g>`;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" class="${FIGURE_CLASS}" ` +
    `role="img" aria-label="${escapeXml(alt)}" ` +
    `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="${fontFamily}" font-size="12" ${root}>` +
    `<title>${escapeXml(alt)}</title>${
      themeStyle(root + drawing)
    }${drawing}</svg>`;
  return new Figure(svg, alt);
}

/** An axis with its label in the middle and no tick marks. */
export const plainAxis = {
  labelAnchor: "center",
  labelArrow: "none",
  tickSize: 0,
} as const;

/** Draws with Observable Plot and returns the SVG elements of the drawing. */
export function drawPlot(options: Plot.PlotOptions): string {
  const { document } = parseHTML("<html><body></body></html>");
  const svg = Plot.plot({ document, ...options });
  // Plot's style sheet only scales figures with their page.
  svg.querySelector("style")?.remove();
  const attributes =
    `font-size="11" text-anchor="middle" fill="${colours.softInk}" stroke-miterlimit="1"`;
  // The colour of the page around is not known here.
  const drawing = svg.innerHTML.replaceAll("currentColor", colours.softInk);
  return `<g ${attributes}>${roundGeometry(drawing)}</g>`;
}

/** Rounds the numbers in geometry attributes to a tenth of a pixel. */
function roundGeometry(svg: string): string {
  return svg.replace(
    /\b(d|transform|x|y|x1|x2|y1|y2|width|height|cx|cy|r)="([^"]*)"/g,
    (_match, name: string, value: string) =>
      `${name}="${
        value.endsWith("em")
          ? value
          : value.replace(/-?\d*\.\d+(e-?\d+)?/g, (n) => px(Number(n)))
      }"`,
  );
}

/** A number of pixels, rounded to a tenth, in as few characters as possible. */
export function px(pixels: number): string {
  return String(Math.round(pixels * 10) / 10 || 0);
}

/** A duration for people to read: "45 s", "3 min 20 s", "1 h 05 min". */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60)} s`;
  const twoDigits = String(minutes % 60).padStart(2, "0");
  return `${Math.floor(minutes / 60)} h ${twoDigits} min`;
}
