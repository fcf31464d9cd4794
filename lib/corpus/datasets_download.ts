/**
 * Downloads that go on where they broke off: what has come is kept in a `.part`
 * file, and the rest is asked for (HTTP Range, RFC 9110), unless the server's file
 * has changed meanwhile (If-Range).
 */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename } from "@std/path";

/** A file to download. */
export interface RemoteFile {
  /** Where it is. */
  readonly url: string;
  /** Its size, where it is published. */
  readonly bytes?: number;
  /** Its SHA-256, where it is published. */
  readonly sha256?: string;
  /** Its SHA-1, where no other hash is published. */
  readonly sha1?: string;
}

/** Options of {@linkcode download}. */
export interface DownloadOptions {
  /** Called as bytes come; `total` is undefined where the server does not say it. */
  readonly onProgress?: (bytes: number, total: number | undefined) => void;
  /**
   * Waits before further tries, in ms; a try that brought bytes begins them anew.
   * @default 1, 2, 4 and 8 seconds
   */
  readonly waits?: readonly number[];
}

/** A download that failed for good, or is not what is published. */
export class DownloadError extends Error {
  /** The class of the error. */
  override readonly name = "DownloadError";
}

/** What a server says of a file. */
interface Answer {
  readonly body: ReadableStream<Uint8Array> | null;
  /** Which byte the body begins with. */
  readonly start: number;
  readonly total: number | undefined;
  /** Names this version of the file. */
  readonly version: string;
}

/** The name of a file on its server. */
export function nameOf({ url }: RemoteFile): string {
  return decodeURIComponent(basename(new URL(url).pathname));
}

/**
 * Downloads a file and verifies it; a file that is there is only verified. If it
 * breaks off for good, what has come stays for the next call.
 *
 * @param path Where to put it.
 * @throws {DownloadError} If it cannot be downloaded, or has another size or hash
 * than is published; then it is removed.
 */
