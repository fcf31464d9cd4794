/**
 * Pieces of REMI tokens moved to the tonic C. A model that reads and writes them
 * there need not learn each scale and chord twelve times. The piece's `Key`,
 * kept apart, says which transposition leads back.
 */

import type { Config } from "../../base/base.ts";
import { PITCH_CLASS_NAMES } from "../../music/music.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { RemiAlphabet } from "./alphabet.ts";

/** Octaves by which a pitch is moved, in order of preference, in semitones. */
const OCTAVES = [0, 12, -12];

/**
 * Moves ids of a piece to C. The same tables, read the other way, give back what
 * an id in C stands for.
 *
 * @example
 * ```ts
 * import { TonicFrame } from "immersic/tokens/remi/remi.ts";
 * import { Vocabulary } from "immersic/tokens/vocabulary/vocabulary.ts";
 * const vocabulary = Vocabulary.fromTokens(["Key_C", "Key_D", "Pitch_60", "Pitch_62"]);
 * const frame = new TonicFrame(vocabulary);
 * const piece = vocabulary.encode(["Key_D", "Pitch_62"]);
 * const inC = frame.inC(Int32Array.from(piece));
 * console.assert(vocabulary.decode([...inC]).join() === "Key_C,Pitch_60");
 * ```
 */
export class TonicFrame {
  readonly #alphabet: RemiAlphabet;
  /** By semitones. */
  readonly #tables = new Map<number, Int32Array>();

  /**
   * A frame for one vocabulary.
   *
   * @param vocabulary Of REMI tokens.
   */
  constructor(vocabulary: Vocabulary) {
    this.#alphabet = RemiAlphabet.of(vocabulary);
  }

  /**
   * For each id the one that replaces it in C, after the smallest transposition:
   * at most six semitones down or five up. A pitch that the vocabulary lacks
   * there goes an octave up or down; if it lacks that too, the pitch stays.
   *
   * @param first The first id of a piece, its `Key`; `Key_any` moves no pitch.
   * @returns Shape [V]; callers must not write to it.
   */
  tableOf(first: number): Int32Array {
    const semitones = this.#semitonesOf(first);
    let table = this.#tables.get(semitones);
    if (!table) {
      table = this.#makeTable(semitones);
      this.#tables.set(semitones, table);
    }
    return table;
  }

  /**
   * A piece moved to C.
   *
   * @param ids A whole piece, or a part of one; not changed.
   * @param first The piece's first id.
   */
  inC(ids: Int32Array, first: number = ids[0]!): Int32Array {
    const table = this.tableOf(first);
    return ids.map((id) => table[id]!);
  }

  /**
   * Which ids a model in C can tell from all others: not the pitches that went to
   * another octave, where the transposition puts other ones.
   *
   * @param first The first id of the piece.
   * @returns 1 or 0, shape [V].
   */
  distinctIn(first: number): Uint8Array {
    const table = this.tableOf(first), semitones = this.#semitonesOf(first);
    const { numbers, ids: { Pitch } } = this.#alphabet;
    const isExact = (id: number) =>
      numbers[table[id]!] === numbers[id]! + semitones;
    const taken = new Set(Pitch.filter(isExact).map((id) => table[id]));
    const distinct = new Uint8Array(table.length).fill(1);
    for (const id of Pitch) {
      if (!isExact(id) && taken.has(table[id])) distinct[id] = 0;
    }
    return distinct;
  }

  /** From the key that a piece begins with to C: −6 to 5. */
  #semitonesOf(first: number): number {
    const { type, value } = this.#alphabet.token(first);
    const tonic = PITCH_CLASS_NAMES.findIndex((name) => name === value);
    return type !== "Key" || tonic < 0 ? 0 : tonic < 7 ? -tonic : 12 - tonic;
  }

  #makeTable(semitones: number): Int32Array {
    const alphabet = this.#alphabet;
    return Int32Array.from(alphabet.tokens, ({ type, value }, id) => {
      if (type === "Key") return alphabet.find("Key", "C") ?? id;
      if (type !== "Pitch") return id;
      const pitch = Number(value) + semitones;
      for (const octave of OCTAVES) {
        const moved = alphabet.find("Pitch", pitch + octave);
        if (moved !== undefined) return moved;
      }
      return id;
    });
  }
}

/** The frame of a model's tokens, undefined where they keep their pitches. */
export function frameOf({ config, tokenizer, vocabulary }: {
  readonly config: Pick<Config, "pitchFrame">;
  readonly tokenizer: string;
  readonly vocabulary: Vocabulary;
}): TonicFrame | undefined {
  return config.pitchFrame === "tonic" && tokenizer === "remi"
    ? new TonicFrame(vocabulary)
    : undefined;
}
