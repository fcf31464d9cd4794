/** Samples pieces of chord tokens, which have neither bars nor rhythm. */

import { type Random, Turns } from "../base/base.ts";
import type { Checkpoint } from "../model/model.ts";
import { tokensPerBar } from "../tokens/chord/chord.ts";
import type { GenerationOptions } from "./options.ts";
import type { Reader } from "./reader.ts";
import { RepetitionGuard } from "./repetition_guard.ts";
import { Sampler } from "./sampling.ts";

/** Tokens sampled for a piece of no stated length. */
const MAX_TOKENS = 200;

/**
 * Samples tokens after the seed, or after one token picked at random. Of a seed
 * that would be more than half of a piece of so many bars only the end is kept.
 *
 * @returns All tokens, how many of them are the seed's, how many were sampled, and
 * the mean nats of those.
 */
export async function sampleChords(
  checkpoint: Checkpoint,
  reader: Reader,
  options: GenerationOptions,
  random: Random,
): Promise<{
  readonly tokens: readonly string[];
  readonly seedLength: number;
  readonly sampled: number;
  readonly natsPerToken: number;
}> {
  const { vocabulary, corpus } = checkpoint;
  const { bars, temperature, topK, topP, minP, onProgress } = options;
  const length = bars === undefined
    ? undefined
    : Math.max(1, Math.round(bars * tokensPerBar(corpus.style)));
  const given = options.seed ?? [random.pick(vocabulary.toJSON())];
  const seed = length === undefined
    ? given
    : given.slice(-Math.max(1, Math.floor(length / 2)));
  const {
    maxTokens = length === undefined ? MAX_TOKENS : length - seed.length,
  } = options;
  const ids = [...vocabulary.encode(seed)];
  const guard = new RepetitionGuard();
  const sampler = new Sampler(vocabulary.size);
  const mask = new Uint8Array(vocabulary.size);
  const sampling = { temperature, topK, topP, minP, mask };
  const turns = new Turns();
  let nats = 0;
  reader.reset(ids[0]!, options.cache);
  for (const id of ids) {
    guard.push(id);
    reader.read(id);
  }
  for (let sampled = 0; sampled < maxTokens; sampled++) {
    mask.fill(1);
    guard.restrict(mask);
    const { logits } = reader;
    const id = sampler.sample(logits, random, sampling);
    nats += sampler.nats;
    ids.push(id);
    guard.push(id);
    reader.read(id);
    const turn = turns.give();
    if (turn) onProgress?.(sampled, 0);
    await turn;
  }
  const sampled = ids.length - seed.length;
  return {
    tokens: vocabulary.decode(ids),
    seedLength: seed.length,
    sampled,
    natsPerToken: sampled === 0 ? 0 : nats / sampled,
  };
}
