/**
 * A part of a collection that one machine has read: its `readings.bin`, and
 * `part.json`, which tells which part of what it is.
 */

import { join } from "@std/path";
import { writeFileAtomically } from "../base/base.ts";
import type { CorpusChoices } from "./assemble.ts";
import { CorpusError, hashOf } from "./format.ts";
import { jsonParts } from "./json_parts.ts";
import type { MidiSource } from "./midi_source.ts";
import type { FileRecord } from "./read_files.ts";

const PART_FILE = "part.json";
const VERSION = 1;

/** Which part, of how many. */
export interface PartNumber {
  /** From 1 on. */
  readonly part: number;
  /** How many there are. */
  readonly of: number;
}

/** The content of `part.json`. */
interface Part extends PartNumber {
  readonly format: "immersic-part";
  readonly version: number;
  /** How many files all parts have, and a hash of their paths. */
  readonly files: number;
  readonly pathsHash: string;
  readonly choices: CorpusChoices;
  /** How many pieces are composed beside the files. */
  readonly compose: number;
  /** What became of the files of this part. */
  readonly records: readonly FileRecord[];
}

/** A part and its folder. */
export interface LoadedPart extends Part {
  readonly folder: string;
}

/**
 * The files of a part: every N-th, so that all parts take about as long.
 *
 * @param names Of all files, sorted.
 * @throws {RangeError} If there is no such part.
 */
export function namesOfPart(
  names: readonly string[],
  { part, of }: PartNumber,
): Set<string> {
  const isWhole = Number.isSafeInteger(part) && Number.isSafeInteger(of);
  if (!isWhole || part < 1 || part > of) {
    throw new RangeError(
      `Cannot read a part: it must be 1 to the number of parts, current value is ${part} of ${of}.`,
    );
  }
  return new Set(names.filter((_, i) => i % of === part - 1));
}

/** Writes `part.json`; its readings are there. */
export async function savePart(
  folder: string,
  part: PartNumber & Pick<Part, "choices" | "compose" | "records"> & {
    readonly source: MidiSource;
  },
): Promise<void> {
  const { source: { names }, records, part: number, of, ...rest } = part;
  const content: Part = {
    format: "immersic-part",
    version: VERSION,
    ...{ part: number, of, ...rest },
    files: names.length,
    pathsHash: hashOf(JSON.stringify(names)),
    records,
  };
  const encoder = new TextEncoder();
  await writeFileAtomically(
    join(folder, PART_FILE),
    [...jsonParts(content)].map((text) => encoder.encode(text)),
  );
}

/**
 * Loads all parts of a collection.
 *
 * @returns In order of their numbers.
 * @throws {CorpusError} If one is missing, there twice, or does not belong to the
 * others.
 */
export async function loadParts(
  folders: readonly string[],
): Promise<LoadedPart[]> {
  const parts = await Promise.all(folders.map(loadPart));
  parts.sort((a, b) => a.part - b.part);
  const [first] = parts;
  if (first === undefined) {
    throw new CorpusError("Cannot merge parts: no folder of one was given.");
  }
  const key = ({ of, files, pathsHash, choices, compose }: Part) =>
    JSON.stringify({ of, files, pathsHash, choices, compose });
  for (const [i, part] of parts.entries()) {
    if (key(part) !== key(first)) {
      throw new CorpusError(
        `Cannot merge parts: ${part.folder} and ${first.folder} were made of other files, or with other options. Make them again, with the same options but --shard and --out.`,
      );
    }
    const before = parts[i - 1];
    if (before?.part === part.part) {
      throw new CorpusError(
        `Cannot merge parts: ${before.folder} and ${part.folder} are both part ${part.part} of ${part.of}.`,
      );
    }
  }
  const missing = Array.from({ length: first.of }, (_, i) => i + 1)
    .filter((number) => !parts.some(({ part }) => part === number));
  if (missing.length === 0) return parts;
  throw new CorpusError(
    `Cannot merge parts: ${missing.length} of ${first.of} are missing, with --shard ${
      missing.slice(0, 8).map((number) => `${number}/${first.of}`).join(", ")
    }${missing.length > 8 ? ", …" : ""}.`,
  );
}

async function loadPart(folder: string): Promise<LoadedPart> {
  const path = join(folder, PART_FILE);
  let part: Part;
  try {
    part = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    throw new CorpusError(
      `Cannot merge parts: there is no whole part in ${folder}. Was preprocess --shard run with --out ${folder}, up to its end?`,
      { cause: error },
    );
  }
  if (part.format !== "immersic-part" || part.version !== VERSION) {
    throw new CorpusError(
      `Cannot merge parts: ${path} must be of format immersic-part and version ${VERSION}, current values are ${part.format} and ${part.version}.`,
    );
  }
  return { ...part, folder };
}
