/**
 * Keys as a finder that is not ours hears them: music21, asked once for all pieces;
 * where there is no Python, our own finder.
 */

import { fromFileUrl } from "@std/path";
import { findKey } from "../../music/music.ts";
import { pythonWith } from "../python.ts";
import type { FoundKey } from "./verdict.ts";

/** Finds keys, of what was noted before. */
export interface KeyFinder {
  /** Its name and version, for the report. */
  readonly name: string;
  /** The keys of seconds of sound by pitch class, one for each. */
  find(rows: readonly (readonly number[])[]): Promise<FoundKey[]>;
}

/** The key of silence, which is in none. */
const NO_KEY: FoundKey = { tonic: 0, mode: "major" };

/** Our own finder's key of seconds of sound by pitch class. */
export function ownKey(seconds: readonly number[]): FoundKey {
  const { tonic, mode } = findKey(seconds);
  return { tonic, mode: mode === "minor" ? "minor" : "major" };
}

const OWN: KeyFinder = {
  name: "our own finder",
  find: (rows) => Promise.resolve(rows.map(ownKey)),
};

/**
 * The finder of another project, or ours and a sentence where it cannot be had.
 *
 * @param install Installs the packages of a list, and returns the path of a Python
 * that has them.
 */
export async function openKeyFinder(
  progress: (text: string) => void,
  install: (list: URL) => Promise<string> = (list) =>
    pythonWith(list, ".venv-prompts", progress),
): Promise<KeyFinder> {
  const list = new URL("./requirements.txt", import.meta.url);
  try {
    const python = await install(list);
    const [, name = "music21"] =
      /^(\S+==\S+)/m.exec(await Deno.readTextFile(list)) ?? [];
    return { name, find: (rows) => askPython(python, rows) };
  } catch (error) {
    progress(
      `keys by our own finder, for music21 is missing: ${
        error instanceof Error ? error.message : error
      }`,
    );
    return OWN;
  }
}

async function askPython(
  python: string,
  rows: readonly (readonly number[])[],
): Promise<FoundKey[]> {
  const script = fromFileUrl(new URL("./key_finder.py", import.meta.url));
  const process = new Deno.Command(python, {
    args: [script],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const input = new Blob([JSON.stringify(rows)]).stream();
  const [{ success, stdout, stderr }] = await Promise.all([
    process.output(),
    input.pipeTo(process.stdin),
  ]);
  if (!success) {
    throw new Error(
      `Cannot find keys: ${new TextDecoder().decode(stderr).trim()}`,
    );
  }
  const found: ([number, FoundKey["mode"]][] | null)[] = JSON.parse(
    new TextDecoder().decode(stdout),
  );
  return found.map((one) => {
    const [first = NO_KEY, ...others] = (one ?? []).map(([tonic, mode]) => ({
      tonic,
      mode,
    }));
    return { ...first, others };
  });
}
