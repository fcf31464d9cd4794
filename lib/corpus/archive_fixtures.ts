/** Archives for tests, built byte by byte. */

import { Buffer } from "node:buffer";
import { deflateRawSync } from "node:zlib";

/** What a test ZIP says that is not so. */
export interface ZipLies {
  /** Size of each file, unpacked. */
  readonly size?: number;
  /** Flags of each file; 1 stands for encrypted. */
  readonly flags?: number;
}

/** A ZIP file: entries as [path, content, method]. */
export function zip(
  entries: readonly (readonly [string, string, number?])[],
  { size, flags = 0 }: ZipLies = {},
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
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(size ?? content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    local.push(header, name, Buffer.alloc(4), packed);
    central.push(entry, name);
    offset += 34 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(7, 20);
  return new Uint8Array(
    Buffer.concat([...local, ...central, end, Buffer.from("comment")]),
  );
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
