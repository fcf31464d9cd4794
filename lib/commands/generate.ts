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
import { fileKindOf, writePiece, writeStems } from "../files/files.ts";
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
import type { Arguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import {
  asksForWork,
  changePiece,
  WORK_OPTIONS,
  WORK_USAGE,
} from "./generate_work.ts";
import { replacedPieces, staleFiles } from "./earlier_files.ts";
import { fromUsage, UsageError } from "./usage_error.ts";

/** Share of the notes that a variation samples anew by default. */
const DEFAULT_DISTANCE = 0.3;

/** See {@linkcode Command}. */
export const command: Command = {
  usage:
    "--run NAME --out FILE.mid|wav|flac|ogg|mp3|musicxml|mxl|html … [--stems FOLDER] [--sound-bank FILE.sf2|sf3|dls|FOLDER] [--prompt TEXT] [--seed-midi FILE | --seed-piece NAME|random | --variation-of FILE [--distance X]] [--random-seed N] [--bars N] [--tokens N] [--temperature X] [--top-k N] [--top-p X] [--json], or " +
    WORK_USAGE,
  options: {
    "run": "string",
    "out": "list",
    "wav": "string",
    "stems": "string",
    "sound-bank": "string",
    ...WORK_OPTIONS,
    "prompt": "string",
    "seed-midi": "string",
    "seed-piece": "string",
    "variation-of": "string",
    "distance": "string",
    "random-seed": "string",
    "bars": "string",
    "tokens": "string",
    "temperature": "string",
    "top-k": "string",
    "top-p": "string",
  },
  words: 0,
  async run(given, progress) {
    const run = given.required("run");
    const isWork = asksForWork(given);
    const files = filesOf(given, isWork);
    const [out = ""] = files;
    const folder = fromUsage(() => runFolder(run));
    const options: Options = {
      ...withoutUndefined({
        bars: given.wholeNumber("bars", 1),
        randomSeed: given.wholeNumber("random-seed"),
        maxTokens: given.wholeNumber("tokens", 1),
        temperature: given.number("temperature", 0),
        topK: given.wholeNumber("top-k", 1),
        topP: given.number("top-p", 0),
      }),
      onProgress: (tokens: number, bar: number) =>
        progress(`${tokens} tokens, bar ${bar} of a draft`),
    };
    requireOneStart(given);
    for (const file of files) await requireWritableFile(file);
    const stemFolder = given.text("stems");
    const stems = stemFolder === undefined ? undefined : resolve(stemFolder);
    if (stems !== undefined) await requireWritableFolder(stems);
    const bank = given.text("sound-bank");
    const sound = {
      ...bank !== undefined &&
        { soundBank: await readSoundBank(resolve(bank)) },
      onProgress: (seconds: number, of: number) =>
        progress(`${seconds} of ${of} s of sound`),
    };
    const checkpoint = await loadBest(folder);
    using generator = await Generator.open(checkpoint);
    if (isWork) {
      return await changePiece(generator, given, {
        ...{ files, stems, sound, progress },
      });
    }
    const made = checkpoint.corpus.tokenizer === "remi"
      ? await composeFrom(generator, given, options)
      : await sampleFrom(generator, given, options);
    const { sequence, piece, replaced, composition, randomSeed } = made;
    const title = given.text("prompt");
    const brief = composition ? describeComposition(composition) : [];
    const finished = {
      sequence,
      brief,
      delivered: composition?.delivered ?? [],
      isLoop: composition?.isLoop ?? false,
      chords: composition?.chords ?? [],
      ...title && { title },
    };
    const earlier = await replacedPieces(files);
    await writePiece(files, finished, sound);
    const start = startOf(given, randomSeed, composition !== undefined);
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
          ...given.text("prompt") !== undefined &&
            { prompt: { ...composition.prompt, notes: composition.notes } },
        },
      },
    };
  },
};

/**
 * The files to write.
 *
 * @throws {UsageError} If there are none, or the ending of one is of no kind.
 */
function filesOf(given: Arguments, isWork: boolean): string[] {
  const wav = given.text("wav");
  const files = [...given.list("out"), ...wav === undefined ? [] : [wav]];
  if (!isWork && given.list("out").join("") === "") {
    throw new UsageError("Cannot go on: --out is missing.");
  }
  for (const file of files) fromUsage(() => fileKindOf(file));
  return files.map((file) => resolve(file));
}

/** What makes a piece again, unless it went on from another. */
function startOf(
  given: Arguments,
  randomSeed: number,
  isComposed: boolean,
): RecipeStart | undefined {
  const goesOn = ["seed-midi", "seed-piece", "variation-of"] as const;
  if (!isComposed || goesOn.some((name) => given.text(name))) return undefined;
  const options = withoutUndefined({
    bars: given.wholeNumber("bars", 1),
    temperature: given.number("temperature", 0),
    topK: given.wholeNumber("top-k", 1),
    topP: given.number("top-p", 0),
  });
  const prompt = given.text("prompt") ?? "";
  const hasOptions = Object.keys(options).length > 0;
  return { prompt, randomSeed, ...hasOptions && { options } };
}

/** @throws {UsageError} If options about the start of the piece exclude each other. */
function requireOneStart(given: Arguments): void {
  const starts = ["seed-midi", "seed-piece", "variation-of"] as const;
  const [start, other] = starts.filter((name) => given.text(name));
  if (other) {
    throw new UsageError(
      `Cannot start from two pieces: give --${start} or --${other}.`,
    );
  }
  const distance = given.number("distance", 0);
  if (distance !== undefined && start !== "variation-of") {
    throw new UsageError(
      "Cannot use --distance alone: it is that of a variation, and --variation-of is missing.",
    );
  }
}

/** How a piece is made. */
type Options = Pick<
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
  given: Arguments,
  { maxTokens, ...others }: Options,
) {
  if (maxTokens !== undefined) {
    throw new UsageError(
      "Cannot count tokens of music in bars: --tokens is for runs of chord tokens. Give --bars.",
    );
  }
  const { checkpoint } = generator;
  const prompt = given.text("prompt") ?? "";
  const randomSeed = randomSeedOf(prompt, others);
  const options = { ...others, randomSeed };
  const variationOf = given.text("variation-of");
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
        distance: given.number("distance", 0) ?? DEFAULT_DISTANCE,
      },
    },
  });
  const { sequence, piece, replaced } = composition;
  return { sequence, piece, replaced, composition, randomSeed };
}

/** A piece of chord tokens, as the model makes it. */
async function sampleFrom(
  generator: Generator,
  given: Arguments,
  options: Options,
) {
  for (const name of ["prompt", "variation-of"] as const) {
    if (given.text(name) === undefined) continue;
    throw new RangeError(
      `Cannot use --${name} with the run ${
        given.text("run")
      }: its chord tokens know no tempo, rhythm, instruments or dynamics. Train one on REMI tokens.`,
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
  given: Arguments,
  { randomSeed }: { readonly randomSeed: number },
): Promise<SeedReader | undefined> {
  const midi = given.text("seed-midi"), name = given.text("seed-piece");
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
