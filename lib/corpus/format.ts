/**
 * A preprocessed corpus, and what its folder holds: `manifest.json` (a
 * {@linkcode Manifest}), `vocabulary.json` (the tokens in order of id), `tokens.bin`
 * (see `token_file.ts`) and, with the chord tokenizer, `notes.json`, the original
 * Immersic's cache: the tokens of all pieces in one flat array.
 */

import { createHash } from "node:crypto";
import type { PieceDescription } from "../music/music.ts";
import type { ChordStyle } from "../tokens/chord/chord.ts";
import { MANIFEST_VERSION } from "./corpus_error.ts";
import type { Split } from "./splits.ts";
import { tokenFileParts } from "./token_file.ts";
import type { Tokenizer, Vocabulary } from "../tokens/vocabulary/vocabulary.ts";

export {
  CORPUS_VERSION,
  CorpusError,
  MANIFEST_VERSION,
} from "./corpus_error.ts";

/** A kept file, as the manifest lists it. */
export interface ManifestPiece {
  /**
   * Path below the MIDI folder, or the corpus's if composed; "/" between folders.
   * Where a file holds several pieces, "#" and the name of one follow.
   */
  readonly file: string;
  /** SHA-256 of the file's bytes, or of the MIDI file made of another kind. */
  readonly sha256: string;
  /** Its split. */
  readonly split: Split;
  /** Whether its collection gives the split. */
  readonly ownSplit?: true;
  /** The electronic kit whose pitches were changed to those of General MIDI. */
  readonly kit?: "TD-11";
  /** Number of tokens. */
  readonly tokens: number;
  /** Its key, meter, notes, …; absent in the original's cache. */
  readonly description?: PieceDescription | undefined;
  /** Hash that it shares with its transpositions, see `twinSignature`. */
  readonly twin: string;
  /** Whether it was composed for this corpus; its file is below the corpus's folder. */
  readonly composed?: true;
}

/** A kept file and its tokens. */
export interface CorpusPiece extends ManifestPiece {
  /** Its tokens as ids of the corpus's vocabulary. */
  readonly ids: Int32Array;
}

/** A file that could not be used. */
export interface Rejection {
  /** Path below the MIDI folder. */
  readonly file: string;
  /** SHA-256 of the file's bytes. */
  readonly sha256: string;
  /** The whole error, with its numbers. */
  readonly message: string;
}

/** What was put right or left out in a file. */
export interface FileCount {
  /** Path below the MIDI folder. */
  readonly file: string;
  /** How often. */
  readonly count: number;
}

/** How a corpus was made: its files and the options of `preprocess`. */
export interface CorpusOrigin {
  /** Which tokenizer made the tokens. */
  readonly tokenizer: Tokenizer["name"];
  /** Settings of the tokenizer. */
  readonly tokenizerOptions: object;
  /** `TOKEN_VERSION` of the code that read the files; under another they are read again. */
  readonly tokenVersion: number;
  /** Seed of the split. */
  readonly seed: number;
  /** Which files stay in one split. */
  readonly splitBy: "piece" | "family";
  /** Share of the pieces that validate. */
  readonly validShare: number;
  /** Share of the pieces that test. */
  readonly testShare: number;
  /** Whether files with the same bytes were all kept. */
  readonly keepDuplicates: boolean;
  /** Whether files that need a repair were refused; false in older corpora. */
  readonly strict: boolean;
  /** Silences of more bars were cut; undefined in older corpora: none was. */
  readonly maxGapBars?: number | undefined;
  /** MIDI files found or composed: kept, rejected, and duplicates dropped. */
  readonly files: number;
  /** How many of the files were composed, to have more to learn from. */
  readonly composed: number;
  /** How many pieces have the split that their collection gives; absent if none. */
  readonly ownSplits?: number;
  /**
   * Files with the bytes of an earlier one, or of the same song or performance;
   * dropped unless kept on request.
   */
  readonly duplicates: readonly {
    readonly file: string;
    readonly duplicateOf: string;
  }[];
  /** Files that could not be used, by reason. */
  readonly rejections: Readonly<Record<string, readonly Rejection[]>>;
  /** Kept files in which something was put right, by what; none in older corpora. */
  readonly repairs: Readonly<Record<string, readonly FileCount[]>>;
  /** Events of kept files that tokens cannot hold, such as pitch bends, by kind. */
  readonly dropped: Readonly<Record<string, readonly FileCount[]>>;
  /** Rhythms and velocities of the training pieces, which chord tokens lack. */
  readonly style?: ChordStyle | undefined;
}

