/** Draws chord tokens, which know neither bars nor rhythm. */

import type { Checkpoint } from "../model/model.ts";
import { type ChordStyle, tokensPerBar } from "../tokens/chord/chord.ts";
import type { Random } from "../base/base.ts";
import { RepetitionGuard, Sampler, type SamplingOptions } from "./sampling.ts";
import type { Reader } from "./reader.ts";

const MAX_TOKENS = 200;

/** How {@linkcode drawChords} draws. */
export interface ChordOptions extends SamplingOptions {
  /** Tokens to go on from. @default any one */
  readonly seed?: readonly string[];
  /** About so many bars. @default what `maxTokens` makes */
  readonly bars?: number;
  /** Strength of the piece's cache, see `PieceCache`. @default 0, none */
  readonly cache?: number;
  /** Most tokens drawn. @default 200 */
  readonly maxTokens?: number;
  /** Told now and then how far it is. */
  readonly onProgress?: (tokens: number, bars: number) => void;
}

/**
 * Draws tokens one after the other.
 *
 * @returns All tokens, how many of them were the seed's, how many were drawn, and
 * the mean of their nats.
 */
export async function drawChords(
  checkpoint: Checkpoint,
  reader: Reader,
  options: ChordOptions,
  random: Random,
) {
  const { vocabulary, corpus } = checkpoint;
  const { bars, onProgress } = options;
  const seed = options.seed ?? [random.pick(vocabulary.toJSON())];
  const {
    maxTokens = bars
      ? Math.round(bars * tokensPerBar(corpus.style as ChordStyle)) -
        seed.length
      : MAX_TOKENS,
  } = options;
  const ids = [...vocabulary.encode(seed)];
  const guard = new RepetitionGuard();
  const sampler = new Sampler(vocabulary.size);
  const mask = new Uint8Array(vocabulary.size);
  let nats = 0, told = performance.now();
  reader.reset(ids[0], options.cache);
  for (const id of ids) {
    guard.push(id);
    reader.read(id);
  }
  for (let drawn = 0; drawn < maxTokens; drawn++) {
    mask.fill(1);
    guard.restrict(mask);
    const { logits } = reader;
    const id = sampler.sample(logits, random, { ...options, mask });
    nats += sampler.nats;
    ids.push(id);
    guard.push(id);
    reader.read(id);
    if (performance.now() - told < 200) continue;
    onProgress?.(drawn, 0);
    await new Promise((resolve) => setTimeout(resolve));
    told = performance.now();
  }
  const drawn = ids.length - seed.length;
  return {
    tokens: vocabulary.decode(ids),
    seedLength: seed.length,
    drawn,
    natsPerToken: drawn === 0 ? 0 : nats / drawn,
  };
}
