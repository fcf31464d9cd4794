/**
 * Pieces of REMI tokens as though their tonic were C. A model that reads and
 * writes them so need not learn every scale and chord twelve times over; the
 * `Key` that heads a piece tells where it stands, and nothing is lost.
 */

import type { Config } from "../../base/base.ts";
import { parseToken } from "./tokens.ts";
import { PITCH_CLASS_NAMES } from "../../music/music.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";

/**
 * Moves ids to C and tells, read the other way, what an id in C stands for.
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
  readonly #vocabulary: Vocabulary;
  readonly #tables = new Map<number, Int32Array>();

  /** @param vocabulary Of REMI tokens. */
  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  /**
   * For each id the one that stands for it in C, for the nearest way to C: at
   * most six semitones down or five up. Pitches that the vocabulary lacks there
   * are moved by an octave; where that is lacking too they stay.
   *
   * @param first The first id of a piece, its `Key`; `Key_any` moves nothing.
   * @returns Shape [V], not to be changed.
   */
  tableOf(first: number): Int32Array {
    const { type, value } = parseToken(this.#vocabulary.token(first));
    const tonic = PITCH_CLASS_NAMES.findIndex((name) => name === value);
    const semitones = type !== "Key" || tonic < 0
      ? 0
      : tonic < 7
      ? -tonic
      : 12 - tonic;
    let table = this.#tables.get(semitones);
    if (!table) {
      table = this.#makeTable(semitones);
      this.#tables.set(semitones, table);
    }
    return table;
  }

  /** A piece as it stands in C. */
  inC(ids: Int32Array, first: number = ids[0]): Int32Array {
    const table = this.tableOf(first);
    return ids.map((id) => table[id]);
  }

  #makeTable(semitones: number): Int32Array {
    const vocabulary = this.#vocabulary;
    return Int32Array.from({ length: vocabulary.size }, (_, id) => {
      const { type, value } = parseToken(vocabulary.token(id));
      const places = type === "Key"
        ? ["Key_C"]
        : type === "Pitch"
        ? [0, 12, -12].map((octave) =>
          `Pitch_${Number(value) + semitones + octave}`
        )
        : [];
      const place = places.find((token) => vocabulary.has(token));
      return place === undefined ? id : vocabulary.id(place);
    });
  }
}

/** The frame that a model reads and writes in, undefined where it is as it is. */
export function frameOf({ config, tokenizer, vocabulary }: {
  readonly config: Pick<Config, "pitchFrame">;
  readonly tokenizer: string;
  readonly vocabulary: Vocabulary;
}): TonicFrame | undefined {
  return config.pitchFrame === "tonic" && tokenizer === "remi"
    ? new TonicFrame(vocabulary)
    : undefined;
}
