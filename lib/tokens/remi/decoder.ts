/** REMI tokens to music, see `tokenizer.ts`. */

import {
  lastRelease,
  type Note,
  type NoteSequence,
  parseMeter,
  type TempoChange,
  type TimeSignature,
} from "../../music/music.ts";
import { RemiAlphabet } from "./alphabet.ts";
import { DRUM_STEPS } from "./durations.ts";
import { RemiGrammar } from "./grammar.ts";
import { type RemiOptions, remiResolution } from "./resolution.ts";
import { FIRST_KIT, keySignatures, partOf } from "./sequence.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";

/**
 * Decodes pieces of ids of one vocabulary.
 *
 * @example
 * ```ts
 * import { RemiDecoder } from "immersic/tokens/remi/remi.ts";
 * import { attributeTokens } from "immersic/music/music.ts";
 * import { Vocabulary } from "immersic/tokens/vocabulary/vocabulary.ts";
 * const tokens = [
 *   ...attributeTokens({}),
 *   ..."Bar TimeSignature_4/4 Tempo_72 Position_12 Program_4".split(" "),
 *   ..."Pitch_60 Velocity_68 Duration_12 End".split(" "),
 * ];
 * const vocabulary = Vocabulary.fromTokens(tokens);
 * const decoder = new RemiDecoder(vocabulary);
 * const [note] = decoder.decode(vocabulary.encode(tokens)).notes;
 * console.assert(note?.startTicks === 12 && note.endTicks === 24);
 * ```
 */
export class RemiDecoder {
  readonly #vocabulary: Vocabulary;
  readonly #stepsPerQuarter: number;
  readonly #grammar: RemiGrammar;
  readonly #alphabet: RemiAlphabet;

  /**
   * A decoder for one vocabulary.
   *
   * @param vocabulary Of REMI tokens only.
   * @param options The options of the tokenizer that made them.
   * @throws {RangeError} If the vocabulary holds other tokens.
   */
  constructor(vocabulary: Vocabulary, options: RemiOptions = {}) {
    this.#vocabulary = vocabulary;
    this.#stepsPerQuarter = remiResolution(options).stepsPerQuarter;
    this.#grammar = new RemiGrammar(vocabulary, options);
    this.#alphabet = RemiAlphabet.of(vocabulary);
  }

  /**
   * Decodes a piece.
   *
   * @param ids Attributes, bars and `End`; they may stop earlier where the
   * grammar is {@linkcode RemiGrammar.complete}.
   * @returns A piece whose ticks are steps.
   * @throws {RangeError} If the tokens break the grammar.
   */
  decode(ids: ArrayLike<number>): NoteSequence {
    const grammar = this.#grammar;
    const { tokens, numbers } = this.#alphabet;
    grammar.restart();
    const key: { Key?: string; Mode?: string } = {};
    const notes: { -readonly [K in keyof Note]: Note[K] }[] = [];
    const tempos: TempoChange[] = [];
    const timeSignatures: TimeSignature[] = [];
    let instrument = -1;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      grammar.push(id);
      const { type, value } = tokens[id]!;
      const number = numbers[id]!;
      const ticks = grammar.step;
      switch (type) {
        case "TimeSignature":
          timeSignatures.push({ ticks, ...parseMeter(value) });
          break;
        case "Tempo":
          tempos.push({ ticks, qpm: number });
          break;
        case "Program":
          instrument = number;
          break;
        case "Kit":
          instrument = FIRST_KIT + number;
          break;
        case "Pitch":
        case "Drum":
          notes.push({
            pitch: number,
            velocity: 0,
            startTicks: ticks,
            endTicks: ticks + (type === "Drum" ? DRUM_STEPS : 0),
            part: instrument,
          });
          break;
        case "Velocity":
          notes[notes.length - 1]!.velocity = number;
          break;
        case "Duration":
          notes[notes.length - 1]!.endTicks += number;
          break;
        case "Key":
        case "Mode":
          key[type] = value;
          break;
      }
    }
    if (!grammar.complete) {
      throw new RangeError(
        `Cannot decode tokens: they stop after ${
          ids.length === 0
            ? "nothing"
            : this.#vocabulary.token(ids[ids.length - 1]!)
        }, current length is ${ids.length}. Stop where the grammar is complete.`,
      );
    }
    const instruments = [...new Set(notes.map((note) => note.part))]
      .sort((a, b) => a - b);
    const places = new Map(instruments.map((one, place) => [one, place]));
    for (const note of notes) note.part = places.get(note.part)!;
    return {
      ticksPerQuarter: this.#stepsPerQuarter,
      parts: instruments.map(partOf),
      notes,
      tempos,
      timeSignatures,
      keySignatures: keySignatures(key),
      controls: [],
      // A note sounds past the last bar line only if the tokens lack their `End`.
      totalTicks: Math.max(grammar.barEnd, lastRelease({ notes })),
    };
  }
}
