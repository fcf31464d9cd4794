/** Threads that share the work of an evaluation with the one that asks for it. */

import { Turns } from "../base/base.ts";
import type { Generator } from "../generation/generation.ts";
import type { Checkpoint } from "../model/model.ts";
import { doJob, type JobName, type Jobs } from "./jobs.ts";

/** What a thread is told first: the model, its vocabulary as plain tokens. */
export type HelperModel = Omit<Checkpoint, "vocabulary"> & {
  readonly tokens: unknown;
};

/** A job as a thread gets it, one after the other. */
export interface HelperJob {
  readonly name: JobName;
  readonly given: unknown;
}

/** What a thread answers: what came of a job, or why nothing did. */
export type HelperAnswer =
  | { readonly made: unknown }
  | { readonly error: unknown };

interface Helper {
  readonly worker: Worker;
  /** Of the jobs that it was given, in order. */
  readonly answers: PromiseWithResolvers<unknown>[];
}

/**
 * Threads that help with an evaluation. They begin with the first job that there is
 * another one beside.
 */
export class Helpers implements Disposable {
  readonly #checkpoint: Checkpoint;
  readonly #count: number;
  #helpers: Helper[] | undefined;

  /**
   * No thread yet.
   *
   * @param checkpoint The model that makes pieces.
   * @param count Threads beside the one that asks.
   */
  constructor(
    checkpoint: Checkpoint,
    count: number = navigator.hardwareConcurrency - 1,
  ) {
    this.#checkpoint = checkpoint;
    this.#count = count;
  }

  /**
   * Does jobs of one kind, this thread among the others, with turns between them.
   *
   * @internal
   * @param generator This thread's, for jobs that make pieces.
   * @param onDone Called after each.
   * @returns What came of each, in their order.
   * @throws {Stopped} If it is asked to stop.
   */
  async all<K extends JobName>(
    name: K,
    given: readonly Jobs[K]["given"][],
    { generator, onDone }: {
      readonly generator?: Generator;
      readonly onDone?: () => void;
    } = {},
  ): Promise<Jobs[K]["made"][]> {
    const made: Jobs[K]["made"][] = [];
    const turns = new Turns();
    let next = 0;
    const work = async (
      doOne: (job: Jobs[K]["given"]) => Promise<Jobs[K]["made"]>,
    ) => {
      while (next < given.length) {
        const i = next++;
        made[i] = await doOne(given[i]!);
        onDone?.();
        await turns.give();
      }
    };
    const here = () => {
      if (generator) return Promise.resolve(generator);
      throw new Error("Cannot make a piece here: there is no generator.");
    };
    await Promise.all([
      ...given.length > 1
        ? this.#all().map((helper) =>
          work((job) => ask(helper, { name, given: job }))
        )
        : [],
      work((job) => doJob(name, job, here)),
    ]);
    return made;
  }

  /** Ends all threads. */
  [Symbol.dispose](): void {
    for (const { worker } of this.#helpers ?? []) worker.terminate();
  }

  #all(): readonly Helper[] {
    return this.#helpers ??= Array.from(
      { length: this.#count },
      () => begin(this.#checkpoint),
    );
  }
}

/** Has a thread do a job; it fails here if it fails there. */
function ask<Made>({ worker, answers }: Helper, job: HelperJob): Promise<Made> {
  const answer = Promise.withResolvers<unknown>();
  answers.push(answer);
  worker.postMessage(job);
  return answer.promise as Promise<Made>;
}

function begin(checkpoint: Checkpoint): Helper {
  const worker = new Worker(new URL("./helper_worker.ts", import.meta.url), {
    type: "module",
    name: "evaluation",
  });
  const helper: Helper = { worker, answers: [] };
  worker.onmessage = ({ data }: MessageEvent<HelperAnswer>) => {
    const answer = helper.answers.shift();
    if ("error" in data) answer?.reject(data.error);
    else answer?.resolve(data.made);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    const error = new Error(
      `A thread that helps to evaluate failed: ${event.message}`,
    );
    for (const { reject } of helper.answers) reject(error);
  };
  const { vocabulary, training: _, ...model } = checkpoint;
  worker.postMessage({ ...model, tokens: vocabulary.toJSON() });
  return helper;
}