/** An account of the preprocessing: the content of `manifest.json`. */
export interface Manifest extends CorpusOrigin {
  /** Marks the file as a manifest. */
  readonly format: "immersic-corpus";
  /** {@linkcode MANIFEST_VERSION} of the code that wrote it. */
  readonly version: number;
  /** Pieces kept. */
  readonly kept: number;
  /** Tokens in all pieces. */
  readonly tokens: number;
  /** Number of different tokens. */
  readonly vocabularySize: number;
  /** SHA-256 of the vocabulary. */
  readonly vocabularyHash: string;
  /** SHA-256 of `tokens.bin`. */
  readonly tokensHash: string;
  /** Pieces and tokens in each split. */
  readonly splits: Readonly<
    Record<Split, { readonly pieces: number; readonly tokens: number }>
  >;
  /** In order of path. */
  readonly pieces: readonly ManifestPiece[];
  /** SHA-256 of all before it in the file; only in a file, from version 2 on. */
  readonly sha256?: string;
}

/** A preprocessed corpus. */
export interface Corpus {
  /** Which tokenizer made the tokens. */
  readonly tokenizer: Tokenizer["name"];
  /** The tokens in order of id. */
  readonly vocabulary: Vocabulary;
  /** In order of path. */
  readonly pieces: readonly CorpusPiece[];
  /** What is saved as `manifest.json`. */
  readonly manifest: Manifest;
  /** Rhythms and velocities of the training pieces, which chord tokens lack. */
  readonly style?: ChordStyle | undefined;
  /** Hash of all that training depends on: tokens, vocabulary and splits. */
  readonly hash: string;
  /**
   * Hash of the vocabulary and of the validation and test pieces: a model may be
   * evaluated on any corpus that holds back the same pieces.
   */
  readonly heldOutHash: string;
}

/** SHA-256 in 64 hexadecimal digits; text is taken as UTF-8. */
export function hashOf(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** As {@linkcode hashOf}, of bytes in parts. */
function hashOfParts(parts: Iterable<Uint8Array>): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** A manifest without the list of pieces, which may be too long for memory. */
export type ManifestSummary = Omit<Manifest, "pieces">;

/** The beginning of a manifest, up to the pieces. */
export function summaryOf(
  vocabulary: Vocabulary,
  pieces: readonly Pick<ManifestPiece, "split" | "tokens">[],
  tokensHash: string,
  origin: CorpusOrigin,
): ManifestSummary {
  const splits = {
    train: { pieces: 0, tokens: 0 },
    valid: { pieces: 0, tokens: 0 },
    test: { pieces: 0, tokens: 0 },
  };
  for (const { split, tokens } of pieces) {
    splits[split].pieces++;
    splits[split].tokens += tokens;
  }
  return {
    format: "immersic-corpus",
    version: MANIFEST_VERSION,
    ...origin,
    kept: pieces.length,
    tokens: pieces.reduce((sum, { tokens }) => sum + tokens, 0),
    vocabularySize: vocabulary.size,
    vocabularyHash: vocabulary.hash,
    tokensHash,
    splits,
  };
}

/**
 * Makes a corpus: counts its tokens and composes its manifest.
 *
 * @param vocabulary Of all pieces.
 * @param pieces In order of path.
 */
export function makeCorpus(
  vocabulary: Vocabulary,
  pieces: readonly CorpusPiece[],
  origin: CorpusOrigin,
): Corpus {
  const tokensHash = hashOfParts(
    tokenFileParts(pieces.map(({ ids }) => ids), vocabulary),
  );
  const manifest: Manifest = {
    ...summaryOf(vocabulary, pieces, tokensHash, origin),
    pieces: pieces.map(({ ids: _, ...piece }) => piece),
  };
  const { tokenizer, style } = origin;
  const hash = corpusHash(manifest, pieces.map(({ split }) => split));
  const heldOut = pieces.filter(({ split }) => split !== "train");
  const heldOutHash = hashOfParts(
    tokenFileParts(heldOut.map(({ ids }) => ids), vocabulary),
  );
  return { tokenizer, vocabulary, pieces, manifest, style, hash, heldOutHash };
}

/** The hash of all that training depends on. */
export function corpusHash(
  { tokenizer, tokenizerOptions, tokensHash }: ManifestSummary,
  splits: readonly Split[],
): string {
  return hashOf(
    JSON.stringify([tokenizer, tokenizerOptions, tokensHash, splits]),
  );
}

/** The token ids of the pieces in one split, in order of path. */
export function piecesIn(corpus: Corpus, split: Split): Int32Array[] {
  return corpus.pieces.filter((piece) => piece.split === split)
    .map(({ ids }) => ids);
}
