/** What an earlier run into the same folder made of its files. */

import type { Tokenizer } from "../tokens/vocabulary/vocabulary.ts";
import type { Corpus, FileCount } from "./format.ts";
import { loadCorpus } from "./folder.ts";
import type { Refusal } from "./midi_files.ts";
import type { PieceReading, ReadingOptions } from "./reading.ts";
import { TOKEN_VERSION } from "./token_version.ts";
import { TokenNumbers } from "./token_numbers.ts";

/** Results by SHA-256 of the file, and the numbers of their tokens. */
export interface KnownReadings {
  /** Results; those of later files may be added. */
  readonly results: Map<string, PieceReading | Refusal>;
  /** What the ids of the results mean. */
  readonly numbers: TokenNumbers;
}

/**
 * Loads what an earlier run left.
 *
 * @param outFolder The folder of its corpus.
 * @returns Nothing known where there is no corpus, it is damaged, or its files
 * were read in another way.
 */
export async function knownReadings(
  outFolder: string,
  tokenizer: Tokenizer,
  { strict, maxGapBars }: Required<ReadingOptions>,
): Promise<KnownReadings> {
  const results = new Map<string, PieceReading | Refusal>();
  const corpus = await loadCorpus(outFolder).catch(() => undefined);
  const { name, options = {} } = tokenizer;
  const way = [name, options, TOKEN_VERSION, strict, maxGapBars];
  if (
    corpus === undefined ||
    JSON.stringify(wayOf(corpus)) !== JSON.stringify(way)
  ) return { results, numbers: new TokenNumbers() };
  const { manifest, vocabulary, pieces } = corpus;
  const repairs = byFile(manifest.repairs), dropped = byFile(manifest.dropped);
  for (const { file, sha256, description, twin, ids } of pieces) {
    results.set(sha256, {
      ids,
      description,
      twin,
      repairs: repairs.get(file) ?? [],
      dropped: dropped.get(file) ?? [],
    });
  }
  for (const [reason, files] of Object.entries(manifest.rejections)) {
    for (const { sha256, message } of files) {
      // Files that could not be opened have no hash.
      if (sha256 !== "") results.set(sha256, { reason, message });
    }
  }
  return { results, numbers: new TokenNumbers(vocabulary.toJSON()) };
}

/** All that the results of a corpus depend on, beside the files. */
function wayOf({ tokenizer, manifest }: Corpus): unknown[] {
  const { tokenizerOptions, tokenVersion, strict, maxGapBars } = manifest;
  return [tokenizer, tokenizerOptions, tokenVersion, strict, maxGapBars];
}

/** Counts by reason and file, as counts by file. */
function byFile(
  counts: Readonly<Record<string, readonly FileCount[]>>,
): Map<string, { reason: string; count: number }[]> {
  const files = new Map<string, { reason: string; count: number }[]>();
  for (const [reason, list] of Object.entries(counts)) {
    for (const { file, count } of list) {
      const own = files.get(file);
      if (own) own.push({ reason, count });
      else files.set(file, [{ reason, count }]);
    }
  }
  return files;
}
