/** What tests of collections share. */

import assert from "node:assert/strict";
import { dirname, join } from "@std/path";
import { strToU8, zipSync } from "fflate";
import { writeMidi } from "../../midi/midi.ts";
import { emptySequence } from "../../music/music.ts";
import { loadCorpus } from "../folder.ts";
import type { Manifest } from "../format.ts";
import {
  mergeParts,
  preprocess,
  type PreprocessOptions,
  preprocessPart,
} from "../preprocess.ts";
import { readSequences } from "../sequences.ts";
import { PitchTokenizer } from "../testing.ts";

/** What preprocessing makes of a collection. */
export interface Result {
  readonly manifest: Manifest;
  /** Pitches of each piece, by its file. */
  readonly pitches: Readonly<Record<string, string>>;
  /** Splits by file. */
  readonly splits: Readonly<Record<string, string>>;
}

/** Preprocesses some files as a ZIP, a folder and in parts, with the same result. */
export async function preprocessed(
  files: Record<string, Uint8Array | string>,
  options: Partial<PreprocessOptions> = {},
): Promise<Result> {
  const root = await Deno.makeTempDir();
  const outFolder = join(root, "out"), archive = join(root, "some.zip");
  const midiFolder = join(root, "in");
  const content = Object.entries(files).map(([path, one]) =>
    [path, typeof one === "string" ? strToU8(one) : one] as const
  );
  try {
    await Deno.writeFile(archive, zipSync(Object.fromEntries(content)));
    for (const [path, bytes] of content) {
      await Deno.mkdir(dirname(join(midiFolder, path)), { recursive: true });
      await Deno.writeFile(join(midiFolder, path), bytes);
    }
    const way = { tokenizer: new PitchTokenizer(), ...options };
    const run = (midiFolder: string) =>
      preprocess({ midiFolder, outFolder, ...way });
    const manifest = await run(archive);
    assert.deepEqual(await run(midiFolder), manifest);
    const parts = [1, 2, 3].map((part) => join(root, `${part}`));
    for (const [i, outFolder] of parts.entries()) {
      const part = { part: i + 1, of: parts.length };
      await preprocessPart({ midiFolder: archive, outFolder, ...way }, part);
    }
    await mergeParts(parts, join(root, "merged"));
    const text = (folder: string) =>
      Deno.readTextFile(join(root, folder, "manifest.json"));
    assert.equal(await text("merged"), await text("out"));
    const { pieces, vocabulary } = await loadCorpus(outFolder);
    const again = [...readSequences({ midiFolder, outFolder }, manifest)];
    const pitches = pieces.map(({ file, ids }, i) => {
      const tokens = vocabulary.decode(ids);
      const read = again[i]!.notes.map(({ pitch }) => `p${pitch}`);
      if (options.tokenizer === undefined) {
        assert.deepEqual(read, tokens, "readSequences() gives other notes");
      }
      return [file, tokens.map((token) => token.slice(1)).join(" ")];
    });
    const splits = pieces.map(({ file, split }) => [file, split]);
    return {
      manifest,
      pitches: Object.fromEntries(pitches),
      splits: Object.fromEntries(splits),
    };
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Reasons and files of what was refused. */
export function refused({ manifest }: Result): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(manifest.rejections).map(([reason, files]) => [
      reason,
      files.map(({ file }) => file),
    ]),
  );
}

/** A drum performance. */
export function drums(...pitches: number[]): Uint8Array {
  return writeMidi({
    ...emptySequence(480),
    parts: [{ name: "", program: 0, isDrum: true }],
    notes: pitches.map((pitch, i) => ({
      ...{ pitch, velocity: 90, part: 0 },
      ...{ startTicks: 480 * i, endTicks: 480 * i + 60 },
    })),
    timeSignatures: [{ ticks: 0, numerator: 4, denominator: 4 }],
    totalTicks: 480 * pitches.length,
  });
}
