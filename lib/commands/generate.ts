/** `generate`: a new piece from a trained run. */

import { basename, resolve } from "@std/path";
import { loadBest } from "../checkpoint.ts";
import { Generator, seedFrom } from "../generation.ts";
import { writeMidi } from "../midi.ts";
import { ticksToSeconds } from "../note_sequence.ts";
import { runFolder, writeFileAtomically } from "../paths.ts";
import { type Command, fromUsage } from "./command.ts";

/** See {@linkcode Command}. */
export const command: Command = {
  usage:
    "--run NAME --out FILE.mid [--seed-midi FILE] [--random-seed N] [--bars N] [--tokens N] [--temperature X] [--top-k N] [--top-p X] [--json]",
  options: {
    "run": "string",
    "out": "string",
    "seed-midi": "string",
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
    const seed = seedMidi === undefined ? undefined : seedFrom(
      checkpoint,
      await naming(seedMidi, "read", Deno.readFile(resolve(seedMidi))),
      seedMidi,
      options.bars,
    );
    const piece = await generator.generate({
      ...options,
      seed: seed?.tokens,
      onProgress: (tokens, bars) => progress(`${tokens} tokens, bar ${bars}`),
    });
    const { sequence } = piece;
    await naming(out, "write", writeFileAtomically(out, writeMidi(sequence)));
    const seconds = ticksToSeconds(sequence, sequence.totalTicks);
    const text = [
      ...[...seed?.replaced ?? []].map(([token, nearest]) =>
        `${token} is unknown to the model; ${nearest} stood in for it.`
      ),
      `${sequence.notes.length} notes, ${
        seconds.toFixed(1)
      } s of music, ${piece.tokens.length} tokens at ${
        Math.round(piece.tokensPerSecond)
      } a second.`,
      `Written to ${out}.`,
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
      },
    };
  },
};

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
