// deno-lint-ignore-file no-console -- a program
/**
 * `deno task transcribe`: writes a MIDI file for each audio file of a folder, for
 * `deno task preprocess`. Files that are there already are left, so that a run that was
 * ended goes on.
 *
 * It has a configuration and a lock file of its own: its packages, some 280 MB, are
 * downloaded when it first runs, and nobody else needs them.
 */

import { basename, dirname, extname, join, relative, resolve } from "@std/path";
import midiFiles from "@tonejs/midi";
import { writeFileAtomically } from "../base/base.ts";
import {
  type Given,
  readTask,
  TRANSCRIBE,
  UsageError,
  usageOf,
} from "../tasks/tasks.ts";
import { AUDIO_NAME, readAudio } from "./audio.ts";
import { fmaTracks } from "./fma.ts";
import { loadModel, notesOf } from "./model.ts";

/** Audio files of a folder and its subfolders, sorted; a file is its own only one. */
async function audioFiles(path: string): Promise<string[]> {
  const files: string[] = [];
  const visit = async (folder: string) => {
    for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
      if (isDirectory) await visit(join(folder, name));
      else if (isFile && AUDIO_NAME.test(name)) files.push(join(folder, name));
    }
  };
  const { isDirectory } = await Deno.stat(path).catch(() => {
    throw new UsageError(
      `Cannot transcribe ${path}: there is no such file or folder. Is the path right?`,
    );
  });
  if (isDirectory) await visit(path);
  else files.push(path);
  return files.sort();
}

/** Notes as a MIDI file of one part. A recording has no beat: it gets 120 a minute. */
function midiOf(name: string, notes: Awaited<ReturnType<typeof notesOf>>) {
  const midi = new midiFiles.Midi();
  const track = midi.addTrack();
  track.name = name;
  for (const note of notes) {
    track.addNote({
      midi: note.pitchMidi,
      time: note.startTimeSeconds,
      duration: note.durationSeconds,
      velocity: Math.min(1, Math.max(1 / 127, note.amplitude)),
    });
  }
  return midi.toArray();
}

async function main(
  { audio, out, genre, fmaMetadata: metadata }: Given<
    typeof TRANSCRIBE.options
  >["options"],
): Promise<number> {
  if (!audio || !out) {
    throw new UsageError("Cannot transcribe: give both --audio and --out.");
  }
  if (!genre !== !metadata) {
    throw new UsageError(
      "Cannot choose tracks: give both --genre and --fma-metadata, the folder of tracks.csv and genres.csv.",
    );
  }
  const all = await audioFiles(audio);
  const root = (await Deno.stat(audio)).isDirectory ? audio : dirname(audio);
  const tracks = genre && metadata
    ? await fmaTracks(metadata, genre)
    : undefined;
  const files = all.filter((file) =>
    tracks?.has(basename(file, extname(file))) ?? true
  );
  if (files.length === 0) {
    throw new UsageError(
      `Cannot transcribe ${audio}: it has no audio file${
        genre ? ` of the genre ${genre}` : ""
      }. Files end in .wav, .mp3, .ogg, .opus, .flac, .m4a, .aac or .aiff.`,
    );
  }
  const model = await loadModel();
  const failures: string[] = [];
  let written = 0, known = 0;
  for (const [i, file] of files.entries()) {
    const path = relative(root, file), target = join(out, `${path}.mid`);
    if (await Deno.stat(target).then(() => true, () => false)) {
      known++;
      continue;
    }
    const tell = (what: string) =>
      console.error(`${i + 1} of ${files.length}: ${path}, ${what}`);
    try {
      tell("is read");
      let told = performance.now();
      const notes = await notesOf(model, await readAudio(file), (share) => {
        if (performance.now() - told < 5000) return;
        told = performance.now();
        tell(`${Math.round(100 * share)} %`);
      });
      if (notes.length === 0) throw new Error("no note is heard in it");
      await Deno.mkdir(dirname(target), { recursive: true });
      await writeFileAtomically(target, midiOf(path, notes));
      written++;
    } catch (error) {
      failures.push(`${path}: ${(error as Error).message}`);
      tell(`cannot be transcribed: ${(error as Error).message}`);
    }
  }
  console.log(
    `${written} transcribed, ${known} were there, ${failures.length} could not be.`,
  );
  for (const failure of failures) console.log(`  ${failure}`);
  if (written + known === 0) return 1;
  console.log(`Next: deno task preprocess --midi ${resolve(out)} --out DIR`);
  return 0;
}

const { options } = await readTask(TRANSCRIBE);
try {
  Deno.exit(await main(options));
} catch (error) {
  const isUsage = error instanceof UsageError || error instanceof RangeError;
  if (!isUsage) throw error;
  console.error(`${error.message}\n${usageOf(TRANSCRIBE)}`);
  Deno.exit(2);
}
