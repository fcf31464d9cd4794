/**
 * The layout of the NSynth data set: `examples.json` tells of single notes, and `audio`
 * has a WAV file of each.
 *
 * J. Engel et al., "Neural Audio Synthesis of Musical Notes with WaveNet Autoencoders",
 * ICML 2017; https://magenta.tensorflow.org/datasets/nsynth.
 */

import { join } from "@std/path";
import { FileError } from "../base/base.ts";

/** One note of an instrument. */
export interface NsynthNote {
  /** Of its WAV file, without ending. */
  readonly name: string;
  /** MIDI pitch. */
  readonly pitch: number;
  /** MIDI velocity. */
  readonly velocity: number;
  /** Such as "bass" or "synth_lead". */
  readonly family: string;
  /** Such as "bass_synthetic_068". */
  readonly instrument: string;
}

/** The notes of a folder in NSynth's layout. */
export interface NsynthFolder {
  /** In the order of `examples.json`. */
  readonly notes: readonly NsynthNote[];
  /** Reads the WAV file of a note. */
  read(note: NsynthNote): Promise<Uint8Array>;
}

/**
 * Opens a folder in NSynth's layout.
 *
 * @param folder Of `examples.json` and `audio`.
 * @throws {FileError} If `examples.json` is not there, or tells of no note.
 */
export async function openNsynth(folder: string): Promise<NsynthFolder> {
  const path = join(folder, "examples.json");
  try {
    const examples: unknown = JSON.parse(await Deno.readTextFile(path));
    const notes = Object.entries(examples ?? {}).flatMap(([name, about]) =>
      noteOf(name, about) ?? []
    );
    if (notes.length === 0) throw new Error("it tells of no note");
    const read = ({ name }: NsynthNote) =>
      Deno.readFile(join(folder, "audio", `${name}.wav`));
    return { notes, read };
  } catch (error) {
    throw new FileError(
      `read ${path}`,
      error,
      "Give a folder of NSynth: it has examples.json, and a folder audio.",
    );
  }
}

/** What an entry says; undefined where it lacks something. */
function noteOf(name: string, about: unknown): NsynthNote | undefined {
  const {
    pitch,
    velocity,
    instrument_family_str: family,
    instrument_str: instrument,
  } = (about ?? {}) as Record<string, unknown>;
  const isMidi = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= 0 &&
    (value as number) <= 127;
  // A name is part of a path.
  return /^[\w-]+$/.test(name) && isMidi(pitch) && isMidi(velocity) &&
      typeof family === "string" && typeof instrument === "string"
    ? { name, pitch, velocity, family, instrument }
    : undefined;
}
