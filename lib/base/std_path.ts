/**
 * A strict subset of `jsr:@std/path` over Node's modules, for machines that
 * cannot reach JSR: whatever works with this works with that. One line of
 * deno.json switches between the two.
 */

import * as node from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export {
  basename,
  dirname,
  extname,
  isAbsolute,
  join,
  normalize,
  relative,
  resolve,
} from "node:path";

/** What separates the parts of a path on this system. */
export const SEPARATOR: "/" | "\\" = node.sep;

/**
 * The path that a `file:` URL names.
 *
 * @throws {TypeError} If the URL has another scheme.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { basename, fromFileUrl } from "@std/path";
 * assert(basename(fromFileUrl("file:///music/a%20b.mid")) === "a b.mid");
 * ```
 */
export function fromFileUrl(url: string | URL): string {
  return fileURLToPath(url);
}

/**
 * The `file:` URL of a path.
 *
 * @throws {TypeError} If the path is relative.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { resolve, toFileUrl } from "@std/path";
 * assert(toFileUrl(resolve("a b.mid")).href.endsWith("/a%20b.mid"));
 * ```
 */
export function toFileUrl(path: string): URL {
  // Node would resolve it against the current folder.
  if (!node.isAbsolute(path)) {
    throw new TypeError(
      `Cannot make a file URL: the path must be absolute, current value is "${path}".`,
    );
  }
  return pathToFileURL(path);
}
