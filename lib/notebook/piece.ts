/** A prompt → a piece, written to files and shown in the cell. */

import { basename } from "@std/path";
import {
  compose,
  type Composition,
  type CompositionOptions,
  describeComposition,
  newWork,
  type RecipeStart,
  saveWork,
} from "../composition/composition.ts";
import {
  CopyIndex,
  type Reading,
  READINGS,
  type SharedPassage,
} from "../evaluation/evaluation.ts";
import {
  type CorpusMusic,
  corpusMusic,
  type Generator,
} from "../generation/generation.ts";
import {
  deliveredTable,
  pieceFile,
  titleOf,
  writePiece,
} from "../files/files.ts";
import type { NoteSequence } from "../music/music.ts";
import {
  expandPath,
  requireKnownNames,
  requireWritableFile,
  requireWritableFolder,
  withoutUndefined,
} from "../base/base.ts";
import {
  type DisplayObject,
  jupyterDisplay,
  pianoRoll,
  table,
} from "../plot/plot.ts";
import type { SynthesisOptions } from "../synthesis/synthesis.ts";
import { audioPlayer, fileLink, loopPlayer } from "./files.ts";
import { lines } from "./lines.ts";
import { display } from "./output.ts";
import { progress } from "./progress.ts";
import { requireNoStream } from "./stream_player.ts";

/** How {@linkcode makePiece} works. */
export interface MakePieceOptions
  extends Omit<CompositionOptions, "onProgress"> {
  /**
   * The MIDI file to write.
   * @default named after prompt and seed in `folder`, and never another piece's
   */
  readonly midiFile?: string;
  /** Where files go that are not named. @default "../outputs" */
  readonly folder?: string;
  /** The file of its sound: .wav, .flac, .ogg or .mp3. @default WAV beside `midiFile` */
  readonly wavFile?: string;
  /**
   * The corpus that the model was trained on, to look for copies of it in the piece.
   * @default none, and no report of copies
   */
  readonly corpus?: CorpusMusic;
  /** How to render the sound. @default instruments built in code */
  readonly sound?: SynthesisOptions;
}

/** What a piece shares with the training pieces, in one reading. */
export interface CopyingLine {
  /** All notes, or only the highest at each onset. */
  readonly reading: Reading;
  /** Share of the notes in passages of 12 or more that a training piece has. */
  readonly copiedShare: number;
  /** The longest shared passage. */
  readonly longest: SharedPassage | undefined;
}

/** Names of all options; one that is misspelt would do nothing. */
const OPTIONS: Record<keyof MakePieceOptions, true> = {
  midiFile: true,
  folder: true,
  wavFile: true,
  corpus: true,
  sound: true,
  wishes: true,
  bars: true,
  seed: true,
  variation: true,
  randomSeed: true,
  temperature: true,
  topK: true,
  topP: true,
  minP: true,
};

/** A piece that was made, written and shown. As a cell's value it is one line. */
export interface MadePiece extends Composition, DisplayObject {
  /** The prompt, or what stands in its place. */
  readonly title: string;
  /** The MIDI file written. */
  readonly midiFile: string;
  /** The WAV file written. */
  readonly wavFile: string;
  /** What it shares with the training pieces; empty if no corpus was given. */
  readonly copying: readonly CopyingLine[];
}

/**
 * Makes a piece from a prompt, writes it as MIDI and WAV, and shows it: a piano roll,
 * a player, what was understood of the prompt, what was asked beside what came out, what the
 * piece shares with the training pieces, and links to the files. The player plays an MP3
 * beside the WAV, which exports of the notebook embed; that of a loop plays the WAV. How
 * the piece was made is kept beside the MIDI file as JSON, for `redoPiece` and `undoPiece`.
 *
 * @param generator A model of REMI tokens.
 * @param prompt What to make, in words.
 * @returns The piece, its files and its reports.
 * @throws {FileError} If the files cannot be written, before the piece is made.
 * @throws {PromptError} If the prompt cannot be followed.
 * @throws {RangeError} If the model's tokens are not REMI, an option is unknown, or a
 * stream plays from the generator.
 *
 * ```ts ignore
 * const piece = await makePiece(generator, "calm piano in D minor, one minute", {
 *   midiFile: "../outputs/calm.mid",
 *   corpus,
 * });
 * ```
 */
