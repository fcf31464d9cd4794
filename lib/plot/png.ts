/** SVG → PNG, for viewers that show no SVG. */
import { encodePalettePng } from "./palette_png.ts";

/**
 * Draws a figure as PNG, a pixel for each CSS pixel, in its light colours.
 *
 * @param svg A whole SVG document.
 * @returns The file.
 */
export async function drawPng(svg: string): Promise<Uint8Array> {
  const { Resvg, fonts } = await (renderer ??= loadRenderer());
  const drawing = new Resvg(svg, {
    font: {
      fontBuffers: fonts,
      defaultFontFamily: FONT,
      sansSerifFamily: FONT,
    },
  });
  try {
    const image = drawing.render();
    const { width, height, pixels: rgba } = image;
    const png = encodePalettePng({ width, height, rgba });
    image.free();
    return png;
  } finally {
    drawing.free();
  }
}

/** The font of PNGs. Figures ask for the font of the viewer's system, which is not here. */
const FONT = "Inter";

/** Loaded only if needed: it is large. */
let renderer: ReturnType<typeof loadRenderer> | undefined;

async function loadRenderer() {
  const { initWasm, Resvg } = await import("@resvg/resvg-wasm");
  await initWasm(fetch(import.meta.resolve("@resvg/resvg-wasm/index_bg.wasm")));
  const fonts = await Promise.all(["400", "600"].map(async (weight) => {
    const file = import.meta.resolve(
      `@fontsource/inter/files/inter-latin-${weight}-normal.woff2`,
    );
    return new Uint8Array(await (await fetch(file)).arrayBuffer());
  }));
  return { Resvg, fonts };
}
