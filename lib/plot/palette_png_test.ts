import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";
import { encodePalettePng } from "./palette_png.ts";

/** The chunks of a PNG file by their kind. */
function chunksOf(png: Uint8Array): Map<string, Uint8Array> {
  const chunks = new Map<string, Uint8Array>();
  const view = new DataView(png.buffer);
  for (let at = 8; at < png.length;) {
    const length = view.getUint32(at);
    const kind = new TextDecoder().decode(png.subarray(at + 4, at + 8));
    chunks.set(kind, png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return chunks;
}

Deno.test("encodePalettePng() keeps pixels of few colours as they are", () => {
  const rgba = Uint8Array.of(
    ...[255, 0, 0, 255, 0, 0, 255, 255],
    ...[0, 0, 255, 255, 0, 0, 255, 255],
  );
  const chunks = chunksOf(encodePalettePng({ width: 2, height: 2, rgba }));
  assert.deepEqual([...chunks.keys()], ["IHDR", "PLTE", "IDAT", "IEND"]);
  // The most frequent colour comes first.
  assert.deepEqual([...chunks.get("PLTE")!], [0, 0, 255, 255, 0, 0]);
  assert.deepEqual(
    [...inflateSync(chunks.get("IDAT")!)],
    [0, 1, 0, 0, 0, 0],
  );
});

Deno.test("encodePalettePng() keeps the most frequent colour of a shade", () => {
  const reds = [0xf0, 0xf1, 0xf1, 0xf2];
  const rgba = Uint8Array.from(reds.flatMap((red) => [red, 0, 0, 255]));
  const chunks = chunksOf(encodePalettePng({ width: 4, height: 1, rgba }));
  assert.deepEqual([...chunks.get("PLTE")!], [0xf1, 0, 0]);
  assert.deepEqual([...inflateSync(chunks.get("IDAT")!)], [0, 0, 0, 0, 0]);
});

Deno.test("encodePalettePng() puts the nearest of 128 colours in place of others", () => {
  // 256 shades of red and green, of which the first 128 come twice.
  const shades = Array.from(
    { length: 256 },
    (_, i) => [i & 0xf0, i << 4 & 0xf0],
  );
  const pixels = [...shades, ...shades.slice(0, 128)];
  const rgba = Uint8Array.from(
    pixels.flatMap(([r = 0, g = 0]) => [r, g, 0, 255]),
  );
  const image = { width: pixels.length, height: 1, rgba };
  const chunks = chunksOf(encodePalettePng(image));
  assert.equal(chunks.get("PLTE")!.length, 3 * 128);
  const [, ...indices] = inflateSync(chunks.get("IDAT")!);
  assert.equal(indices[40], 40);
  // Of all with less red, the one with as much green is nearest.
  assert.equal(indices[255], 127);
});
