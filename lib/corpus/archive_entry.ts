/** A file of an archive, and what can be wrong with one. */

/** A file of an archive, to be read before the next one is asked for. */
export interface ArchiveEntry {
  /** Path in the archive, "/" between folders. */
  readonly path: string;
  /** Bytes of its content, as the archive says; more never come out. */
  readonly size: number;
  /**
   * Its content, unpacked. Call it once at most.
   *
   * @throws {PackedFileError} If it cannot be read; other files may.
   * @throws {ArchiveError} If the archive ends before.
   */
  read(): Promise<Uint8Array>;
}

/** An archive that cannot be read, and why. */
export class ArchiveError extends Error {
  override readonly name: string = "ArchiveError";
}

/** A file of an archive that cannot be read, and why. */
export class PackedFileError extends ArchiveError {
  override readonly name = "PackedFileError";

  /**
   * @param reason The same words for every file.
   * @param detail What is to be told of this one.
   */
  constructor(
    path: string,
    readonly reason: string,
    detail: string,
    cause?: unknown,
  ) {
    super(`Cannot unpack "${path}" of the archive: ${detail}`, { cause });
  }
}
