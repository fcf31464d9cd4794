/**
 * The seal of a JSON file: its last field, `sha256`, which has the hash of all bytes
 * before it. So every change to the file shows, also one that is JSON still.
 */

import { createHash } from "node:crypto";
import { readAt } from "./file_bytes.ts";

const BEFORE = `,\n "sha256": "`, AFTER = `"\n}`;
const SEAL = new RegExp(`^${BEFORE}([0-9a-f]{64})${AFTER}$`);
const SEAL_BYTES = BEFORE.length + 64 + AFTER.length;

/**
 * Adds the seal to the text of an object.
 *
 * @param parts As `jsonParts` gives them, the last of which closes the object.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { jsonParts } from "immersic/corpus/json_parts.ts";
 * import { sealed } from "immersic/corpus/seal.ts";
 * const text = [...sealed(jsonParts({ kept: 3 }))].join("");
 * assert.match(text, /^\{\n "kept": 3,\n "sha256": "[0-9a-f]{64}"\n\}$/);
 * ```
 */
export function* sealed(parts: Iterable<string>): Generator<string> {
  const hash = createHash("sha256");
  let last = "";
  for (const part of parts) {
    hash.update(last);
    yield last;
    last = part;
  }
  yield `${BEFORE}${hash.digest("hex")}${AFTER}`;
}

/** What the seal of a file shows: it has none, or it fits, or not. */
export type SealState = "none" | "whole" | "broken";

/** Looks at the seal of a file; a step for each chunk that is read. */
export function* sealSteps(
  file: Deno.FsFile,
  chunkBytes: number,
): Generator<void, SealState> {
  const covered = file.statSync().size - SEAL_BYTES;
  if (covered < 0) return "none";
  const end = new Uint8Array(SEAL_BYTES);
  readAt(file, covered, end);
  const [, expected] = SEAL.exec(new TextDecoder().decode(end)) ?? [];
  if (expected === undefined) return "none";
  const hash = createHash("sha256"), chunk = new Uint8Array(chunkBytes);
  for (let from = 0; from < covered; from += chunk.length) {
    const length = Math.min(chunk.length, covered - from);
    const read = readAt(file, from, chunk.subarray(0, length));
    hash.update(chunk.subarray(0, read));
    yield;
  }
  return hash.digest("hex") === expected ? "whole" : "broken";
}
