/** Bytes of an open file, at any place. */

/** Writes all of some bytes. */
export function writeAt(file: Deno.FsFile, at: number, bytes: Uint8Array) {
  file.seekSync(at, Deno.SeekMode.Start);
  for (let done = 0; done < bytes.length;) {
    done += file.writeSync(bytes.subarray(done));
  }
}

/** @returns The number of bytes read: fewer than there is room for at the end. */
export function readAt(
  file: Deno.FsFile,
  at: number,
  bytes: Uint8Array,
): number {
  file.seekSync(at, Deno.SeekMode.Start);
  let done = 0;
  while (done < bytes.length) {
    const count = file.readSync(bytes.subarray(done));
    if (count === null) break;
    done += count;
  }
  return done;
}
