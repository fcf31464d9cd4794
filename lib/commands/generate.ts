/** `generate`: a new piece from a trained run. */

import { basename, resolve } from "@std/path";
import { type Checkpoint, loadBest } from "../model/model.ts";
import {
  compose,
  describeComposition,
  newWork,
  randomSeedOf,
  type RecipeStart,
  saveWork,
} from "../composition/composition.ts";
import { loadCorpus, openMidiFile, openNsynth } from "../corpus/corpus.ts";
import {
  type GenerationOptions,
  Generator,
  readSeed,
  readVariation,
  seedFromPiece,
  type SeedReader,
} from "../generation/generation.ts";
import {
  deliveredTable,
  fileKindOf,
  titleOf,
  writePiece,
  writeStems,
} from "../files/files.ts";
import { ticksToSeconds } from "../music/music.ts";
import { nsynthSoundBank } from "../synthesis/synthesis.ts";
import {
  FileError,
  freshSeed,
  PROJECT_FOLDER,
  Random,
  requireWritableFile,
  requireWritableFolder,
  runFolder,
  withoutUndefined,
} from "../base/base.ts";
import type { Run } from "./command.ts";
import {
  asksForWork,
  changePiece,
  type GenerateOptions,
} from "./generate_work.ts";
import { replacedPieces, staleFiles } from "./earlier_files.ts";
import {
  flagOf,
  fromUsage,
  type GENERATE,
  type Given,
  required,
  UsageError,
} from "../tasks/tasks.ts";

/** See {@linkcode Run}. */
export const run: Run<typeof GENERATE.options> = async (given, progress) => {
  const { options } = given;
  const run = required("run", options.run);
  const isWork = asksForWork(options);
  const files = filesOf(options, isWork);
  const [out = ""] = files;
  const folder = fromUsage(() => runFolder(run));
  const asked: Asked = {
    ...samplingOf(options),
    ...withoutUndefined({
      randomSeed: options.randomSeed,
      maxTokens: options.tokens,
    }),
    onProgress: (tokens: number, bar: number) =>
      progress(`${tokens} tokens, bar ${bar} of a draft`),
  };
  requireOneStart(given);
  for (const file of files) await requireWritableFile(file);
  const { stems: stemFolder, soundBank: bank, prompt } = options;
  const stems = stemFolder === undefined ? undefined : resolve(stemFolder);
  if (stems !== undefined) await requireWritableFolder(stems);
  const sound = {
    ...bank !== undefined &&
      { soundBank: await readSoundBank(resolve(bank)) },
    onProgress: (seconds: number, of: number) =>
      progress(`${seconds} of ${of} s of sound`, seconds / of),
  };
  progress("reading the run");
  const checkpoint = await loadBest(folder);
  using generator = await Generator.open(checkpoint);
  if (isWork) {
    return await changePiece(generator, options, {
      ...{ files, stems, sound, progress },
    });
  }
  const made = checkpoint.corpus.tokenizer === "remi"
    ? await composeFrom(generator, options, asked)
    : await sampleFrom(generator, options, asked);
  const { sequence, piece, replaced, composition, randomSeed } = made;
  const brief = composition ? describeComposition(composition) : [];
  const finished = {
    sequence,
    brief,
    delivered: composition?.delivered ?? [],
    isLoop: composition?.isLoop ?? false,
    chords: composition?.chords ?? [],
    ...prompt && { title: titleOf(prompt) },
  };
  const earlier = await replacedPieces(files);
  await writePiece(files, finished, sound);
  const start = startOf(options, randomSeed, composition !== undefined);
  for (const file of start ? files : []) {
    if (fileKindOf(file) !== "midi") continue;
    await saveWork(file, newWork(generator, sequence, start!));
  }
  const stemFiles = stems === undefined
    ? []
    : await writeStems(stems, finished, sound);
  const seconds = ticksToSeconds(sequence, sequence.totalTicks);
  const { damaged } = checkpoint;
  const text = [
    ...damaged,
    ...composition?.delivered.length
      ? [deliveredTable(composition.delivered).text, ""]
      : [],
    // What music in bars was heard as, the notes of the composition tell.
    ...composition
      ? brief
      : [...replaced].map(([token, nearest]) =>
        `${token} is unknown to the model; ${nearest} stood in for it.`
      ),
    `${sequence.notes.length} notes, ${
      seconds.toFixed(1)
    } s of music, ${piece.tokens.length} tokens at ${
      Math.round(piece.tokensPerSecond)
    } a second.`,
    ...composition ? [] : [`Random seed ${randomSeed}.`],
    `Written to ${[...files, ...stemFiles].join(" and ")}.`,
    ...earlier,
    ...await staleFiles(out, files),
  ].join("\n");
  return {
    text,
    json: {
      run,
      out,
      file: basename(out),
      files,
      ...stems !== undefined && { stems: stemFiles },
      epoch: checkpoint.epoch,
      ...damaged.length > 0 && { damaged },
      randomSeed,
      notes: sequence.notes.length,
      seconds,
      tokens: piece.tokens.length,
      seedTokens: piece.seedLength,
      natsPerToken: piece.natsPerToken,
      replaced: Object.fromEntries(replaced),
      tokensPerSecond: piece.tokensPerSecond,
      ...composition && {
        brief,
        told: composition.notes,
        delivered: composition.delivered,
        ...prompt !== undefined &&
          { prompt: { ...composition.prompt, notes: composition.notes } },
      },
    },
  };
};

/** What of a command line says how to sample, also when the piece is made again. */
function samplingOf({ bars, temperature, topK, topP }: GenerateOptions) {
  return withoutUndefined({ bars, temperature, topK, topP });
}

/**
 * The files to write.
 *
 * @throws {UsageError} If there are none, or the ending of one is of no kind.
 */
