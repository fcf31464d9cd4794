/**
 * Music to REMI tokens and back: the attributes of the piece, then bars,
 * positions, instruments, pitches, velocities and durations. How tokens are
 * written is in `tokens.ts`, their order in `grammar.ts`, and what they keep of
 * a piece in `quantize.ts`.
 */

import {
  type Attributes,
  attributeTokens,
  columnsOf,
  type NoteSequence,
  type Repair,
} from "../../music/music.ts";
import { LimitError } from "../../base/base.ts";
import { RemiDecoder } from "./decoder.ts";
import { durationTable, longestOf } from "./durations.ts";
import { NoteWriter } from "./note_writer.ts";
import { quantizeForRemi, repairsForRemi } from "./quantize.ts";
import {
  type RemiOptions,
  type RemiResolution,
  remiResolution,
} from "./resolution.ts";
import {
  type NumberedTokens,
  type Tokenizer,
  TokenNumbers,
  Vocabulary,
} from "../vocabulary/vocabulary.ts";

/**
 * The most `Duration` tokens of a piece beyond the first of each note: enough for
 * notes of two million quarters in all.
 */
export const MAX_ADDED_DURATIONS = 65_536;

const NUMBERS = new TokenNumbers();

/**
 * The REMI tokenizer at one resolution.
 *
 * @example
 * ```ts
 * import { RemiTokenizer } from "immersic/tokens/remi/remi.ts";
 * import { emptySequence } from "immersic/music/music.ts";
 * const tokenizer = new RemiTokenizer();
 * const tokens = tokenizer.encode({
 *   ...emptySequence(480),
 *   parts: [{ name: "Keys", program: 4, isDrum: false }],
 *   notes: [{ pitch: 60, velocity: 70, startTicks: 485, endTicks: 950, part: 0 }],
 *   tempos: [{ ticks: 0, qpm: 72 }],
 *   totalTicks: 1920,
 * });
 * console.assert(
 *   tokens.slice(tokens.indexOf("Bar")).join(" ") ===
 *     "Bar TimeSignature_4/4 Tempo_72 Position_12 Program_4 Pitch_60 Velocity_68 Duration_12 End",
 * );
 * const [note] = tokenizer.decode(tokens).notes;
 * console.assert(note?.startTicks === 12 && note.endTicks === 24);
 * ```
 */
export class RemiTokenizer implements Tokenizer {
  /** The name of these tokens. */
  readonly name = "remi";
  /** The resolution of the tokens. */
  readonly options: RemiResolution;
  readonly #longest: number;
  #writer: NoteWriter | undefined;

  /**
   * A tokenizer of one resolution.
   *
   * @param options Resolution of the tokens.
   * @throws {RangeError} If an option is out of range.
   */
  constructor(options: RemiOptions = {}) {
    this.options = remiResolution(options);
    this.#longest = longestOf(durationTable(this.options.stepsPerQuarter));
  }

  /**
   * A piece as its tokens keep it, see `quantize.ts`;
   * `decode(encode(piece))` equals `quantize(piece)`.
   *
   * @returns A piece whose ticks are steps.
   * @throws {LimitError} If it has more than `MAX_BARS` bars.
   */
  quantize(sequence: NoteSequence): NoteSequence {
    return quantizeForRemi(sequence, this.options).sequence;
  }

  /**
   * What the tokens of a piece change beyond rounding its times, velocities and
   * tempi, to be told beside the repairs of its file: bars and tempi that they
   * cannot say.
   *
   * @returns Each reason once; empty for most pieces.
   * @throws {LimitError} If it has more than `MAX_BARS` bars.
   */
  repairs(sequence: NoteSequence): Repair[] {
    return repairsForRemi(sequence, this.options);
  }

  /**
   * A piece as tokens.
   *
   * @param sequence Any piece.
   * @param attributes The attributes to write; by default those of the piece.
   * @returns Tokens from the attributes to `End`, none if there are no notes.
   * @throws {LimitError} If it has more than `MAX_BARS` bars, or long notes beyond
   * measure. `cutSilence()` leaves few bars of most pieces.
   */
  encode(sequence: NoteSequence, attributes?: Attributes): string[] {
    const { ids, alphabet } = this.#write(sequence, attributes);
    return Array.from(ids, (id) => alphabet[id]!);
  }

  /** As {@linkcode encode}, with the piece's own attributes. */
  encodeNumbered(sequence: NoteSequence): NumberedTokens {
    // What extends this class may write other tokens.
    if (this.encode === RemiTokenizer.prototype.encode) {
      return this.#write(sequence);
    }
    return NUMBERS.numbered(
      this.encode(sequence).map((token) => NUMBERS.of(token)),
    );
  }

  #write(sequence: NoteSequence, attributes?: Attributes): NumberedTokens {
    const { sequence: piece, spans, attributes: own } = quantizeForRemi(
      sequence,
      this.options,
    );
    const notes = columnsOf(piece);
    if (notes.length === 0) return NUMBERS.numbered([]);
    const writer = this.#writer ??= new NoteWriter(NUMBERS, this.options);
    this.#requireShortNotes(writer.addedDurations(notes));
    const { tempos, parts } = piece;
    const head = attributeTokens(attributes ?? own);
    return writer.write(notes, { spans, tempos, parts }, head, ["End"]);
  }

  /** Refuses notes that would need {@linkcode MAX_ADDED_DURATIONS} or more. */
  #requireShortNotes(added: number): void {
    const longest = this.#longest;
    const ticksPerQuarter = this.options.stepsPerQuarter;
    if (added <= MAX_ADDED_DURATIONS) return;
    throw new LimitError(
      "write a piece as tokens",
      "the piece has too many long notes",
      `they last ${
        Math.round(added * longest / ticksPerQuarter)
      } quarters in all beyond the first ${
        longest / ticksPerQuarter
      } of each, at most ${
        MAX_ADDED_DURATIONS * longest / ticksPerQuarter
      }; are note-offs missing?`,
    );
  }

  /**
   * Decodes a piece.
   *
   * @param tokens Attributes, bars and `End`; they may stop earlier, after any
   * note whose tokens are all there.
   * @returns A piece whose ticks are steps.
   * @throws {RangeError} If the tokens break the grammar.
   */
  decode(tokens: readonly string[]): NoteSequence {
    const vocabulary = Vocabulary.fromTokens(tokens);
    return new RemiDecoder(vocabulary, this.options)
      .decode(vocabulary.encode(tokens));
  }
}
