/**
 * More music from little: a piece moved to other keys, tempi and loudnesses,
 * and with part of its attributes left unsaid, done on REMI token ids by table
 * so that every epoch can have its own variations.
 *
 * A variation has exactly the tokens that the varied music would be encoded
 * to: attributes that follow from pitch, tempo and velocity change with them.
 * (The key is moved, not found anew, which differs only where two keys fit
 * equally well.)
 * The vocabulary is the range: what it has no tokens for is refused, so that a
 * piece is never moved to where no training piece plays.
 */

import {
  ATTRIBUTE_NAMES,
  type Band,
  bandOf,
  LOUDNESS_BANDS,
  PITCH_CLASS_NAMES,
  REGISTER_BANDS,
  TEMPO_BANDS,
} from "../../music/music.ts";
import { transposeToken } from "../chord/chord.ts";
import type { Random } from "../../base/base.ts";
import {
  durationTable,
  numberOf,
  parseToken,
  type RemiOptions,
  remiResolution,
} from "./tokens.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";

/** One variation of a piece. */
export interface Variation {
  /**
   * Semitones up (positive) or down; drums stay.
   * @default 0
   */
  readonly semitones?: number;
  /**
   * Every tempo is multiplied by this and rounded.
   * @default 1
   */
  readonly tempoRatio?: number;
  /**
   * Velocity bins up or down; the vocabulary's softest and loudest velocities
   * are as far as notes go.
   * @default 0
   */
  readonly velocityBins?: number;
}

/** How far random variations go. */
export interface AugmentationOptions {
  /**
   * Most semitones up or down; 6 reaches every key.
   * @default 6
   */
  readonly semitones?: number;
  /**
   * Tempo ratios are drawn from 1 − this to 1 + this.
   * @default 0.1
   */
  readonly tempoSpread?: number;
  /**
   * Most velocity bins up or down.
   * @default 1
   */
  readonly velocityBins?: number;
  /**
   * Probability that an attribute is replaced by `any`, each on its own; one
   * piece in ten has all of them replaced, so that a model can also play when
   * nothing is asked.
   * @default 0.3
   */
  readonly dropAttributes?: number;
  /**
   * Probability that a piece is {@linkcode RemiAugmenter.relabel relabelled}.
   * @default 0
   */
  readonly relabel?: number;
}

