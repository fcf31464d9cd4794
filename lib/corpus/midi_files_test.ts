import assert from "node:assert/strict";
import { join } from "@std/path";
import { findMidiFiles, type FoundFile, openMidiFile } from "./midi_files.ts";
import { midi, withFiles } from "./testing.ts";

/** Files found, those refused with their reasons. */
function shown(found: readonly FoundFile[]): string[] {
  return found.map(({ file, refusal }) =>
    refusal ? `${file}: ${refusal.reason}` : file
  );
}

/** Runs a program of the system; false where it has none. */
async function system(program: string, ...args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args }).output()).success;
  } catch {
    return false;
  }
}

Deno.test("findMidiFiles() knows all ends of names, in any case", async () => {
  const names = [
    ...["a.mid", "b.MIDI", "c.Kar", "d.rmi", "e.SMF", "f.midi2"],
    ...["g.txt", "h.mid.zip", "mid", "i.mid2", "j.xmid"],
  ];
  const files = Object.fromEntries(names.map((name) => [name, midi(60)]));
  await withFiles(files, async (_, folder) => {
    const found = await findMidiFiles(folder);
    assert.deepEqual(shown(found), names.slice(0, 6));
  });
});

Deno.test("findMidiFiles() reads folders below, one of a file's name too", async () => {
  await withFiles({ "a.mid": midi(60) }, async (_, folder) => {
    await Deno.mkdir(join(folder, "b.mid"));
    await Deno.writeFile(join(folder, "b.mid", "c.mid"), midi(61));
    assert.deepEqual(shown(await findMidiFiles(folder)), [
      "a.mid",
      "b.mid/: it is not a regular file",
      "b.mid/c.mid",
    ]);
  });
});

Deno.test("findMidiFiles() follows links within the folder only, and others on request", async () => {
  await withFiles(
    { "a.mid": midi(60), "deep/b.mid": midi(61) },
    async (_, folder, outside) => {
      await Deno.mkdir(join(outside, "more"), { recursive: true });
      await Deno.writeFile(join(outside, "x.mid"), midi(62));
      await Deno.writeFile(join(outside, "more", "y.mid"), midi(63));
      const link = (target: string, name: string) =>
        Deno.symlink(target, join(folder, name));
      await link(folder, "deep/circle");
      await link("circle", "deep/twin of a circle");
      await link("itself.mid", "itself.mid");
      await link("a.mid", "inside.mid");
      await link(join(folder, "gone"), "lost.mid");
      await link(outside, "outside");
      await link(join(outside, "x.mid"), "outside.mid");
      await link(join(outside, "x.mid"), "a name of no MIDI file");
      await Deno.symlink(outside, join(outside, "more", "back"));
      await Deno.symlink(folder, join(outside, "more", "back to the folder"));
      const own = [
        ...["a.mid", "deep/b.mid", "inside.mid", "itself.mid", "lost.mid"],
      ];
      assert.deepEqual(shown(await findMidiFiles(folder)), [
        ...own,
        "outside.mid: a link leaves the folder",
        "outside/: a link leaves the folder",
      ]);
      assert.deepEqual(shown(await findMidiFiles(folder, true)), [
        ...own,
        "outside.mid",
        "outside/more/y.mid",
        "outside/x.mid",
      ]);
    },
  );
});

Deno.test("findMidiFiles() names a folder that cannot be read, and reads the others", async () => {
  await withFiles({ "z.mid": midi(60) }, async (_, folder, other) => {
    // Two paths that the system takes, one in the other: too long a path.
    const deep = Array<string>(12).fill("x".repeat(200)).join("/");
    const inner = join(folder, deep, "inner");
    for (const path of [join(folder, deep), join(other, deep)]) {
      await Deno.mkdir(path, { recursive: true });
    }
    await Deno.rename(other, inner);
    const found = await findMidiFiles(folder);
    await Deno.rename(inner, other);
    assert.deepEqual(found.map(({ file }) => file.slice(-5)), [
      "xxxx/",
      "z.mid",
    ]);
    assert.equal(found[0]?.refusal?.reason, "the folder cannot be read");
    assert.match(
      found[0]?.refusal?.message ?? "",
      /^Cannot read x.*\/: its path is too long\.$/,
    );
  });
});

Deno.test("openMidiFile() refuses pipes, devices, folders and large files, unread", async () => {
  await withFiles({ "a.mid": midi(60) }, async (_, folder) => {
    const path = (name: string) => join(folder, name);
    assert.deepEqual(await openMidiFile(path("a.mid")), midi(60));
    const large = await Deno.open(path("large.mid"), {
      write: true,
      create: true,
    });
    await large.truncate(2 ** 40);
    large.close();
    const table: [string, string][] = [
      [path("large.mid"), "the file is too large"],
      [path("deep"), "it is not a regular file"],
      [path("gone.mid"), "the file cannot be opened"],
      ["/dev/zero", "it is not a regular file"],
    ];
    if (await system("mkfifo", path("pipe.mid"))) {
      table.push([path("pipe.mid"), "it is not a regular file"]);
    }
    for (const [file, reason] of table) {
      await assert.rejects(openMidiFile(file), { name: "FileError", reason });
    }
    await assert.rejects(openMidiFile(path("pipe.mid"), "pipe.mid"), {
      message: /^Cannot read pipe\.mid: (it is a pipe|there is no such file)/,
    });
  });
});
