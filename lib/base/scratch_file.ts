/** Files that are there only while something is worked on. */

import { dirname, join } from "@std/path";
import { FileError } from "./file_error.ts";

/**
 * A file that grows piece by piece, can be read from its beginning again and again,
 * and is removed when it is disposed of.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ScratchFile } from "immersic/base/base.ts";
 * const folder = await Deno.makeTempDir();
 * {
 *   using scratch = new ScratchFile(`${folder}/scratch`);
 *   await scratch.append(Uint8Array.of(1, 2));
 *   assert.deepEqual(await Array.fromAsync(scratch.pieces()), [
 *     Uint8Array.of(1, 2),
 *   ]);
 * }
 * await Deno.remove(folder); // it is empty
 * ```
 */
export class ScratchFile implements Disposable {
  readonly #path: string;
  #file: Deno.FsFile | undefined;
  readonly #lengths: number[] = [];

  /**
   * A scratch file without content.
   *
   * @param path Of the file, which is made with the first piece.
   */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Adds a piece at the end.
   *
   * @throws {FileError} If it cannot be written.
   */
  async append(bytes: Uint8Array): Promise<void> {
    try {
      this.#file ??= await this.#open();
      await this.#file.seek(0, Deno.SeekMode.End);
      for (let done = 0; done < bytes.length;) {
        done += await this.#file.write(bytes.subarray(done));
      }
    } catch (error) {
      throw new FileError(`write ${this.#path}`, error);
    }
    this.#lengths.push(bytes.length);
  }

  async #open(): Promise<Deno.FsFile> {
    await Deno.mkdir(dirname(this.#path), { recursive: true });
    return await Deno.open(this.#path, {
      read: true,
      write: true,
      create: true,
      truncate: true,
    });
  }

  /**
   * The pieces that were added.
   *
   * @throws {FileError} If they cannot be read.
   */
  async *pieces(): AsyncGenerator<Uint8Array> {
    let start = 0;
    for (const length of this.#lengths) {
      yield await this.#read(start, length);
      start += length;
    }
  }

  async #read(start: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    try {
      await this.#file!.seek(start, Deno.SeekMode.Start);
      for (let done = 0; done < length;) {
        const count = await this.#file!.read(bytes.subarray(done));
        if (count === null) throw new Error("it is shorter than before");
        done += count;
      }
    } catch (error) {
      throw new FileError(`read ${this.#path}`, error);
    }
    return bytes;
  }

  /** Removes the file. */
  [Symbol.dispose](): void {
    if (!this.#file) return;
    this.#file.close();
    this.#file = undefined;
    Deno.removeSync(this.#path);
  }
}

/**
 * Writes a file into a folder of its own, which is removed after use: for libraries
 * that take a folder's path and no bytes.
 *
 * @param name Of the file.
 * @param use Is given the path of the folder.
 * @throws {FileError} If it cannot be written.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { inScratchFolder } from "immersic/base/base.ts";
 * const bytes = Uint8Array.of(1, 2);
 * const read = inScratchFolder(
 *   ["two", bytes],
 *   (folder) => Deno.readFileSync(`${folder}/two`),
 * );
 * assert.deepEqual(read, bytes);
 * ```
 */
export function inScratchFolder<T>(
  [name, bytes]: readonly [string, Uint8Array],
  use: (folder: string) => T,
): T {
  let folder: string | undefined;
  try {
    try {
      folder = Deno.makeTempDirSync({ prefix: "immersic-" });
      Deno.writeFileSync(join(folder, name), bytes);
    } catch (error) {
      throw new FileError(`write ${folder ?? "a temporary folder"}`, error);
    }
    return use(folder);
  } finally {
    if (folder !== undefined) Deno.removeSync(folder, { recursive: true });
  }
}
