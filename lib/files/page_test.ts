import assert from "node:assert/strict";
import { parseMidi } from "../midi/midi.ts";
import { renderSound } from "../synthesis/synthesis.ts";
import { writePage } from "./page.ts";
import { BASS_AND_DRUMS } from "./testing.ts";

async function pageOf(isLoop: boolean, title: string): Promise<string> {
  const content = {
    sequence: BASS_AND_DRUMS,
    title,
    isLoop,
    brief: ['"<slow>": not understood'],
    delivered: [{ what: "key", asked: "", delivered: "C major", met: true }],
  };
  const sound = await renderSound(BASS_AND_DRUMS, { isLoop });
  const pieces = await Array.fromAsync(writePage(content, sound));
  return pieces.map((piece) => new TextDecoder().decode(piece)).join("");
}

/** The bytes that lie in a page under a name. */
function bytesIn(page: string, id: string): Uint8Array {
  const [, base64 = ""] =
    new RegExp(`id="${id}">\\s*([^<]*)</script>`).exec(page) ?? [];
  return Uint8Array.fromBase64(base64);
}

Deno.test("writePage() has sound, notes and brief in it, and loads nothing", async () => {
  const page = await pageOf(false, "Rain & <sun>");
  assert.match(page, /<h1>Rain &#38; &#60;sun&#62;<\/h1>/);
  assert.match(page, /&#60;slow&#62;&#34;: not understood<\/li>/);
  assert.match(page, /C major/);
  assert.match(page, /default-src 'none'/);
  assert.doesNotMatch(page, /(src|href)="?(https?:)?\/\/|@import|fetch\(/);
  const midi = parseMidi(bytesIn(page, "midi"));
  assert.equal(midi.notes.length, BASS_AND_DRUMS.notes.length);
  const mp3 = bytesIn(page, "sound");
  assert.deepEqual([mp3[0], mp3[1]! >> 5], [0xff, 7]);
  // 192 kbit/s for six seconds.
  assert(Math.abs(mp3.length - 24_000 * 6) < 3_000, `${mp3.length} bytes`);
});

Deno.test("writePage() of a loop has a button that plays it without a gap", async () => {
  const page = await pageOf(true, "Loop");
  assert.match(page, /<audio controls loop/);
  assert.match(page, /<button type="button">Play without a gap<\/button>/);
  assert.equal(
    new TextDecoder().decode(bytesIn(page, "sound").subarray(0, 4)),
    "fLaC",
  );
  const plain = await pageOf(false, "");
  assert.doesNotMatch(plain, /<audio controls loop|<button/);
});