/**
 * Varies pieces over one vocabulary.
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
  readonly #vocabulary: Vocabulary;
  readonly #velocityWidth: number;
  /** By id: the pitch, qpm or velocity that the token carries, else −1. */
  readonly #pitches: Int32Array;
  readonly #tempos: Int32Array;
  readonly #velocities: Int32Array;
  readonly #positions: Int32Array;
  readonly #durations: Int32Array;
  /** By id: steps of a bar of this meter, else Infinity. */
  readonly #barSteps: readonly number[];
  /** Steps of the longest duration there is. */
  readonly #longest: number;
  readonly #softest: number;
  readonly #loudest: number;
  /** By semitones: where each id goes, −1 where the vocabulary ends. */
  readonly #transpositions = new Map<number, Int32Array>();

  /**
   * @param vocabulary Of REMI tokens, best with `closedVocabulary`'s.
   * @param options Those of the tokenizer that made them.
   */
  constructor(vocabulary: Vocabulary, options: RemiOptions = {}) {
    this.#vocabulary = vocabulary;
    const resolution = remiResolution(options);
    this.#velocityWidth = 128 / resolution.velocityBins;
    this.#longest = durationTable(resolution.stepsPerQuarter).at(-1)!;
    const tokens = vocabulary.toJSON().map(parseToken);
    const numbersOf = (type: string) =>
      Int32Array.from(
        tokens,
        (token) => token.type === type ? Number(token.value) : -1,
      );
    this.#pitches = numbersOf("Pitch");
    this.#tempos = numbersOf("Tempo");
    this.#velocities = numbersOf("Velocity");
    this.#positions = numbersOf("Position");
    this.#durations = numbersOf("Duration");
    this.#barSteps = tokens.map((token) =>
      token.type === "TimeSignature" ? numberOf(token, resolution) : Infinity
    );
    this.#loudest = Math.max(...this.#velocities);
    this.#softest = Math.min(...this.#velocities.filter((v) => v >= 0));
  }

  /**
   * A variation of a piece.
   *
   * @param ids A whole piece, from its attributes on; not changed.
   * @returns As many ids.
   * @throws {RangeError} If the vocabulary lacks a token for it.
   */
  vary(ids: Int32Array, variation: Variation): Int32Array {
    const { semitones = 0, tempoRatio = 1, velocityBins = 0 } = variation;
    const transposition = this.#transposition(semitones);
    const louder = velocityBins * this.#velocityWidth;
    const varied = ids.map((id) => {
      if (this.#tempos[id] >= 0) {
        return this.#id("Tempo", Math.round(this.#tempos[id] * tempoRatio));
      }
      if (this.#velocities[id] >= 0) {
        const velocity = this.#velocities[id] + louder;
        return this.#id(
          "Velocity",
          Math.min(Math.max(velocity, this.#softest), this.#loudest),
        );
      }
      if (transposition[id] < 0) {
        throw new RangeError(
          `Cannot transpose a piece: the vocabulary has nothing ${semitones} semitones from ${
            this.#vocabulary.token(id)
          }. Choose among transpositions().`,
        );
      }
      return transposition[id];
    });
    this.#renew(varied, "Register", REGISTER_BANDS, this.#pitches);
    this.#renew(varied, "Loudness", LOUDNESS_BANDS, this.#velocities);
    const first = varied.findIndex((id) => this.#tempos[id] >= 0);
    this.#renew(
      varied.subarray(0, first + 1),
      "TempoClass",
      TEMPO_BANDS,
      this.#tempos,
    );
    return varied;
  }

  /**
   * The transpositions of a piece that stay within the vocabulary.
   *
   * @param ids A whole piece.
   * @param most Most semitones up or down.
   * @returns Semitones, rising; 0 always among them.
   */
  transpositions(ids: Int32Array, most: number): number[] {
    const used = [...new Set(ids)];
    return Array.from({ length: 2 * most + 1 }, (_, i) => i - most)
      .filter((semitones) => {
        const table = this.#transposition(semitones);
        return used.every((id) => table[id] >= 0);
      });
  }

  /**
   * A random variation, by default any key, a tempo within a tenth, a velocity
   * bin more or less, and some of the attributes left unsaid. For training
   * pieces only: what is measured on must stay as it is.
   *
   * @param ids A whole piece; not changed.
   * @param random Takes as many numbers for one piece as for another.
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
    const tempoFits = ids.every((id) =>
      this.#tempos[id] < 0 ||
      this.#vocabulary.has(`Tempo_${Math.round(this.#tempos[id] * tempoRatio)}`)
    );
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
   * A piece with other pitches, positions and durations in place of its own: the
   * same for the same, and in the same order, so that the grammar is kept but
   * for notes that may sound on after the end. What is left of the music is
   * where it repeats itself.
   *
   * @param ids A whole piece; not changed.
   */
  relabel(ids: Int32Array, random: Random): Int32Array {
    const used = [...new Set(ids)];
    const barSteps = Math.min(...used.map((id) => this.#barSteps[id]));
    const relabelled = new Map<number, number>();
    const kinds: [Int32Array, number][] = [
      [this.#pitches, Infinity],
      [this.#positions, barSteps],
      // The longest is added to what follows it.
      [this.#durations, this.#longest],
    ];
    for (const [numbers, below] of kinds) {
      const inOrder = (ids: readonly number[]) =>
        ids.filter((id) => numbers[id] >= 0 && numbers[id] < below)
          .sort((a, b) => numbers[a] - numbers[b]);
      const from = inOrder(used);
      const all = random.shuffle(inOrder([...numbers.keys()]));
      const to = inOrder(all.slice(0, from.length));
      from.forEach((id, i) => relabelled.set(id, to[i]));
    }
    return ids.map((id) => relabelled.get(id) ?? id);
  }

  /**
   * Replaces attributes by `any`, each with the given probability, and all of
   * them in one piece of ten.
   *
   * @param ids A whole piece; not changed.
   * @param probability 0 replaces none at all.
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
        dropped[i] = this.#id(name, "any");
      }
    });
    return dropped;
  }

  #id(type: string, value: number | string): number {
    return this.#vocabulary.id(`${type}_${value}`);
  }

  /** Sets a banded attribute, unless it is any, from the mean of `values`. */
  #renew(
    ids: Int32Array,
    name: "Register" | "Loudness" | "TempoClass",
    bands: readonly Band[],
    values: Int32Array,
  ): void {
    const place = ATTRIBUTE_NAMES.indexOf(name);
    if (ids[place] === this.#id(name, "any")) return;
    let sum = 0, count = 0;
    for (const id of ids) {
      if (values[id] < 0) continue;
      sum += values[id];
      count++;
    }
    if (count > 0) ids[place] = this.#id(name, bandOf(bands, sum / count));
  }

  #transposition(semitones: number): Int32Array {
    let table = this.#transpositions.get(semitones);
    if (table === undefined) {
      table = Int32Array.from({ length: this.#vocabulary.size }, (_, id) => {
        const token = transposed(this.#vocabulary.token(id), semitones);
        return this.#vocabulary.has(token) ? this.#vocabulary.id(token) : -1;
      });
      this.#transpositions.set(semitones, table);
    }
    return table;
  }
}

/**
 * Transposes pieces of chord tokens, which say nothing else that could vary.
 *
 * @example
 * ```ts
 * import { ChordAugmenter } from "immersic/tokens/remi/remi.ts";
 * import { Random } from "immersic/base/base.ts";
 * import { Vocabulary } from "immersic/tokens/vocabulary/vocabulary.ts";
 * const vocabulary = Vocabulary.fromTokens(["C4", "D4", "0.4.7", "2.6.9"]);
 * const augmenter = new ChordAugmenter(vocabulary);
 * const piece = vocabulary.encode(["C4", "0.4.7"]);
 * const varied = vocabulary.decode(augmenter.random(piece, new Random(2)));
 * console.assert(["C4 0.4.7", "D4 2.6.9"].includes(varied.join(" ")));
 * ```
 */
export class ChordAugmenter {
  /** By semitones from −5 to 6: where each id goes, −1 where there is none. */
  readonly #tables: readonly Int32Array[];

  /** @param vocabulary Of chord tokens; what it has none for is refused. */
  constructor(vocabulary: Vocabulary) {
    this.#tables = Array.from(
      { length: 12 },
      (_, i) =>
        Int32Array.from({ length: vocabulary.size }, (_, id) => {
          const moved = transposeToken(vocabulary.token(id), i - 5);
          return moved !== undefined && vocabulary.has(moved)
            ? vocabulary.id(moved)
            : -1;
        }),
    );
  }

  /**
   * A piece in one of the keys that the vocabulary has all tokens for.
   *
   * @param ids Not changed.
   * @param relabel Probability that its tokens are exchanged for any others,
   * the same for the same: what is left of it is where it repeats itself.
   */
  random(ids: Int32Array, random: Random, relabel: number = 0): Int32Array {
    const fitting = this.#tables.filter((table) =>
      ids.every((id) => table[id] >= 0)
    );
    // Where it stands is always among them but for tokens that mean the same.
    if (fitting.length === 0) return ids.slice();
    const table = random.pick(fitting);
    if (random.next() >= relabel) return ids.map((id) => table[id]);
    const others = random.shuffle(Array.from(table.keys()));
    return ids.map((id) => others[id]);
  }
}

/** A token as it reads after transposing; most do not change. */
function transposed(token: string, semitones: number): string {
  const { type, value } = parseToken(token);
  if (type === "Pitch") return `Pitch_${Number(value) + semitones}`;
  if (type !== "Key" || value === "any") return token;
  const tonic = PITCH_CLASS_NAMES.findIndex((name) => name === value);
  return `Key_${PITCH_CLASS_NAMES[(tonic + semitones % 12 + 12) % 12]}`;
}
