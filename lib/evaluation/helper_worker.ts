/** A thread of `helpers.ts`: it is told a model, then does one job after the other. */

import { Generator } from "../generation/generation.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import type { HelperAnswer, HelperJob, HelperModel } from "./helpers.ts";
import { doJob } from "./jobs.ts";

/** The part of a worker's global scope used here; the types are of a window. */
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<HelperModel | HelperJob>) => void;
  postMessage(answer: HelperAnswer): void;
};

let model: HelperModel;
let opened: Promise<Generator> | undefined;

/** The model's generator, opened with the first piece. */
function generator(): Promise<Generator> {
  const { tokens, ...checkpoint } = model;
  const vocabulary = Vocabulary.fromJSON(tokens);
  return opened ??= Generator.open({ ...checkpoint, vocabulary });
}

let last = Promise.resolve();

scope.onmessage = ({ data }) => {
  if ("tokens" in data) {
    model = data;
    return;
  }
  last = last.then(() => answer(data));
};

async function answer({ name, given }: HelperJob): Promise<void> {
  try {
    // The types are those of `Jobs`, which messages do not carry.
    const made = await doJob(name, given as never, generator);
    scope.postMessage({ made });
  } catch (error) {
    scope.postMessage({ error });
  }
}
