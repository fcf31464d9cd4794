/** The version of corpora, and why one cannot be made or read. */

/** Version of everything in a corpus folder. */
export const CORPUS_VERSION = 1;

/** Version of `manifest.json`: 2 is sealed, see `seal.ts`; 1 was not. */
export const MANIFEST_VERSION = 2;

/** A corpus that cannot be made or read, and why. */
export class CorpusError extends Error {
  /** The class of the error. */
  override readonly name = "CorpusError";
}
