/** From the readings of files to a corpus on the disk, a piece at a time. */

import { createHash, type Hash } from "node:crypto";
import { join } from "@std/path";
import {
  type FilePiece,
  inTurns,
  Turns,
  writeFilesAtomically,
} from "../base/base.ts";
import type { Repair } from "../music/music.ts";
import {
  type PieceStyle,
  styleSteps,
  writeNotesJson,
} from "../tokens/chord/chord.ts";
import { closedVocabulary } from "../tokens/remi/remi.ts";
import { Vocabulary } from "../tokens/vocabulary/vocabulary.ts";
import {
  MANIFEST_FILE,
  NOTES_FILE,
  TOKEN_FILE,
  VOCABULARY_FILE,
} from "./folder.ts";
import {
  CorpusError,
  type CorpusOrigin,
  type FileCount,
  type ManifestPiece,
  type ManifestSummary,
  type Rejection,
  summaryOf,
} from "./format.ts";
import { jsonParts } from "./json_parts.ts";
import { sealed } from "./seal.ts";
import type { FileRecord } from "./read_files.ts";
import { fileFamily, type Split, splitPieces } from "./splits.ts";
import type { ReadingFile, StoredReading } from "./stored_reading.ts";
import { tokenBytes, tokenFileHeader } from "./token_file.ts";

/** Bytes that are written together. */
const CHUNK_BYTES = 2 ** 20;

/** What is decided before files are read. */
export type CorpusChoices =
  & { readonly maxGapBars: number }
  & Omit<
    CorpusOrigin,
    | "files"
    | "maxGapBars"
    | "composed"
    | "ownSplits"
    | "duplicates"
    | "rejections"
    | "repairs"
    | "dropped"
    | "style"
  >;

/** What a corpus is made of. */
export interface CorpusParts {
  /** What became of each file, in any order. */
  readonly records: readonly FileRecord[];
  /** Finds the reading of a file's content. */
  readonly find: (sha256: string) => StoredReading | undefined;
  readonly choices: CorpusChoices;
  /** Where the files are from, for errors. */
  readonly midiFolder: string;
}

/** A file that is used. There may be a million: what is known of it is not copied. */
class Piece {
  readonly record: FileRecord;
  readonly reading: StoredReading;
  /** Those that nothing else is said of are for training. */
  split: Split;

  constructor(record: FileRecord, reading: StoredReading) {
    this.record = record;
    this.reading = reading;
    this.split = record.split ?? "train";
  }

  get tokens(): number {
    return this.reading.tokens;
  }
}

/**
 * Writes a corpus. The same files and choices always give the same bytes.
 *
 * @returns The content of `manifest.json` without its pieces.
 * @throws {CorpusError} If no file can be used.
 * @throws {FileError} If it cannot be written, or a reading cannot be read.
 * @throws {Stopped} If it is asked to stop; an earlier corpus stays.
 */
export async function assemble(
  outFolder: string,
  parts: CorpusParts,
): Promise<ManifestSummary> {
  const { choices } = parts;
  const { tokenizer, tokenizerOptions } = choices;
  const { pieces, ...counts } = usedFiles(parts);
  divide(pieces, choices);
  const { alphabet, ...facts } = await factsOf(pieces, tokenizer === "chord");
  const vocabulary = Vocabulary.fromTokens(
    tokenizer === "remi"
      ? closedVocabulary(alphabet, tokenizerOptions)
      : alphabet,
  );
  const ownSplits = pieces.filter(({ record }) => record.split).length;
  const origin: CorpusOrigin = {
    ...choices,
    ...counts,
    ...ownSplits > 0 && { ownSplits },
    ...facts,
  };
  const tokens = createHash("sha256");
  let summary: ManifestSummary | undefined;
  const file = (name: string) => join(outFolder, name);
  await writeFilesAtomically({
    [file(VOCABULARY_FILE)]: JSON.stringify(vocabulary, null, 1),
    [file(TOKEN_FILE)]: inChunks(tokenParts(pieces, vocabulary), tokens),
    ...tokenizer === "chord" &&
      { [file(NOTES_FILE)]: inChunks(notesParts(pieces)) },
    // Last, because it has the hash of the token file.
    [file(MANIFEST_FILE)]: (async function* () {
      const hash = tokens.digest("hex");
      summary = summaryOf(vocabulary, pieces, hash, origin);
      const manifest = { ...summary, pieces: manifestPieces(pieces) };
      yield* inChunks(textBytes(sealed(jsonParts(manifest))));
    })(),
  });
  return summary!;
}

