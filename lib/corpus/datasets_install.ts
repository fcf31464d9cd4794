/** Puts collections that the project knows into folders, and verifies them. */

import { basename, dirname, join } from "@std/path";
import { FileError, STARTER_FOLDER, Stopped, takeLock } from "../base/base.ts";
import { archiveEntries } from "./archive.ts";
import { ArchiveError } from "./archive_entry.ts";
import type { Dataset } from "./datasets.ts";
import {
  download,
  DownloadError,
  type DownloadOptions,
  faultOf,
  nameOf,
} from "./datasets_download.ts";
import { hashOf } from "./format.ts";

/** A collection that cannot be had, or has unexpected content. */
export class DatasetError extends Error {
  /** The class of the error. */
  override readonly name = "DatasetError";
}

/** Options of {@linkcode installDataset}. */
export interface InstallOptions extends Pick<DownloadOptions, "waits"> {
  /**
   * A local archive, folder or file to take it from.
   * @default it is downloaded
   */
  readonly from?: string | undefined;
  /** Called with what is being done, as text. */
  readonly onProgress?: (text: string) => void;
}

/** SHA-256 of the sorted SHA-256s of files, whatever their names. */
export function hashOfHashes(hashes: readonly string[]): string {
  return hashOf(hashes.toSorted().join("\n"));
}

/** The folder of a collection, whether it exists or not. */
export function datasetFolder(dataset: Dataset, parent: string): string {
  return isOwn(dataset) ? STARTER_FOLDER : join(parent, dataset.name);
}

/** Whether a collection comes with the project. */
function isOwn({ page }: Dataset): boolean {
  return page === undefined;
}

/** Where downloads are until all of a collection is there. */
function downloadFolder(folder: string): string {
  return `${folder}.download`;
}

/**
 * Checks whether a collection is in its folder.
 *
 * @returns "absent", "partly downloaded, …", "whole" where that is known, "there"
 * where it is not, or how its files differ from the collection's.
 */
export async function datasetState(
  dataset: Dataset,
  folder: string,
): Promise<string> {
  for await (const _ of pathsUnder(folder)) {
    if (dataset.files === undefined) return "there";
    return await faultIn(dataset, folder) ?? "whole";
  }
  let bytes = 0;
  const parts = downloadFolder(folder);
  for await (const path of pathsUnder(parts)) {
    if (path.endsWith(".version")) continue;
    bytes += (await Deno.stat(join(parts, path))).size;
  }
  return bytes === 0 ? "absent" : `partly downloaded, ${megabytes(bytes)}`;
}

/**
 * Installs a collection in a folder. If it fails, it leaves nothing behind but what
 * has been downloaded, which the next call goes on with.
 *
 * @param folder Must not exist yet, or be empty.
 * @throws {DatasetError} If it cannot be had or has unexpected content.
 * @throws {DownloadError} If a download breaks off, or is not what is published.
 * @throws {LockError} If another process installs it in the same folder.
 * @throws {FileError} If it cannot be written.
 */
export async function installDataset(
  dataset: Dataset,
  folder: string,
  { from, onProgress = () => {}, waits }: InstallOptions = {},
): Promise<void> {
  const { name, downloads } = dataset;
  if (from === undefined && downloads.length === 0) {
    throw new DatasetError(
      `Cannot download ${name}: ${dataset.byHand} From ${dataset.page}, then add: --from FILE`,
    );
  }
  const place = `${folder}.tmp`, temporary = join(place, "files");
  const lock = await takeLock(join(place, "lock"), {
    task: `install ${name} in ${folder}`,
    advice: "Wait until it is done.",
  });
  try {
    // Of a process that was killed.
    await remove(temporary);
    const sources = from === undefined
      ? await downloadAll(dataset, folder, { onProgress, waits })
      : await localSources(dataset, from, onProgress);
    await Deno.mkdir(temporary);
    for (const source of sources) {
      await unpackInto(temporary, source, dataset, onProgress);
    }
    const fault = await faultIn(dataset, temporary);
    if (fault) {
      throw new DatasetError(
        `Cannot take ${name} from ${
          from ?? downloads[0]?.url
        }: it is not what is expected, ${fault}.`,
      );
    }
    await Deno.rename(await innerFolder(temporary), folder);
    // They are of no use any more.
    if (from === undefined) await remove(downloadFolder(folder));
  } catch (error) {
    if (error instanceof DatasetError && from === undefined) {
      await remove(downloadFolder(folder));
    }
    const isSentence = [DatasetError, DownloadError, Stopped].some((Kind) =>
      error instanceof Kind
    );
    throw isSentence ? error : new FileError(`write ${folder}`, error);
  } finally {
    lock[Symbol.dispose]();
    await remove(place);
  }
}

/**
 * Copies what belongs to a collection.
 *
 * @throws {DatasetError} If the source is damaged.
 */
async function unpackInto(
  folder: string,
  source: string,
  { name, pattern }: Dataset,
  onProgress: (text: string) => void,
): Promise<void> {
  let files = 0;
  try {
    for await (const { path, read } of filesIn(source)) {
      if (!pattern.test(path)) continue;
      const target = join(folder, path);
      await Deno.mkdir(dirname(target), { recursive: true });
      await Deno.writeFile(target, await read());
      if (++files % 1000 === 0) onProgress(`${name}: ${files} files unpacked`);
    }
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    throw new DatasetError(`Cannot take ${name}: ${error.message}`, {
      cause: error,
    });
  }
}

