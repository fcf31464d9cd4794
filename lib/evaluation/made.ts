/** Pieces that a trained model makes, compared with its corpus. */

import { hasPitch, type NoteSequence } from "../music/music.ts";
import { Random, withoutUndefined } from "../base/base.ts";
import { type Corpus, piecesIn } from "../corpus/corpus.ts";
import { corpusMusic, type Generator } from "../generation/generation.ts";
import { RemiGrammar } from "../tokens/remi/remi.ts";
import { evaluateGenerated, type EvaluationReport } from "./generated.ts";
import { type Likeness, overlappingArea } from "./likeness.ts";

/** Pieces made with default settings, and figures about them. */
export interface MadeReport {
  /** All pieces made. */
  readonly pieces: readonly NoteSequence[];
  /** Number of complete pieces in which the grammar allows every token. */
  readonly wellFormed: number;
  /** Number of pieces with a pitched note; the others are not judged. */
  readonly pitched: number;
  /** Figures about the pieces with a pitched note. */
  readonly music: EvaluationReport;
  /** Likeness of the original recipe's pieces to the same held-out pieces. */
  readonly originalLikeness?: Likeness;
}

/** How {@linkcode judgeMade} works. */
export interface JudgeOptions {
  /** Number of pieces to make, with the seeds 1, 2, …. @default 50 */
  readonly pieces?: number;
  /** A model of the original recipe, for comparison. @default none */
  readonly original?: {
    readonly generator: Generator;
    readonly corpus: Corpus;
  };
  /** Called before each piece. @default no report */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Makes pieces with default settings and judges them.
 *
 * @param corpus The one that the model was trained on.
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
    ...original && heldOut.length > 1 && count > 1 &&
      withoutUndefined({
        originalLikeness: await originalLikeness(original, count, heldOut),
      }),
  };
}

/** Likeness of the original recipe's pieces; none if fewer than two have a pitch. */
async function originalLikeness(
  { generator, corpus }: NonNullable<JudgeOptions["original"]>,
  count: number,
  heldOut: readonly NoteSequence[],
): Promise<Likeness | undefined> {
  const pieces = await originalPieces(generator, corpus, count);
  return pieces.length > 1 ? overlappingArea(pieces, heldOut) : undefined;
}

/**
 * Pieces as the original recipe makes them: 500 greedy tokens, each piece seeded with
 * a window of a training piece.
 */
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

/** Whether a piece is complete and the grammar allows each of its tokens. */
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