/** Files that are used, and an account of the others. */
function usedFiles(
  { records, find, choices, midiFolder }: CorpusParts,
):
  & Pick<CorpusOrigin, "files" | "composed" | "duplicates" | "rejections">
  & { pieces: Piece[] } {
  // Composed files come after all others, in their own order.
  const found = records.filter(({ composed }) => !composed)
    .sort((a, b) => a.file < b.file ? -1 : 1);
  const composed = records.filter(({ composed }) => composed);
  const pieces: Piece[] = [];
  const duplicates: CorpusOrigin["duplicates"][number][] = [];
  const rejections: Record<string, Rejection[]> = {};
  const firstFiles = new Map<string, string>();
  const firstTwins = new Map<string, string>();
  for (const record of [...found, ...composed]) {
    const { file, sha256, sameAs } = record;
    if (sameAs !== undefined) {
      duplicates.push({ file, duplicateOf: sameAs });
      continue;
    }
    const reading = find(sha256);
    const refusal = record.refusal ??
      (reading?.isRefused ? reading.refusal : undefined);
    if (refusal) {
      const { reason, message } = refusal;
      (rejections[reason] ??= []).push({ file, sha256, message });
      continue;
    }
    if (reading === undefined) {
      throw new CorpusError(
        `Cannot preprocess ${midiFolder}: what was made of ${file} is missing. Was readings.bin cut short, or a part preprocessed again and stopped? Preprocess it again.`,
      );
    }
    // A composed transposition of another piece would teach nothing new, or a
    // held-out piece.
    const first = firstFiles.get(sha256) ??
      (record.composed && firstTwins.get(reading.twin));
    if (first === undefined) {
      firstFiles.set(sha256, file);
      if (composed.length > 0 && !firstTwins.has(reading.twin)) {
        firstTwins.set(reading.twin, file);
      }
    } else {
      duplicates.push({ file, duplicateOf: first });
      if (!choices.keepDuplicates || record.composed) continue;
    }
    pieces.push(new Piece(record, reading));
  }
  const files = records.length;
  if (pieces.length === 0) {
    const reasons = Object.entries(rejections).map(([reason, refused]) =>
      `\n  ${reason}: ${refused.map(({ file }) => file).join(", ")}`
    );
    throw new CorpusError(
      files === 0
        ? `Cannot preprocess ${midiFolder}: its scores and tables are of kinds without music that is known here.`
        : `Cannot preprocess ${midiFolder}: none of its ${files} MIDI files can be used.${
          reasons.join("")
        }`,
    );
  }
  return { files, composed: composed.length, duplicates, rejections, pieces };
}

/**
 * Puts pieces into splits. Composed ones are for training, and change nothing in
 * how the others are divided.
 */
function divide(
  pieces: readonly Piece[],
  { splitBy, keepDuplicates, ...shares }: CorpusChoices,
): void {
  const divided = pieces.filter(({ record }) =>
    !record.composed && !record.split
  );
  const keys = function* () {
    for (const { record: { file, sha256 }, reading } of divided) {
      yield [
        reading.twin,
        // Otherwise each is there once.
        ...keepDuplicates ? [sha256] : [],
        ...splitBy === "family" ? [fileFamily(file)] : [],
      ];
    }
  };
  for (const [i, split] of splitPieces(keys(), shares).entries()) {
    divided[i]!.split = split;
  }
}

/** What the readings of pieces say together. */
async function factsOf(
  pieces: readonly Piece[],
  hasStyle: boolean,
): Promise<
  & Pick<CorpusOrigin, "repairs" | "dropped" | "style">
  & { alphabet: Set<string> }
