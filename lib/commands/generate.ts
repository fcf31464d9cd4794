/** `generate`: a new piece from a trained run. */

import { basename, resolve } from "@std/path";
import { loadRun } from "../checkpoint.ts";
import { Generator, seedTokens } from "../generation.ts";
import { parseMidi, writeMidi } from "../midi.ts";
import { ticksToSeconds } from "../note_sequence.ts";
import { runFolder, writeFileAtomically } from "../paths.ts";
import type { Command } from "./command.ts";

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
    const checkpoint = await loadRun(runFolder(run), "best");
    using generator = await Generator.open(checkpoint);
    const seed = seedMidi === undefined ? undefined : seedTokens(
      checkpoint,
      parseMidi(await Deno.readFile(resolve(seedMidi)), seedMidi),
    );
    const bars = given.wholeNumber("bars");
    const piece = await generator.generate({
      seed,
      bars,
      randomSeed: given.wholeNumber("random-seed"),
      maxTokens: given.wholeNumber("tokens"),
      temperature: given.number("temperature"),
      topK: given.wholeNumber("top-k"),
      topP: given.number("top-p"),
      onProgress: (tokens, bars) => progress(`${tokens} tokens, bar ${bars}`),
    });
    const { sequence } = piece;
    await writeFileAtomically(out, writeMidi(sequence));
    const seconds = ticksToSeconds(sequence, sequence.totalTicks);
    const text = [
      ...[...piece.replaced].map(([token, nearest]) =>
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
        replaced: Object.fromEntries(piece.replaced),
        tokensPerSecond: piece.tokensPerSecond,
      },
    };
  },
};
