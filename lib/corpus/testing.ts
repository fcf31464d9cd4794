/** What tests of corpora share: a tokenizer of pitches, small files, a folder of them. */

import { join } from "@std/path";
import { writeMidi } from "../midi/midi.ts";
import { emptySequence, type NoteSequence } from "../music/music.ts";
import type { Tokenizer } from "../tokens/vocabulary/vocabulary.ts";
import { preprocess, type PreprocessOptions } from "./preprocess.ts";

/** A tokenizer with a token for each pitch; counts its calls. */
export class PitchTokenizer implements Tokenizer {
  readonly name = "chord";
  readonly options: object;
  /** Calls so far. */
  encoded = 0;

  constructor(options: object = {}) {
    this.options = options;
  }

  encode(sequence: NoteSequence): string[] {
    this.encoded++;
    return sequence.notes.filter(({ pitch }) => pitch < 100)
      .map(({ pitch }) => `p${pitch}`);
  }

  decode(): NoteSequence {
    throw new Error("not used here");
  }
}

/** A file of quarter notes. */
export function midi(...pitches: number[]): Uint8Array {
  return writeMidi({
    ...emptySequence(480),
    parts: [{ name: "", program: 0, isDrum: false }],
    notes: pitches.map((pitch, i) => ({
      pitch,
      velocity: 64,
      startTicks: 480 * i,
      endTicks: 480 * (i + 1),
      part: 0,
    })),
    totalTicks: 480 * pitches.length,
  });
}

/** Runs a test with a folder of files and a place for the corpus. */
export async function withFiles(
  files: Record<string, Uint8Array>,
  test: (
    run: (
      options?: Partial<PreprocessOptions>,
    ) => ReturnType<typeof preprocess>,
    midiFolder: string,
    outFolder: string,
  ) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  const midiFolder = join(root, "midi"), outFolder = join(root, "out");
  await Deno.mkdir(join(midiFolder, "deep", "er"), { recursive: true });
  for (const [file, bytes] of Object.entries(files)) {
    await Deno.writeFile(join(midiFolder, file), bytes);
  }
  const run = (options: Partial<PreprocessOptions> = {}) =>
    preprocess({
      midiFolder,
      outFolder,
      tokenizer: new PitchTokenizer(),
      ...options,
    });
  try {
    await test(run, midiFolder, outFolder);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** The bytes of a text. */
export const TEXT: Uint8Array = new TextEncoder().encode(
  "this is no MIDI file",
);

/** Files of every kind: kept, twice the same, refused, not MIDI. */
export const FILES = {
  "b.mid": midi(60, 62, 64),
  "a.MIDI": midi(60, 67),
  "deep/er/c.Mid": midi(72),
  "copy of b.mid": midi(60, 62, 64),
  "broken.mid": TEXT,
  "broken too.mid": TEXT,
  "silent.mid": midi(),
  "too high.mid": midi(101, 102),
  "notes.txt": TEXT,
};
