/**
 * What all figures share: the card around a drawing, colours, and the display
 * object that a notebook shows.
 *
 * A figure has its own light background, so that it looks the same on light and
 * dark pages. It uses presentation attributes only: style sheets, scripts and ids
 * could affect the page around it, or be removed by it.
 */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** The method that the Deno kernel calls to ask a value how to show it. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

/** MIME type → representation, as the Jupyter protocol carries it. */
export type MimeBundle = Record<string, string>;

/** A value that tells a notebook cell how to show it. */
export interface DisplayObject {
  /** Its representations. */
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
 * Colours for series. Any two differ by 20 or more in CIELAB, also as seen by
 * readers who lack one kind of cone (model of Machado, Oliveira and Fernandes,
 * 2009).
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
 * The HTML form is an image: JupyterLab hides inline SVG in a notebook that is not
 * trusted yet but shows images, and an image has alternative text. Viewers that
 * prefer SVG get that.
 */
export class Figure implements DisplayObject {
  /**
   * A figure of its drawing and its words.
   *
   * @param svg A whole SVG document.
   * @param alt What the figure shows, in words.
   */
  constructor(readonly svg: string, readonly alt: string) {}

  /** The figure as an image, as SVG and as text. */
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

/** The SVG as a data URI that can stand unescaped in an HTML attribute. */
function svgUri(svg: string): string {
  // A single quote is a third the size of %22. The SVG itself contains none, as
  // escapeXml() escapes them.
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

/** Estimated width of a text, in pixels: nothing here can measure it. */
export function textWidth(text: string, fontSize = 12): number {
  return [...text].length * fontSize * 0.54;
}

/** Combines a drawing, its heading and its legend into one figure. */
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
  // Plot's style sheet only scales figures with their page.
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
