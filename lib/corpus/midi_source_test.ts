import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { join } from "@std/path";
import { tar, zip } from "./archive_fixtures.ts";
import { openMidiSource } from "./midi_source.ts";
import { readSequences } from "./sequences.ts";
import { midi } from "./testing.ts";

async function withFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The files of a source, or why each cannot be read. */
async function shown(path: string, only?: string[]): Promise<string[]> {
  const source = await openMidiSource(path);
  const lines: string[] = [];
  for await (
    const { file, read } of source.files(new Set(only ?? source.names))
  ) {
    const content = await read();
    lines.push(
      `${file}: ${
        "reason" in content ? content.reason : new TextDecoder().decode(content)
      }`,
    );
  }
  return lines;
}

const FILES: [string, string][] = [
  ["set/b.mid", "old"],
  ["set/notes.txt", "none"],
  ["set/c.KAR", "three"],
  ["a.midi", "one"],
  ["set/b.mid", "two"],
];

Deno.test("files of a slow folder are read ahead, and are the same", () =>
  withFolder(async (folder) => {
    const names = Array.from({ length: 30 }, (_, i) => `${10 + i}.mid`);
    for (const name of names) {
      await Deno.writeTextFile(join(folder, name), `of ${name}`);
    }
    // Each look at this clock takes a second.
    const { now } = performance, { readFile } = Deno;
    let seconds = 0, ahead = 0;
    performance.now = () => 1000 * seconds++;
    Deno.readFile = (...args) => {
      ahead++;
      return readFile(...args);
    };
    try {
      assert.deepEqual(
        await shown(folder),
        names.map((name) => `${name}: of ${name}`),
      );
    } finally {
      performance.now = now;
      Deno.readFile = readFile;
    }
    // The first shows that the folder is slow.
    assert.equal(ahead, 29);
  }));

Deno.test("openMidiSource() lists folders and archives alike, the later of two files", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "set/set"), { recursive: true });
    for (const [path, text] of FILES) {
      await Deno.writeTextFile(join(folder, "set", path), text);
    }
    const files = { zip: zip(FILES), tar: tar(FILES) };
    await Deno.writeFile(join(folder, "a.zip"), files.zip);
    await Deno.writeFile(join(folder, "a.tar"), files.tar);
    await Deno.writeFile(join(folder, "a.tar.gz"), gzipSync(files.tar));
    const names = ["a.midi", "set/b.mid", "set/c.KAR"];
    const lines = ["a.midi: one", "set/b.mid: two", "set/c.KAR: three"];
    for (const path of ["set", "a.zip", "a.tar", "a.tar.gz"]) {
      const source = await openMidiSource(join(folder, path));
      assert.deepEqual(source.names, names, path);
      assert.deepEqual((await shown(join(folder, path))).sort(), lines, path);
      const some = await shown(join(folder, path), ["set/b.mid"]);
      assert.deepEqual(some, ["set/b.mid: two"], path);
    }
  }));

Deno.test("openMidiSource() tells of single files of archives, and reads the others", () =>
  withFolder(async (folder) => {
    const archive = join(folder, "a.zip");
    const bytes = zip([["a.mid", "text", 0], ["b.mid", "two", 0]]);
    bytes[bytes.indexOf("t".charCodeAt(0))]! ^= 1;
    await Deno.writeFile(archive, bytes);
    assert.deepEqual(await shown(archive), [
      "a.mid: the file is damaged in the archive",
      "b.mid: two",
    ]);
    const large = "0".repeat(2 ** 24 + 1);
    await Deno.writeFile(archive, zip([["a.mid", large], ["b.mid", "two"]]));
    assert.deepEqual(await shown(archive), [
      "a.mid: the file is too large",
      "b.mid: two",
    ]);
  }));

Deno.test("openMidiSource() says why there is nothing to read", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.zip");
    await Deno.writeFile(path, zip([["notes.txt", "none"]]));
    const table: [string, RegExp][] = [
      [folder, /there is no \.mid, .* file in it or its subfolders\.$/],
      [path, /there is no \.mid, .* file in it or its subfolders\.$/],
      [join(folder, "absent"), /Is the path of the MIDI folder right\?$/],
      ["/dev/null", /it is a device or a pipe/],
    ];
    for (const [path, message] of table) {
      await assert.rejects(openMidiSource(path), { message });
    }
    await Deno.writeFile(path, tar([["a.mid", "text"]]).subarray(0, 514));
    await assert.rejects(openMidiSource(path), { message: /no whole ZIP/ });
  }));

Deno.test("readSequences() tells that an archive is no folder", () =>
  withFolder(async (folder) => {
    const midiFolder = join(folder, "a.zip");
    await Deno.writeFile(midiFolder, zip([["a.mid", "text"]]));
    const pieces = readSequences(
      { midiFolder, outFolder: folder },
      { pieces: [] },
    );
    assert.throws(() => [...pieces], /it is an archive, which is only read/);
  }));

Deno.test("readSequences() reads one split, of a folder or of one file, and tells what has gone", () =>
  withFolder(async (folder) => {
    const [first, second] = ["first.mid", "second.mid"];
    await Deno.writeFile(join(folder, first), midi(60));
    await Deno.writeFile(join(folder, second), midi(62));
    const rest = { sha256: "", tokens: 1, twin: "" };
    const pieces = [
      { file: first, split: "train", ...rest },
      { file: second, split: "test", ...rest },
    ] as const;
    const pitches = (midiFolder: string, split?: "train" | "test") =>
      Array.from(
        readSequences({ midiFolder, outFolder: folder }, { pieces }, split),
        ({ notes }) => notes[0]!.pitch,
      );
    assert.deepEqual(pitches(folder), [60, 62]);
    assert.deepEqual(pitches(folder, "test"), [62]);
    assert.deepEqual(pitches(join(folder, first), "train"), [60]);
    await Deno.remove(join(folder, second));
    assert.throws(() => pitches(folder), { name: "FileError" });
    assert.throws(() => pitches(join(folder, "gone")), { name: "FileError" });
  }));
