/** `generate`: a new piece from a trained run. */

import { basename, resolve } from "@std/path";
import { type Checkpoint, loadBest } from "../checkpoint.ts";
import { loadCorpus } from "../corpus.ts";
import {
  finishPiece,
  Generator,
  type Seed,
  seedFrom,
  seedFromPiece,
} from "../generation.ts";
import { writeMidi } from "../midi.ts";
import { ticksToSeconds } from "../note_sequence.ts";
import { parsePrompt, toGeneration } from "../prompt.ts";
import { PROJECT_FOLDER, runFolder, writeFileAtomically } from "../paths.ts";
import { Random } from "../random.ts";
import { renderWav } from "../synthesis.ts";
import { type Command, fromUsage, UsageError } from "./command.ts";

/** See {@linkcode Command}. */
export const command: Command = {
  usage:
    "--run NAME --out FILE.mid [--wav FILE.wav] [--prompt TEXT] [--seed-midi FILE | --seed-piece NAME|random] [--random-seed N] [--bars N] [--tokens N] [--temperature X] [--top-k N] [--top-p X] [--json]",
  options: {
    "run": "string",
    "out": "string",
    "wav": "string",
    "prompt": "string",
    "seed-midi": "string",
    "seed-piece": "string",
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
    const out = resolve(given.required("out"));
    const seedMidi = given.text("seed-midi");
    const folder = fromUsage(() => runFolder(run));
    const options = {
      bars: given.wholeNumber("bars", 1),
      randomSeed: given.wholeNumber("random-seed"),
      maxTokens: given.wholeNumber("tokens", 1),
      temperature: given.number("temperature", 0),
      topK: given.wholeNumber("top-k", 1),
      topP: given.number("top-p", 0),
    };
    const checkpoint = await loadBest(folder);
    using generator = await Generator.open(checkpoint);
    const seedPiece = given.text("seed-piece");
    if (seedMidi !== undefined && seedPiece !== undefined) {
      throw new UsageError(
        "Cannot go on from two seeds: give --seed-midi or --seed-piece.",
      );
    }
    const seed = seedMidi !== undefined
      ? seedFrom(
        checkpoint,
        await naming(seedMidi, "read", Deno.readFile(resolve(seedMidi))),
        seedMidi,
        options.bars,
      )
      : seedPiece !== undefined
      ? await trainingSeed(checkpoint, seedPiece, options)
      : undefined;
    const prompt = given.text("prompt");
    const understood = prompt === undefined ? undefined : parsePrompt(prompt);
    if (understood && checkpoint.corpus.tokenizer !== "remi") {
      throw new RangeError(
        `Cannot follow a prompt with the run ${run}: its chord tokens know no tempo, instruments or dynamics. Train one on REMI tokens.`,
      );
    }
    const plan = understood &&
      toGeneration(understood.request, checkpoint.vocabulary);
    const { attributes, constraints } = plan ?? {};
    const piece = await generator.generate({
      attributes,
      constraints,
      ...options,
      bars: options.bars ?? plan?.bars,
      temperature: options.temperature ?? plan?.temperature,
      randomSeed: options.randomSeed ?? plan?.randomSeed,
      seed: seed?.tokens,
      onProgress: (tokens, bars) => progress(`${tokens} tokens, bar ${bars}`),
    });
    const sequence = plan ? finishPiece(piece.sequence, plan) : piece.sequence;
    await naming(out, "write", writeFileAtomically(out, writeMidi(sequence)));
    const wav = given.text("wav");
    if (wav !== undefined) {
      progress("rendering sound");
      const sound = await renderWav(sequence);
      await naming(wav, "write", writeFileAtomically(resolve(wav), sound));
    }
    const seconds = ticksToSeconds(sequence, sequence.totalTicks);
    const text = [
      ...(understood?.understood ?? []).map(({ phrase, meaning }) =>
        `"${phrase}": ${meaning}`
      ),
      ...(understood?.ignored ?? []).map((word) => `"${word}": not understood`),
      ...plan?.notes ?? [],
      ...[...seed?.replaced ?? []].map(([token, nearest]) =>
        `${token} is unknown to the model; ${nearest} stood in for it.`
      ),
      `${sequence.notes.length} notes, ${
        seconds.toFixed(1)
      } s of music, ${piece.tokens.length} tokens at ${
        Math.round(piece.tokensPerSecond)
      } a second.`,
      `Written to ${
        [out, ...wav === undefined ? [] : [resolve(wav)]].join(" and ")
      }.`,
    ].join("\n");
    return {
      text,
      json: {
        run,
        out,
        file: basename(out),
        epoch: checkpoint.epoch,
        notes: sequence.notes.length,
        seconds,
        tokens: piece.tokens.length,
        seedTokens: piece.seedLength,
        natsPerToken: piece.natsPerToken,
        replaced: Object.fromEntries(seed?.replaced ?? []),
        tokensPerSecond: piece.tokensPerSecond,
        ...understood && { prompt: { ...understood, notes: plan?.notes } },
      },
    };
  },
};

/** The beginning of the training piece of that name, or of any. */
async function trainingSeed(
  checkpoint: Checkpoint,
  name: string,
  { randomSeed = 1, bars }: { randomSeed?: number; bars?: number },
): Promise<Seed> {
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
  return seedFromPiece(
    checkpoint,
    checkpoint.vocabulary.encode(tokens),
    bars,
  );
}

/** Makes a failure of the file system a sentence about the file. */
async function naming<T>(
  file: string,
  verb: "read" | "write",
  work: Promise<T>,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new Error(`Cannot ${verb} ${file}: ${why}.`, { cause: error });
  }
}
