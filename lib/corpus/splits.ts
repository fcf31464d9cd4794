/**
 * Divides a corpus into training, validation and test pieces. Copies and
 * transpositions of a piece always stay together: a transposed copy of a
 * training piece in the test set would measure memory only.
 */

import { createHash } from "node:crypto";
import { columnsOf, type NoteSequence, twinBytes } from "../music/music.ts";
import { Random } from "../base/base.ts";

/** A part of a corpus. */
export type Split = "train" | "valid" | "test";

/** All splits, in the order that tables show them. */
export const SPLITS: readonly Split[] = ["train", "valid", "test"];

/** Options of {@linkcode splitPieces}. */
export interface SplitOptions {
  /**
   * Seed of the random order.
   * @default 1
   */
  readonly seed?: number;
  /**
   * Share of the pieces for validation.
   * @default 0.1
   */
  readonly validShare?: number;
  /**
   * Share of the pieces for testing.
   * @default 0.1
   */
  readonly testShare?: number;
}

/**
 * The family of a file: its path without the extension and the number at the
 * end of its name, so that `blob1.mid` and `blob 12.mid` are variants of one
 * another and `set/blob1.mid` is not.
 *
 * @param file Relative path with "/" between folders.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fileFamily } from "immersic/corpus/splits.ts";
 * assert.equal(fileFamily("jazz/ii-V12.mid"), "jazz/ii-V");
 * assert.equal(fileFamily("take (2).mid"), "take");
 * assert.equal(fileFamily("2.mid"), "2");
 * ```
 */
export function fileFamily(file: string): string {
  const nameStart = file.lastIndexOf("/") + 1;
  const stem = file.slice(nameStart).replace(/\.[^.]*$/, "");
  const family = stem.replace(/[\s._-]*(\d+|\(\d+\))$/, "");
  return file.slice(0, nameStart) + (family || stem);
}

/**
 * A hash that a piece shares with its transpositions and with no other music. It
 * covers the times of the notes after the first, their lengths (both to a 96th of
 * a quarter) and their intervals above the lowest, but not instruments,
 * velocities and tempi.
 *
 * @returns 16 hexadecimal digits of SHA-256.
 */
export function twinSignature(sequence: NoteSequence): string {
  const { parts, ticksPerQuarter } = sequence;
  return twinOf(twinBytes(columnsOf(sequence), parts, ticksPerQuarter));
}

/** As {@linkcode twinSignature}, of what `twinBytes()` gives. */
export function twinOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

/**
 * Divides pieces into train, valid and test at random. Pieces that share a key,
 * directly or through other pieces, make a group and stay in one split.
 *
 * Validation and test take groups as long as that brings them no further from
 * their share; each takes at least one if one is left for training.
 *
 * @param keys The keys of each piece: its content, its twin signature, its family.
 * @returns The split of each piece.
 * @throws {RangeError} If a share is below 0 or nothing is left for training.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { splitPieces } from "immersic/corpus/splits.ts";
 * const splits = splitPieces([["a"], ["b"], ["b"], ["c"], ["c", "d"], ["d"]]);
 * assert.equal(splits[1], splits[2]);
 * assert.ok(splits[3] === splits[4] && splits[4] === splits[5]);
 * assert.equal(new Set(splits).size, 3);
 * ```
 */
export function splitPieces(
  keys: Iterable<readonly string[]>,
  options: SplitOptions = {},
): Split[] {
  const { seed = 1, validShare = 0.1, testShare = 0.1 } = options;
  if (!(validShare >= 0 && testShare >= 0 && validShare + testShare < 1)) {
    throw new RangeError(
      `Cannot split pieces: validShare and testShare must be 0 or more and together below 1, current values are ${validShare} and ${testShare}.`,
    );
  }
  const { groupOf, sizes } = groupsOf(keys);
  const pieces = groupOf.length;
  const splitOf = Array<Split>(sizes.length).fill("train");
  let left = Array.from(new Random(seed).order(sizes.length));
  for (
    const [split, share] of [["valid", validShare], [
      "test",
      testShare,
    ]] as const
  ) {
    if (share === 0 || left.length < 2) continue;
    const target = Math.max(1, Math.round(share * pieces));
    let count = 0, taken = 0;
    const take = (group: number) => {
      splitOf[group] = split;
      count += sizes[group]!;
      taken++;
    };
    for (const group of left) {
      const fits = Math.abs(count + sizes[group]! - target) <= target - count;
      if (fits && taken < left.length - 1) take(group);
    }
    if (taken === 0) {
      take(left.reduce((a, b) => sizes[b]! < sizes[a]! ? b : a));
    }
    left = left.filter((group) => splitOf[group] === "train");
  }
  return Array.from(groupOf, (group) => splitOf[group]!);
}

/** The group of each piece, numbered as they come, and how many pieces each has. */
interface Groups {
  readonly groupOf: Int32Array;
  readonly sizes: readonly number[];
}

/** Groups pieces that share keys. */
function groupsOf(keys: Iterable<readonly string[]>): Groups {
  /** A piece of the same group that came before, or itself. */
  const before: number[] = [];
  const firstOf = (piece: number) => {
    while (before[piece] !== piece) {
      before[piece] = before[before[piece]!]!;
      piece = before[piece]!;
    }
    return piece;
  };
  const holders = new Map<string, number>();
  for (const own of keys) {
    const piece = before.push(before.length) - 1;
    for (const key of own) {
      const holder = holders.get(key);
      if (holder === undefined) holders.set(key, piece);
      else {
        const [a, b] = [firstOf(holder), firstOf(piece)];
        before[Math.max(a, b)] = Math.min(a, b);
      }
    }
  }
  const groupOf = new Int32Array(before.length), sizes: number[] = [];
  for (let piece = 0; piece < before.length; piece++) {
    const first = firstOf(piece);
    const group = first === piece ? sizes.push(0) - 1 : groupOf[first]!;
    groupOf[piece] = group;
    sizes[group]!++;
  }
  return { groupOf, sizes };
}
