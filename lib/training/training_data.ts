/**
 * The parts of a corpus that training uses.
 */

import { relative, resolve } from "@std/path";
import { inTurns, PROJECT_FOLDER } from "../base/base.ts";
import { type Corpus, piecesIn } from "../corpus/corpus.ts";
import type { CorpusInfo } from "../model/model.ts";
import { profileSteps } from "../tokens/remi/remi.ts";
import type { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";

/** The token ids to learn from and to validate on. */
export interface TrainingData extends CorpusInfo {
  /** The tokens that the ids stand for. */
  readonly vocabulary: Vocabulary;
  /** Ids of the training pieces. */
  readonly train: readonly Int32Array[];
  /** Ids of the validation pieces. */
  readonly valid: readonly Int32Array[];
}

/**
 * Takes the training data from a corpus.
 *
 * @param folder The corpus's folder. Checkpoints keep it for evaluation, unless it
 * is outside the project, where another machine would not find it.
 * @throws {Stopped} If it is asked to stop.
 */
export async function trainingData(
  corpus: Corpus,
  folder?: string,
): Promise<TrainingData> {
  const { tokenizer, vocabulary, manifest, hash, heldOutHash, style } = corpus;
  const { tokenizerOptions } = manifest;
  const train = piecesIn(corpus, "train");
  const inProject = folder && relative(PROJECT_FOLDER, resolve(folder));
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
          profileSteps(train, vocabulary, tokenizerOptions),
        ),
      },
    vocabulary,
    train,
    valid: piecesIn(corpus, "valid"),
  };
}

/** The description of the data that a checkpoint keeps. */
export function corpusInfoOf(data: TrainingData): CorpusInfo {
  const { vocabulary: _, train: _train, valid: _valid, ...info } = data;
  return info;
}
