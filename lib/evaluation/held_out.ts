/**
 * How well a trained model predicts the test pieces of its corpus, beside the
 * baselines, which see the same tokens.
 */

import { ATTRIBUTE_NAMES } from "../music/music.ts";
import { type Corpus, piecesIn, type Split } from "../corpus/corpus.ts";
import type { Generator } from "../generation/generation.ts";
import { frameOf, RemiAlphabet } from "../tokens/remi/remi.ts";
import {
  bestNgram,
  lossPerNote,
  type NgramReport,
  type NgramRow,
} from "./baselines.ts";
import {
  bestCache,
  type CachedLoss,
  type PredictedPiece,
} from "./cached_loss.ts";

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
   * with a cache.
   */
  readonly rows: readonly LossRow[];
  /** Share by which the network's loss is below that of the best n-gram. */
  readonly belowBestNgram: number;
  /** The same where both have a cache of the piece. */
  readonly belowBestNgramCached: number;
  /** Losses with a cache of the piece. */
  readonly cached: { readonly ngram: CachedLoss; readonly network: CachedLoss };
  /** Losses of every order and smoothing. */
  readonly ngrams: readonly NgramRow[];
}

/** Measures the network and the baselines on the test pieces of its corpus. */
export function predictHeldOut(
  generator: Generator,
  corpus: Corpus,
): HeldOutReport {
  const { size } = corpus.vocabulary;
  // The attributes at the start of a piece are given, not predicted.
  const skip = corpus.tokenizer === "remi" ? ATTRIBUTE_NAMES.length : 1;
  const byNetwork = (split: Split): PredictedPiece[] =>
    piecesIn(corpus, split).map((ids) => ({
      ids,
      surprises: generator.surprises(ids),
    }));
  const valid = byNetwork("valid"), test = byNetwork("test");
  let nats = 0, tokens = 0;
  for (const { surprises } of test) {
    for (const surprise of surprises.subarray(skip)) nats += surprise;
    tokens += Math.max(0, surprises.length - skip);
  }
  const notes = countNotes(corpus, "test");
  const { baselines, idsOf } = bestBaselines(generator, corpus, skip);
  const { best, model } = baselines;
  const byNgram = (split: Split): PredictedPiece[] =>
    idsOf(split).map((ids) => ({
      ids,
      surprises: model.surprises(ids, best.order, best.smoothing),
    }));
  const cached = {
    ngram: bestCache(byNgram("valid"), byNgram("test"), size, skip),
    network: bestCache(valid, test, size, skip),
  };
  const row = (model: string, perToken: number): LossRow => ({
    model,
    perToken,
    perNote: lossPerNote(perToken, tokens, notes),
  });
  const ngramName = `${best.order}-gram, ${best.smoothing}`;
  const networkLoss = nats / tokens;
  return {
    tokens,
    notes,
    rows: [
      row("uniform", baselines.uniformLoss),
      row("unigram", baselines.unigramLoss),
      row(ngramName, best.testLoss),
      row(`${ngramName} + cache`, cached.ngram.testLoss),
      row("network", networkLoss),
      row("network + cache", cached.network.testLoss),
    ],
    belowBestNgram: 1 - networkLoss / best.testLoss,
    belowBestNgramCached: 1 - cached.network.testLoss / cached.ngram.testLoss,
    cached,
    ngrams: baselines.rows,
  };
}

/** Baselines, and the ids they were measured on. */
interface BaselineChoice {
  readonly baselines: NgramReport;
  readonly idsOf: (split: Split) => ArrayLike<number>[];
}

/**
 * Baselines on the tokens as they are or transposed to C, whichever gives the
 * lower validation loss.
 */
function bestBaselines(
  generator: Generator,
  corpus: Corpus,
  skip: number,
): BaselineChoice {
  const frame = frameOf({ ...generator.checkpoint, ...corpus });
  const choices = [undefined, ...frame ? [frame] : []].map(
    (frame): BaselineChoice => {
      const idsOf = (split: Split) =>
        piecesIn(corpus, split).map((ids) => frame ? frame.inC(ids) : ids);
      const sets = {
        train: idsOf("train"),
        valid: idsOf("valid"),
        test: idsOf("test"),
      };
      return {
        baselines: bestNgram(sets, corpus.vocabulary.size, { skip }),
        idsOf,
      };
    },
  );
  return choices.reduce((a, b) =>
    b.baselines.best.validLoss < a.baselines.best.validLoss ? b : a
  );
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
