/** What became of the files of a corpus, as rows of tables. */

import type { Manifest } from "./format.ts";

/** Rows of tables. */
export interface Account {
  /** Files refused. */
  readonly rejected: readonly {
    readonly file: string;
    readonly reason: string;
    readonly message: string;
  }[];
  /** Files in which something was put right, and how often. */
  readonly repaired: readonly {
    readonly file: string;
    readonly reason: string;
    readonly count: number;
  }[];
  /** Kinds of events that tokens cannot hold. */
  readonly dropped: readonly {
    readonly kind: string;
    readonly files: number;
    readonly events: number;
  }[];
}

/**
 * Lists what became of the files that were not simply kept.
 *
 * @returns Rows by reason, then by path.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { accountOf } from "immersic/corpus/corpus.ts";
 * const { repaired } = accountOf({
 *   rejections: {},
 *   repairs: { "no end of track": [{ file: "a.mid", count: 2 }] },
 *   dropped: {},
 * });
 * assert.equal(repaired[0]?.file, "a.mid");
 * ```
 */
export function accountOf(
  { rejections, repairs, dropped }: Pick<
    Manifest,
    "rejections" | "repairs" | "dropped"
  >,
): Account {
  return {
    rejected: Object.entries(rejections).flatMap(([reason, files]) =>
      files.map(({ file, message }) => ({ file, reason, message }))
    ),
    repaired: Object.entries(repairs).flatMap(([reason, files]) =>
      files.map(({ file, count }) => ({ file, reason, count }))
    ),
    dropped: Object.entries(dropped).map(([kind, files]) => ({
      kind,
      files: files.length,
      events: files.reduce((sum, { count }) => sum + count, 0),
    })),
  };
}
