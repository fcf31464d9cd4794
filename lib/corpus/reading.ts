/** A MIDI file to music, and to the tokens of a piece. */

import { LimitError } from "../base/base.ts";
import { MidiError, type MidiReadOptions, readMidi } from "../midi/midi.ts";
import {
  cutSilence,
  type CutSilenceOptions,
  describePiece,
  groupBeats,
  type NoteSequence,
  pitchedNotes,
  type Repair,
} from "../music/music.ts";
import { type PieceStyle, pieceStyle } from "../tokens/chord/chord.ts";
import type { Tokenizer } from "../tokens/vocabulary/vocabulary.ts";
import type { ManifestPiece } from "./format.ts";
import type { Refusal } from "./midi_files.ts";
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
export interface PieceReading extends PieceFacts, Pick<ManifestPiece, "twin"> {
  /** Its different tokens, in the order in which they first come. */
  readonly alphabet: readonly string[];
  /** Its tokens, as indices into `alphabet`. */
  readonly ids: Int32Array;
}

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
    const { sequence, repairs, dropped } = readMusic(bytes, options);
    const { tokens, told } = tokensOf(bytes, sequence, tokenizer);
    if (tokens.length === 0) {
      const reason = sequence.notes.length > 0
        ? `no note that ${tokenizer.name} tokens can say`
        : "no notes";
      return { reason, message: `The file has ${reason}.` };
    }
    return {
      ...numbered(tokens),
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

/** Tokens by their numbers. */
function numbered(
  tokens: readonly string[],
): Pick<PieceReading, "ids" | "alphabet"> {
  const numbers = new Map<string, number>();
  const ids = new Int32Array(tokens.length);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    let number = numbers.get(token);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(token, number);
    }
    ids[i] = number;
  }
  return { ids, alphabet: [...numbers.keys()] };
}

/** The tokens of a file, and what is to be told of them. */
function tokensOf(
  bytes: Uint8Array,
  sequence: NoteSequence,
  tokenizer: Tokenizer,
): { tokens: string[]; told: readonly Repair[] } {
  if (sequence.notes.length === 0) return { tokens: [], told: [] };
  const tokens = tokenizer.encodeFile?.(bytes) ?? tokenizer.encode(sequence);
  const told = tokenizer.repairs?.(sequence) ?? [];
  if (tokens.length > 0 || tokenizer.encodeFile === undefined) {
    return { tokens, told };
  }
  // music21 reads one part: the first, be it drums, or none that has a name of its own.
  const notes = pitchedNotes(sequence);
  const reason =
    "the original's reading finds no note: the first pitched part is read";
  return {
    tokens: tokenizer.encode({ ...sequence, notes }),
    told: [...told, { reason, count: 1 }],
  };
}
