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

  /**
   * Changes that are there already, or zeros.
   *
   * @param bytes Columns one after the other, in the order of the fields.
   * @param at Where they begin, a multiple of 8.
   * @param length How many changes there are.
   */
  constructor(bytes: ArrayBuffer, at: number, length: number) {
    this.length = length;
    this.ticks = new Float64Array(bytes, at, length);
    this.value = new Float64Array(bytes, at + 8 * length, length);
    this.part = new Int32Array(bytes, at + 16 * length, length);
    this.controller = new Int32Array(bytes, at + 20 * length, length);
  }

  /** Changes as columns. */
  static ofChanges(changes: readonly ControlChange[]): ControlColumns {
    const { length } = changes;
    const columns = new ControlColumns(
      new ArrayBuffer(ControlColumns.BYTES * length),
      0,
      length,
    );
    for (const [i, { ticks, part, controller, value }] of changes.entries()) {
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
