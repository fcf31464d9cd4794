/** Pixels → a small PNG file, whose pixels are indices of a palette. */
import { crc32, deflateSync } from "node:zlib";

/**
 * Most colours of a file. A figure has few; the others are shades between them, at the
 * edges of letters and where notes lie on lines.
 */
const MOST_COLOURS = 128;
/** Colours that differ only in the other bits of red, green and blue are one shade. */
const SHADE_BITS = 0xf0f0f0;

/** An image with no transparency. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and alpha of each pixel, row by row. */
  readonly rgba: Uint8Array;
}

/**
 * Encodes pixels as PNG of 8 bits a pixel. The most frequent colour of each of the most
 * frequent shades is kept, and each other one becomes the nearest of these.
 *
 * Source: https://www.w3.org/TR/png-3/
 */
export function encodePalettePng({ width, height, rgba }: Pixels): Uint8Array {
  const colours = new Uint32Array(width * height);
  const counts = new Map<number, number>();
  for (let i = 0; i < colours.length; i++) {
    const colour = rgba[4 * i]! << 16 | rgba[4 * i + 1]! << 8 |
      rgba[4 * i + 2]!;
    colours[i] = colour;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = paletteOf(counts);
  const indexOf = nearestIndex(palette);
  // Each row begins with its filter, 0 for none.
  const rows = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rows[y * (width + 1) + 1 + x] = indexOf(colours[y * width + x]!);
    }
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 3, 0, 0, 0], 8); // bits, kind: palette, and the usual methods
  return joined([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    chunk(
      "PLTE",
      Uint8Array.from(palette.flatMap((c) => [c >> 16, c >> 8 & 255, c & 255])),
    ),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** The colours to keep. */
function paletteOf(counts: ReadonlyMap<number, number>): number[] {
  const shades = new Map<number, { colour: number; count: number }>();
  for (const [colour, count] of [...counts].sort(([, a], [, b]) => b - a)) {
    const shade = shades.get(colour & SHADE_BITS);
    if (shade) shade.count += count;
    else shades.set(colour & SHADE_BITS, { colour, count });
  }
  return [...shades.values()].sort((a, b) => b.count - a.count)
    .slice(0, MOST_COLOURS).map(({ colour }) => colour);
}

/** Finds the index of a colour, or of the nearest. */
function nearestIndex(palette: readonly number[]): (colour: number) => number {
  const indices = new Map(palette.map((colour, i) => [colour, i]));
  const nearest = new Map<number, number>();
  return (colour) => {
    const own = indices.get(colour);
    if (own !== undefined) return own;
    let index = nearest.get(colour);
    if (index === undefined) {
      const distances = palette.map((other) => distance(other, colour));
      index = distances.indexOf(Math.min(...distances));
      nearest.set(colour, index);
    }
    return index;
  };
}

function distance(a: number, b: number): number {
  const red = (a >> 16) - (b >> 16);
  const green = (a >> 8 & 255) - (b >> 8 & 255);
  const blue = (a & 255) - (b & 255);
  return red * red + green * green + blue * blue;
}

/** Length, kind, content and checksum. */
function chunk(kind: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(new TextEncoder().encode(kind), 4);
  bytes.set(content, 8);
  view.setUint32(
    8 + content.length,
    crc32(bytes.subarray(4, 8 + content.length)),
  );
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}
