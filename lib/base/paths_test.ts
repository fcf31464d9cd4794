import assert from "node:assert/strict";
import { basename, dirname, join } from "@std/path";
import {
  CHECKPOINTS_FOLDER,
  corpusFolder,
  expandHome,
  expandPath,
  PROJECT_FOLDER,
  readFileIfAny,
  requireWritableFile,
  requireWritableFolder,
  runFolder,
  writeFileAtomically,
  writeFilesAtomically,
} from "./paths.ts";
import { Stopped } from "./turns.ts";

Deno.test("PROJECT_FOLDER holds deno.json, whatever the working directory", async () => {
  assert.ok((await Deno.stat(join(PROJECT_FOLDER, "deno.json"))).isFile);
});

Deno.test("runFolder() takes names and refuses paths", () => {
  assert.equal(runFolder("a_1.b-c"), join(CHECKPOINTS_FOLDER, "a_1.b-c"));
  for (const bad of ["", ".", "..", ".hidden", "a/b", "a\\b", "a b", "é"]) {
    assert.throws(() => runFolder(bad), {
      name: "RangeError",
      message: new RegExp(
        `current value is "${bad.replace(/[\\.]/g, "\\$&")}"`,
      ),
    });
  }
});

Deno.test("writeFileAtomically() makes folders, replaces, and leaves nothing else", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "a", "b.txt");
    await writeFileAtomically(path, "first, and longer");
    await writeFileAtomically(path, new TextEncoder().encode("second"));
    assert.equal(await Deno.readTextFile(path), "second");
    const names = Array.from(
      Deno.readDirSync(join(folder, "a")),
      (e) => e.name,
    );
    assert.deepEqual(names, ["b.txt"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("writeFilesAtomically() renames none before all are written", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "old");
    await Deno.writeTextFile(path, "old");
    // A file where the second one needs a folder.
    const impossible = join(path, "inside");
    await assert.rejects(
      writeFilesAtomically({ [path]: "new", [impossible]: "new" }),
    );
    assert.equal(await Deno.readTextFile(path), "old");
    const names = Array.from(Deno.readDirSync(folder), (entry) => entry.name);
    assert.deepEqual(names, ["old"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("writeFileAtomically() leaves the old file where it fails", async () => {
  const folder = await Deno.makeTempDir();
  try {
    // A folder in the way of the rename.
    const path = join(folder, "taken");
    await Deno.mkdir(join(path, "inside"), { recursive: true });
    await assert.rejects(writeFileAtomically(path, "text"));
    const names = Array.from(Deno.readDirSync(folder), (entry) => entry.name);
    assert.deepEqual(names, ["taken"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("requireWritableFolder() takes a folder, or a new one below, and leaves nothing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await requireWritableFolder(folder);
    await requireWritableFolder(join(folder, "new", "newer"));
    await requireWritableFile(join(folder, "new.mid"));
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("requireWritableFolder() lets several try one folder at once", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const tries = Array.from(
      { length: 50 },
      () => requireWritableFolder(folder),
    );
    await Promise.all(tries);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("requireWritableFolder() names what is in the way", async () => {
  const file = await Deno.makeTempFile();
  try {
    const table: [string, RegExp][] = [
      [file, /: it is a file, not a folder\. Give another folder\.$/],
      [join(file, "a"), /a: .* is a file, not a folder\. Give another/],
      ["/proc/a", /^Cannot write in \/proc\/a: /],
    ];
    for (const [folder, message] of table) {
      await assert.rejects(requireWritableFolder(folder), {
        name: "FileError",
        message,
      });
      await assert.rejects(requireWritableFile(join(folder, "x.mid")));
    }
    await assert.rejects(requireWritableFile(PROJECT_FOLDER), {
      message: /: it is a folder\. Give the name of a file\.$/,
    });
    await assert.rejects(requireWritableFile("/dev/full"), {
      message: "Cannot write /dev/full: it is a device or a pipe. " +
        "Give the name of a file.",
    });
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("writeFileAtomically() passes on that work was stopped, and leaves the old file", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "a.wav");
  await Deno.writeTextFile(path, "old");
  const stopped = async function* () {
    yield new Uint8Array(3);
    await Promise.resolve();
    throw new Stopped();
  };
  await assert.rejects(writeFileAtomically(path, stopped()), Stopped);
  assert.equal(await Deno.readTextFile(path), "old");
  assert.equal([...Deno.readDirSync(folder)].length, 1);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("writeFileAtomically() says that the disk is full and leaves nothing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "a.mid");
    // What is written under the temporary name meets a full disk.
    await Deno.symlink("/dev/full", `${path}.tmp`);
    await assert.rejects(writeFileAtomically(path, "text"), {
      name: "FileError",
      message: `Cannot write ${path}: the disk is full.`,
    });
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("writeFileAtomically() replaces earlier bytes by those made later", async () => {
  const path = join(await Deno.makeTempDir({ prefix: "immersic-" }), "x");
  await writeFileAtomically(
    path,
    (async function* () {
      yield Uint8Array.of(0, 0, 3);
      yield { at: 1, bytes: Uint8Array.of(2) };
      yield Uint8Array.of(4);
    })(),
  );
  assert.deepEqual([...await Deno.readFile(path)], [0, 2, 3, 4]);
  await Deno.remove(dirname(path), { recursive: true });
});

Deno.test("expandPath() knows the home folder and environment variables", () => {
  const home = Deno.env.get(
    Deno.build.os === "windows" ? "USERPROFILE" : "HOME",
  );
  assert.equal(expandPath("~"), home);
  assert.equal(expandPath("~/Music"), `${home}/Music`);
  assert.equal(expandPath("~\\Music"), `${home}\\Music`);
  assert.equal(expandPath("~friend/Music"), "~friend/Music");
  assert.equal(expandPath("50% calm"), "50% calm");
  assert.throws(() => expandPath("%NO_SUCH_PLACE%/a"), {
    name: "RangeError",
    message: /there is no environment variable NO_SUCH_PLACE/,
  });
});

Deno.test("corpusFolder() takes a name or a path", () => {
  for (const name of ["lofi 2", "my lofi!", "Musik für später"]) {
    assert.equal(basename(dirname(corpusFolder(name))), "processed");
  }
  assert.equal(corpusFolder("."), ".");
  assert.equal(corpusFolder("../mine"), "../mine");
  assert.equal(corpusFolder("C:\\mine"), "C:\\mine");
});

Deno.test("readFileIfAny() refuses a file of more bytes than it may have", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, "12345");
    assert.equal((await readFileIfAny(path, 5))?.length, 5);
    await assert.rejects(
      readFileIfAny(path, 4),
      /Cannot read .*: it has 5 bytes, 4 at most are read\./,
    );
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("expandHome() puts the home folder in place of a ~ at the beginning only", () => {
  const name = Deno.build.os === "windows" ? "USERPROFILE" : "HOME";
  const home = Deno.env.get(name)!;
  assert.equal(expandHome("~/a.mid"), `${home}/a.mid`);
  assert.equal(expandHome("~"), home);
  for (const path of ["~other/a", "a/~/b", "./~", "%MUSIC%/a", ""]) {
    assert.equal(expandHome(path), path);
  }
});

Deno.test("names of folders that are empty or no texts are refused", () => {
  assert.throws(() => corpusFolder(" "), { message: /its name is empty/ });
  const nothing: unknown = undefined;
  for (const name of [corpusFolder, runFolder, expandPath]) {
    assert.throws(() => name(nothing as string), {
      name: "RangeError",
      message: /must be a text, current value is undefined\. Is the parameter/,
    });
  }
});
