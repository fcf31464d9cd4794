/** `help`: lists the tasks, or explains one. */

import { nearestName } from "../base/base.ts";
import {
  type HELP,
  helpOf,
  listTasks,
  TASKS,
  UsageError,
} from "../tasks/tasks.ts";
import type { Run } from "./command.ts";

/** See {@linkcode Run}. */
export const run: Run<typeof HELP.options> = ({ words: [name] }) => {
  const task = TASKS.find((one) => one.name === name);
  if (name !== undefined && !task) {
    const names = TASKS.map(({ name }) => name);
    const meant = nearestName(name, names);
    throw new UsageError(
      `Cannot explain "${name}": there is no such task. ${
        meant ? `Did you mean ${meant}?` : `There are ${names.join(", ")}.`
      }`,
    );
  }
  const text = task ? helpOf(task) : [
    ...listTasks(TASKS),
    "",
    "deno task NAME --help explains the options of one.",
  ].join("\n");
  return Promise.resolve({ text, json: {} });
};
