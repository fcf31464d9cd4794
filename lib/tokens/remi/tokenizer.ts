/**
 * Music to REMI tokens and back: the attributes of the piece, then bars,
 * positions, instruments, pitches, velocities and durations. How tokens are
 * written is in `tokens.ts`, their order in `grammar.ts`, and what they keep of
 * a piece in `quantize.ts`.
 */

import {
  type Attributes,
  attributesOf,
  attributeTokens,
  type NoteSequence,
} from "../../music/music.ts";
import { RemiDecoder } from "./decoder.ts";
import { durationTable, splitDuration } from "./durations.ts";
import { barsOf, quantizeForRemi } from "./quantize.ts";
import {
  type RemiOptions,
  type RemiResolution,
  remiResolution,
} from "./resolution.ts";
import { type Tokenizer, Vocabulary } from "../vocabulary/vocabulary.ts";

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

  /**
   * A tokenizer of one resolution.
   *
   * @param options Resolution of the tokens.
   * @throws {RangeError} If an option is out of range.
   */
  constructor(options: RemiOptions = {}) {
    this.options = remiResolution(options);
    this.#durations = durationTable(this.options.stepsPerQuarter);
  }

  /**
   * A piece as its tokens keep it, see `quantize.ts`;
   * `decode(encode(piece))` equals `quantize(piece)`.
   *
   * @returns A piece whose ticks are steps.
   * @throws {RangeError} If a bar is not a whole number of steps.
   */
  quantize(sequence: NoteSequence): NoteSequence {
    return quantizeForRemi(sequence, this.options);
  }

  /**
   * A piece as tokens.
   *
   * @param sequence Any piece.
   * @param attributes The attributes to write; by default those of the piece.
   * @returns Tokens from the attributes to `End`, none if there are no notes.
   * @throws {RangeError} If a bar is not a whole number of steps.
   */
  encode(sequence: NoteSequence, attributes?: Attributes): string[] {
    const piece = this.quantize(sequence);
    if (piece.notes.length === 0) return [];
    const tokens = attributeTokens(attributes ?? attributesOf(piece));
    const { notes, tempos } = piece;
    let meter = "", nextNote = 0, nextTempo = 0;
    for (const bar of barsOf(piece, this.options.stepsPerQuarter)) {
      tokens.push("Bar");
      if (bar.meter !== meter) tokens.push(`TimeSignature_${bar.meter}`);
      meter = bar.meter;
      let part = -1;
      while (true) {
        const step = Math.min(
          notes[nextNote]?.startTicks ?? Infinity,
          tempos[nextTempo]?.ticks ?? Infinity,
        );
        if (step >= bar.end) break;
        const change = tempos[nextTempo];
        const tempo = change?.ticks === step ? [`Tempo_${change.qpm}`] : [];
        nextTempo += tempo.length;
        // A tempo of the whole bar comes before the bar's positions.
        if (step === bar.start) tokens.push(...tempo.splice(0));
        const isNoteHere = notes[nextNote]?.startTicks === step;
        if (isNoteHere || tempo.length > 0) {
          tokens.push(`Position_${step - bar.start}`, ...tempo);
        }
        for (
          let note = notes[nextNote];
          note?.startTicks === step;
          note = notes[++nextNote]
        ) {
          const { program, isDrum } = piece.parts[note.part]!;
          if (note.part !== part) {
            tokens.push(isDrum ? `Kit_${program}` : `Program_${program}`);
          }
          part = note.part;
          tokens.push(
            `${isDrum ? "Drum" : "Pitch"}_${note.pitch}`,
            `Velocity_${note.velocity}`,
          );
          if (isDrum) continue;
          const steps = note.endTicks - note.startTicks;
          for (const length of splitDuration(steps, this.#durations)) {
            tokens.push(`Duration_${length}`);
          }
        }
      }
    }
    tokens.push("End");
    return tokens;
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
