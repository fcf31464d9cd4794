/** How our processes for mutants and hostile files are started. */

import { fromFileUrl } from "@std/path";

/** The arguments with which Deno runs `child.ts`; flags may follow the first. */
export function childArguments(...args: readonly string[]): string[] {
  const script = fromFileUrl(new URL("./child.ts", import.meta.url));
  return ["run", "-A", "--no-check", script, ...args];
}
