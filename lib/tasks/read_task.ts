// deno-lint-ignore-file no-console -- reads the command line of programs
/** Reads the command line of a program that is a task of its own. */

import { helpOf, usageOf, VERSION } from "./help.ts";
import type { Given, Options, Task } from "./option.ts";
import { parseTask } from "./parse.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Parses the command line of this program. Asked for help or the version, it shows them
 * and ends with 0; if the command line is wrong, it says so and ends with 2.
 *
 * @param args @default those of the program
 * @param more What follows in help, where that must be looked up.
 */
export async function readTask<O extends Options>(
  task: Task<O>,
  args: readonly string[] = Deno.args,
  more: () => Promise<readonly string[]> = () => Promise.resolve([]),
): Promise<Given<O>> {
  let given;
  try {
    given = parseTask(task, args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n${usageOf(task)}`);
    Deno.exit(2);
  }
  if (typeof given === "object") return given;
  console.log(
    given === "version"
      ? `Immersic ${VERSION}`
      : [helpOf(task), ...await more()].join("\n"),
  );
  Deno.exit(0);
}
