/** Failures of the file system, as sentences. */

/** Causes by the operating system's code. */
const CAUSES: Readonly<Record<string, string>> = {
  EACCES: "permission is denied",
  EDQUOT: "your disk quota is used up",
  EEXIST: "something of that name is in the way",
  EIO: "the disk fails",
  EISDIR: "it is a folder, not a file",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "its path is too long",
  ENOENT: "there is no such file or folder",
  ENOSPC: "the disk is full",
  ENOTDIR: "it or a part of its path is a file, not a folder",
  EPERM: "permission is denied",
  EROFS: "it is on a read-only file system",
};

/**
 * What the file system says is wrong.
 *
 * @param error What was thrown.
 * @returns A clause without paths, or the operating system's own words.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fileCause } from "immersic/base/base.ts";
 * await Deno.readFile("/no/such/file").catch((error) =>
 *   assert.equal(fileCause(error), "there is no such file or folder")
 * );
 * ```
 */
export function fileCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  // Deno ends messages with the call and the path: "… (os error 5): open '/a'".
  return CAUSES[code] ?? error.message.replace(/ \(os error.*$/s, "");
}

/** A file or folder that cannot be read or written, and why. */
export class FileError extends Error {
  /** The class of the error. */
  override readonly name = "FileError";

  /**
   * Makes an error.
   *
   * @param task What cannot be done, such as "write /a/b.mid".
   * @param reason A clause without a full stop, or what was thrown.
   * @param advice A sentence that says what to do. @default none
   */
  constructor(task: string, reason: unknown, advice = "") {
    const text = typeof reason === "string" ? reason : fileCause(reason);
    super(`Cannot ${task}: ${text}.${advice && ` ${advice}`}`, {
      cause: reason,
    });
  }
}