> {
  const used = new Map<ReadingFile, Uint8Array>();
  const repairs: Record<string, FileCount[]> = {};
  const dropped: Record<string, FileCount[]> = {};
  const turns = new Turns();
  for (const { record: { file, repairs: before = [] }, reading } of pieces) {
    const { facts, readings, numbers } = reading;
    let own = used.get(readings);
    if (!own) {
      own = new Uint8Array(readings.tokens.length);
      used.set(readings, own);
    }
    mark(numbers, own);
    count(repairs, file, [...before, ...facts.repairs]);
    count(dropped, file, facts.dropped);
    await turns.give();
  }
  const style = hasStyle
    ? await inTurns(styleSteps(trainingStyles(pieces)))
    : undefined;
  const alphabet = new Set<string>();
  for (const [{ tokens }, own] of used) {
    for (const [id, token] of tokens.entries()) {
      if (own[id]) alphabet.add(token);
    }
  }
  return { alphabet, repairs, dropped, style };
}

function mark(numbers: Uint16Array | Uint32Array, marks: Uint8Array): void {
  for (let i = 0; i < numbers.length; i++) marks[numbers[i]!] = 1;
}

/** How the training pieces are played. */
function* trainingStyles(
  pieces: readonly Piece[],
): Generator<PieceStyle> {
  for (const { reading, split } of pieces) {
    const style = split === "train" ? reading.facts.style : undefined;
    if (style) yield style;
  }
}

/** Counts what was done to a file, by reason. */
function count(
  counts: Record<string, FileCount[]>,
  file: string,
  own: readonly Repair[],
): void {
  for (const { reason, count } of own) {
    (counts[reason] ??= []).push({ file, count });
  }
}

/** The bytes of `tokens.bin`. */
function* tokenParts(
  pieces: readonly Piece[],
  vocabulary: Vocabulary,
): Generator<Uint8Array> {
  yield tokenFileHeader(pieces.map(({ tokens }) => tokens), vocabulary);
  const idsOf = new Map<ReadingFile, Int32Array>();
  for (const { reading } of pieces) {
    const { readings } = reading;
    let own = idsOf.get(readings);
    if (!own) {
      own = Int32Array.from(
        readings.tokens,
        (token) => vocabulary.has(token) ? vocabulary.id(token) : -1,
      );
      idsOf.set(readings, own);
    }
    yield tokenBytes(reading.idsBy(own));
  }
}

/** The bytes of `notes.json`: the tokens of all pieces in one flat array. */
function* notesParts(pieces: readonly Piece[]): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  const tokensOf = new Map<ReadingFile, readonly string[]>();
  let before = "[";
  for (const { reading: { readings, ids } } of pieces) {
    const own = tokensOf.get(readings) ?? readings.tokens;
    tokensOf.set(readings, own);
    const tokens = Array.from(ids, (id) => own[id]!);
    const text = writeNotesJson(tokens).slice(1, -1);
    if (text === "") continue;
    yield encoder.encode(before + text);
    before = ",";
  }
  yield encoder.encode(before === "[" ? "[]" : "]");
}

/** The pieces of `manifest.json`. */
function* manifestPieces(
  pieces: readonly Piece[],
): Generator<ManifestPiece> {
  for (const { record, reading, split, tokens } of pieces) {
    const { file, sha256, kit, composed } = record;
    const { description } = reading.facts;
    const { twin } = reading;
    yield {
      ...{ file, sha256, description, twin, split, tokens },
      ...record.split && { ownSplit: true },
      ...kit && { kit },
      ...composed && { composed },
    };
  }
}

function* textBytes(parts: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = "";
  for (const part of parts) {
    text += part;
    if (text.length < CHUNK_BYTES) continue;
    yield encoder.encode(text);
    text = "";
  }
  yield encoder.encode(text);
}

/** Small parts together, with turns between. */
async function* inChunks(
  parts: Iterable<Uint8Array>,
  hash?: Hash,
): AsyncGenerator<FilePiece> {
  const turns = new Turns();
  // What is written is not kept: two chunks serve for all, one being written.
  let chunk = new Uint8Array(CHUNK_BYTES), other = new Uint8Array(CHUNK_BYTES);
  let filled = 0;
  for (const part of parts) {
    hash?.update(part);
    if (filled + part.length > chunk.length) {
      yield chunk.subarray(0, filled);
      [chunk, other] = [other, chunk];
      filled = 0;
    }
    if (part.length > chunk.length) yield part;
    else {
      chunk.set(part, filled);
      filled += part.length;
    }
    await turns.give();
  }
  yield chunk.subarray(0, filled);
}
