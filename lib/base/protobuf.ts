/** The wire format of Protocol Buffers, as far as models are written in it. */

/** A field: its number, and what it holds. */
export type Field = readonly [number, FieldValue];
/** A whole number, text, bytes, a message, or a number as 32-bit float. */
export type FieldValue =
  | number
  | string
  | Uint8Array
  | readonly Field[]
  | { readonly float: number };

/**
 * A message.
 *
 * @param fields In the order of writing; a field may come again.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { encodeMessage } from "immersic/base/base.ts";
 * assert.deepEqual([...encodeMessage([[1, 150]])], [0x08, 0x96, 0x01]);
 * ```
 */
export function encodeMessage(fields: readonly Field[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [number, value] of fields) {
    if (typeof value === "number") {
      parts.push(varint(number << 3), varint(value));
      continue;
    }
    if (typeof value === "object" && "float" in value) {
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setFloat32(0, value.float, true);
      parts.push(varint(number << 3 | 5), bytes);
      continue;
    }
    const content = typeof value === "string"
      ? new TextEncoder().encode(value)
      : value instanceof Uint8Array
      ? value
      : encodeMessage(value);
    parts.push(varint(number << 3 | 2), varint(content.length), content);
  }
  const bytes = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A whole number from 0 on, seven bits a byte, the lowest first. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) {
    bytes.push(value % 128 | 128);
  }
  return Uint8Array.of(...bytes, value);
}
