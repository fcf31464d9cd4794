/**
 * Reads the files of an archive: ZIP (PKWARE APPNOTE, stored or deflated) and TAR
 * (POSIX ustar with pax and GNU long names), gzipped or not.
 */

/** A file of an archive. */
export interface ArchiveFile {
  /** Path in the archive, "/" between folders. */
  readonly path: string;
  /** Its content, unpacked. */
  readonly bytes: Uint8Array;
}

/** An archive that cannot be read, and why. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}

const TAR_BLOCK = 512;
/** Most bytes of all files of an archive, unpacked. */
const MAX_BYTES = 2 ** 30;
/** Bytes of a ZIP's end record, and most bytes of the comment after it. */
const END_BYTES = 22, MAX_COMMENT = 0xffff;

/**
 * Unpacks an archive, whose first bytes show its kind.
 *
 * @param bytes The whole archive.
 * @returns Its files, in its order.
 * @throws {ArchiveError} If it is no archive, damaged, or of an unsupported kind,
 * or if the path of a file leads outside of the folder.
 */
export async function unpack(bytes: Uint8Array): Promise<ArchiveFile[]> {
  const startsWith = (...magic: number[]) =>
    magic.every((byte, i) => bytes[i] === byte);
  const files = startsWith(0x50, 0x4b) ? await unzip(bytes) : untar(
    startsWith(0x1f, 0x8b) ? await inflate(bytes, "gzip", MAX_BYTES) : bytes,
  );
  for (const { path } of files) {
    if (/^\/|[\\:]|(^|\/)\.\.(\/|$)/.test(path)) {
      throw new ArchiveError(
        `Cannot unpack the archive: its file "${path}" would not stay in the folder.`,
      );
    }
  }
  return files;
}

async function unzip(bytes: Uint8Array): Promise<ArchiveFile[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const files: ArchiveFile[] = [];
  let total = 0;
  try {
    // The end record is the last one; only a comment may follow it.
    let end = bytes.length - END_BYTES;
    const first = Math.max(0, end - MAX_COMMENT);
    while (end >= first && view.getUint32(end, true) !== 0x06054b50) end--;
    if (end < first) throw damaged(bytes);
    let entry = view.getUint32(end + 16, true);
    if (entry === 0xffffffff) throw unsupported("it is a ZIP64 archive");
    for (let left = view.getUint16(end + 10, true); left > 0; left--) {
      if (view.getUint32(entry, true) !== 0x02014b50) throw damaged(bytes);
      const isEncrypted = (view.getUint16(entry + 8, true) & 1) === 1;
      const method = view.getUint16(entry + 10, true);
      const packedSize = view.getUint32(entry + 20, true);
      const size = view.getUint32(entry + 24, true);
      const nameLength = view.getUint16(entry + 28, true);
      const local = view.getUint32(entry + 42, true);
      const path = new TextDecoder().decode(
        bytes.subarray(entry + 46, entry + 46 + nameLength),
      );
      entry += 46 + nameLength + view.getUint16(entry + 30, true) +
        view.getUint16(entry + 32, true);
      if (path.endsWith("/")) continue;
      if (isEncrypted) throw unsupported(`"${path}" is encrypted`);
      if ([packedSize, size, local].includes(0xffffffff)) {
        throw unsupported(`"${path}" is stored as ZIP64`);
      }
      if (method !== 0 && method !== 8) {
        throw unsupported(
          `"${path}" must be stored or deflated, current method is ${method}`,
        );
      }
      total += size;
      requireSize(total);
      const start = local + 30 + view.getUint16(local + 26, true) +
        view.getUint16(local + 28, true);
      const packed = bytes.subarray(start, start + packedSize);
      const content = method === 8
        ? await inflate(packed, "deflate-raw", size)
        : packed;
      if (content.length !== size) throw damaged(bytes);
      files.push({ path, bytes: content });
    }
  } catch (error) {
    // Reading behind the end.
    throw error instanceof RangeError ? damaged(bytes) : error;
  }
  return files;
}

function untar(bytes: Uint8Array): ArchiveFile[] {
  const text = (from: number, length: number) =>
    new TextDecoder().decode(bytes.subarray(from, from + length))
      .replace(/\0.*$/s, "");
  const files: ArchiveFile[] = [];
  let longPath = "";
  for (let block = 0; (bytes[block] ?? 0) > 0;) {
    if (text(block + 257, 5) !== "ustar") throw damaged(bytes);
    const size = parseInt(text(block + 124, 12), 8);
    const type = text(block + 156, 1);
    const start = block + TAR_BLOCK;
    if (!(size >= 0 && start + size <= bytes.length)) throw damaged(bytes);
    const prefix = text(block + 345, 155);
    const path = longPath || (prefix && `${prefix}/`) + text(block, 100);
    longPath = "";
    if (type === "L") {
      longPath = text(start, size);
    } else if (type === "x") {
      longPath = text(start, size).match(/^\d+ path=(.*)$/m)?.[1] ?? "";
    } else if (type === "0" || type === "") {
      files.push({ path, bytes: bytes.subarray(start, start + size) });
    }
    block = start + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
  }
  if (files.length === 0) throw damaged(bytes);
  return files;
}

/**
 * Decompresses bytes.
 *
 * @param most Bytes that may come out.
 * @throws {ArchiveError} If more come, or the bytes are damaged.
 */
async function inflate(
  bytes: Uint8Array,
  format: CompressionFormat,
  most: number,
): Promise<Uint8Array> {
  const stream = new Blob([bytes.slice()]).stream()
    .pipeThrough(new DecompressionStream(format));
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > most) break; // Leaving the loop cancels the stream.
      chunks.push(chunk);
    }
  } catch {
    throw damaged(bytes);
  }
  requireSize(size);
  if (size > most) throw damaged(bytes);
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/** @throws {ArchiveError} If an archive's files are too large together. */
function requireSize(size: number): void {
  if (size <= MAX_BYTES) return;
  throw unsupported(
    `its files may have ${MAX_BYTES} bytes together at most, current value is ${size} or more`,
  );
}

function unsupported(reason: string): ArchiveError {
  return new ArchiveError(
    `Cannot unpack the archive: ${reason}. Unpack it with another program and give the folder.`,
  );
}

function damaged({ length }: Uint8Array): ArchiveError {
  return new ArchiveError(
    `Cannot unpack the archive: its ${length} bytes are no whole ZIP, TAR or TAR.GZ file. Was the download cut short?`,
  );
}
