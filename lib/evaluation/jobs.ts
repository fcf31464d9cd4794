/** The parts of an evaluation that do not depend on each other: any thread does them. */

import type { NoteSequence } from "../music/music.ts";
import { compose } from "../composition/composition.ts";
import type { Generator } from "../generation/generation.ts";
import {
  judgeNgrams,
  type NgramJob,
  type NgramJudgement,
} from "./baselines.ts";
import { type ForestJob, judgeUnseen } from "./forest.ts";

/** What each kind of job is given, and what comes of it; all can be sent to a thread. */
export interface Jobs {
  readonly ngrams: { given: NgramJob; made: NgramJudgement };
  /** A piece made with a random seed, without a prompt. */
  readonly piece: {
    given: number;
    made: { sequence: NoteSequence; tokens: readonly string[] };
  };
  readonly prompted: {
    given: { readonly prompt: string; readonly randomSeed: number };
    made: NoteSequence;
  };
  readonly forest: { given: ForestJob; made: number[] };
}

/** Name of a kind of job. */
export type JobName = keyof Jobs;

/** How each kind is done. */
const WAYS: {
  readonly [K in JobName]: (
    given: Jobs[K]["given"],
    generator: () => Promise<Generator>,
  ) => Promise<Jobs[K]["made"]>;
} = {
  ngrams: judgeNgrams,
  piece: async (randomSeed, generator) => {
    const made = await (await generator()).generate({ randomSeed });
    return { sequence: made.sequence, tokens: made.tokens };
  },
  prompted: async ({ prompt, randomSeed }, generator) =>
    (await compose(await generator(), prompt, { randomSeed })).sequence,
  forest: judgeUnseen,
};

/**
 * Does a job.
 *
 * @param generator Of this thread, for jobs that make pieces.
 */
export function doJob<K extends JobName>(
  name: K,
  given: Jobs[K]["given"],
  generator: () => Promise<Generator>,
): Promise<Jobs[K]["made"]> {
  return WAYS[name](given, generator);
}
