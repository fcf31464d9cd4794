/** Changes of controllers as columns of numbers, as `note_columns.ts` has notes. */

import type { ControlChange } from "./note_sequence.ts";

/** Changes of controllers as columns; the fields are those of {@linkcode ControlChange}. */
export class ControlColumns {
  /** Bytes of a change: two numbers of 64 bits, two of 32. */
  static readonly BYTES = 24;
  /** How many changes there are. */
  readonly length: number;
  /** When each begins to hold. */
  readonly ticks: Float64Array;
  /** Their values. */
  readonly value: Float64Array;
  /** Indices into the parts. */
  readonly part: Int32Array;
  /** MIDI controller numbers. */
  readonly controller: Int32Array;

  private constructor(
    ticks: Float64Array,
    { value, part, controller }: Pick<
      ControlColumns,
      "value" | "part" | "controller"
    >,
  ) {
    this.length = ticks.length;
    this.ticks = ticks;
    this.value = value;
    this.part = part;
    this.controller = controller;
  }

  /**
   * Changes that are there already, or zeros.
   *
   * @param bytes Columns one after the other, in the order of the fields.
   * @param at Where they begin, a multiple of 8.
   * @param length How many changes there are.
   */
  static of(bytes: ArrayBuffer, at: number, length: number): ControlColumns {
    return new ControlColumns(new Float64Array(bytes, at, length), {
      value: new Float64Array(bytes, at + 8 * length, length),
      part: new Int32Array(bytes, at + 16 * length, length),
      controller: new Int32Array(bytes, at + 20 * length, length),
    });
  }

  /** The same changes at other times. */
  withTicks(ticks: Float64Array): ControlColumns {
    return new ControlColumns(ticks, this);
  }

  /** Changes as columns. */
  static from(
    length: number,
    changeAt: (i: number) => ControlChange,
  ): ControlColumns {
    const bytes = new ArrayBuffer(ControlColumns.BYTES * length);
    const columns = ControlColumns.of(bytes, 0, length);
    for (let i = 0; i < length; i++) {
      const { ticks, part, controller, value } = changeAt(i);
      columns.ticks[i] = ticks;
      columns.value[i] = value;
      columns.part[i] = part;
      columns.controller[i] = controller;
    }
    return columns;
  }
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
