/**
 * More pieces to learn from: the script of the starter corpus composes them, of the
 * same distribution as the committed ones, and they are kept beside the corpus.
 */

import { createHash } from "node:crypto";
import { join, toFileUrl } from "@std/path";
import { STARTER_FOLDER, writeFileAtomically } from "../base/base.ts";

/** Pieces composed beside the starter folder by "auto". */
export const DEFAULT_COMPOSED = 8000;

/** Committed pieces; composed ones are numbered on from them. */
const COMMITTED = 162;

/** Folder of composed files, in the folder of the corpus. */
const FOLDER = "composed";
/** The file that tells which files there are, and what composed them. */
const LIST_FILE = "list.json";

/** What a thread of the script answers. */
interface ComposedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A composed MIDI file. */
export interface ComposedPiece {
  /** Path below the folder of the corpus, such as `composed/0163-minor-4-4-f.mid`. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/**
 * How many pieces are to be composed beside the files of a folder.
 *
 * @param wanted As asked for; "auto" for {@linkcode DEFAULT_COMPOSED} beside the
 * starter folder, and none beside others.
 * @throws {RangeError} If it is no whole number, or pieces are wanted beside
 * another folder than the starter's.
 */
export async function composedCount(
  midiFolder: string,
  wanted: number | "auto",
): Promise<number> {
  const real = (folder: string) => Deno.realPath(folder).catch(() => undefined);
  const isStarter = await real(midiFolder) === await real(STARTER_FOLDER);
  const count = wanted !== "auto" ? wanted : isStarter ? DEFAULT_COMPOSED : 0;
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new RangeError(
      `Cannot compose pieces: their number must be 0 or a positive whole number, current value is ${count}.`,
    );
  }
  if (count > 0 && !isStarter) {
    throw new RangeError(
      `Cannot compose pieces beside those of ${midiFolder}: only ${STARTER_FOLDER} has a script that composes more, current number is ${count}. Leave --compose (compose) out.`,
    );
  }
  return count;
}

/**
 * Composed pieces, each as soon as it is there. Files that an earlier call left are
 * read again, unless the script has changed since.
 *
 * @param outFolder The folder of the corpus.
 * @param count How many.
 */
export async function* composedPieces(
  outFolder: string,
  count: number,
): AsyncGenerator<ComposedPiece> {
  if (count === 0) return;
  const folder = join(outFolder, FOLDER);
  const script = await scriptHash();
  const names = await keptNames(folder, script);
  for (const name of names.slice(0, count)) {
    const bytes = await Deno.readFile(join(folder, name));
    yield { file: `${FOLDER}/${name}`, bytes };
  }
  if (names.length >= count) return;
  await Deno.mkdir(folder, { recursive: true });
  const numbers = Array.from(
    { length: count - names.length },
    (_, i) => COMMITTED + 1 + names.length + i,
  );
  for await (const { name, bytes } of composeAll(numbers)) {
    await Deno.writeFile(join(folder, name), bytes);
    names.push(name);
    yield { file: `${FOLDER}/${name}`, bytes };
  }
  await writeFileAtomically(
    join(folder, LIST_FILE),
    JSON.stringify({ script, names }, null, 1),
  );
}

/**
 * Names of the files that the same script has left, in order of their numbers; the
 * files of another script are removed.
 */
async function keptNames(folder: string, script: string): Promise<string[]> {
  let list: { readonly script: string; readonly names: string[] };
  try {
    list = JSON.parse(await Deno.readTextFile(join(folder, LIST_FILE)));
  } catch {
    return []; // No list, or a damaged one: all are composed anew.
  }
  const there = new Set(
    (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name),
  );
  const left = list.names.filter((name) => there.has(name));
  if (list.script === script && left.length === list.names.length) return left;
  for (const name of left) await Deno.remove(join(folder, name));
  return [];
}

/** SHA-256 of the script, which says whether files are its work. */
async function scriptHash(): Promise<string> {
  const hash = createHash("sha256");
  const entries = await Array.fromAsync(Deno.readDir(STARTER_FOLDER));
  for (const name of entries.map(({ name }) => name).sort()) {
    if (!name.endsWith(".ts")) continue;
    hash.update(await Deno.readFile(join(STARTER_FOLDER, name)));
  }
  return hash.digest("hex");
}

/** Composes the pieces of some numbers on all cores, and gives them in order. */
async function* composeAll(
  numbers: readonly number[],
): AsyncGenerator<ComposedFile> {
  const results = numbers.map(() => Promise.withResolvers<ComposedFile>());
  // A failure is thrown where its turn comes.
  for (const { promise } of results) promise.catch(() => {});
  const url = toFileUrl(join(STARTER_FOLDER, "worker.ts"));
  const threads = Math.min(navigator.hardwareConcurrency, numbers.length);
  let next = 0;
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(url, { type: "module", name: "composer" });
    let current = 0;
    const goOn = () => {
      current = next++;
      if (current < numbers.length) worker.postMessage(numbers[current]);
    };
    worker.onmessage = ({ data }: MessageEvent<ComposedFile>) => {
      results[current]!.resolve(data);
      goOn();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      results[current]!.reject(new Error(event.message));
    };
    goOn();
    return worker;
  });
  try {
    for (const { promise } of results) yield await promise;
  } finally {
    for (const worker of workers) worker.terminate();
  }
}
