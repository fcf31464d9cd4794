/** Lakh's list of matches, which is published beside its archives and not in them. */

import { basename, dirname, join } from "@std/path";
import { isMatched, MATCH_SCORES } from "./collections/match_scores.ts";
import { openMidiFile } from "./midi_files.ts";
import { type MidiSource, orRefusal } from "./midi_source.ts";

const FILE = "match_scores.json";

/**
 * Adds the list of matches in the folder of an archive, where the archive is one of
 * matched songs and has none itself.
 *
 * @param path Of the folder or archive.
 */
export async function withScoresBeside(
  path: string,
  source: MidiSource,
): Promise<MidiSource> {
  const list = join(dirname(path), FILE), { names } = source;
  const isArchive = (await Deno.stat(path)).isFile && basename(path) !== FILE;
  const isThere = await Deno.stat(list).then(
    ({ isFile }) => isFile,
    () => false,
  );
  const lacksIt = names.some(isMatched) &&
    !names.some((name) => MATCH_SCORES.test(name));
  if (!isArchive || !isThere || !lacksIt) return source;
  return {
    names: [...names, FILE].sort(),
    async *files(wanted) {
      if (wanted.has(FILE)) {
        yield { file: FILE, read: () => orRefusal(openMidiFile(list, FILE)) };
      }
      // There may be nothing else to read in the archive.
      const others = {
        has: (name: string) => name !== FILE && wanted.has(name),
      };
      if (names.some((name) => others.has(name))) yield* source.files(others);
    },
  };
}
