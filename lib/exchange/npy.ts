/**
 * Arrays as NumPy keeps them in files, which NumPy maps into memory.
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */

import type { FilePiece } from "../base/base.ts";

/** Kinds of whole numbers, as NumPy names them. */
const KINDS = { "<u2": Uint16Array, "<u4": Uint32Array, "<i8": BigInt64Array };
/** A kind of whole number. */
export type Kind = keyof typeof KINDS;

/** Bytes before the values: room for any shape. */
const HEADER_BYTES = 128;

/**
 * A file of NumPy, made as it is written.
 *
 * @param parts The values, row by row.
 * @param columns Of a matrix; 0 for a vector.
 */
export async function* npyFile(
  kind: Kind,
  parts: Iterable<ArrayLike<number>>,
  columns = 0,
): AsyncGenerator<FilePiece> {
  yield header(kind, 0, columns);
  let count = 0;
  for (const part of parts) {
    count += part.length;
    const { buffer } = kind === "<i8"
      ? BigInt64Array.from(part, BigInt)
      : KINDS[kind].from(part);
    yield new Uint8Array(buffer);
  }
  // How many there are is known only now.
  yield { at: 0, bytes: header(kind, count, columns) };
}

function header(kind: Kind, count: number, columns: number): Uint8Array {
  const shape = columns === 0 ? `${count},` : `${count / columns}, ${columns}`;
  const text =
    `{'descr': '${kind}', 'fortran_order': False, 'shape': (${shape}), }`;
  const bytes = new Uint8Array(HEADER_BYTES).fill(0x20);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0]);
  bytes.set([HEADER_BYTES - 10, 0], 8);
  bytes.set(new TextEncoder().encode(text), 10);
  bytes[HEADER_BYTES - 1] = 0x0a;
  return bytes;
}
