/** Pieces that a trained model makes, compared with its corpus. */

import { hasPitch, type NoteSequence } from "../music/music.ts";
import { Random, withoutUndefined } from "../base/base.ts";
import { type Corpus, piecesIn } from "../corpus/corpus.ts";
import { corpusMusic, type Generator } from "../generation/generation.ts";
import { RemiGrammar } from "../tokens/remi/remi.ts";
import { type ApartReport, judgeApart } from "./apart_report.ts";
import { evaluateGenerated, type EvaluationReport } from "./generated.ts";
import { Helpers } from "./helpers.ts";
import { type Likeness, overlappingArea } from "./likeness.ts";
import { promptLike } from "./plain_prompts.ts";

/** Pieces made with default settings, and figures about them. */
export interface MadeReport {
  /** Whether they can be told from the training pieces. */
  readonly apart: ApartReport;
  /** All pieces made without a prompt. */
  readonly pieces: readonly NoteSequence[];
  /** As many made from plain prompts, none if the tokens are not REMI. */
  readonly prompted: readonly PromptedPiece[];
  /** Number of complete pieces in which the grammar allows every token. */
  readonly wellFormed: number;
  /** Number of pieces with a pitched note; the others are not judged. */
  readonly pitched: number;
  /** Figures about the pieces with a pitched note. */
  readonly music: EvaluationReport;
  /** Likeness of the original recipe's pieces to the same held-out pieces. */
  readonly originalLikeness?: Likeness;
}

/** A piece made from a prompt. */
export interface PromptedPiece {
  /** What was asked. */
  readonly prompt: string;
  /** What was made. */
  readonly sequence: NoteSequence;
}

/** How {@linkcode judgeMade} works. */
export interface JudgeOptions {
  /**
   * Number of pieces to make without a prompt, and from prompts, each with the seeds
   * 1, 2, ….
   * @default 50
   */
  readonly pieces?: number;
  /** A model of the original recipe, for comparison. @default none */
  readonly original?: {
    readonly generator: Generator;
    readonly corpus: Corpus;
  };
  /** Threads that help, of the same model. @default none */
  readonly helpers?: Helpers;
  /** Called after each piece. @default no report */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Makes pieces with default settings, without a prompt and from prompts, and judges
 * them. Each prompt asks for some of what a random training piece is.
 *
 * @param corpus The one that the model was trained on.
 */
export async function judgeMade(
  generator: Generator,
  corpus: Corpus,
  options: JudgeOptions = {},
): Promise<MadeReport> {
  const { pieces: count = 50, original, onProgress } = options;
  const { helpers = new Helpers(generator.checkpoint, 0) } = options;
  const { checkpoint } = generator;
  const known = await corpusMusic(corpus, checkpoint.corpus, "train", hasNotes);
  const training = known.map(({ sequence }) => sequence);
  const follows = checkpoint.corpus.tokenizer === "remi" && training.length > 0;
  const total = follows ? 2 * count : count;
  let done = 0;
  const making = { generator, onDone: () => onProgress?.(++done, total) };
  const seeds = Array.from({ length: count }, (_, i) => i + 1);
  const made = await helpers.all("piece", seeds, making);
  const pieces = made.map(({ sequence }) => sequence);
  const wellFormed =
    made.filter(({ tokens }) => isWellFormed(tokens, generator)).length;
  const asked = follows ? promptsLike(training, count) : [];
  const played = await helpers.all("prompted", asked, making);
  const prompted = asked.map(({ prompt }, i) => ({
    prompt,
    sequence: played[i]!,
  }));
  const pitched = pieces.filter(hasPitch);
  const heldOut = (await corpusMusic(corpus, checkpoint.corpus, "test"))
    .map(({ sequence }) => sequence);
  const [apart, music] = await Promise.all([
    judgeApart(
      {
        unprompted: pieces.filter(hasNotes),
        prompted: prompted.map(({ sequence }) => sequence).filter(hasNotes),
        training,
      },
      (forests) => helpers.all("forest", forests),
    ),
    evaluateGenerated({
      generated: pitched,
      prompted: prompted.map(({ sequence }) => sequence).filter(hasPitch),
      heldOut,
      training: known.filter(({ sequence }) => hasPitch(sequence)),
    }),
  ]);
  return {
    apart,
    pieces,
    prompted,
    wellFormed,
    pitched: pitched.length,
    music,
    ...original && heldOut.length > 1 && count > 1 &&
      withoutUndefined({
        originalLikeness: await originalLikeness(original, count, heldOut),
      }),
  };
}

function hasNotes({ notes }: NoteSequence): boolean {
  return notes.length > 0;
}

/** Prompts, each of which asks for some of what a random piece has. */
function promptsLike(training: readonly NoteSequence[], count: number) {
  const random = new Random(1);
  return Array.from({ length: count }, (_, i) => ({
    prompt: promptLike(random.pick(training), random),
    randomSeed: i + 1,
  }));
}

/** Likeness of the original recipe's pieces; none if fewer than two have a pitch. */
async function originalLikeness(
  { generator, corpus }: NonNullable<JudgeOptions["original"]>,
  count: number,
  heldOut: readonly NoteSequence[],
): Promise<Likeness | undefined> {
  const pieces = await originalPieces(generator, corpus, count);
  return pieces.length > 1 ? await overlappingArea(pieces, heldOut) : undefined;
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
