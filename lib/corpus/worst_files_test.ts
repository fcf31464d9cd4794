import assert from "node:assert/strict";
import { join } from "@std/path";
import { accountOf } from "./account.ts";
import { midi, withFiles } from "./testing.ts";
import type { NoteSequence } from "../music/music.ts";
import { RemiTokenizer } from "../tokens/remi/remi.ts";

const END = [0, 0xff, 0x2f, 0];
const LONGEST = [0xff, 0xff, 0xff, 0x7f];

/** A file of one track or more with these events. */
function fileOf(
  events: readonly number[],
  { tracks = 1, division = 480 } = {},
): Uint8Array {
  const bytes = (value: number, count: number) =>
    Array.from({ length: count }, (_, i) => value >>> 8 * (count - 1 - i));
  const head = [..."MThd"].map((char) => char.charCodeAt(0));
  const track = [..."MTrk"].map((char) => char.charCodeAt(0));
  track.push(...bytes(events.length, 4));
  return Uint8Array.from([
    ...[...head, ...bytes(6, 4), ...bytes(1, 2)],
    ...[...bytes(tracks, 2), ...bytes(division, 2)],
    ...Array(tracks).fill([...track, ...events]).flat(),
  ]);
}

const times = (count: number, event: readonly number[]) =>
  Array<readonly number[]>(count).fill(event).flat();

/** A note as long as a file can say. */
const ENDLESS = [0, 0x90, 60, 9, ...LONGEST, 0x80, 60, 0, ...END];

/** Files that end programs, hang them, or hold nothing. */
const WORST: Readonly<Record<string, Uint8Array>> = {
  "empty.mid": new Uint8Array(),
  "text.mid": new TextEncoder().encode("<html>404 Not Found</html>"),
  "zeros.mid": new Uint8Array(100_000),
  "beginning.mid": midi(60, 62, 64).subarray(0, 20),
  "half.mid": midi(60, 62, 64).subarray(0, 40),
  "no notes.mid": fileOf(times(20_000, [1, 0xb0, 7, 100])),
  "endless.mid": fileOf(ENDLESS, { division: 1 }),
  "bars.mid": fileOf([0, 0xff, 0x58, 4, 1, 7, 24, 8, ...ENDLESS], {
    division: 32,
  }),
  "tracks.mid": fileOf([0, 0x90, 60, 9, 1, 0x80, 60, 0, ...END], {
    tracks: 10_000,
  }),
  "exclusive.mid": fileOf([0, 0xf0, ...LONGEST, 1, 2, 3]),
  "meta.mid": fileOf([0, 0xff, 1, ...LONGEST, 65]),
};

/** A tokenizer that fails on some music as the engine does. */
class FailingTokenizer extends RemiTokenizer {
  override encode(sequence: NoteSequence): string[] {
    const [first] = sequence.notes;
    if (first?.pitch === 1) new Array(-1);
    if (first?.pitch === 2) return this.encode(sequence);
    if (first?.pitch === 3) throw "not even an error";
    return super.encode(sequence);
  }
}

Deno.test("preprocess() names the worst files and keeps the others", async () => {
  const good = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`good ${i}.mid`, midi(40 + i, 60)]),
  );
  const failing = { "1.mid": midi(1), "2.mid": midi(2), "3.mid": midi(3) };
  const files = { ...good, ...WORST, ...failing };
  await withFiles(files, async (run, midiFolder, outside) => {
    const path = (name: string) => join(midiFolder, name);
    await Deno.mkdir(path("folder.mid"));
    await Deno.symlink("nowhere", path("broken link.mid"));
    await Deno.symlink("circle.mid", path("circle.mid"));
    await Deno.symlink("/dev/zero", path("device.mid"));
    await Deno.mkdir(outside);
    await Deno.symlink(outside, path("out"));
    using sparse = await Deno.open(path("large.mid"), {
      write: true,
      create: true,
    });
    await sparse.truncate(2 ** 40);
    await new Deno.Command("mkfifo", { args: [path("pipe.mid")] }).output();

    for (const followLinks of [false, true]) {
      const manifest = await run({
        tokenizer: new FailingTokenizer(),
        followLinks,
      });
      const { rejected, repaired } = accountOf(manifest);
      const named = new Set([...rejected, ...repaired].map(({ file }) => file));
      const bad = [
        ...Object.keys({ ...WORST, ...failing }),
        ...["broken link.mid", "circle.mid", "device.mid", "folder.mid/"],
        ...["large.mid", "pipe.mid", ...followLinks ? [] : ["out/"]],
      ];
      assert.deepEqual(bad.filter((file) => !named.has(file)), []);
      for (const file in good) {
        assert.ok(manifest.pieces.some((piece) => piece.file === file), file);
      }
    }
  });
});
