/**
 * What a trained model predicts and what it makes, held against its corpus: the
 * figures and tables of `deno task evaluate` and of the notebook.
 */

import {
  ATTRIBUTE_NAMES,
  BAND_MEASURES,
  hasPitch,
  type NoteSequence,
} from "../music/music.ts";
import { type Corpus, piecesIn } from "../corpus/corpus.ts";
import { evaluateGenerated, type EvaluationReport } from "./generated.ts";
import { corpusMusic, type Generator } from "../generation/generation.ts";
import { Random } from "../base/base.ts";
import { frameOf, RemiGrammar } from "../tokens/remi/remi.ts";
import { type Likeness, overlappingArea } from "./likeness.ts";
import { bestCache, type CachedLoss } from "./cached.ts";
import {
  bestNgram,
  lossPerNote,
  type NgramReport,
  type NgramRow,
} from "./ngram.ts";

/** Loss of one model on the test pieces, in nats. */
export interface LossRow {
  readonly model: string;
  readonly perToken: number;
  readonly perNote: number;
}

/** A network and its baselines on the same tokens of the test pieces. */
export interface HeldOutReport {
  readonly tokens: number;
  readonly notes: number;
  /**
   * Uniform, unigram; the best n-gram, and with what the piece tells of itself;
   * the network, and with the same.
   */
  readonly rows: readonly LossRow[];
  /** How far the network is below the best n-gram, as a share of it. */
  readonly belowBestNgram: number;
  /** The same where both hear what the piece tells of itself. */
  readonly belowBestNgramCached: number;
  readonly cached: { readonly ngram: CachedLoss; readonly network: CachedLoss };
  readonly ngrams: readonly NgramRow[];
}

/** The network and the baselines on the test pieces of its corpus. */
export function predictHeldOut(
  generator: Generator,
  corpus: Corpus,
): HeldOutReport {
  const of = (split: string) =>
    corpus.pieces.filter((piece) => piece.split === split);
  const test = of("test");
  // Attributes are what is asked of a piece, not what is predicted.
  const skip = corpus.tokenizer === "remi" ? ATTRIBUTE_NAMES.length : 1;
  const byNetwork = (split: string) =>
    of(split).map(({ ids }) => ({ ids, surprises: generator.surprises(ids) }));
  const valid = byNetwork("valid"), tested = byNetwork("test");
  let nats = 0, tokens = 0;
  for (const { surprises } of tested) {
    for (const surprise of surprises.subarray(skip)) nats += surprise;
    tokens += Math.max(0, surprises.length - skip);
  }
  const { vocabulary } = corpus;
  const { size } = vocabulary;
  // Counting may be easier in C, too; it is given the better of both.
  const frame = frameOf({ ...generator.checkpoint, ...corpus });
  const { ids, ...baselines } = [undefined, ...frame ? [frame] : []].map(
    (frame) => {
      const ids = (split: string) =>
        of(split).map(({ ids }) => frame ? frame.inC(ids) : ids);
      const report: NgramReport = bestNgram(
        ids("train"),
        ids("valid"),
        ids("test"),
        size,
        { skip },
      );
      return { ids, ...report };
    },
  ).reduce((a, b) => b.best.validLoss < a.best.validLoss ? b : a);
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
  const byNgram = (split: string) =>
    ids(split).map((ids) => ({
      ids,
      surprises: baselines.model.surprises(ids, best.order, best.smoothing),
    }));
  const cached = {
    ngram: bestCache(byNgram("valid"), byNgram("test"), size, skip),
    network: bestCache(valid, tested, size, skip),
  };
  const network = row("network", nats / tokens);
  return {
    tokens,
    notes,
    rows: [
      row("uniform", baselines.uniformLoss),
      row("unigram", baselines.unigramLoss),
      row(`${best.order}-gram, ${best.smoothing}`, best.testLoss),
      row(
        `${best.order}-gram, ${best.smoothing} + cache`,
        cached.ngram.testLoss,
      ),
      network,
      row("network + cache", cached.network.testLoss),
    ],
    belowBestNgram: 1 - network.perToken / best.testLoss,
    belowBestNgramCached: 1 - cached.network.testLoss / cached.ngram.testLoss,
    cached,
    ngrams: baselines.rows,
  };
}

/** Pieces made with default settings, and what is said of them. */
export interface MadeReport {
  readonly pieces: readonly NoteSequence[];
  /** Pieces of which every token is where the grammar has it, to the end. */
  readonly wellFormed: number;
  /** Pieces with a pitched note; the others are not judged. */
  readonly pitched: number;
  readonly music: EvaluationReport;
  /** Of the original's pieces against the same held-out ones, where given. */
  readonly originalLikeness?: Likeness;
}

