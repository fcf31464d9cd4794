/** Texts of unknown origin in one line of a terminal or of a message. */

/**
 * A text with "�" in place of each control character: names of files may hold any, and
 * a terminal obeys them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { printable } from "immersic/base/base.ts";
 * assert.equal(printable("a\u001b[2J\n.mid"), "a�[2J�.mid");
 * ```
 */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, "�");
}
