/**
 * Songs that a collection has several versions of: `Title.mid` and `Title.1.mid` in
 * Lakh's clean set, `001/001.mid` and `001/versions/001-v1.mid` in POP909.
 */

const NUMBERED = /^(.+)\.\d{1,3}(\.midi?)$/i;
const POP909_VERSION = /^(.*?)([^/]+)\/versions\/\2-v\d+(\.midi?)$/i;

/**
 * Files that are versions of another.
 *
 * @param paths All files.
 * @returns The file that is no version, by the paths of those that are.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { songVersions } from "immersic/corpus/collections/song_versions.ts";
 * const files = ["ABBA/SOS.1.mid", "ABBA/SOS.mid", "ABBA/Waterloo.2.mid"];
 * assert.deepEqual([...songVersions(files)], [["ABBA/SOS.1.mid", "ABBA/SOS.mid"]]);
 * ```
 */
export function songVersions(paths: readonly string[]): Map<string, string> {
  const all = new Map(paths.map((path) => [path.toLowerCase(), path]));
  const versions = new Map<string, string>();
  for (const path of paths) {
    const plain = path.replace(NUMBERED, "$1$2")
      .replace(POP909_VERSION, "$1$2/$2$3").toLowerCase();
    const other = all.get(plain);
    if (other !== undefined && other !== path) versions.set(path, other);
  }
  return versions;
}
