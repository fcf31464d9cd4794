/**
 * Augmentation of a small corpus: pieces moved to other keys, tempi and
 * loudnesses, with some attributes replaced by `any`. It works on REMI token ids,
 * by table, so that every epoch can have its own variations.
 *
 * A variation has exactly the tokens that the varied music would be encoded
 * to: attributes that follow from pitch, tempo and velocity change with them.
 * (The key is transposed, not estimated again; the two differ only where two
 * keys fit equally well.) A variation that needs a token which the vocabulary
 * lacks is refused, so that no piece is moved beyond the training pieces' range.
 */

import {
  ATTRIBUTE_NAMES,
  type Band,
  bandOf,
  largest,
  LOUDNESS_BANDS,
  PITCH_CLASS_NAMES,
  REGISTER_BANDS,
  smallest,
  TEMPO_BANDS,
} from "../../music/music.ts";
import type { Random } from "../../base/base.ts";
import { RemiAlphabet } from "./alphabet.ts";
import { durationTable, longestOf } from "./durations.ts";
import { type RemiOptions, remiResolution } from "./resolution.ts";
import type { RemiTokenType } from "./tokens.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";

/** One variation of a piece. */
export interface Variation {
  /**
   * Semitones up (positive) or down; drums keep their pitch.
   * @default 0
   */
  readonly semitones?: number;
  /**
   * Every tempo is multiplied by this and rounded.
   * @default 1
   */
  readonly tempoRatio?: number;
  /**
   * Velocity bins up or down, but not beyond the vocabulary's softest and
   * loudest velocity.
   * @default 0
   */
  readonly velocityBins?: number;
}

/** How strong random variations are. */
export interface AugmentationOptions {
  /**
   * Most semitones up or down; 6 reaches every key.
   * @default 6
   */
  readonly semitones?: number;
  /**
   * Tempo ratios are uniform from 1 − this to 1 + this.
   * @default 0.1
   */
  readonly tempoSpread?: number;
  /**
   * Most velocity bins up or down.
   * @default 1
   */
  readonly velocityBins?: number;
  /**
   * Probability that an attribute is replaced by `any`, each independently; one
   * piece in ten has all of them replaced, so that a model also learns to play
   * without any.
   * @default 0.3
   */
  readonly dropAttributes?: number;
  /**
   * Probability that a piece's pitches, positions and durations are
   * {@linkcode RemiAugmenter.relabel relabelled}.
   * @default 0
   */
  readonly relabel?: number;
}

/**
 * Makes variations of pieces of one vocabulary.
 *
 * @example
 * ```ts
 * import { RemiAugmenter } from "immersic/tokens/remi/remi.ts";
 * import { attributeTokens } from "immersic/music/music.ts";
 * import { closedVocabulary } from "immersic/tokens/remi/remi.ts";
 * import { Vocabulary } from "immersic/tokens/vocabulary/vocabulary.ts";
 * const piece = [
 *   ...attributeTokens({ Key: "C" }), "Bar", "TimeSignature_4/4", "Tempo_70",
 *   "Position_0", "Program_0", "Pitch_60", "Velocity_68", "Duration_12", "End",
 * ];
 * const tokens = closedVocabulary([...piece, "Pitch_67"]);
 * const vocabulary = Vocabulary.fromTokens(tokens);
 * const augmenter = new RemiAugmenter(vocabulary);
 * const ids = augmenter.vary(vocabulary.encode(piece), { semitones: 2 });
 * const varied = vocabulary.decode(ids);
 * console.assert(varied[0] === "Key_D" && varied.includes("Pitch_62"));
 * ```
 */
export class RemiAugmenter {
  readonly #alphabet: RemiAlphabet;
  readonly #velocityWidth: number;
  /** By id: the number of a token of this type, −1 for other tokens. */
  readonly #pitches: Int32Array;
  readonly #tempos: Int32Array;
  readonly #velocities: Int32Array;
  readonly #positions: Int32Array;
  readonly #durations: Int32Array;
  /** By id: steps in a bar of a time signature, Infinity for other tokens. */
  readonly #barSteps: readonly number[];
  /** Steps of the longest duration of the resolution. */
  readonly #longest: number;
  readonly #softest: number;
  readonly #loudest: number;
  /** By semitones: what each id becomes, −1 where the vocabulary lacks that. */
  readonly #transpositions = new Map<number, Int32Array>();

