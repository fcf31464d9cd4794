/** Every task of deno.json. */

import type { Task } from "../option.ts";
import { BENCH } from "./bench.ts";
import { DATA, RUNS, TRANSCRIBE } from "./data.ts";
import { GENERATE } from "./generate.ts";
import { EVALUATE, EXPORT, IMPORT } from "./models.ts";
import { PREPROCESS } from "./preprocess.ts";
import {
  AUDIT,
  COMPLETION,
  HELP,
  LAB,
  NOTEBOOKS_TASK,
  OK,
  SBOM,
  SETUP_TENSORFLOW,
  START,
  TEST,
} from "./programs.ts";
import { TRAIN } from "./train.ts";

/** In the order in which help lists them. */
export const TASKS: readonly Task[] = [
  START,
  LAB,
  PREPROCESS,
  TRAIN,
  GENERATE,
  EVALUATE,
  RUNS,
  DATA,
  TRANSCRIBE,
  EXPORT,
  IMPORT,
  BENCH,
  SETUP_TENSORFLOW,
  HELP,
  COMPLETION,
  OK,
  TEST,
  NOTEBOOKS_TASK,
  AUDIT,
  SBOM,
];