/** Downloads what a collection is made of; the paths of the downloads. */
async function downloadAll(
  { name, downloads }: Dataset,
  folder: string,
  { onProgress, waits }:
    & Required<Pick<InstallOptions, "onProgress">>
    & { readonly waits: readonly number[] | undefined },
): Promise<string[]> {
  const paths: string[] = [], parts = downloadFolder(folder);
  await Deno.mkdir(parts, { recursive: true });
  try {
    for (const file of downloads) {
      const path = join(parts, nameOf(file));
      await download(file, path, {
        ...waits && { waits },
        onProgress: (bytes, total) => {
          const share = total ? ` of ${megabytes(total)}` : "";
          onProgress(`${name}: ${nameOf(file)}, ${megabytes(bytes)}${share}`);
        },
      });
      paths.push(path);
    }
  } finally {
    // Where nothing has come, nothing stays.
    await Deno.remove(parts).catch(() => {});
  }
  return paths;
}

/**
 * A local archive, folder or file, and the collection's further files beside it.
 *
 * @throws {DatasetError} If it is missing or damaged.
 */
async function localSources(
  { name, downloads }: Dataset,
  from: string,
  onProgress: (text: string) => void,
): Promise<string[]> {
  const isThere = (path: string) =>
    Deno.stat(path).then(() => true, () => false);
  if (!await isThere(from)) {
    throw new DatasetError(
      `Cannot take ${name} from ${from}: there is no such file or folder. Is the path right?`,
    );
  }
  const same = downloads.find((file) => nameOf(file) === basename(from));
  const fault = same && await faultOf(same, from);
  if (fault) {
    throw new DatasetError(
      `Cannot take ${name} from ${from}: ${fault}. Was the download cut short?`,
    );
  }
  const sources = [from];
  for (const file of downloads.slice(1)) {
    const beside = join(dirname(from), nameOf(file));
    if (await isThere(beside)) sources.push(beside);
    else {onProgress(
        `${name}: ${nameOf(file)} is not beside ${from}, and left out`,
      );}
  }
  return sources;
}

/** A file of an archive or folder. */
interface SourceFile {
  readonly path: string;
  read(): Promise<Uint8Array>;
}

/** The files of a folder or archive; any other file is its only one. */
async function* filesIn(source: string): AsyncGenerator<SourceFile> {
  if ((await Deno.stat(source)).isDirectory) {
    for await (const path of pathsUnder(source)) {
      yield { path, read: () => Deno.readFile(join(source, path)) };
    }
  } else if (/\.(?:json|csv|midi?)$/i.test(source)) {
    const read = () => Deno.readFile(source);
    yield { path: basename(source), read };
  } else {
    yield* archiveEntries(source);
  }
}

/** Paths of the files in a folder and its subfolders; none if it is missing. */
async function* pathsUnder(folder: string): AsyncGenerator<string> {
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  for (const { name, isDirectory, isFile, isSymlink } of entries) {
    const path = join(folder, name);
    if (isDirectory) {
      for await (const inner of pathsUnder(path)) yield `${name}/${inner}`;
      // Pipes and devices may never end.
    } else if (isFile || isSymlink && (await Deno.stat(path)).isFile) {
      yield name;
    }
  }
}

/** How the files in a folder differ from a collection's; undefined if not. */
async function faultIn(
  { pattern, files, hash }: Dataset,
  folder: string,
): Promise<string | undefined> {
  const own = (await Array.fromAsync(pathsUnder(folder)))
    .filter((path) => pattern.test(path));
  if (own.length === 0) return "it has no file of this collection";
  if (files !== undefined && own.length !== files) {
    return `${own.length} files where ${files} should be`;
  }
  if (hash === undefined) return undefined;
  const hashes: string[] = [];
  for (const path of own) {
    hashes.push(hashOf(await Deno.readFile(join(folder, path))));
  }
  const found = hashOfHashes(hashes);
  return found === hash
    ? undefined
    : `some of its files have other content, of hash ${found}`;
}

/** The first folder that holds more than one folder. */
async function innerFolder(folder: string): Promise<string> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const [only] = entries;
  return entries.length === 1 && only?.isDirectory
    ? await innerFolder(join(folder, only.name))
    : folder;
}

/**
 * Removes what an installation has left that ended, but could not put away its
 * temporary files. Nothing happens while one is going on, or where that cannot be done.
 *
 * @param folder Of the collection.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  const place = `${folder}.tmp`, path = join(place, "lock");
  if (!await Deno.stat(path).then(() => true, () => false)) return;
  const refusal = { task: `remove ${place}`, advice: "Wait until it is done." };
  const lock = await takeLock(path, refusal).catch(() => undefined);
  if (!lock) return;
  await remove(place);
  lock[Symbol.dispose]();
}

function megabytes(bytes: number): string {
  return bytes < 1e8
    ? `${(bytes / 1e6).toFixed(1)} MB`
    : `${Math.round(bytes / 1e6)} MB`;
}

async function remove(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch(() => {});
}