export async function download(
  file: RemoteFile,
  path: string,
  { onProgress, waits = [1000, 2000, 4000, 8000] }: DownloadOptions = {},
): Promise<void> {
  if (await sizeOf(path) !== undefined) return await verify(file, path);
  const part = `${path}.part`;
  const progress = (bytes: number, total = file.bytes) =>
    onProgress?.(bytes, total);
  for (let tries = 0;;) {
    const before = await sizeOf(part) ?? 0;
    try {
      await fetchRest(file, part, progress);
      break;
    } catch (error) {
      if (error instanceof DownloadError) throw error;
      if ((await sizeOf(part) ?? 0) > before) tries = 0;
      const wait = waits[tries++];
      if (wait === undefined) throw await brokenOff(file, part, error);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  await verify(file, part);
  await Deno.rename(part, path);
  await remove(versionFile(part));
}

/**
 * Verifies a file.
 *
 * @throws {DownloadError} If it is another; then it is removed if it is a download.
 */
async function verify(file: RemoteFile, path: string): Promise<void> {
  const fault = await faultOf(file, path);
  if (fault === undefined) return;
  await remove(path);
  await remove(versionFile(path));
  throw new DownloadError(
    `Cannot use ${file.url}: ${fault}. It was removed; try again, and if it stays so, the server has another file.`,
  );
}

/** How a file differs from what is published; undefined if it does not. */
export async function faultOf(
  { bytes, sha256, sha1 }: RemoteFile,
  path: string,
): Promise<string | undefined> {
  const size = await sizeOf(path);
  if (bytes !== undefined && size !== bytes) {
    return `it should have ${bytes} bytes, current value is ${size}`;
  }
  const [algorithm, published] = sha256 ? ["sha256", sha256] : ["sha1", sha1];
  if (published === undefined) return undefined;
  const hash = createHash(algorithm!);
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  const digest = hash.digest("hex");
  return digest === published
    ? undefined
    : `its ${algorithm} should be ${published}, current value is ${digest}`;
}

/**
 * Appends to a part what is missing of it.
 *
 * @throws If the connection breaks, or no byte comes for a minute.
 */
async function fetchRest(
  file: RemoteFile,
  part: string,
  onProgress: (bytes: number, total: number | undefined) => void,
): Promise<void> {
  const have = await sizeOf(part) ?? 0;
  if (have > 0 && have === file.bytes) return;
  const known = await Deno.readTextFile(versionFile(part)).catch(() => "");
  using watch = new Watch();
  const { body, start, total, version } = await ask(file, have, known, watch);
  await Deno.writeTextFile(versionFile(part), version);
  using out = await Deno.open(part, { create: true, write: true });
  await out.truncate(start);
  await out.seek(start, Deno.SeekMode.Start);
  let bytes = start;
  onProgress(bytes, total);
  for await (const chunk of body ?? []) {
    for (let written = 0; written < chunk.length;) {
      written += await out.write(chunk.subarray(written));
    }
    bytes += chunk.length;
    onProgress(bytes, total);
    watch.begin();
  }
  if (total !== undefined && bytes < total) {
    throw new Error(`the connection broke after ${bytes} of ${total} bytes`);
  }
}

/** Stops a request that has stalled. */
class Watch {
  readonly #stop = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.begin();
  }

  /** Stops the request. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Begins a minute in which something has to come. */
  begin(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#stop.abort(new Error("nothing came for a minute")),
      60_000,
    );
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

/**
 * Asks a server for a file from a byte on. It may answer with all of it.
 *
 * @throws {DownloadError} If it refuses for good.
 * @throws If it cannot be reached, or is busy.
 */
async function ask(
  file: RemoteFile,
  have: number,
  known: string,
  watch: Watch,
): Promise<Answer> {
  const headers = new Headers({ "accept-encoding": "identity" });
  // A file of neither a version nor a hash may be another by now.
  if (have > 0 && (known || file.sha256 || file.sha1)) {
    headers.set("range", `bytes=${have}-`);
    if (known !== "") headers.set("if-range", known);
  }
  const { signal } = watch;
  const response = await fetch(file.url, { headers, signal }).catch((cause) => {
    throw new Error("the server cannot be reached", { cause });
  });
  const { status } = response;
  const [, first, all] = response.headers.get("content-range")
    ?.match(/^bytes (?:(\d+)-\d+|\*)\/(\d+)/) ?? [];
  const isPart = status === 206 && Number(first) === have;
  if (status !== 200 && !isPart) {
    await response.body?.cancel();
    // Nothing is left to send.
    if (status === 416 && Number(all) === have) {
      return { body: null, start: have, total: have, version: known };
    }
    if (status === 416 || status === 206) return await ask(file, 0, "", watch);
    const message = `the server answered ${status}`;
    const mayPass = status === 429 || status >= 500;
    throw mayPass ? new Error(message) : new DownloadError(
      `Cannot download ${file.url}: ${message}.`,
    );
  }
  const length = response.headers.get("content-length");
  const start = isPart ? have : 0;
  const tag = response.headers.get("etag") ?? "";
  return {
    body: response.body,
    start,
    total: isPart ? Number(all) : length === null ? undefined : Number(length),
    // A weak tag does not name bytes.
    version: tag !== "" && !tag.startsWith("W/")
      ? tag
      : response.headers.get("last-modified") ?? "",
  };
}

async function brokenOff(
  file: RemoteFile,
  part: string,
  error: unknown,
): Promise<DownloadError> {
  const message = error instanceof Error ? error.message : String(error);
  const advice = await sizeOf(part)
    ? `What has come is in ${part}; the same command goes on from there.`
    : "Is this machine online? Otherwise download it elsewhere and add: --from FILE";
  return new DownloadError(
    `Cannot download ${file.url}: ${message}. ${advice}`,
    { cause: error },
  );
}

/** Where the version is kept that a part belongs to. */
function versionFile(part: string): string {
  return `${part}.version`;
}

async function sizeOf(path: string): Promise<number | undefined> {
  const info = await Deno.stat(path).catch(() => undefined);
  return info?.isFile ? info.size : undefined;
}

async function remove(path: string): Promise<void> {
  await Deno.remove(path).catch(() => {});
}