function filesOf({ out, wav }: GenerateOptions, isWork: boolean): string[] {
  const files = [...out, ...wav === undefined ? [] : [wav]];
  if (!isWork && out.join("") === "") {
    throw new UsageError("Cannot go on: --out is missing.");
  }
  for (const file of files) fromUsage(() => fileKindOf(file));
  return files.map((file) => resolve(file));
}

/** What makes a piece again, unless it went on from another. */
function startOf(
  given: GenerateOptions,
  randomSeed: number,
  isComposed: boolean,
): RecipeStart | undefined {
  if (!isComposed || STARTS.some((name) => given[name])) return undefined;
  const options = samplingOf(given);
  const { prompt = "" } = given;
  const hasOptions = Object.keys(options).length > 0;
  return { prompt, randomSeed, ...hasOptions && { options } };
}

/** Options of which each names what the piece starts from. */
const STARTS = ["seedMidi", "seedPiece", "variationOf"] as const;

/** @throws {UsageError} If options about the start of the piece exclude each other. */
function requireOneStart(
  { options, named }: Given<typeof GENERATE.options>,
): void {
  const [start, other] = STARTS.filter((name) => options[name]);
  if (start && other) {
    throw new UsageError(
      `Cannot start from two pieces: give ${flagOf(start)} or ${
        flagOf(other)
      }.`,
    );
  }
  if (named.includes("distance") && start !== "variationOf") {
    throw new UsageError(
      "Cannot use --distance alone: it is that of a variation, and --variation-of is missing.",
    );
  }
}

/** How a piece is made. */
type Asked = Pick<
  GenerationOptions,
  | "bars"
  | "randomSeed"
  | "maxTokens"
  | "temperature"
  | "topK"
  | "topP"
  | "onProgress"
>;

/** A piece of REMI tokens, arranged. */
async function composeFrom(
  generator: Generator,
  given: GenerateOptions,
  { maxTokens, ...others }: Asked,
) {
  if (maxTokens !== undefined) {
    throw new UsageError(
      "Cannot count tokens of music in bars: --tokens is for runs of chord tokens. Give --bars.",
    );
  }
  const { checkpoint } = generator;
  const { prompt = "", variationOf, distance } = given;
  const randomSeed = randomSeedOf(prompt, others);
  const options = { ...others, randomSeed };
  const composition = await compose(generator, prompt, {
    ...options,
    seed: await seedOf(checkpoint, given, options),
    ...variationOf !== undefined && {
      variation: {
        of: readVariation(
          checkpoint,
          await openMidiFile(resolve(variationOf), variationOf),
          variationOf,
        ),
        distance,
      },
    },
  });
  const { sequence, piece, replaced } = composition;
  return { sequence, piece, replaced, composition, randomSeed };
}

/** A piece of chord tokens, as the model makes it. */
async function sampleFrom(
  generator: Generator,
  given: GenerateOptions,
  options: Asked,
) {
  for (const name of ["prompt", "variationOf"] as const) {
    if (given[name] === undefined) continue;
    throw new RangeError(
      `Cannot use ${
        flagOf(name)
      } with the run ${given.run}: its chord tokens know no tempo, rhythm, instruments or dynamics. Train one on REMI tokens.`,
    );
  }
  const { randomSeed = freshSeed() } = options;
  const chosen = { ...options, randomSeed };
  const start = await seedOf(generator.checkpoint, given, chosen);
  const seed = start?.(options.bars);
  const piece = await generator.generate({
    ...chosen,
    ...seed && { seed: seed.tokens },
  });
  const { sequence } = piece;
  const replaced = seed?.replaced ?? new Map<string, string>();
  return { sequence, piece, replaced, composition: undefined, randomSeed };
}

/** The piece to go on from, cut to the length of the new one. */
async function seedOf(
  checkpoint: Checkpoint,
  { seedMidi: midi, seedPiece: name }: GenerateOptions,
  { randomSeed }: { readonly randomSeed: number },
): Promise<SeedReader | undefined> {
  if (midi !== undefined) {
    return readSeed(checkpoint, await openMidiFile(resolve(midi), midi), midi);
  }
  if (name === undefined) return undefined;
  const ids = await trainingPiece(checkpoint, name, randomSeed);
  return (bars) => seedFromPiece(checkpoint, ids, bars);
}

/** The training piece of that name, or any, in ids of the model. */
async function trainingPiece(
  checkpoint: Checkpoint,
  name: string,
  randomSeed: number,
): Promise<Int32Array> {
  const { folder } = checkpoint.corpus;
  if (folder === undefined) {
    throw new RangeError(
      "Cannot go on from a training piece: the run does not tell where its corpus is. Give the file with --seed-midi.",
    );
  }
  const corpus = await loadCorpus(resolve(PROJECT_FOLDER, folder));
  const pieces = corpus.pieces.filter(({ split }) => split === "train");
  const piece = name === "random"
    ? new Random(randomSeed).pick(pieces)
    : pieces.find(({ file }) => file === name);
  if (piece === undefined) {
    throw new RangeError(
      `Cannot go on from the training piece "${name}": there is none of that name. They are listed in ${folder}/manifest.json, for instance ${
        pieces[0]?.file
      }.`,
    );
  }
  const tokens = corpus.vocabulary.decode(piece.ids);
  return checkpoint.vocabulary.encode(tokens);
}

/** The bytes of a sound bank: those of a file, or of the notes in a folder of NSynth. */
async function readSoundBank(path: string): Promise<Uint8Array> {
  try {
    if (!(await Deno.stat(path)).isDirectory) return await Deno.readFile(path);
  } catch (error) {
    throw new FileError(`read the sound bank ${path}`, error);
  }
  return await nsynthSoundBank(await openNsynth(path));
}
