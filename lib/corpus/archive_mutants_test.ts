import assert from "node:assert/strict";
import { posix, win32 } from "node:path";
import { gzipSync } from "node:zlib";
import { Random } from "../base/base.ts";
import { archiveEntries } from "./archive.ts";
import { ArchiveError } from "./archive_entry.ts";
import { tar, zip } from "./archive_fixtures.ts";

/** Mutants in all; the figures in docs are of 50,000. */
const COUNT = Number(Deno.env.get("IMMERSIC_ARCHIVES") ?? 400);
/** Most time for one, in milliseconds, on a machine that does other work too. */
const MOST_MILLISECONDS = 2000;
/** Most memory beyond that at the beginning, in bytes. */
const MOST_BYTES = 400e6;

const FILES: readonly (readonly [string, string])[] = [
  ["Artist/one.mid", "one ".repeat(300)],
  ["Artist/two.mid", "2"],
  [`${"long/".repeat(30)}three.mid`, "three"],
];
const names = FILES.map(([path]) => path.slice(0, 99));
const plainTar = tar([
  ["././@LongLink", `${FILES[2]![0]}\0`, "L"],
  [names[2]!, FILES[2]![1]],
  ["x", "22 path=Artist/one.mid\n", "x"],
  ...FILES.slice(0, 2),
  ["folder/", "", "5"],
]);

/** Whole archives of each kind. */
const SEEDS: readonly Uint8Array[] = [
  zip(FILES),
  zip(FILES.map(([path, text]) => [path, text, 0])),
  zip(FILES, { isZip64: true }),
  plainTar,
  new Uint8Array(gzipSync(plainTar)),
];

/** A folder of each kind of system, which files must stay in. */
const FOLDERS = [[posix, "/folder"], [win32, "C:\\folder"]] as const;

/** Changes some bytes, most of them where sizes, places and names are. */
function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  const mutant = bytes.slice();
  for (let i = 1 + random.int(4); i > 0; i--) {
    const at = random.int(mutant.length);
    const value = random.pick([0, 0xff, 0x2f, 0x2e, 0x37, random.int(256)]);
    mutant.fill(value, at, at + random.pick([1, 1, 1, 2, 4, 11]));
  }
  return random.next() < 0.1
    ? mutant.subarray(0, random.int(mutant.length))
    : mutant;
}

/** Reads all files of an archive, and what was wrong with it. */
async function readAll(bytes: Uint8Array): Promise<string | undefined> {
  try {
    for await (const entry of archiveEntries(bytes)) {
      assert.doesNotMatch(entry.path, /\p{Cc}/u);
      for (const [{ resolve }, folder] of FOLDERS) {
        const place = resolve(folder, entry.path);
        assert.ok(place.startsWith(folder), JSON.stringify(entry.path));
      }
      // What is larger is passed over where music is read.
      if (entry.size > 1e6) continue;
      const { length } = await entry.read();
      assert.ok(length <= entry.size, `${length} of ${entry.size} bytes`);
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    assert.match(error.message, /^Cannot [^\n]+[.?]$/);
    return error.name;
  }
}

Deno.test(`archiveEntries() reads ${COUNT} damaged archives within bounds, or refuses them in a sentence`, async () => {
  const outcomes: Record<string, number> = {};
  const before = Deno.memoryUsage().rss;
  for (let number = 0; number < COUNT; number++) {
    const random = new Random(number);
    const mutant = mutate(SEEDS[number % SEEDS.length]!, random);
    const begun = performance.now();
    const outcome = await readAll(mutant).catch((error) => {
      throw new Error(`mutant ${number}: ${error.message}`, { cause: error });
    });
    const milliseconds = performance.now() - begun;
    assert.ok(milliseconds < MOST_MILLISECONDS, `${number}: ${milliseconds}`);
    const grown = Deno.memoryUsage().rss - before;
    assert.ok(grown < MOST_BYTES, `${grown} bytes after mutant ${number}`);
    outcomes[outcome ?? "read"] = (outcomes[outcome ?? "read"] ?? 0) + 1;
  }
  // Neither all nor none of them.
  for (const kind of ["read", "ArchiveError", "PackedFileError"]) {
    assert.ok(outcomes[kind]! > COUNT / 50, JSON.stringify(outcomes));
  }
});
