/** A MIDI file to music, and to the tokens of a piece. */

import { LimitError } from "../base/base.ts";
import { MidiError, type MidiReadOptions, readMidi } from "../midi/midi.ts";
import {
  cutSilence,
  type CutSilenceOptions,
  describePiece,
  groupBeats,
  noteCount,
  type NoteSequence,
  pitchedNotes,
  type Repair,
} from "../music/music.ts";
import { type PieceStyle, pieceStyle } from "../tokens/chord/chord.ts";
import { RemiTokenizer } from "../tokens/remi/remi.ts";
import {
  type NumberedTokens,
  type Tokenizer,
  TokenNumbers,
} from "../tokens/vocabulary/vocabulary.ts";
import type { ManifestPiece } from "./format.ts";
import type { Refusal } from "./midi_files.ts";
import { readPlainPiece } from "./plain_piece.ts";
import { twinSignature } from "./splits.ts";

/** Silences of more bars are cut, unless told otherwise. */
export const DEFAULT_GAP_BARS = 8;

/** How files are read. */
export interface ReadingOptions
  extends Pick<MidiReadOptions, "strict">, CutSilenceOptions {}

/** The music of a file, and what was done to it. */
export interface MusicReading {
  readonly sequence: NoteSequence;
  /** What was put right or cut, each reason once. */
  readonly repairs: readonly Repair[];
  /** What music as notes cannot hold, each kind once. */
  readonly dropped: readonly Repair[];
}

/** What is known of a usable file beside its tokens. Plain data, fit for JSON. */
export interface PieceFacts
  extends
    Pick<ManifestPiece, "description">,
    Pick<MusicReading, "repairs" | "dropped"> {
  /** How it is played, which chord tokens lack. */
  readonly style?: PieceStyle;
}

/** The tokens of a usable file. */
export interface PieceReading
  extends PieceFacts, NumberedTokens, Pick<ManifestPiece, "twin"> {}

/**
 * Reads a file's music: what is wrong is put right, and long silences are cut.
 *
 * @param file Its name, for errors.
 * @throws {MidiError} If it is no MIDI file, beyond the limits, or needs a repair
 * and `strict` is set.
 */
export function readMusic(
  bytes: Uint8Array,
  { strict = false, maxGapBars = DEFAULT_GAP_BARS }: ReadingOptions = {},
  file = "",
): MusicReading {
  const reading = readMidi(bytes, { file, strict });
  const grouped = groupBeats(reading.sequence);
  const { sequence, cuts } = cutSilence(grouped.sequence, { maxGapBars });
  const repairs = [...reading.repairs, ...grouped.repairs, ...cuts];
  return { sequence, repairs, dropped: reading.dropped };
}

/** Tokenizes a file; whatever goes wrong is a reason to refuse it. */
export function readPiece(
  bytes: Uint8Array,
  tokenizer: Tokenizer,
  options: ReadingOptions,
): PieceReading | Refusal {
  try {
    if (isRemi(tokenizer)) {
      const { maxGapBars = DEFAULT_GAP_BARS } = options;
      const plain = readPlainPiece(bytes, tokenizer.options, maxGapBars);
      if (plain) return plain;
    }
    const { sequence, repairs, dropped } = readMusic(bytes, options);
    const { tokens, told } = tokensOf(bytes, sequence, tokenizer);
    if (tokens.ids.length === 0) {
      const reason = noteCount(sequence) > 0
        ? `no note that ${tokenizer.name} tokens can say`
        : "no notes";
      return { reason, message: `The file has ${reason}.` };
    }
    return {
      ...tokens,
      description: describePiece(sequence),
      twin: twinSignature(sequence),
      repairs: [...repairs, ...told],
      dropped,
      ...tokenizer.name === "chord" && { style: pieceStyle(sequence) },
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isNamed = error instanceof MidiError || error instanceof LimitError;
    return { reason: isNamed ? error.reason : message, message };
  }
}

/** Whether tokens are those that a plain file can be read to at once. */
function isRemi(tokenizer: Tokenizer): tokenizer is RemiTokenizer {
  // What extends the class may write other tokens.
  return tokenizer instanceof RemiTokenizer &&
    tokenizer.encode === RemiTokenizer.prototype.encode;
}

/** The tokens of a file, and what is to be told of them. */
function tokensOf(
  bytes: Uint8Array,
  sequence: NoteSequence,
  tokenizer: Tokenizer,
): { tokens: NumberedTokens; told: readonly Repair[] } {
  const numbered = (tokens: readonly string[]) => {
    const numbers = new TokenNumbers();
    return numbers.numbered(tokens.map((token) => numbers.of(token)));
  };
  if (noteCount(sequence) === 0) return { tokens: numbered([]), told: [] };
  const own = tokenizer.encodeFile?.(bytes);
  const tokens = own ? numbered(own) : tokenizer.encodeNumbered?.(sequence) ??
    numbered(tokenizer.encode(sequence));
  const told = tokenizer.repairs?.(sequence) ?? [];
  if (tokens.ids.length > 0 || own === undefined) return { tokens, told };
  // music21 reads one part: the first, be it drums, or none that has a name of its own.
  const notes = pitchedNotes(sequence);
  const reason =
    "the original's reading finds no note: the first pitched part is read";
  return {
    tokens: numbered(tokenizer.encode({ ...sequence, notes })),
    told: [...told, { reason, count: 1 }],
  };
}
