/** Sampling that tells how far it is. */

import { Turns } from "../base/base.ts";
import type { GenerationOptions } from "./options.ts";
import { SectionSampler } from "./section_sampler.ts";
import type { TokenWriter } from "./token_writer.ts";

/** A sampler that tells of progress and lets other work run now and then. */
export function samplerOf(
  writer: TokenWriter,
  { maxTokens = Infinity, onProgress }: Pick<
    GenerationOptions,
    "maxTokens" | "onProgress"
  >,
): SectionSampler {
  const turns = new Turns();
  return new SectionSampler(writer, {
    maxTokens,
    onToken: (sampled, bar) => {
      // Reading the clock at every token would be slow.
      if (sampled % 16 > 0) return;
      const turn = turns.give();
      if (turn) onProgress?.(sampled, bar);
      return turn;
    },
  });
}