  /**
   * An augmenter for one vocabulary.
   *
   * @param vocabulary Of REMI tokens, best those of `closedVocabulary()`.
   * @param options The options of the tokenizer that made them.
   */
  constructor(vocabulary: Vocabulary, options: RemiOptions = {}) {
    const resolution = remiResolution(options);
    this.#velocityWidth = 128 / resolution.velocityBins;
    this.#longest = longestOf(durationTable(resolution.stepsPerQuarter));
    const alphabet = RemiAlphabet.of(vocabulary);
    this.#alphabet = alphabet;
    const numbers = alphabet.numbersAt(resolution);
    const numbersOf = (wanted: RemiTokenType) =>
      numbers.map((number, id) => alphabet.types[id] === wanted ? number : -1);
    this.#pitches = numbersOf("Pitch");
    this.#tempos = numbersOf("Tempo");
    this.#velocities = numbersOf("Velocity");
    this.#positions = numbersOf("Position");
    this.#durations = numbersOf("Duration");
    this.#barSteps = alphabet.types.map((type, id) =>
      type === "TimeSignature" ? numbers[id]! : Infinity
    );
    this.#loudest = largest(this.#velocities);
    this.#softest = smallest(this.#velocities.filter((v) => v >= 0));
  }

  /**
   * A variation of a piece.
   *
   * @param ids A whole piece, from its attributes on; not changed.
   * @returns The same number of ids.
   * @throws {RangeError} If the vocabulary lacks a token of the variation.
   */
  vary(ids: Int32Array, variation: Variation): Int32Array {
    const { semitones = 0, tempoRatio = 1, velocityBins = 0 } = variation;
    const transposition = this.#transposition(semitones);
    const louder = velocityBins * this.#velocityWidth;
    const varied = ids.map((id) => {
      const tempo = this.#tempos[id]!, velocity = this.#velocities[id]!;
      if (tempo >= 0) {
        return this.#alphabet.id("Tempo", Math.round(tempo * tempoRatio));
      }
      if (velocity >= 0) {
        return this.#alphabet.id(
          "Velocity",
          Math.min(Math.max(velocity + louder, this.#softest), this.#loudest),
        );
      }
      const transposed = transposition[id]!;
      if (transposed < 0) {
        throw new RangeError(
          `Cannot transpose a piece: the vocabulary has nothing ${semitones} semitones from ${
            this.#alphabet.vocabulary.token(id)
          }. Choose among transpositions().`,
        );
      }
      return transposed;
    });
    this.#renew(varied, "Register", REGISTER_BANDS, this.#pitches);
    this.#renew(varied, "Loudness", LOUDNESS_BANDS, this.#velocities);
    const first = varied.findIndex((id) => this.#tempos[id]! >= 0);
    this.#renew(
      varied.subarray(0, first + 1),
      "TempoClass",
      TEMPO_BANDS,
      this.#tempos,
    );
    return varied;
  }

  /**
   * The transpositions of a piece whose tokens the vocabulary has.
   *
   * @param ids A whole piece.
   * @param most Most semitones up or down.
   * @returns Semitones, rising, with 0 among them.
   */
  transpositions(ids: Int32Array, most: number): number[] {
    const used = [...new Set(ids)];
    return Array.from({ length: 2 * most + 1 }, (_, i) => i - most)
      .filter((semitones) => {
        const table = this.#transposition(semitones);
        return used.every((id) => table[id]! >= 0);
      });
  }

  /**
   * A random variation: by default in any key, with a tempo within a tenth, up
   * to one velocity bin louder or softer, and some attributes replaced by `any`.
   * For training pieces only; pieces to measure on must not change.
   *
   * @param ids A whole piece; not changed.
   * @param random Makes all choices.
   */
  random(
    ids: Int32Array,
    random: Random,
    options: AugmentationOptions = {},
  ): Int32Array {
    const {
      semitones = 6,
      tempoSpread = 0.1,
      velocityBins = 1,
      dropAttributes = 0.3,
      relabel = 0,
    } = options;
    const tempoRatio = 1 + tempoSpread * (2 * random.next() - 1);
    const tempoFits = ids.every((id) => {
      const tempo = this.#tempos[id]!;
      return tempo < 0 ||
        this.#alphabet.find("Tempo", Math.round(tempo * tempoRatio)) !==
          undefined;
    });
    const varied = this.vary(ids, {
      semitones: random.pick(this.transpositions(ids, semitones)),
      tempoRatio: tempoFits ? tempoRatio : 1,
      velocityBins: random.int(2 * velocityBins + 1) - velocityBins,
    });
    const dropped = this.dropAttributes(varied, random, dropAttributes);
    return relabel > 0 && random.next() < relabel
      ? this.relabel(dropped, random)
      : dropped;
  }

  /**
   * A piece whose pitches, positions and durations are consistently renamed,
   * leaving only its repetition to learn. Their order stays the same, so that
   * the grammar still holds, except that notes may sound on after the end.
   *
   * @param ids A whole piece; not changed.
   */
  relabel(ids: Int32Array, random: Random): Int32Array {
    const used = [...new Set(ids)];
    const barSteps = smallest(used.map((id) => this.#barSteps[id]!));
    const relabelled = new Map<number, number>();
    const kinds: [numbers: Int32Array, limit: number][] = [
      [this.#pitches, Infinity],
      [this.#positions, barSteps],
      // The longest duration is added to the one that follows it.
      [this.#durations, this.#longest],
    ];
    for (const [numbers, limit] of kinds) {
      const inOrder = (ids: readonly number[]) =>
        ids.filter((id) => numbers[id]! >= 0 && numbers[id]! < limit)
          .sort((a, b) => numbers[a]! - numbers[b]!);
      const from = inOrder(used);
      const all = random.shuffle(inOrder([...numbers.keys()]));
      const to = inOrder(all.slice(0, from.length));
      from.forEach((id, i) => relabelled.set(id, to[i]!));
    }
    return ids.map((id) => relabelled.get(id) ?? id);
  }

  /**
   * Replaces attributes by `any`, each with the given probability, and all of
   * them in one piece of ten.
   *
   * @param ids A whole piece; not changed.
   * @param probability With 0, no attribute is replaced.
   */
  dropAttributes(
    ids: Int32Array,
    random: Random,
    probability: number,
  ): Int32Array {
    const dropped = ids.slice();
    const all = random.next() < 0.1 && probability > 0;
    ATTRIBUTE_NAMES.forEach((name, i) => {
      if (random.next() < probability || all) {
        dropped[i] = this.#alphabet.id(name, "any");
      }
    });
    return dropped;
  }

  /** Sets an attribute from the mean of `values`, unless it is `any`. */
  #renew(
    ids: Int32Array,
    name: "Register" | "Loudness" | "TempoClass",
    bands: readonly Band[],
    values: Int32Array,
  ): void {
    const place = ATTRIBUTE_NAMES.indexOf(name);
    if (ids[place] === this.#alphabet.id(name, "any")) return;
    let sum = 0, count = 0;
    for (const id of ids) {
      const value = values[id]!;
      if (value < 0) continue;
      sum += value;
      count++;
    }
    if (count === 0) return;
    ids[place] = this.#alphabet.id(name, bandOf(bands, sum / count));
  }

  #transposition(semitones: number): Int32Array {
    let table = this.#transpositions.get(semitones);
    if (table === undefined) {
      table = this.#makeTransposition(semitones);
      this.#transpositions.set(semitones, table);
    }
    return table;
  }

  #makeTransposition(semitones: number): Int32Array {
    const alphabet = this.#alphabet;
    return Int32Array.from(alphabet.tokens, ({ type, value }, id) => {
      if (type === "Pitch") {
        return alphabet.find("Pitch", Number(value) + semitones) ?? -1;
      }
      if (type !== "Key" || value === "any") return id;
      const tonic = PITCH_CLASS_NAMES.findIndex((name) => name === value);
      const moved = PITCH_CLASS_NAMES[(tonic + semitones % 12 + 12) % 12];
      return alphabet.find("Key", moved!) ?? -1;
    });
  }
}
