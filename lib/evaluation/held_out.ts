/**
 * How well a trained model predicts the test pieces of its corpus, beside the
 * baselines, which see the same tokens.
 */

import { ATTRIBUTE_NAMES } from "../music/music.ts";
import { type Corpus, piecesIn, type Split } from "../corpus/corpus.ts";
import type { Generator } from "../generation/generation.ts";
import { frameOf, RemiAlphabet } from "../tokens/remi/remi.ts";
import {
  lossPerNote,
  type NgramJob,
  type NgramJudgement,
  type NgramRow,
  unigramLoss,
} from "./baselines.ts";
import {
  bestCache,
  type CachedLoss,
  type PredictedPiece,
} from "./cached_loss.ts";
import { Helpers } from "./helpers.ts";

/** Loss of one model on the test pieces, in nats. */
export interface LossRow {
  /** Name of the model. */
  readonly model: string;
  /** Nats per token. */
  readonly perToken: number;
  /** Nats per note. */
  readonly perNote: number;
}

/** A network and its baselines on the same tokens of the test pieces. */
export interface HeldOutReport {
  /** Number of tokens predicted. */
  readonly tokens: number;
  /** Number of notes that these tokens spell. */
  readonly notes: number;
  /**
   * Uniform, unigram, best n-gram, best n-gram with a cache, network, network
   * with a cache. Without validation pieces neither n-gram nor cache; without
   * test pieces none.
   */
  readonly rows: readonly LossRow[];
  /**
   * Share by which the network's loss is below that of the best n-gram; not of a
   * vocabulary of one token.
   */
  readonly belowBestNgram?: number;
  /** The same where both have a cache of the piece. */
  readonly belowBestNgramCached?: number;
  /** Losses with a cache of the piece. */
  readonly cached?: {
    readonly ngram: CachedLoss;
    readonly network: CachedLoss;
  };
  /** Losses of every order and smoothing. */
  readonly ngrams: readonly NgramRow[];
  /** What the corpus has too few pieces for, a sentence each. */
  readonly missing: readonly string[];
}

/**
 * Measures the network and the baselines on the test pieces of its corpus, as far
 * as the corpus has test and validation pieces.
 *
 * @param helpers Count n-grams meanwhile. @default none
 * @throws {Stopped} If it is asked to stop.
 */
export async function predictHeldOut(
  generator: Generator,
  corpus: Corpus,
  helpers: Helpers = new Helpers(generator.checkpoint, 0),
): Promise<HeldOutReport> {
  const { size } = corpus.vocabulary;
  // The attributes at the start of a piece are given, not predicted.
  const skip = corpus.tokenizer === "remi" ? ATTRIBUTE_NAMES.length : 1;
  const predictedIn = (split: Split) =>
    piecesIn(corpus, split).reduce(
      (sum, { length }) => sum + Math.max(0, length - skip),
      0,
    );
  const tokens = predictedIn("test"), notes = countNotes(corpus, "test");
  if (tokens === 0) {
    return { tokens, notes, rows: [], ngrams: [], missing: [NO_TEST_PIECES] };
  }
  const byNetwork = async (split: Split): Promise<PredictedPiece[]> => {
    const pieces: PredictedPiece[] = [];
    for (const ids of piecesIn(corpus, split)) {
      pieces.push({ ids, surprises: await generator.surprises(ids) });
    }
    return pieces;
  };
  const hasValid = predictedIn("valid") > 0;
  const choosing = hasValid
    ? bestBaselines(generator, corpus, skip, helpers)
    : undefined;
  // Its failure is thrown where it is awaited.
  choosing?.catch(() => {});
  const test = await byNetwork("test");
  let nats = 0;
  for (const { surprises } of test) {
    for (const surprise of surprises.subarray(skip)) nats += surprise;
  }
  const row = (model: string, perToken: number): LossRow => ({
    model,
    perToken,
    perNote: lossPerNote(perToken, tokens, notes),
  });
  const uniform = row("uniform", Math.log(size));
  const network = row("network", nats / tokens);
  if (!choosing) {
    const train = piecesIn(corpus, "train");
    const unigram = unigramLoss(train, piecesIn(corpus, "test"), size, skip);
    const rows = [uniform, row("unigram", unigram), network];
    return { tokens, notes, rows, ngrams: [], missing: [NO_VALID_PIECES] };
  }
  const valid = await byNetwork("valid");
  const { pieces, baselines, surprises } = await choosing;
  const { best } = baselines;
  const byNgram = (split: "valid" | "test"): PredictedPiece[] =>
    pieces[split].map((ids, i) => ({ ids, surprises: surprises[split][i]! }));
  const cached = {
    ngram: await bestCache(byNgram("valid"), byNgram("test"), size, skip),
    network: await bestCache(valid, test, size, skip),
  };
  const ngramName = `${best.order}-gram, ${best.smoothing}`;
  return {
    tokens,
    notes,
    rows: [
      uniform,
      row("unigram", baselines.unigramLoss),
      row(ngramName, best.testLoss),
      row(`${ngramName} + cache`, cached.ngram.testLoss),
      network,
      row("network + cache", cached.network.testLoss),
    ],
    // A vocabulary of one token is predicted without loss.
    ...size > 1 && {
      belowBestNgram: 1 - network.perToken / best.testLoss,
      belowBestNgramCached: 1 - cached.network.testLoss / cached.ngram.testLoss,
    },
    cached,
    ngrams: baselines.rows,
    missing: [],
  };
}

const NO_TEST_PIECES =
  "No held-out loss: the corpus has no test piece with a token to predict. Preprocess more pieces, or with a larger --test-share.";
const NO_VALID_PIECES =
  "No n-gram and no cache: the corpus has no validation piece with a token to predict, to choose them on. Preprocess more pieces, or with a larger --valid-share.";

/**
 * Baselines on the tokens as they are or transposed to C, whichever gives the
 * lower validation loss, and the ids they were measured on.
 */
async function bestBaselines(
  generator: Generator,
  corpus: Corpus,
  skip: number,
  helpers: Helpers,
): Promise<NgramJudgement & Pick<NgramJob, "pieces">> {
  const frame = frameOf({ ...generator.checkpoint, ...corpus });
  const jobs = [undefined, ...frame ? [frame] : []].map((way): NgramJob => {
    const idsOf = (split: Split) =>
      piecesIn(corpus, split).map((ids) => way ? way.inC(ids) : ids);
    const pieces = {
      train: idsOf("train"),
      valid: idsOf("valid"),
      test: idsOf("test"),
    };
    return { pieces, vocabularySize: corpus.vocabulary.size, skip };
  });
  const judged = await helpers.all("ngrams", jobs);
  return jobs.map(({ pieces }, i) => ({ ...judged[i]!, pieces })).reduce((
    a,
    b,
  ) => b.baselines.best.validLoss < a.baselines.best.validLoss ? b : a);
}

function countNotes(corpus: Corpus, split: Split): number {
  const { tokenizer, vocabulary } = corpus;
  const marked = tokenizer === "remi"
    ? RemiAlphabet.of(vocabulary).mark(["Pitch", "Drum"])
    : undefined;
  const isNote = (id: number) => marked === undefined || marked[id] === 1;
  return piecesIn(corpus, split).reduce(
    (sum, ids) => sum + ids.filter(isNote).length,
    0,
  );
}
