import assert from "node:assert/strict";
import { join } from "@std/path";
import { jupyterDisplay } from "../plot/plot.ts";
import { audioPlayer, fileLink, loopPlayer } from "./files.ts";

/** A folder with a file of this many bytes. */
async function withFile(
  name: string,
  bytes: number,
  work: (path: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    const path = join(folder, name);
    await Deno.writeFile(path, new Uint8Array(bytes));
    await work(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("audioPlayer() plays a file by a path relative to the notebook", async () => {
  const bundle = await audioPlayer(join(Deno.cwd(), "outputs", "a & b.wav"), {
    label: "Dream <1>",
  })[jupyterDisplay]();
  assert.equal(
    bundle["text/html"]?.replace(/ onplay="[^"]*a\.pause\(\)"/, ""),
    '<p>Dream &#60;1&#62;<br><audio controls preload="metadata" ' +
      'aria-label="Dream &#60;1&#62;" src="outputs/a%20%26%20b.wav"></audio></p>',
  );
});

Deno.test("audioPlayer() embeds a small file", async () => {
  await withFile("short.mp3", 3, async (path) => {
    const bundle = await audioPlayer(path)[jupyterDisplay]();
    assert.match(bundle["text/html"]!, / src="data:audio\/mpeg;base64,AAAA">/);
    assert.match(bundle["text/plain"]!, /^Audio: .*short\.mp3$/);
  });
});

Deno.test("audioPlayer() asks for the very content that a larger file has", async () => {
  await withFile("long.wav", 200_000, async (path) => {
    const address = async () => {
      const bundle = await audioPlayer(path)[jupyterDisplay]();
      return / src="([^"]*)"/.exec(bundle["text/html"]!)![1]!;
    };
    const first = await address();
    assert.match(first, /long\.wav\?v=[0-9a-f]{12}$/);
    assert.equal(await address(), first);
    await Deno.writeFile(path, new Uint8Array(200_001));
    assert.notEqual(await address(), first);
  });
});

Deno.test("audioPlayer() embeds bytes, but not a whole song", async () => {
  const bytes = new Uint8Array([82, 73, 70, 70]);
  const bundle = await audioPlayer(bytes)[jupyterDisplay]();
  assert.match(
    bundle["text/html"]!,
    /src="data:audio\/wav;base64,UklGRg=="/,
  );
  assert.throws(() => audioPlayer(new Uint8Array(1_000_001)), {
    name: "RangeError",
    message: /current value is 1000001.*Write it to a file/,
  });
});

Deno.test("loopPlayer() has a player, and a button that plays without a gap", async () => {
  const path = join(Deno.cwd(), "outputs", "a.wav");
  const bundle = await loopPlayer(path, { label: "A <b>" })[jupyterDisplay]();
  const html = bundle["text/html"]!;
  assert.match(html, /A &#60;b&#62;<br><audio controls loop/);
  assert.match(html, /src="outputs\/a\.wav"/);
  assert.match(html, /<button type="button">Play without a gap<\/button>/);
  assert.match(html, /source\.loop = true/);
});

Deno.test("fileLink() downloads, and holds no absolute path", () => {
  const path = join(Deno.cwd(), "..", "outputs", "piece #1.mid");
  assert.deepEqual(fileLink(path)[jupyterDisplay](), {
    "text/html":
      '<p><a href="../outputs/piece%20%231.mid" download="piece #1.mid">piece #1.mid</a></p>',
    "text/plain": "../outputs/piece%20%231.mid",
  });
  assert.match(
    fileLink(path, "the MIDI file")[jupyterDisplay]()["text/html"]!,
    />the MIDI file<\/a>/,
  );
});