export async function makePiece(
  generator: Generator,
  prompt: string,
  options: MakePieceOptions = {},
): Promise<MadePiece> {
  requireKnownNames(
    "options of makePiece",
    Object.keys(OPTIONS),
    Object.keys(options),
  );
  requireNoStream(generator);
  const { corpus, sound } = options;
  const folder = expandPath(options.folder ?? "../outputs");
  const [namedMidi, namedWav] = [options.midiFile, options.wavFile]
    .map((path) => path === undefined ? undefined : expandPath(path));
  await requireWritableFolder(folder);
  for (const path of [namedMidi, namedWav]) {
    if (path !== undefined) await requireWritableFile(path);
  }
  const writing = progress("Composing", 0, { unit: "tokens" });
  const made = await compose(generator, prompt, {
    ...options,
    onProgress: (tokens, bar) =>
      writing.update(tokens, { note: `bar ${bar} of a draft` }),
  });
  const title = titleOf(prompt) || "A new piece";
  const { sequence, isLoop, piece, randomSeed } = made;
  const finished = { sequence, isLoop };
  const midiFile = namedMidi ??
    await pieceFile(folder, { prompt, randomSeed, sequence });
  const wavFile = namedWav ?? midiFile.replace(/(\.midi?)?$/i, ".wav");
  await writePiece([midiFile], finished);
  if (!options.seed && !options.variation) {
    await saveWork(
      midiFile,
      newWork(generator, sequence, startOf(made, prompt, options)),
    );
  }
  await writing.done(
    `${piece.tokens.length} tokens, ${sequence.notes.length} notes`,
  );
  const rendering = progress("Rendering", 0, { unit: "s of sound" });
  const heardFile = isLoop ? wavFile : wavFile.replace(/\.wav$/i, ".mp3");
  await writePiece([...new Set([wavFile, heardFile])], finished, {
    ...sound,
    onProgress: (seconds, total) => rendering.update(seconds, { total }),
  });
  await rendering.done(`${basename(wavFile)} written`);
  const copying = corpus ? await copyingOf(sequence, corpus, generator) : [];
  await display(
    pianoRoll(sequence, { title }),
    (isLoop ? loopPlayer : audioPlayer)(heardFile, { label: title }),
    lines(describeComposition(made)),
    deliveredTable(made.delivered),
    ...copying.length === 0 ? [] : [copyingTable(copying)],
    ...new Set([midiFile, wavFile, heardFile]).values().map((path) =>
      fileLink(path)
    ),
  );
  const line = `${title}: ${midiFile}, ${wavFile}`;
  return {
    ...made,
    ...{ title, midiFile, wavFile, copying },
    [jupyterDisplay]: () => ({ "text/plain": line }),
  };
}

/** What makes a piece again. */
function startOf(
  { randomSeed }: Composition,
  prompt: string,
  { bars, temperature, topK, topP, minP, wishes }: MakePieceOptions,
): RecipeStart {
  const options = withoutUndefined({
    ...{ bars, temperature, topK, topP, minP, wishes },
  });
  return { prompt, randomSeed, options };
}

/** What a piece shares with the training pieces, in each reading. */
async function copyingOf(
  sequence: NoteSequence,
  corpus: CorpusMusic,
  { checkpoint }: Generator,
): Promise<CopyingLine[]> {
  const index = await CopyIndex.of(
    await corpusMusic(corpus, checkpoint.corpus),
  );
  const found = index.find(sequence);
  return READINGS.map((reading) => {
    const { copiedShare, longest } = found[reading];
    return { reading, copiedShare, longest };
  });
}

function copyingTable(copying: readonly CopyingLine[]) {
  return table(
    copying.map(({ reading, copiedShare, longest }) => ({
      "copied from training pieces": reading === "notes"
        ? "all notes"
        : "melody",
      "notes in passages of 12 or more": `${(100 * copiedShare).toFixed(1)} %`,
      "longest shared passage": longest
        ? `${longest.notes} notes of ${longest.file}`
        : "none",
    })),
  );
}
