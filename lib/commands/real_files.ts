/** Other people's files, for tests: they are beside the project and not in it. */

import { join } from "@std/path";
import { PROJECT_FOLDER, Random } from "../base/base.ts";
import { unpack } from "../corpus/corpus.ts";

/** A file of other people. */
export interface RealFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const SHARED = join(PROJECT_FOLDER, "..", "shared");

/** Collections of other people's files, by name; each may be absent. */
export const COLLECTIONS: Readonly<
  Record<string, () => Promise<RealFile[]>>
> = {
  "cases": () => folder(join(SHARED, "cases")),
  "lofi-samples": () => folder(join(SHARED, "data", "lofi-samples")),
  "reader-conformance": () => archive("reader-conformance.zip"),
  "POP909": () => archive("pop909.zip"),
  "Groove": () => archive("groove.zip"),
};

/** Some files of a collection, always the same; all where it has no more. */
export async function someFiles(
  collection: string,
  count: number = Infinity,
): Promise<RealFile[]> {
  const files = (await COLLECTIONS[collection]!())
    .sort((a, b) => a.name < b.name ? -1 : 1);
  const random = new Random(13);
  while (files.length > count) files.splice(random.int(files.length), 1);
  return files;
}

/** Whether a collection is there. */
export async function hasCollection(collection: string): Promise<boolean> {
  return await COLLECTIONS[collection]!().then(() => true, () => false);
}

const IS_MIDI = /\.(midi?|midi2|kar|rmi|smf)$/i;

async function folder(path: string): Promise<RealFile[]> {
  const files: RealFile[] = [];
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    const own = join(path, name);
    if (isDirectory) files.push(...await folder(own));
    else if (IS_MIDI.test(name)) {
      files.push({ name, bytes: await Deno.readFile(own) });
    }
  }
  return files;
}

async function archive(name: string): Promise<RealFile[]> {
  const bytes = await Deno.readFile(join(SHARED, "data", name));
  return (await unpack(bytes)).filter(({ path }) => IS_MIDI.test(path))
    .map(({ path, bytes }) => ({ name: path, bytes }));
}
