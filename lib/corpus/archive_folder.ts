/** Archives of MIDI files as folders. */

import { dirname, join } from "@std/path";
import { FileError } from "../base/base.ts";
import { unpack } from "./archive.ts";
import { MIDI_NAME, MIDI_NAMES } from "./midi_files.ts";

/** Most bytes of an archive. */
const MAX_BYTES = 2 ** 30;

/**
 * Gives work the folder of MIDI files that a path names: the path itself or, where
 * it is an archive (ZIP, TAR, TAR.GZ), a temporary folder with its MIDI files,
 * which is removed afterwards.
 *
 * @param path Of a folder or an archive.
 * @returns What the work returns.
 * @throws {FileError} If it is a file that is no archive to be read, or its
 * files cannot be put into a folder.
 * @throws {ArchiveError} If it is damaged or of an unsupported kind.
 */
export async function withMidiFolder<T>(
  path: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  // A folder that is missing is told by what reads it.
  const info = await Deno.stat(path).catch(() => undefined);
  if (info === undefined || info.isDirectory) return await work(path);
  if (!info.isFile || info.size > MAX_BYTES) {
    throw new FileError(
      `read ${path}`,
      info.isFile
        ? `an archive may have ${MAX_BYTES} bytes at most, current value is ${info.size}`
        : "it is a device or a pipe",
    );
  }
  if (MIDI_NAME.test(path)) {
    throw new FileError(
      `read ${path}`,
      "it is a single MIDI file",
      "Give a folder or an archive of such files.",
    );
  }
  const files = (await unpack(await Deno.readFile(path)))
    .filter((file) => MIDI_NAME.test(file.path));
  if (files.length === 0) {
    throw new FileError(`read ${path}`, `there is no ${MIDI_NAMES} file in it`);
  }
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    for (const file of files) {
      const target = join(folder, file.path);
      try {
        await Deno.mkdir(dirname(target), { recursive: true });
        await Deno.writeFile(target, file.bytes);
      } catch (error) {
        throw new FileError(`unpack ${file.path} of ${path}`, error);
      }
    }
    return await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
