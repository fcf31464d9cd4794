// deno-lint-ignore-file no-console -- a program
/**
 * The page on the command line, made of the help of every task:
 * `deno run lib/tools/command_page.ts > docs/commands.md`.
 */

import { helpOf, TASKS } from "../tasks/tasks.ts";

/**
 * The page, as Markdown.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { commandPage } from "immersic/tools/command_page.ts";
 * assert.match(commandPage(), /^# Commands\n/);
 * ```
 */
export function commandPage(): string {
  return [
    "# Commands",
    `What \`deno task NAME --help\` shows, of every task. Without Deno installed, put
\`npx -y deno@2.9.6\` in place of \`deno\`. Results go to stdout, progress to
stderr. The exit status is 0 on success, 1 on a failure, with a sentence, and 2
where the command line is wrong. \`deno task completion\` makes bash, zsh and fish
complete all of this.`,
    ...TASKS.flatMap((task) => [
      `## ${task.name}`,
      `\`\`\`text\n${helpOf(task)}\n\`\`\``,
    ]),
  ].join("\n\n") + "\n";
}

if (import.meta.main) console.log(commandPage().trimEnd());
