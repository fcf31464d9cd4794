/** Archives of MIDI files as folders. */

import { dirname, join } from "@std/path";
import { FileError } from "../base/base.ts";
import { MAX_FILE_BYTES } from "../midi/midi.ts";
import { archiveEntries } from "./archive.ts";
import { MIDI_NAME, MIDI_NAMES } from "./midi_files.ts";

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
  if (!info.isFile) {
    throw new FileError(`read ${path}`, "it is a device or a pipe");
  }
  if (MIDI_NAME.test(path)) {
    throw new FileError(
      `read ${path}`,
      "it is a single MIDI file",
      "Give a folder or an archive of such files.",
    );
  }
  const folder = await Deno.makeTempDir({ prefix: "immersic-" });
  try {
    let files = 0;
    for await (const entry of archiveEntries(path)) {
      if (!MIDI_NAME.test(entry.path)) continue;
      files++;
      const target = join(folder, entry.path);
      try {
        if (entry.size > MAX_FILE_BYTES) {
          throw new Error(
            `it may have ${MAX_FILE_BYTES} bytes at most, current value is ${entry.size}`,
          );
        }
        const bytes = await entry.read();
        await Deno.mkdir(dirname(target), { recursive: true });
        await Deno.writeFile(target, bytes);
      } catch (error) {
        throw new FileError(`unpack ${entry.path} of ${path}`, error);
      }
    }
    if (files === 0) {
      throw new FileError(
        `read ${path}`,
        `there is no ${MIDI_NAMES} file in it`,
      );
    }
    return await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
