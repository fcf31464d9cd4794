import assert from "node:assert/strict";
import { join } from "@std/path";
import { jupyterDisplay } from "../plot/plot.ts";
import { audioPlayer, fileLink, loopPlayer } from "./files.ts";

Deno.test("audioPlayer() plays a file by a path relative to the notebook", () => {
  const bundle = audioPlayer(join(Deno.cwd(), "outputs", "a & b.wav"), {
    label: "Dream <1>",
  })[jupyterDisplay]();
  assert.equal(
    bundle["text/html"],
    '<p>Dream &#60;1&#62;<br><audio controls preload="metadata" ' +
      'aria-label="Dream &#60;1&#62;" src="outputs/a%20%26%20b.wav"></audio></p>',
  );
});

Deno.test("audioPlayer() embeds bytes, but not a whole song", () => {
  const bytes = new Uint8Array([82, 73, 70, 70]);
  assert.match(
    audioPlayer(bytes)[jupyterDisplay]()["text/html"]!,
    /src="data:audio\/wav;base64,UklGRg=="/,
  );
  assert.throws(() => audioPlayer(new Uint8Array(1_000_001)), {
    name: "RangeError",
    message: /current value is 1000001.*Write it to a file/,
  });
});

Deno.test("loopPlayer() has a player, and a button that plays without a gap", () => {
  const path = join(Deno.cwd(), "outputs", "a.wav");
  const html = loopPlayer(path, { label: "A <b>" })[jupyterDisplay]()[
    "text/html"
  ]!;
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
