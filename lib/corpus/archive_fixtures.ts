/** Archives for tests, built byte by byte. */

import { Buffer } from "node:buffer";
import { crc32, deflateRawSync } from "node:zlib";

/** What a test ZIP says that is not so. */
export interface ZipLies {
  /** Size of each file, unpacked. */
  readonly size?: number;
  /** Flags of each file; 1 stands for encrypted. */
  readonly flags?: number;
  /** Whether sizes and places are in the fields of ZIP64, which is true. */
  readonly isZip64?: boolean;
}

/** A ZIP file: entries as [path, content, method]. */
export function zip(
  entries: readonly (readonly [string, string, number?])[],
  { size, flags = 0, isZip64 = false }: ZipLies = {},
): Uint8Array {
  const local: Buffer[] = [], central: Buffer[] = [];
  let offset = 0;
  for (const [path, text, method = 8] of entries) {
    const content = Buffer.from(text);
    const packed = method === 8 ? deflateRawSync(content) : content;
    const name = Buffer.from(path);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(method, 8);
    header.writeUInt16LE(name.length, 26);
    header.writeUInt16LE(4, 28); // An extra field, which readers skip.
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(crc32(content), 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(size ?? content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    const wide = Buffer.alloc(isZip64 ? 28 : 0);
    if (isZip64) {
      wide.writeUInt16LE(1, 0);
      wide.writeUInt16LE(24, 2);
      wide.writeBigUInt64LE(BigInt(content.length), 4);
      wide.writeBigUInt64LE(BigInt(packed.length), 12);
      wide.writeBigUInt64LE(BigInt(offset), 20);
      for (const at of [20, 24, 42]) entry.writeUInt32LE(0xffffffff, at);
      entry.writeUInt16LE(wide.length, 30);
    }
    local.push(header, name, Buffer.alloc(4), packed);
    central.push(entry, name, wide);
    offset += 34 + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  return new Uint8Array(Buffer.concat([
    ...local,
    directory,
    endOf(entries.length, offset, directory.length, isZip64),
  ]));
}

/** The records after a ZIP's directory. */
function endOf(
  entries: number,
  offset: number,
  size: number,
  isZip64: boolean,
): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(isZip64 ? 0xffff : entries, 10);
  end.writeUInt32LE(isZip64 ? 0xffffffff : size, 12);
  end.writeUInt32LE(isZip64 ? 0xffffffff : offset, 16);
  end.writeUInt16LE(7, 20);
  const wide = Buffer.alloc(isZip64 ? 76 : 0);
  if (isZip64) {
    wide.writeUInt32LE(0x06064b50, 0);
    wide.writeBigUInt64LE(44n, 4);
    for (const at of [24, 32]) wide.writeBigUInt64LE(BigInt(entries), at);
    wide.writeBigUInt64LE(BigInt(size), 40);
    wide.writeBigUInt64LE(BigInt(offset), 48);
    wide.writeUInt32LE(0x07064b50, 56);
    wide.writeBigUInt64LE(BigInt(offset + size), 64);
    wide.writeUInt32LE(1, 72);
  }
  return Buffer.concat([wide, end, Buffer.from("comment")]);
}

/** A TAR file: entries as [path, content, type]. */
export function tar(
  entries: readonly (readonly [string, string, string?])[],
): Uint8Array {
  const blocks = entries.flatMap(([path, text, type = "0"]) => {
    const content = Buffer.from(text);
    const header = Buffer.alloc(512);
    header.write(path, 0);
    header.write(content.length.toString(8).padStart(11, "0"), 124);
    header.write(type, 156);
    header.write("ustar\x0000", 257);
    return [header, content, Buffer.alloc(-content.length & 511)];
  });
  return new Uint8Array(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}
