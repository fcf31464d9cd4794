/** The corpora that music is measured on, and where they are. */

import { basename, join } from "@std/path";
import { PROJECT_FOLDER, STARTER_FOLDER } from "../../base/base.ts";

/** A folder or archive of MIDI files, under a name. */
export interface MusicSource {
  readonly name: string;
  readonly path: string;
}

const SHARED_FOLDER = join(PROJECT_FOLDER, "..", "shared", "data");

/** Data of other people is never in the project, but may be beside it. */
const SOURCES: readonly MusicSource[] = [
  { name: "starter", path: STARTER_FOLDER },
  { name: "pop909", path: join(SHARED_FOLDER, "pop909.zip") },
  { name: "groove", path: join(SHARED_FOLDER, "groove.zip") },
  { name: "lofi-samples", path: join(SHARED_FOLDER, "lofi-samples") },
];

/**
 * The corpora to measure on that are there.
 *
 * @param midi A single folder or archive. @default all known ones
 * @returns Those that are there, and a sentence about each other one.
 */
export async function musicSources(
  midi?: string,
): Promise<{ sources: MusicSource[]; missing: string[] }> {
  if (midi !== undefined) {
    const name = midi === STARTER_FOLDER
      ? "starter"
      : basename(midi).replace(/\.[^.]*$/, "");
    return { sources: [{ name, path: midi }], missing: [] };
  }
  const sources: MusicSource[] = [], missing: string[] = [];
  for (const source of SOURCES) {
    const isThere = await Deno.stat(source.path).then(() => true, () => false);
    if (isThere) sources.push(source);
    else {
      missing.push(
        `${source.name} is left out: ${source.path} is not there. Any folder or archive of MIDI files can be measured with --midi.`,
      );
    }
  }
  return { sources, missing };
}
