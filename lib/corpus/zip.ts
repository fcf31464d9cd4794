/** Reads a ZIP file by its central directory, one file after another. */

import { Buffer } from "node:buffer";
import { crc32, inflateRawSync } from "node:zlib";
import yauzl from "yauzl";
import {
  type ArchiveEntry,
  type ArchiveError,
  PackedFileError,
} from "./archive_entry.ts";

/** What is used here of the library, which has no types of its own. */
interface Library {
  openPromise(path: string, options: Options): Promise<ZipFile>;
  fromBufferPromise(bytes: Uint8Array, options: Options): Promise<ZipFile>;
  getFileNameLowLevel(
    flags: number,
    name: Uint8Array,
    extraFields: unknown,
    isStrict: boolean,
  ): string;
}
interface Options {
  /** Whether names are decoded and checked. */
  readonly decodeStrings: boolean;
}
interface ZipFile {
  eachEntry(): AsyncIterable<Entry>;
  openReadStreamPromise(
    entry: Entry,
    options: { readonly decodeFileData: boolean },
  ): Promise<AsyncIterable<Uint8Array>>;
  close(): void;
}
interface Entry {
  readonly fileName: Uint8Array;
  readonly generalPurposeBitFlag: number;
  readonly extraFields: unknown;
  readonly compressionMethod: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly crc32: number;
  isEncrypted(): boolean;
}

const { openPromise, fromBufferPromise, getFileNameLowLevel } =
  yauzl as Library;

const STORED = 0, DEFLATED = 8;

/**
 * The files of a ZIP, in the order of its directory.
 *
 * @param source Path of the archive, or its bytes.
 * @param damaged Makes the error of an archive that is not whole.
 */
export async function* zipEntries(
  source: string | Uint8Array,
  damaged: (cause: unknown) => ArchiveError,
): AsyncGenerator<ArchiveEntry> {
  const options = { decodeStrings: false };
  const orDamaged = <T>(work: Promise<T>) =>
    work.catch((error: unknown) => {
      throw damaged(error);
    });
  const zip = await orDamaged(
    typeof source === "string"
      ? openPromise(source, options)
      : fromBufferPromise(bufferOf(source), options),
  );
  const entries = zip.eachEntry()[Symbol.asyncIterator]();
  try {
    while (true) {
      const { done, value: entry } = await orDamaged(entries.next());
      if (done) return;
      const path = nameOf(entry);
      if (path.endsWith("/")) continue;
      const size = entry.uncompressedSize;
      yield { path, size, read: () => contentOf(zip, entry, path) };
    }
  } finally {
    await entries.return?.();
  }
}

/** The path of a file: UTF-8 where it can be, which is not always said. */
function nameOf(entry: Entry): string {
  const { fileName, generalPurposeBitFlag: flags, extraFields } = entry;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(fileName)
      .replaceAll("\\", "/");
  } catch {
    return getFileNameLowLevel(flags, bufferOf(fileName), extraFields, false);
  }
}

/**
 * The content of a file.
 *
 * @throws {PackedFileError} If it is encrypted, compressed in another way, or damaged.
 */
async function contentOf(
  zip: ZipFile,
  entry: Entry,
  path: string,
): Promise<Uint8Array> {
  const { compressionMethod: method, uncompressedSize: size } = entry;
  const { compressedSize: packedSize } = entry;
  const advice = "Unpack it with another program and give the folder.";
  if (entry.isEncrypted()) {
    const reason = "the file is encrypted in the archive";
    throw new PackedFileError(path, reason, `it is encrypted. ${advice}`);
  }
  if (method !== STORED && method !== DEFLATED) {
    throw new PackedFileError(
      path,
      "the file is compressed in an unknown way",
      `it must be stored or deflated, current method is ${method}. ${advice}`,
    );
  }
  try {
    if (packedSize > size + size / 1000 + 1000) {
      throw new Error(`${packedSize} bytes for ${size} are too many`);
    }
    // Its own decompressing has errors that nobody can catch.
    const options = { decodeFileData: false };
    const parts = await zip.openReadStreamPromise(entry, options);
    const packed = Buffer.concat(await Array.fromAsync(parts));
    const bytes = new Uint8Array(
      method === STORED
        ? packed
        : inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) }),
    );
    if (bytes.length !== size) {
      throw new Error(`it has ${bytes.length} bytes where ${size} should be`);
    }
    const sum = crc32(bytes);
    if (sum === entry.crc32) return bytes;
    throw new Error(
      `its checksum is ${sum} where ${entry.crc32} should be`,
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    const detail = `it is damaged (${why}). Was the download cut short?`;
    const reason = "the file is damaged in the archive";
    throw new PackedFileError(path, reason, detail, error);
  }
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
