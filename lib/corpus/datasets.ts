/** Data sets by name: their sources, installation and verification. */

import { basename, dirname, join } from "@std/path";
import { hashOf } from "./format.ts";
import { STARTER_FOLDER } from "../base/base.ts";
import { type ArchiveFile, unpack } from "./archive.ts";

/** A data set that the project knows. */
export interface Dataset {
  /** Name, also of its folder. */
  readonly name: string;
  /** What it holds, in words for users. */
  readonly description: string;
  /** URL of its archive; undefined if it comes with the project. */
  readonly url?: string;
  /** Which files of the archive belong to it. */
  readonly pattern: RegExp;
  /** Number of its files. */
  readonly files: number;
  /** Hash of their contents, see {@linkcode contentHash}. */
  readonly hash: string;
}

/** All data sets, by name. */
export const DATASETS: readonly Dataset[] = [
  {
    name: "starter",
    description: "ambient pieces composed for this project, CC0",
    pattern: /\.mid$/,
    files: 162,
    hash: "26e5af1d3387c2babc8eb05500884d764bf90905b2c1359664e79995223ced50",
  },
  {
    name: "lofi-samples",
    description:
      "six short lo-fi patterns, most in every key; no licence is stated",
    url:
      "https://github.com/nmtremblay/lofi-samples/archive/b1ca2ee1dc4606fb927f4db414bb612772beb479.zip",
    pattern: /\.mid$/,
    files: 120,
    hash: "a9691aea3a50c4f0269b58b7f2b98d8592320402370e594b89876f06e367b29e",
  },
  {
    name: "jsb-chorales",
    description:
      "Bach's chorales by quarter notes, Boulanger-Lewandowski's split",
    url:
      "https://raw.githubusercontent.com/czhuang/JSB-Chorales-dataset/9a7f733ddb4ed91f48da64ac7f0f621c34aadd4d/jsb-chorales-quarter.json",
    pattern: /(^|\/)jsb-chorales-quarter\.json$/,
    files: 1,
    hash: "606f201394184a9510595c38b5b3c80788a86d04660b3e6c0aaa0616e54b0164",
  },
];

/** A data set that cannot be fetched, or has unexpected content. */
export class DatasetError extends Error {
  /** The class of the error. */
  override readonly name = "DatasetError";
}

/** SHA-256 of the sorted SHA-256s of files, whatever their names. */
export function contentHash(files: readonly ArchiveFile[]): string {
  return hashOf(files.map(({ bytes }) => hashOf(bytes)).sort().join("\n"));
}

/** The folder of a data set, whether it exists or not. */
export function datasetFolder(dataset: Dataset, parent: string): string {
  return dataset.url === undefined
    ? STARTER_FOLDER
    : join(parent, dataset.name);
}

/**
 * Checks whether a data set is in its folder.
 *
 * @returns "absent", "whole", or how its files differ from the data set's.
 */
export async function datasetState(
  dataset: Dataset,
  folder: string,
): Promise<string> {
  const files = await filesUnder(folder).catch(() => []);
  return files.length === 0 ? "absent" : fault(dataset, files) ?? "whole";
}

/**
 * Installs a data set in a folder; if it fails, it leaves nothing behind.
 *
 * @param folder Must not exist yet, or be empty.
 * @param from A local archive, folder or file to take it from.
 * @default from the data set's url
 * @throws {DatasetError} If it cannot be fetched or has unexpected content.
 */
export async function installDataset(
  dataset: Dataset,
  folder: string,
  from?: string,
): Promise<void> {
  const source = from ?? dataset.url ?? "";
  const found = await (from === undefined ? download(source) : readLocal(from))
    .catch((error: Error) => {
      const advice = from === undefined
        ? "Is this machine online? Otherwise download it elsewhere and add: --from FILE"
        : "Is the path right, and is it a folder or an archive?";
      throw new DatasetError(
        `Cannot take ${dataset.name} from ${source}: ${error.message}. ${advice}`,
        { cause: error },
      );
    });
  const files = found.filter(({ path }) => dataset.pattern.test(path));
  const wrong = fault(dataset, files);
  if (wrong) {
    throw new DatasetError(
      `Cannot take ${dataset.name} from ${source}: it is not what is expected, ${wrong}.`,
    );
  }
  const temporary = `${folder}.${Deno.pid}.tmp`;
  try {
    const top = commonFolder(files);
    for (const { path, bytes } of files) {
      const target = join(temporary, path.slice(top.length));
      await Deno.mkdir(dirname(target), { recursive: true });
      await Deno.writeFile(target, bytes);
    }
    await Deno.rename(temporary, folder);
  } catch (error) {
    await Deno.remove(temporary, { recursive: true }).catch(() => {});
    throw error;
  }
}

/** How files differ from the data set's; undefined if they do not. */
function fault(
  dataset: Dataset,
  files: readonly ArchiveFile[],
): string | undefined {
  const own = files.filter(({ path }) => dataset.pattern.test(path));
  if (own.length !== dataset.files) {
    return `${own.length} files where ${dataset.files} should be`;
  }
  const hash = contentHash(own);
  return hash === dataset.hash
    ? undefined
    : `some of its files have other content, of hash ${hash}`;
}

async function download(url: string): Promise<ArchiveFile[]> {
  const response = await fetch(url).catch((cause) => {
    throw new Error("the server cannot be reached", { cause });
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`the server answered ${response.status}`);
  }
  return await filesIn(url, await response.bytes());
}

async function readLocal(path: string): Promise<ArchiveFile[]> {
  return (await Deno.stat(path)).isDirectory
    ? await filesUnder(path)
    : await filesIn(path, await Deno.readFile(path));
}

/** The files of an archive; a file that is no archive is the only file. */
async function filesIn(
  path: string,
  bytes: Uint8Array,
): Promise<ArchiveFile[]> {
  return /\.(json|midi?)$/i.test(path)
    ? [{ path: basename(path), bytes }]
    : await unpack(bytes);
}

async function filesUnder(folder: string): Promise<ArchiveFile[]> {
  const files: ArchiveFile[] = [];
  const visit = async (prefix: string) => {
    for await (const entry of Deno.readDir(join(folder, prefix))) {
      const path = prefix + entry.name;
      if (entry.isDirectory) await visit(`${path}/`);
      // Pipes and devices may never end.
      else if ((await Deno.stat(join(folder, path))).isFile) {
        files.push({ path, bytes: await Deno.readFile(join(folder, path)) });
      }
    }
  };
  await visit("");
  return files;
}

/** The folder, with its "/", that holds all files. */
function commonFolder(files: readonly ArchiveFile[]): string {
  let top = files[0]!.path.replace(/[^/]*$/, "");
  while (!files.every(({ path }) => path.startsWith(top))) {
    top = top.replace(/[^/]*\/$/, "");
  }
  return top;
}
