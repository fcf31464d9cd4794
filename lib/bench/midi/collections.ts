/** The files that readers are measured on. */

import { dirname, join } from "@std/path";
import { PROJECT_FOLDER, STARTER_FOLDER } from "../../base/base.ts";
import { unpack } from "../../corpus/corpus.ts";

/** The MIDI files of a collection. */
export interface Collection {
  /** What the command is given: a folder or an archive. */
  readonly source: string;
  /** The folder that they are below. */
  readonly folder: string;
  /** Their paths, sorted. */
  readonly files: readonly string[];
}

const MIDI_FILE = /\.(?:midi?|midi2|kar|rmi|smf)$/i;
const SHARED = join(PROJECT_FOLDER, "..", "shared", "data");

/** POP909 and Groove where they are there, and the starter collection, by name. */
export async function usualCollections(
  folder: string,
): Promise<Map<string, Collection>> {
  const sources = new Map([
    ["pop909", join(SHARED, "pop909.zip")],
    ["groove", join(SHARED, "groove.zip")],
    ["starter", STARTER_FOLDER],
  ]);
  const found = new Map<string, Collection>();
  for (const [name, source] of sources) {
    const isHere = await Deno.stat(source).then(() => true, () => false);
    if (isHere) {
      found.set(name, await collectionOf(source, join(folder, name)));
    }
  }
  return found;
}

/**
 * The files of a folder or an archive.
 *
 * @param folder Where those of an archive are put.
 */
export async function collectionOf(
  source: string,
  folder: string,
): Promise<Collection> {
  if ((await Deno.stat(source)).isDirectory) {
    return { source, folder: source, files: await midiFilesIn(source) };
  }
  for (const { path, bytes } of await unpack(await Deno.readFile(source))) {
    if (!MIDI_FILE.test(path)) continue;
    const file = join(folder, path);
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeFile(file, bytes);
  }
  return { source, folder, files: await midiFilesIn(folder) };
}

/** The MIDI files below a folder, in the order of their paths. */
async function midiFilesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) files.push(...await midiFilesIn(path));
    else if (isFile && MIDI_FILE.test(name)) files.push(path);
  }
  return files.sort();
}
