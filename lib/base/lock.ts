/** Files that one process at a time holds. */

import { dirname } from "@std/path";
import { FileError } from "./file_error.ts";

const FREEING_MILLISECONDS = 1000;

/** Something is in use by another process, or elsewhere in this one. */
export class LockError extends Error {
  /** The class of the error. */
  override readonly name = "LockError";
}

/** What {@linkcode takeLock} says where it is refused. */
export interface LockRefusal {
  /** What cannot be done, such as "train the run lofi". */
  readonly task: string;
  /** A sentence that says what to do. */
  readonly advice: string;
}

/**
 * Holds a file until it is disposed of, or the process ends in whatever way: the
 * operating system frees it then. The file stays.
 *
 * @param path The file; its folder is made if missing.
 * @throws {LockError} If a process holds it, which the message names.
 * @throws {FileError} If it cannot be opened.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { takeLock } from "immersic/base/base.ts";
 * const path = await Deno.makeTempFile();
 * const refusal = { task: "write the report", advice: "Wait until it is done." };
 * using _lock = await takeLock(path, refusal);
 * await assert.rejects(takeLock(path, refusal), { name: "LockError" });
 * ```
 */
export async function takeLock(
  path: string,
  { task, advice }: LockRefusal,
): Promise<Disposable> {
  let file: Deno.FsFile;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    file = await Deno.open(path, { create: true, read: true, write: true });
  } catch (error) {
    throw new FileError(`write ${path}`, error);
  }
  if (!await lockFile(file)) {
    file.close();
    throw new LockError(
      `Cannot ${task}: ${await holderOf(path)} does so now. ${advice}`,
    );
  }
  const since = new Date().toISOString().slice(0, 19).replace("T", " ");
  const holder = `process ${Deno.pid}, since ${since} UTC,`;
  try {
    await file.truncate();
    await file.write(new TextEncoder().encode(holder));
  } catch (error) {
    file.close();
    throw new FileError(`write ${path}`, error);
  }
  return file;
}

/**
 * Locks an open file until it is closed, or the process ends.
 *
 * A lock that its holder has let go of lasts on for milliseconds where another thread
 * of that process is beginning a child: the child has a copy of the open file until its
 * own program starts. So a second is allowed for.
 *
 * @returns Whether it is locked; false if somebody holds it.
 */
export async function lockFile(file: Deno.FsFile): Promise<boolean> {
  const end = performance.now() + FREEING_MILLISECONDS;
  while (!await file.tryLock(true)) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}

/**
 * Who holds a lock at this moment.
 *
 * @param path The file.
 * @returns Undefined if nobody does, or there is no such file.
 * @throws {FileError} If it cannot be opened.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lockHolder } from "immersic/base/base.ts";
 * assert.equal(await lockHolder("/no/such/file"), undefined);
 * ```
 */
export async function lockHolder(path: string): Promise<string | undefined> {
  try {
    using file = await Deno.open(path);
    if (await file.tryLock(false)) return undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new FileError(`read ${path}`, error);
  }
  return (await holderOf(path)).replace(/,$/, "");
}

/** Who holds a lock, as it wrote there. */
async function holderOf(path: string): Promise<string> {
  const holder = await Deno.readTextFile(path).catch(() => "");
  return holder.endsWith(",") ? holder : "another process";
}
