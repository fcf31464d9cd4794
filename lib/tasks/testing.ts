/** What tests of command lines share: finding them in text. */

/** A command line in a text. */
export interface TaskLine {
  /** The task's name. */
  readonly name: string;
  /** What follows it, without quotation marks. */
  readonly args: readonly string[];
}

/**
 * The command lines of tasks in a text, be they code of Markdown or a shell.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { taskLines } from "immersic/tasks/testing.ts";
 * const text = 'as `npx -y deno@2.9.6 task generate \\\n  --prompt "a b"` does';
 * assert.deepEqual(taskLines(text), [
 *   { name: "generate", args: ["--prompt", "a b"] },
 * ]);
 * ```
 */
export function taskLines(text: string): TaskLine[] {
  const lines = text.replaceAll(/\\\n\s*/g, " ").matchAll(
    /\bdeno(?:@[\d.]+)?\s+task\s+(?:--quiet )?([a-z]\w*(?::\w+)?)([^\n`#;|&)]*)/g,
  );
  return Array.from(lines, ([, name = "", rest = ""]) => ({
    name,
    args: Array.from(
      rest.matchAll(/"([^"]*)"|(\S+)/g),
      ([, quoted, plain]) => quoted ?? plain ?? "",
    ),
  }));
}
