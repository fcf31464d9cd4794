/**
 * What every command has: its usage, its options, and the function that runs it.
 */

import type { Arguments, Syntax } from "./arguments.ts";

/** One command of the command line. */
export interface Command extends Syntax {
  /** What may follow its name, as printed after a usage error. */
  readonly usage: string;

  /**
   * Runs the command.
   *
   * @param given The parsed command line.
   * @param progress Shows how far it is.
   * @throws {UsageError} If the command line is wrong.
   */
  run(
    given: Arguments,
    progress: (text: string) => void,
  ): Promise<CommandResult>;
}

/** What a command ends with. */
export interface CommandResult {
  /** For a person. */
  readonly text: string;
  /** For a program, with `--json`. */
  readonly json: object;
}
