/**
 * What every figure shares: the card it stands on, its colours, and the display
 * object a notebook shows.
 *
 * A figure carries its own light background, so that it reads the same on a
 * white and on a black page, and only presentation attributes: no style sheet,
 * script, font file or id that could leak into the page or be taken out by it.
 */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** The method by which the Deno kernel asks a value how it wants to be shown. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

/** MIME type → representation, as the Jupyter protocol carries it. */
export type MimeBundle = Record<string, string>;

/** A value that a notebook cell shows in its own way. */
export interface DisplayObject {
  [jupyterDisplay](): MimeBundle;
}

/** The colours of all figures. */
export const colours = {
  background: "#fbfaf7",
  border: "#dedcd5",
  ink: "#2b2f36",
  /** Secondary text; 5.4 : 1 on the background. */
  softInk: "#63676f",
  grid: "#e7e5de",
  /** Every other row of a piano roll, behind the black keys. */
  shade: "#f3f1eb",
} as const;

/**
 * Colours for series without a meaning of their own. Any two stay apart by 20 or
 * more in CIELAB, also for readers without one kind of cone (after the model of
 * Machado, Oliveira and Fernandes, 2009).
 */
export const seriesColours: readonly string[] = [
  "#3a57b0",
  "#c98a2b",
  "#35a898",
  "#a0323c",
  "#a487e0",
  "#34313f",
];

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
 * The HTML form is an image with alternative text: JupyterLab hides bare SVG
 * in a notebook that is not yet trusted but shows an image, and an image keeps
 * its alternative text. Viewers that prefer SVG take that.
 */
export class Figure implements DisplayObject {
  /**
   * @param svg A whole SVG document.
   * @param alt What the figure shows, in words.
   */
  constructor(readonly svg: string, readonly alt: string) {}

  [jupyterDisplay](): MimeBundle {
    return {
      "text/html": `<img alt="${escapeXml(this.alt)}" src="${
        svgUri(this.svg)
      }">`,
      "image/svg+xml": this.svg,
      "text/plain": this.alt,
    };
  }
}

/** The SVG as a data URI that needs no escaping inside an HTML attribute. */
function svgUri(svg: string): string {
  // Single quotes are a third the size of %22; escapeXml leaves no bare ones.
  const encoded = svg.replaceAll('"', "'")
    .replace(
      /[%#<>&\s]|[^ -~]+/g,
      (text) => text === " " ? " " : encodeURIComponent(text),
    );
  return `data:image/svg+xml,${encoded}`;
}

/** One entry of a figure's legend. */
export interface LegendItem {
  readonly label: string;
  readonly colour: string;
}

/** The card a drawing is set into. Lengths are in CSS pixels. */
export interface Card {
  readonly title: string;
  readonly subtitle?: string;
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

/** Roughly how wide a text is set, in pixels; SVG cannot measure here. */
export function textWidth(text: string, fontSize = 12): number {
  return [...text].length * fontSize * 0.54;
}

/** Sets a drawing, its heading and its legend into one figure. */
export function drawCard(card: Card): Figure {
  const { width, title, subtitle, legend = [], alt } = card;
  const parts: string[] = [];
  let y = padding + 15;
  parts.push(
    `<text x="${padding}" y="${y}" font-size="15" font-weight="600">${
      escapeXml(title)
    }</text>`,
  );
  if (subtitle) {
    y += 19;
    parts.push(
      `<text x="${padding}" y="${y}" fill="${colours.softInk}">${
        escapeXml(subtitle)
      }</text>`,
    );
  }
  let x = padding;
  for (const [i, { label, colour }] of legend.entries()) {
    const itemWidth = 16 + textWidth(label) + 16;
    if (i === 0 || x + itemWidth > width - padding) {
      x = padding;
      y += 21;
    }
    parts.push(
      `<rect x="${px(x)}" y="${
        y - 9
      }" width="10" height="10" rx="2" fill="${colour}"/>` +
        `<text x="${px(x + 16)}" y="${y}">${escapeXml(label)}</text>`,
    );
    x += itemWidth;
  }
  y += 10;
  const height = Math.ceil(y + card.bodyHeight + 8);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${
      escapeXml(alt)
    }" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="${fontFamily}" font-size="12" fill="${colours.ink}">` +
    `<title>${escapeXml(alt)}</title>` +
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${
      height - 1
    }" rx="8" fill="${colours.background}" stroke="${colours.border}"/>` +
    parts.join("") + `<g transform="translate(0,${y})">${card.body}</g></svg>`;
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
  // Plot's style sheet only serves pages that the figure scales with.
  svg.querySelector("style")?.remove();
  const attributes =
    `font-size="11" text-anchor="middle" fill="${colours.softInk}" stroke-miterlimit="1"`;
  return `<g ${attributes}>${roundGeometry(svg.innerHTML)}</g>`;
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

/** A number of pixels to a tenth, as short as it can be written. */
export function px(pixels: number): string {
  return String(Math.round(pixels * 10) / 10 || 0);
}

/** A duration as a person would say it: "45 s", "3 min 20 s", "1 h 05 min". */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60)} s`;
  const twoDigits = String(minutes % 60).padStart(2, "0");
  return `${Math.floor(minutes / 60)} h ${twoDigits} min`;
}
