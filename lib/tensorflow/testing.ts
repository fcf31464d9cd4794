/** For tests: whether TensorFlow is set up. */
import { join } from "@std/path";
import { readFileIfAny, TENSORFLOW_FOLDER } from "../base/base.ts";

/** Whether `deno task setup:tensorflow` has run. */
export const HAS_TENSORFLOW: boolean =
  await readFileIfAny(join(TENSORFLOW_FOLDER, "installed.json")) !== undefined;

/** Ends the names of tests that are skipped. */
export const WHY_SKIPPED: string = HAS_TENSORFLOW
  ? ""
  : " (skipped: TensorFlow is not set up; run deno task setup:tensorflow)";
