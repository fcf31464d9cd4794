/**
 * The parts of a corpus that training uses.
 */

import { relative, resolve } from "@std/path";
import { inTurns, PROJECT_FOLDER, Random } from "../base/base.ts";
import {
  type Corpus,
  lengthsOf,
  type Pieces,
  piecesIn,
  type Split,
  type StoredCorpus,
  tokenCount,
} from "../corpus/corpus.ts";
import type { CorpusInfo } from "../model/model.ts";
import { profileSteps } from "../tokens/remi/remi.ts";
import type { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";

/**
 * Most tokens of validation pieces. Of more, random pieces validate, always the
 * same: after each epoch they are read whole.
 */
const MOST_VALID_TOKENS = 2 ** 20;
/** From so many tokens on, profiles are those of random training pieces. */
const MANY_TOKENS = 2 ** 23;
/** Tokens of these. */
const PROFILE_TOKENS = 2 ** 20;

/** The token ids to learn from and to validate on. */
export interface TrainingData extends CorpusInfo {
  /** The tokens that the ids stand for. */
  readonly vocabulary: Vocabulary;
  /** Ids of the training pieces. */
  readonly train: Pieces;
  /** Ids of the validation pieces. */
  readonly valid: readonly Int32Array[];
}

/**
 * Takes the training data from a corpus. Of one that is on the disk, training pieces
 * are read when they are trained on; it must not be closed before.
 *
 * @param folder The corpus's folder. Checkpoints keep it for evaluation, unless it
 * is outside the project, where another machine would not find it.
 * @throws {CorpusError} If pieces on the disk are damaged.
 * @throws {Stopped} If it is asked to stop.
 */
export async function trainingData(
  corpus: Corpus | StoredCorpus,
  folder?: string,
): Promise<TrainingData> {
  const { tokenizer, vocabulary, manifest, hash, heldOutHash, style } = corpus;
  const { tokenizerOptions } = manifest;
  const piecesOf = (split: Split): Pieces =>
    "piecesOf" in corpus ? corpus.piecesOf(split) : piecesIn(corpus, split);
  const train = piecesOf("train");
  const inProject = folder && relative(PROJECT_FOLDER, resolve(folder));
  const typical = tokenCount(train) < MANY_TOKENS
    ? [...train]
    : someOf(train, PROFILE_TOKENS);
  return {
    tokenizer,
    tokenizerOptions,
    hash,
    heldOutHash,
    ...inProject !== undefined && !inProject.startsWith("..") &&
      { folder: inProject },
    ...style && { style },
    ...tokenizer === "remi" &&
      {
        profiles: await inTurns(
          profileSteps(typical, vocabulary, tokenizerOptions),
        ),
      },
    vocabulary,
    train,
    valid: someOf(piecesOf("valid"), MOST_VALID_TOKENS),
  };
}

/** All pieces if they have no more tokens than that, else random ones, in their order. */
function someOf(pieces: Pieces, mostTokens: number): Int32Array[] {
  if (tokenCount(pieces) <= mostTokens) return [...pieces];
  const lengths = lengthsOf(pieces);
  const chosen: number[] = [];
  let tokens = 0;
  for (const piece of new Random(1).order(pieces.length)) {
    tokens += lengths[piece]!;
    if (tokens > mostTokens && chosen.length > 0) break;
    chosen.push(piece);
  }
  return chosen.sort((a, b) => a - b).map((piece) => pieces.at(piece)!);
}

/** The description of the data that a checkpoint keeps. */
export function corpusInfoOf(data: TrainingData): CorpusInfo {
  const { vocabulary: _, train: _train, valid: _valid, ...info } = data;
  return info;
}
