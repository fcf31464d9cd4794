/**
 * Colours of figures, on light pages and on dark ones.
 *
 * A figure is drawn in the colours of light pages. A style sheet in it replaces them
 * where the page is dark; viewers that know no style sheets show the light figure.
 */

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
 * Colours for series. Any two differ by 20 or more in CIELAB, on light pages and on dark
 * ones, also as seen by readers who lack one kind of cone (model of Machado, Oliveira and
 * Fernandes, 2009).
 */
export const seriesColours: readonly string[] = [
  "#3a57b0",
  "#c98a2b",
  "#35a898",
  "#a0323c",
  "#a487e0",
  "#34313f",
];

/** What takes the place of each colour on a dark page; text there has 7 : 1 or more. */
const DARK: Readonly<Record<string, string>> = {
  [colours.background]: "#1d1f24",
  [colours.border]: "#41454c",
  [colours.ink]: "#e6e3dc",
  [colours.softInk]: "#a9adb5",
  [colours.grid]: "#33363c",
  [colours.shade]: "#24272c",
  "#3a57b0": "#5874dc",
  "#c98a2b": "#dba044",
  "#35a898": "#3ec4a4",
  "#a0323c": "#d4555f",
  "#a487e0": "#b9b0ff",
  "#34313f": "#f4f1f5",
  // Spare colours of parts.
  "#6f8f2a": "#9bbf45",
  "#58a6d6": "#86c8f2",
  "#7d4a24": "#a8703f",
  "#d77fa1": "#eb9cbb",
};

/** Class of a figure's root. Rules begin with it, so none reaches the page around. */
export const FIGURE_CLASS = "immersic-figure";

/**
 * The style element that a drawing needs to follow dark pages.
 *
 * @param svg SVG elements with light colours in the attributes `fill` and `stroke`.
 */
export function themeStyle(svg: string): string {
  const used = new Set(
    Array.from(svg.matchAll(/\b(?:fill|stroke)="#[0-9a-f]{6}"/g), String),
  );
  const rules = [...used].map((attribute) => {
    const [name = "", light = ""] = attribute.split(/="|"/);
    const dark = DARK[light];
    const at = `[${name}='${light}']`;
    return dark
      ? `.${FIGURE_CLASS}${at},.${FIGURE_CLASS} ${at}{${name}:${dark}}`
      : "";
  });
  return `<style>@media(prefers-color-scheme:dark){${rules.join("")}}</style>`;
}
