/** Changes of controllers as columns of numbers, as `note_columns.ts` has notes. */

import type { ControlChange } from "./note_sequence.ts";

/** The columns of some changes. */
interface Columns {
  readonly ticks: Float64Array;
  readonly value: Float64Array;
  readonly part: Int32Array;
  readonly controller: Int32Array;
}

/** Changes of controllers as columns; the fields are those of {@linkcode ControlChange}. */
export class ControlColumns {
  /** Bytes of a packed change. */
  static readonly PACKED_BYTES = 8;
  /** How many changes there are. */
  readonly length: number;
  #columns: Columns | undefined;
  readonly #packed: Int32Array | undefined;

  private constructor(length: number, columns?: Columns, packed?: Int32Array) {
    this.length = length;
    this.#columns = columns;
    this.#packed = packed;
  }

  /**
   * Changes whose columns are made when they are first asked for.
   *
   * @param packed Two numbers of each: its tick, and 2^14 · part + 128 · controller +
   * value.
   */
  static packed(packed: Int32Array): ControlColumns {
    return new ControlColumns(packed.length / 2, undefined, packed);
  }

  /** When each begins to hold. */
  get ticks(): Float64Array {
    return this.#all.ticks;
  }

  /** Their values. */
  get value(): Float64Array {
    return this.#all.value;
  }

  /** Indices into the parts. */
  get part(): Int32Array {
    return this.#all.part;
  }

  /** MIDI controller numbers. */
  get controller(): Int32Array {
    return this.#all.controller;
  }

  /** The same changes at other times. */
  withTicks(ticks: Float64Array): ControlColumns {
    return new ControlColumns(this.length, { ...this.#all, ticks });
  }

  /** Changes as columns. */
  static from(
    length: number,
    changeAt: (i: number) => ControlChange,
  ): ControlColumns {
    const columns = columnsFor(length);
    for (let i = 0; i < length; i++) {
      const { ticks, part, controller, value } = changeAt(i);
      columns.ticks[i] = ticks;
      columns.value[i] = value;
      columns.part[i] = part;
      columns.controller[i] = controller;
    }
    return new ControlColumns(length, columns);
  }

  get #all(): Columns {
    if (this.#columns === undefined) {
      const columns = this.#columns = columnsFor(this.length);
      const packed = this.#packed!;
      for (let i = 0; i < this.length; i++) {
        const change = packed[2 * i + 1]!;
        columns.ticks[i] = packed[2 * i]!;
        columns.value[i] = change & 0x7f;
        columns.part[i] = change >> 14;
        columns.controller[i] = change >> 7 & 0x7f;
      }
    }
    return this.#columns;
  }
}

/** One piece of memory for all, as notes have. */
function columnsFor(length: number): Columns {
  const bytes = new ArrayBuffer(24 * length);
  return {
    ticks: new Float64Array(bytes, 0, length),
    value: new Float64Array(bytes, 8 * length, length),
    part: new Int32Array(bytes, 16 * length, length),
    controller: new Int32Array(bytes, 20 * length, length),
  };
}

/** Changes as objects. */
export function changesOf(
  { length, ticks, part, controller, value }: ControlColumns,
): ControlChange[] {
  return Array.from({ length }, (_, i) => ({
    ticks: ticks[i]!,
    part: part[i]!,
    controller: controller[i]!,
    value: value[i]!,
  }));
}
