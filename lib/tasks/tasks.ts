/** The command line of every task: its options, parsed, explained and completed. */

export { BENCH } from "./known/bench.ts";
export { DATA, RUNS, TRANSCRIBE } from "./known/data.ts";
export { GENERATE } from "./known/generate.ts";
export { EVALUATE, EXPORT, IMPORT } from "./known/models.ts";
export { PREPROCESS } from "./known/preprocess.ts";
export {
  COMPLETION,
  HELP,
  LAB,
  NOTEBOOKS_TASK,
  OK,
  SBOM,
  SETUP_TENSORFLOW,
  START,
  TEST,
} from "./known/programs.ts";
export { RECIPE_OPTIONS, TRAIN } from "./known/train.ts";
export { TASKS } from "./known/all.ts";
export { completionFor, SHELLS } from "./completion.ts";
export { helpOf, listTasks, usageOf, VERSION } from "./help.ts";
export {
  type AboutOption,
  type ChoiceOption,
  type Flag,
  flagOf,
  type Given,
  type NumberOption,
  type Option,
  type Options,
  type Task,
  type TextOption,
  type ValueOf,
  type Words,
} from "./option.ts";
export { parseTask, required } from "./parse.ts";
export { readTask } from "./read_task.ts";
export { fromUsage, UsageError } from "./usage_error.ts";
