import assert from "node:assert/strict";
import { packMusicXml } from "./mxl.ts";

Deno.test("packMusicXml() packs a score, its kind first and plain", async () => {
  const { strFromU8, unzipSync } = await import("fflate");
  const bytes = await packMusicXml("<score/>");
  const start = strFromU8(bytes.subarray(0, 100), true);
  assert.match(start, /^PK.*mimetypeapplication\/vnd\.recordare\.musicxml/s);
  const files = unzipSync(bytes);
  assert.deepEqual(Object.keys(files), [
    "mimetype",
    "META-INF/container.xml",
    "score.musicxml",
  ]);
  assert.match(
    strFromU8(files["META-INF/container.xml"]!),
    /full-path="score\.musicxml"/,
  );
  assert.equal(strFromU8(files["score.musicxml"]!), "<score/>");
  assert.deepEqual(await packMusicXml("<score/>"), bytes);
});
