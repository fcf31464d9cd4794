/** Reads a manifest without its list of pieces, which may be too long for memory. */

import { Buffer } from "node:buffer";
import { inTurns } from "../base/base.ts";
import { readAt } from "./file_bytes.ts";
import type { Manifest, ManifestSummary } from "./format.ts";
import { type Split, SPLITS } from "./splits.ts";

const CHUNK_BYTES = 2 ** 22;
/** More bytes than the name of a split and what is around it. */
const MARGIN = 64;

const bytesOf = (text: string) => [...new TextEncoder().encode(text)];
const FIELD = bytesOf('"split"'), SPACES = bytesOf(" \n\r\t");
const [QUOTE, FIRST] = FIELD, [COLON] = bytesOf(":");
const NAMES = SPLITS.map((split) => ({ split, name: bytesOf(`"${split}"`) }));

/** What a manifest says, and of its pieces only their splits. */
export interface ScannedManifest {
  readonly summary: ManifestSummary;
  /** Of each piece, in their order. */
  readonly splits: readonly Split[];
}

/**
 * Reads a manifest, in memory that hardly grows with its pieces.
 *
 * In JSON a quotation mark within a text follows a backslash. So a field's name in
 * quotation marks, then a colon, is that field and no part of the path of a file.
 *
 * @param file The open manifest.
 * @param chunkBytes Bytes that are read together.
 * @throws {Error} If it cannot be read, or is no JSON.
 */
export async function scanManifest(
  file: Deno.FsFile,
  path: string,
  chunkBytes = CHUNK_BYTES,
): Promise<ScannedManifest> {
  const scanned = await inTurns(scanSteps(file, chunkBytes));
  if (scanned?.splits.length === scanned?.summary.kept && scanned) {
    return scanned;
  }
  // Its fields are in another order, or it was edited.
  const { pieces, sha256: _seal, ...summary }: Manifest = JSON.parse(
    await Deno.readTextFile(path),
  );
  return { summary, splits: pieces.map(({ split }) => split) };
}

/** @returns Undefined if the pieces are not found. */
function* scanSteps(
  file: Deno.FsFile,
  chunkBytes: number,
): Generator<void, ScannedManifest | undefined> {
  let head = Buffer.alloc(0), at = 0, begin = -1;
  const chunk = Buffer.alloc(chunkBytes);
  while (begin < 0) {
    const length = readAt(file, at, chunk);
    if (length === 0) return undefined;
    at += length;
    head = Buffer.concat([head, chunk.subarray(0, length)]);
    begin = startOfPieces(head);
    yield;
  }
  const text = head.toString("utf8", 0, begin);
  const { pieces: _, ...summary }: Manifest = JSON.parse(`${text}]}`);
  const splits: Split[] = [];
  for (let from = begin;;) {
    const length = readAt(file, from, chunk);
    const bytes = chunk.subarray(0, length), isLast = length < chunk.length;
    // What begins in the margin is found in the next chunk, where it is whole.
    const end = isLast ? length : length - MARGIN;
    for (let place = 0; place < end; place++) {
      if (bytes[place] !== QUOTE || bytes[place + 1] !== FIRST) continue;
      const split = splitAt(bytes, place);
      if (split) splits.push(split);
    }
    if (isLast) return { summary, splits };
    from += end;
    yield;
  }
}

/** Where the list of pieces begins, after its bracket; −1 if that is not there yet. */
function startOfPieces(head: Buffer): number {
  for (let place = 0;;) {
    place = head.indexOf('"pieces"', place);
    if (place < 0) return -1;
    const after = head.toString("latin1", place, place + MARGIN);
    const [list] = after.match(/^"pieces"\s*:\s*\[/) ?? [];
    if (list) return place + list.length;
    place++;
  }
}

/** The split that a field names, if there is such a field. */
function splitAt(bytes: Buffer, place: number): Split | undefined {
  let at = place;
  for (const byte of FIELD) if (bytes[at++] !== byte) return undefined;
  while (SPACES.includes(bytes[at]!)) at++;
  if (bytes[at++] !== COLON) return undefined;
  while (SPACES.includes(bytes[at]!)) at++;
  return NAMES.find(({ name }) =>
    name.every((byte, i) => bytes[at + i] === byte)
  )
    ?.split;
}
