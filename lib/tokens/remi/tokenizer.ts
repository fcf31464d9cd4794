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
  type NoteColumns,
  type NoteSequence,
  type Repair,
} from "../../music/music.ts";
import { LimitError } from "../../base/base.ts";
import { RemiDecoder } from "./decoder.ts";
import { durationTable, longestOf, splitDuration } from "./durations.ts";
import { quantizeForRemi, repairsForRemi } from "./quantize.ts";
import {
  type RemiOptions,
  type RemiResolution,
  remiResolution,
} from "./resolution.ts";
import type { RemiTokenType } from "./tokens.ts";
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
const MAX_ADDED_DURATIONS = 65_536;

const NUMBERS = new TokenNumbers();
const BAR = NUMBERS.of("Bar"), END = NUMBERS.of("End");

/** Makes the tokens of a type, as numbers. */
function tokensOf(type: RemiTokenType): (number: number) => number {
  const tokens: number[] = [];
  return (number) => tokens[number] ??= NUMBERS.of(`${type}_${number}`);
}

const tempoToken = tokensOf("Tempo"), positionToken = tokensOf("Position");
const programToken = tokensOf("Program"), kitToken = tokensOf("Kit");
const pitchToken = tokensOf("Pitch"), drumToken = tokensOf("Drum");
const velocityToken = tokensOf("Velocity");
const durationToken = tokensOf("Duration");

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
  readonly #durations: readonly number[];
  readonly #longest: number;

  /**
   * A tokenizer of one resolution.
   *
   * @param options Resolution of the tokens.
   * @throws {RangeError} If an option is out of range.
   */
  constructor(options: RemiOptions = {}) {
    this.options = remiResolution(options);
    this.#durations = durationTable(this.options.stepsPerQuarter);
    this.#longest = longestOf(this.#durations);
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
    return this.#write(sequence, attributes).map((one) => NUMBERS.token(one));
  }

  /** As {@linkcode encode}, with the piece's own attributes. */
  encodeNumbered(sequence: NoteSequence): NumberedTokens {
    // What extends this class may write other tokens.
    const isOwn = this.encode === RemiTokenizer.prototype.encode;
    return NUMBERS.numbered(
      isOwn
        ? this.#write(sequence)
        : this.encode(sequence).map((token) => NUMBERS.of(token)),
    );
  }

  /** The tokens of a piece, as numbers. */
  #write(sequence: NoteSequence, attributes?: Attributes): number[] {
    const { sequence: piece, spans, attributes: own } = quantizeForRemi(
      sequence,
      this.options,
    );
    const { tempos, parts } = piece, notes = columnsOf(piece);
    const { length, startTicks, part: partOf } = notes;
    if (length === 0) return [];
    this.#requireShortNotes(notes);
    const tokens = attributeTokens(attributes ?? own)
      .map((token) => NUMBERS.of(token));
    let meter = "", nextNote = 0, nextTempo = 0;
    for (const span of spans) {
      for (let bar = 0; bar < span.bars; bar++) {
        const start = span.start + bar * span.steps, end = start + span.steps;
        tokens.push(BAR);
        if (span.meter !== meter) {
          tokens.push(NUMBERS.of(`TimeSignature_${span.meter}`));
        }
        meter = span.meter;
        let part = -1;
        while (true) {
          const change = tempos[nextTempo];
          const noteStep = nextNote < length ? startTicks[nextNote]! : Infinity;
          const step = Math.min(noteStep, change?.ticks ?? Infinity);
          if (step >= end) break;
          const isTempoHere = change?.ticks === step;
          const isNoteHere = noteStep === step;
          // A tempo of the whole bar comes before the bar's positions.
          if (isTempoHere && step === start) {
            tokens.push(tempoToken(change.qpm));
          }
          if (isNoteHere || (isTempoHere && step > start)) {
            tokens.push(positionToken(step - start));
          }
          if (isTempoHere && step > start) tokens.push(tempoToken(change.qpm));
          if (isTempoHere) nextTempo++;
          for (
            ;
            nextNote < length && startTicks[nextNote] === step;
            nextNote++
          ) {
            const own = partOf[nextNote]!;
            const { program, isDrum } = parts[own]!;
            if (own !== part) {
              tokens.push(isDrum ? kitToken(program) : programToken(program));
            }
            part = own;
            this.#writeNote(notes, nextNote, isDrum, tokens);
          }
        }
      }
    }
    tokens.push(END);
    return tokens;
  }

  #writeNote(
    notes: NoteColumns,
    note: number,
    isDrum: boolean,
    tokens: number[],
  ): void {
    const pitch = notes.pitch[note]!;
    tokens.push(
      isDrum ? drumToken(pitch) : pitchToken(pitch),
      velocityToken(notes.velocity[note]!),
    );
    if (isDrum) return;
    const steps = notes.endTicks[note]! - notes.startTicks[note]!;
    if (steps <= this.#longest) {
      tokens.push(durationToken(steps));
      return;
    }
    for (const part of splitDuration(steps, this.#durations)) {
      tokens.push(durationToken(part));
    }
  }

  /** Refuses notes that would need {@linkcode MAX_ADDED_DURATIONS} or more. */
  #requireShortNotes({ length, startTicks, endTicks }: NoteColumns): void {
    const longest = this.#longest;
    const ticksPerQuarter = this.options.stepsPerQuarter;
    let added = 0;
    for (let i = 0; i < length; i++) {
      added += Math.ceil((endTicks[i]! - startTicks[i]!) / longest) - 1;
    }
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
