/** What every command has: the function that runs it. */

import type { Given, Options } from "../tasks/tasks.ts";
import type { Progress } from "./progress.ts";

/**
 * Runs a command.
 *
 * @param given The parsed command line.
 * @param progress Shows how far it is.
 * @throws {UsageError} If the command line is wrong.
 */
export type Run<O extends Options> = (
  given: Given<O>,
  progress: Progress,
) => Promise<CommandResult>;

/** What a command ends with. */
export interface CommandResult {
  /** For a person. */
  readonly text: string;
  /** For a program, with `--json`. */
  readonly json: object;
}
