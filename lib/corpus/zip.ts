/** Reads a ZIP file by its central directory, one file after another. */

import { Buffer } from "node:buffer";
import { crc32, inflateRawSync } from "node:zlib";
import yauzl from "yauzl";
import {
  type ArchiveEntry,
  type ArchiveError,
  PackedFileError,
} from "./archive_entry.ts";
import { ZipBytes } from "./zip_bytes.ts";

/** What is used here of the library, which has no types of its own. */
interface Library {
  fromRandomAccessReaderPromise(
    bytes: ZipBytes,
    size: number,
    options: Options,
  ): Promise<ZipFile>;
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
  readLocalFileHeaderPromise(
    entry: Entry,
    options: { readonly minimal: boolean },
  ): Promise<{ readonly fileDataStart: number }>;
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

const { fromRandomAccessReaderPromise, getFileNameLowLevel } = yauzl as Library;

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
  const bytes = new ZipBytes(
    typeof source === "string" ? await Deno.open(source) : source,
  );
  const zip = await orDamaged(
    fromRandomAccessReaderPromise(bytes, bytes.size, options),
  );
  const entries = zip.eachEntry()[Symbol.asyncIterator]();
  try {
    while (true) {
      const { done, value: entry } = await orDamaged(entries.next());
      if (done) return;
      const path = nameOf(entry);
      if (path.endsWith("/")) continue;
      const size = entry.uncompressedSize;
      yield { path, size, read: () => contentOf({ zip, bytes }, entry, path) };
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
  { zip, bytes: source }: { readonly zip: ZipFile; readonly bytes: ZipBytes },
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
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, {
      minimal: true,
    });
    const packed = source.at(fileDataStart, packedSize);
    if (packed.length < packedSize) throw new Error("unexpected end");
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
