/** `evaluate`: how well a run predicts music it never saw, and what it makes. */

import { resolve } from "@std/path";
import { ATTRIBUTE_NAMES } from "../attributes.ts";
import { loadBest } from "../checkpoint.ts";
import { type Corpus, loadCorpus } from "../corpus.ts";
import { evaluateGenerated } from "../evaluation.ts";
import { bestNgram, lossPerNote } from "../evaluation/ngram.ts";
import { corpusMusic, Generator } from "../generation.ts";
import type { NoteSequence } from "../note_sequence.ts";
import { PROJECT_FOLDER, runFolder } from "../paths.ts";
import { type Command, UsageError } from "./command.ts";

/** See {@linkcode Command}. */
export const command: Command = {
  usage: "--run NAME [--data DIR] [--pieces N] [--json]",
  options: { run: "string", data: "string", pieces: "string" },
  words: 0,
  async run(given, progress) {
    const run = given.required("run");
    const checkpoint = await loadBest(runFolder(run));
    const folder = given.text("data") ?? checkpoint.corpus.folder;
    if (folder === undefined) {
      throw new UsageError(
        `Cannot evaluate ${run}: it does not tell which corpus it learnt from. Give it with --data.`,
      );
    }
    const corpus = await loadCorpus(resolve(PROJECT_FOLDER, folder));
    if (corpus.hash !== checkpoint.corpus.hash) {
      throw new RangeError(
        `Cannot evaluate ${run}: the corpus in ${folder} is not the one it learnt from. Preprocess the same files in the same way.`,
      );
    }
    using generator = await Generator.open(checkpoint);
    progress("held-out loss");
    const heldOut = predict(generator, corpus);
    const count = given.wholeNumber("pieces") ?? 10;
    const made: NoteSequence[] = [];
    for (let seed = 1; seed <= count; seed++) {
      progress(`piece ${seed} of ${count}`);
      const options = { randomSeed: seed, topP: 0.95, bars: 16 };
      made.push((await generator.generate(options)).sequence);
    }
    const music = count < 2 ? undefined : evaluateGenerated({
      generated: made.filter(isPitched),
      heldOut: corpusMusic(corpus, checkpoint.corpus, "test").map((
        { sequence },
      ) => sequence),
      training: corpusMusic(corpus, checkpoint.corpus, "train"),
    });
    return {
      text: [
        "Loss on the test pieces, in nats a token and a note:",
        ...heldOut.rows.map(({ model, perToken, perNote }) =>
          `  ${model.padEnd(28)} ${perToken.toFixed(3)} ${
            perNote.toFixed(2).padStart(7)
          }`
        ),
        `  the network is ${
          (100 * heldOut.belowBestNgram).toFixed(1)
        } % below the best n-gram`,
        ...music === undefined ? [] : [
          `${made.length} pieces made: overlap with the test pieces ${
            music.likeness.meanOverlap.toFixed(3)
          }, copied ${
            (100 * music.copying.generated.notes.copiedShare).toFixed(1)
          } % of notes, ${
            (100 * music.withinBandsShare).toFixed(0)
          } % within the corpus's bands, longest run of one bar ${music.repetition.generated.longestRun}`,
        ],
      ].join("\n"),
      json: { run, epoch: checkpoint.epoch, heldOut, music },
    };
  },
};

/** The network and its baselines on the same tokens of the test pieces. */
function predict(generator: Generator, corpus: Corpus) {
  const of = (split: string) =>
    corpus.pieces.filter((piece) => piece.split === split);
  const test = of("test");
  const ids = (split: string) => of(split).map((piece) => piece.ids);
  // Attributes are what is asked of a piece, not what is predicted.
  const skip = corpus.tokenizer === "remi" ? ATTRIBUTE_NAMES.length : 1;
  let nats = 0, tokens = 0;
  for (const piece of test) {
    nats += generator.lossOf(piece.ids, skip);
    tokens += Math.max(0, piece.ids.length - skip);
  }
  const { vocabulary } = corpus;
  const baselines = bestNgram(
    ids("train"),
    ids("valid"),
    ids("test"),
    vocabulary.size,
    { skip },
  );
  const isNote = (id: number) =>
    corpus.tokenizer === "chord" ||
    /^(Pitch|Drum)_/.test(vocabulary.token(id));
  const notes = test.reduce(
    (sum, piece) => sum + piece.ids.filter(isNote).length,
    0,
  );
  const row = (model: string, perToken: number) => ({
    model,
    perToken,
    perNote: lossPerNote(perToken, tokens, notes),
  });
  const { best } = baselines;
  const network = row("network", nats / tokens);
  return {
    tokens,
    notes,
    rows: [
      row("uniform", baselines.uniformLoss),
      row("unigram", baselines.unigramLoss),
      row(`${best.order}-gram, ${best.smoothing}`, best.testLoss),
      network,
    ],
    belowBestNgram: 1 - network.perToken / best.testLoss,
    ngrams: baselines.rows,
  };
}

function isPitched({ notes, parts }: NoteSequence): boolean {
  return notes.some((note) => !parts[note.part].isDrum);
}
