/** Sampling that tells how far it is. */

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
  let told = performance.now();
  return new SectionSampler(writer, {
    maxTokens,
    onToken: (sampled, bar) => {
      // Reading the clock at every token would be slow.
      if (sampled % 16 > 0 || performance.now() - told < 200) return;
      onProgress?.(sampled, bar);
      told = performance.now();
      return new Promise((resolve) => setTimeout(resolve));
    },
  });
}