/** How {@linkcode judgeMade} works. */
export interface JudgeOptions {
  /** Pieces to make, with the seeds 1, 2, …; at least 2. @default 50 */
  readonly pieces?: number;
  /** A model of the original's recipe to measure beside. @default none */
  readonly original?: {
    readonly generator: Generator;
    readonly corpus: Corpus;
  };
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Makes pieces with default settings and judges them.
 *
 * @param corpus The one that the model learnt from.
 * @throws {RangeError} If fewer than two pieces can be judged.
 */
export async function judgeMade(
  generator: Generator,
  corpus: Corpus,
  options: JudgeOptions = {},
): Promise<MadeReport> {
  const { pieces: count = 50, original, onProgress } = options;
  const { checkpoint } = generator;
  const pieces: NoteSequence[] = [];
  let wellFormed = 0;
  for (let randomSeed = 1; randomSeed <= count; randomSeed++) {
    onProgress?.(randomSeed, count);
    const { sequence, tokens } = await generator.generate({ randomSeed });
    pieces.push(sequence);
    if (isWellFormed(tokens, generator)) wellFormed++;
  }
  const pitched = pieces.filter(hasPitch);
  const heldOut = corpusMusic(corpus, checkpoint.corpus, "test")
    .map(({ sequence }) => sequence);
  return {
    pieces,
    wellFormed,
    pitched: pitched.length,
    music: evaluateGenerated({
      generated: pitched,
      heldOut,
      training: corpusMusic(corpus, checkpoint.corpus, "train"),
    }),
    ...original && {
      originalLikeness: overlappingArea(
        await originalPieces(original.generator, original.corpus, count),
        heldOut,
      ),
    },
  };
}

/** From windows of training pieces 500 tokens on, always the likeliest. */
async function originalPieces(
  generator: Generator,
  corpus: Corpus,
  count: number,
): Promise<NoteSequence[]> {
  const { config, vocabulary } = generator.checkpoint;
  const training = piecesIn(corpus, "train").filter(({ length }) => length > 0);
  const pieces: NoteSequence[] = [];
  for (let randomSeed = 1; randomSeed <= count; randomSeed++) {
    const random = new Random(randomSeed);
    const ids = random.pick(training);
    const from = random.int(Math.max(1, ids.length - config.sequenceLength));
    const window = ids.subarray(from, from + config.sequenceLength);
    const { sequence } = await generator.generate({
      randomSeed,
      seed: vocabulary.decode(Array.from(window)),
      temperature: 0,
      maxTokens: 500,
    });
    pieces.push(sequence);
  }
  return pieces.filter(hasPitch);
}

function isWellFormed(
  tokens: readonly string[],
  { checkpoint: { vocabulary, corpus } }: Generator,
): boolean {
  if (corpus.tokenizer !== "remi") return true;
  const grammar = new RemiGrammar(vocabulary, corpus.tokenizerOptions, {});
  for (const id of vocabulary.encode(tokens)) {
    if (!grammar.allows(id)) return false;
    grammar.push(id);
  }
  return grammar.ended;
}

/** Overlapping Area by feature, a row each, the mean last. */
export function likenessRows(
  { music, originalLikeness }: MadeReport,
): { feature: string; [set: string]: string | number }[] {
  const sets = {
    generated: music.likeness,
    training: music.trainingLikeness,
    ...originalLikeness && { original: originalLikeness },
  };
  const rowOf = (feature: string, value: (likeness: Likeness) => number) => ({
    feature,
    ...Object.fromEntries(
      Object.entries(sets).map((
        [set, likeness],
      ) => [set, round(value(likeness), 3)]),
    ),
  });
  return [
    ...music.likeness.features.map(({ feature }, i) =>
      rowOf(feature, ({ features }) => features[i].reference.overlap)
    ),
    rowOf("mean", ({ meanOverlap }) => meanOverlap),
  ];
}

/** Copying, repetition and bands, a row each, beside the corpus's own. */
export function musicRows(
  { music }: MadeReport,
): { what: string; generated: number; training?: number; heldOut: number }[] {
  const { copying, repetition, withinBands } = music;
  const sets = <T>(
    what: string,
    of: Record<"generated" | "heldOut", T> & { training?: T },
    value: (set: T) => number,
  ) => ({
    what,
    generated: value(of.generated),
    training: of.training && value(of.training),
    heldOut: value(of.heldOut),
  });
  const percent = (share: number) => round(100 * share, 1);
  return [
    sets(
      "% of notes copied, in runs of 12",
      copying,
      (of) => percent(of.notes.copiedShare),
    ),
    sets(
      "longest copied run, notes",
      copying,
      (of) => of.notes.longest?.notes ?? 0,
    ),
    sets(
      "most times a bar is heard in a row",
      repetition,
      (of) => of.longestRun,
    ),
    sets(
      "% of bars heard before",
      repetition,
      (of) => percent(of.repeatedShare),
    ),
    ...[...BAND_MEASURES, "all" as const].map((measure) =>
      sets(
        `% of pieces within the band of ${
          measure === "all" ? "all three" : measure
        }`,
        withinBands,
        (of) => percent(of[measure]),
      )
    ),
  ];
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
