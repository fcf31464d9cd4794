/** `completion`: a script that makes a shell complete the tasks and their options. */

import {
  type COMPLETION,
  completionFor,
  SHELLS,
  UsageError,
} from "../tasks/tasks.ts";
import type { Run } from "./command.ts";

/** See {@linkcode Run}. */
export const run: Run<typeof COMPLETION.options> = ({ words: [name] }) => {
  const shell = SHELLS.find((one) => one === name);
  if (!shell) {
    throw new UsageError(
      `Cannot complete: the shell must be ${
        SHELLS.join(" or ")
      }, current value is "${name ?? ""}".`,
    );
  }
  return Promise.resolve({ text: completionFor(shell), json: {} });
};
